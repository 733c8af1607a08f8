import { assertEquals } from "@std/assert";
import type { Client } from "../../../broker/core/client.ts";
import { mayRedirect } from "../../../gateway/gateway.ts";
import { isSameRedirect } from "../../../gateway/clients/redirects.ts";

const CODE = { id: "c", name: "Code", kind: "registered" } as const;

function may(registered: string[], redirectUri: string): boolean {
  const client: Client = { ...CODE, redirectUris: registered };
  return mayRedirect(client, redirectUri);
}

const WEB = "https://app.example.com/cb";
const LOOPBACK = ["http://localhost/cb", "http://127.0.0.1:1234/cb", "http://[::1]/cb"];

Deno.test("mayRedirect() takes exactly what is registered", () => {
  for (const uri of [WEB, `${WEB}?a=1`, "com.example.app:/cb", "cursor://anysphere/cb"]) {
    assertEquals(may([WEB.replace("app", "other"), uri], uri), true, uri);
    assertEquals(may([], uri), false, uri);
  }
});

Deno.test("mayRedirect() takes nothing that is spelled otherwise", () => {
  for (
    const uri of [
      "",
      "/cb",
      "//app.example.com/cb",
      "https://app.example.com",
      "https://app.example.com/",
      "https://app.example.com/cb/",
      "https://app.example.com/CB",
      "https://app.example.com/cb?",
      "https://app.example.com/cb?a=1",
      "https://app.example.com/cb/..",
      "https://app.example.com/x/../cb",
      "https://app.example.com/%63b",
      "https://app.example.com/cb%00",
      "https://app.example.com//cb",
      "https://app.example.com:443/cb",
      "https://app.example.com:8443/cb",
      "https://APP.example.com/cb",
      "HTTPS://app.example.com/cb",
      "http://app.example.com/cb",
      "https://app.example.com./cb",
      "https://app.example.com.evil.example/cb",
      "https://evil.example/cb?https://app.example.com/cb",
      "https://app.example.com@evil.example/cb",
      "https://evil.example\\@app.example.com/cb",
      "https:\\\\app.example.com\\cb",
      "https:/app.example.com/cb",
      "https://ａpp.example.com/cb",
    ]
  ) assertEquals(may([WEB], uri), false, uri);
});

Deno.test("mayRedirect() lets a loopback port be any, of the very host and path", () => {
  const same: Record<string, string[]> = {
    "http://localhost/cb": ["", ":1", ":80", ":65535"],
    "http://127.0.0.1/cb": ["", ":49152"],
    "http://[::1]/cb": ["", ":3000"],
  };
  for (const [uri, ports] of Object.entries(same)) {
    for (const port of ports) {
      assertEquals(may(LOOPBACK, uri.replace("/cb", `${port}/cb`)), true, uri + port);
    }
  }
  // A path or query that is registered is part of it, whatever the port.
  assertEquals(may(["http://localhost:1/cb?a=1"], "http://localhost:2/cb?a=1"), true);
  assertEquals(may(["http://localhost:1"], "http://localhost:2"), true);
});

Deno.test("mayRedirect() lets a bare slash on a loopback host be there or not", () => {
  for (const host of ["http://localhost", "http://127.0.0.1", "http://[::1]"]) {
    for (const [one, other] of [["", "/"], [":1", "/"], ["/", ":2"], [":1/", ":2"]] as const) {
      assertEquals(may([host + one], host + other), true, host + one + other);
    }
    for (const other of ["//", "/?", "?", "/.", "/x", "/%2f"]) {
      assertEquals(may([host], host + other), false, host + other);
      assertEquals(may([`${host}/`], host + other), false, host + other);
    }
  }
  assertEquals(may(["https://localhost"], "https://localhost/"), false);
  assertEquals(may(["http://localhost/"], "http://127.0.0.1"), false);
});

Deno.test("isSameRedirect() forgives the bare slash alone: the port is the one that was asked for", () => {
  assertEquals(isSameRedirect("http://localhost:1", "http://localhost:1/"), true);
  assertEquals(isSameRedirect("http://localhost:1/cb", "http://localhost:1/cb"), true);
  for (
    const [one, other] of [
      ["http://localhost:1", "http://localhost:2/"],
      ["http://localhost:1/cb", "http://localhost:1/cb/"],
      ["https://app.example", "https://app.example/"],
      ["com.example.app:", "com.example.app:/"],
    ] as const
  ) assertEquals(isSameRedirect(one, other), false, other);
});

Deno.test("mayRedirect() lets nothing else of a loopback address vary", () => {
  const registered = ["http://localhost/cb"];
  for (
    const uri of [
      "http://127.0.0.1/cb",
      "http://[::1]/cb",
      "http://127.0.0.2/cb",
      "http://127.1/cb",
      "http://2130706433/cb",
      "http://0x7f.0.0.1/cb",
      "http://0.0.0.0/cb",
      "http://localhost./cb",
      "http://LOCALHOST/cb",
      "HTTP://localhost/cb",
      "http://loc%61lhost/cb",
      "http:/localhost/cb",
      "http:localhost/cb",
      "https://localhost/cb",
      "https://localhost:1/cb",
      "ws://localhost/cb",
      "http://localhost",
      "http://localhost/",
      "http://localhost/cb/",
      "http://localhost/cb?a=1",
      "http://localhost/c%62",
      "http://localhost/x/../cb",
      "http://localhost:1/other",
      "http://localhost:/cb",
      "http://localhost:65536/cb",
      "http://localhost:123456/cb",
      "http://localhost:1:2/cb",
      "http://localhost:-1/cb",
      "http://localhost:1/cb/http://localhost/cb",
    ]
  ) assertEquals(may(registered, uri), false, uri);
});

Deno.test("mayRedirect() is not taken in by hosts that look like this machine", () => {
  for (
    const uri of [
      "http://localhost.evil.example/cb",
      "http://localhost.evil.example:1234/cb",
      "http://127.0.0.1.evil.example/cb",
      "http://127.0.0.1@evil.example/cb",
      "http://127.0.0.1:1234@evil.example/cb",
      "http://localhost:80@evil.example/cb",
      "http://localhost:1234\\@evil.example/cb",
      "http://localhost\\.evil.example/cb",
      "http://evil.example\\@localhost/cb",
      "http://evil.example#@localhost/cb",
      "http://evil.example?@localhost/cb",
      "http://evil.example/localhost/cb",
      "http://[::1].evil.example/cb",
      "http://[::1]evil.example/cb",
      "http://[::ffff:127.0.0.1]/cb",
      "http://[::1%25eth0]/cb",
      "http://localhost%2eevil.example/cb",
      "http://localhost%00.evil.example/cb",
      "http://localhost\t.evil.example/cb",
      "http://localhost\n/cb",
      "http://me@localhost/cb",
      "http://me:pw@localhost/cb",
      "http://:pw@localhost/cb",
    ]
  ) {
    assertEquals(may(LOOPBACK, uri), false, uri);
    // Nor where somebody registered it, in a version that let them.
    assertEquals(may([uri], uri), false, uri);
  }
});

Deno.test("mayRedirect() never takes what a browser would run, and no plain http elsewhere", () => {
  for (
    const uri of [
      "javascript:alert(1)",
      "JavaScript:alert(1)",
      "\u0001javascript:alert(1)",
      "java\tscript:alert(1)",
      "data:text/html,x",
      "file:///etc/passwd",
      "blob:https://app.example.com/1",
      "vbscript:x",
      "about:blank",
      "filesystem:https://app.example.com/x",
      "view-source:https://app.example.com/",
      "ws://localhost/cb",
      "wss://app.example.com/cb",
      "ftp://app.example.com/cb",
      "http://app.example.com/cb",
      "https://me@app.example.com/cb",
      "https://me:pw@app.example.com/cb",
      "https://app.example.com/cb#x",
      "https://app.example.com/cb#",
      "https://app.example.com/c b",
      "https://app.example.com/cb\n",
      "com.example.app:/cb#x",
    ]
  ) assertEquals(may([uri], uri), false, uri);
});

Deno.test("mayRedirect() starts nothing on a person's machine but an app that was meant", () => {
  const registered = [
    "mailto:a@b",
    "tel:1",
    "sms:1",
    "ms-settings:privacy",
    "ms-word:ofe|u|https://evil.example/x",
    "search-ms:query=x",
    "search:query=x",
    "jar:https://evil.example/x!/",
    "feed:https://evil.example/",
    "steam://run/1",
    "facetime:a@b",
    "x-apple.systempreferences:com.apple.preference",
    "itms-services://?action=download-manifest",
    "intent://x#Intent;end",
    "chrome://settings",
    "chrome-extension://x/y",
    "moz-extension://x/y",
    "res://x",
    "mhtml:https://evil.example",
    "ldap://x",
    "smb://x/y",
    "ssh://x",
    "magnet:?xt=x",
    "javascript:alert(1)",
    "data:text/html,x",
    "vscode-evil://x",
    "unknown-app://callback",
  ];
  for (const uri of registered) assertEquals(may([uri], uri), false, uri);
  const apps = [
    "com.example.app:/cb",
    "io.github.some-app://cb",
    "vscode://x.y/cb",
    "cursor://x/cb",
  ];
  for (const uri of apps) assertEquals(may([uri], uri), true, uri);
});

Deno.test("mayRedirect() lets the operator name any app, and nothing that runs in the browser", () => {
  const operators = (uri: string) =>
    mayRedirect({ ...CODE, kind: "operator", redirectUris: [uri] }, uri);
  assertEquals(operators("our-desk://callback"), true);
  const others = ["", "callback", "our desk://callback", "our-desk://user@callback"];
  for (
    const uri of [
      "javascript:alert(1)",
      "data:text/html,x",
      "jar:x",
      "http://x.example/cb",
      ...others,
    ]
  ) {
    assertEquals(operators(uri), false, uri);
  }
});
