import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import type { RemoteUpstream } from "../../../broker/core/upstream.ts";
import { DEFAULT_TIMEOUT_MS, parseUpstreams } from "../../../broker/config/upstreams.ts";
import { usersOf } from "../../../broker/core/system_user.ts";

const PASSWD = [
  "root:x:0:0:root:/root:/bin/bash",
  "toor:x:0:0:root by another name:/root:/bin/sh",
  "gateway:x:1000:1000::/home/gateway:/bin/sh",
  "tools:x:1001:1002::/home/tools:/bin/sh",
].join("\n");
const USERS = usersOf(PASSWD, 1000);
const NOTES = { name: "notes", command: "notes-server" };

function faultOf(entries: unknown, users: typeof USERS | undefined = USERS): string {
  return assertThrows(() => parseUpstreams(JSON.stringify(entries), { users }), TypeError).message;
}

Deno.test("parseUpstreams() lets a local upstream run as a user who reads nothing of the gateway's", () => {
  for (const user of ["tools", 1001, "1001"]) {
    const specs = parseUpstreams(JSON.stringify([{ ...NOTES, user }]), { users: USERS });
    const runAs = { name: "tools", uid: 1001, gid: 1002, home: "/home/tools" };
    assertEquals(specs.map((spec) => spec.kind === "stdio" && spec.runAs), [runAs]);
  }
});

Deno.test("parseUpstreams() takes a local one that is trusted, and one elsewhere, as they are", () => {
  const remote = { name: "wiki", url: "https://wiki.example.com/mcp" };
  const text = JSON.stringify([{ ...NOTES, trust: "same_user" }, remote]);
  assertEquals(parseUpstreams(text).map(({ kind, name }) => [kind, name]), [
    ["stdio", "notes"],
    ["http", "wiki"],
  ]);
});

Deno.test("parseUpstreams() takes what is said of an upstream's tools", () => {
  const remote = { name: "wiki", url: "https://wiki.example.com/mcp" };
  const of = (more: Record<string, unknown>) =>
    parseUpstreams(JSON.stringify([{ ...remote, ...more }]))[0]!;
  const { prefix, newTools, perPersonDefinitions, showTools } = of({});
  assertEquals([prefix, newTools, perPersonDefinitions, showTools], [
    undefined,
    undefined,
    false,
    false,
  ]);
  const said = of({
    prefix: "",
    new_tools: "withhold",
    per_person_definitions: true,
    show_tools: ["search"],
  });
  assertEquals([said.prefix, said.newTools, said.perPersonDefinitions, said.showTools], [
    "",
    "withhold",
    true,
    ["search"],
  ]);
  const wrong = [
    { prefix: "_x" },
    { prefix: "a.b" },
    { prefix: "x".repeat(33) },
    { new_tools: "accept" },
    { per_person_definitions: "yes" },
    { show_tools: "all" },
    { show_tools: [""] },
  ];
  for (const more of wrong) {
    assertStringIncludes(faultOf([{ ...remote, ...more }]), `0.${Object.keys(more)[0]}`);
  }
});

Deno.test("parseUpstreams() takes no name that a tool, a path or a variable could not have", () => {
  const url = "https://wiki.example.com/mcp";
  for (const name of ["a", "notes_2", "x".repeat(24)]) {
    assertEquals(parseUpstreams(JSON.stringify([{ name, url }]))[0]?.name, name);
  }
  for (const name of ["", "Notes", "2notes", "_x", "a-b", "a b", "../x", "é", "x".repeat(25), 7]) {
    assertStringIncludes(faultOf([{ name, url }]), "0.name", String(name));
  }
});

Deno.test("parseUpstreams() lets none run as root or as the gateway's own user, by any name", () => {
  for (const user of ["root", "toor", 0, "0", "00"]) {
    assertStringIncludes(faultOf([{ ...NOTES, user }]), "0.user: is root", String(user));
  }
  for (const user of ["gateway", 1000, "1000", "01000"]) {
    assertStringIncludes(faultOf([{ ...NOTES, user }]), "0.user: is the gateway's own user");
  }
});

Deno.test("parseUpstreams() never falls back to the gateway's own user", () => {
  for (const user of ["eve", "-1", "4294967295", "tools "]) {
    assertStringIncludes(faultOf([{ ...NOTES, user }]), "0.user: is no user of this machine", user);
  }
  const elsewhere = () => parseUpstreams(JSON.stringify([{ ...NOTES, user: "tools" }]));
  assertStringIncludes(assertThrows(elsewhere, TypeError).message, "only root on Linux");
  assertStringIncludes(faultOf([NOTES]), "would run as the gateway's own user");
  assertStringIncludes(faultOf([{ ...NOTES, user: "tools", trust: "same_user" }]), "one is enough");
  for (const trust of ["", "root", true]) {
    assertStringIncludes(faultOf([{ ...NOTES, trust }]), "trust", String(trust));
  }
});

Deno.test("parseUpstreams() says what is no list of upstreams, and repeats nothing of it", () => {
  for (const text of ["hunter2", '"hunter2"', '{"name":"hunter2"}', "7", "null"]) {
    const { message } = assertThrows(() => parseUpstreams(text, { users: USERS }), TypeError);
    assertMatch(message, /^is not (JSON|a list)/);
    assertEquals(message.includes("hunter2"), false, message);
  }
  for (const entry of [null, 7, ["hunter2"], { hunter2: 1 }, { command: 7 }]) {
    const message = faultOf([entry]);
    assertStringIncludes(message, "entry 0");
    assertEquals(message.includes("hunter2"), false, message);
  }
});

const OFFICIAL = [{ name: "notion_mcp", title: "Notion", url: "https://mcp.notion.com/mcp" }];

Deno.test("parseUpstreams() knows servers by their names, in a list, in JSON, beside others", () => {
  const context = { official: OFFICIAL };
  const other = { name: "notes", url: "https://notes.example.com/mcp" };
  for (const text of ["notion_mcp", " notion_mcp ", '["notion_mcp"]']) {
    const [spec] = parseUpstreams(text, context);
    const { kind, name, title, url, timeoutMs, oauth } = spec as RemoteUpstream;
    assertEquals({ kind, name, title, url, timeoutMs, oauth }, {
      ...OFFICIAL[0]!,
      kind: "http",
      timeoutMs: DEFAULT_TIMEOUT_MS,
      oauth: "always",
    });
  }
  const both = parseUpstreams(JSON.stringify(["notion_mcp", other]), context);
  assertEquals(both.map(({ name }) => name), ["notion_mcp", "notes"]);
  const unknown = () => parseUpstreams("notion_mcp,motion_mcp", context);
  assertStringIncludes(assertThrows(unknown, TypeError).message, '"motion_mcp" is no server');
});

Deno.test("parseUpstreams() refuses headers that no request could have", () => {
  const entry = { name: "notes", url: "https://notes.example.com/mcp" };
  for (const headers of [{ "X A": "1" }, { "": "1" }, { "X-A": "1\n2" }, { "X-A": "\u2713" }]) {
    assertStringIncludes(faultOf([{ ...entry, headers }]), "0.headers", JSON.stringify(headers));
  }
  const [spec] = parseUpstreams(JSON.stringify([{ ...entry, headers: { "X-A": "é" } }]));
  assertEquals(spec?.kind === "http" && spec.headers, { "X-A": "é" });
});

Deno.test("parseUpstreams() takes a server for one that people connect, unless the operator says who asks", () => {
  const oauthOf = (entry: Record<string, unknown>) => {
    const whole = { name: "notes", url: "https://notes.example.com/mcp", ...entry };
    const [spec] = parseUpstreams(JSON.stringify([whole]));
    return spec?.kind === "http" ? spec.oauth : "local";
  };
  assertEquals(oauthOf({}), "if_asked");
  assertEquals(oauthOf({ headers: { "X-Region": "eu" } }), "if_asked");
  assertEquals(oauthOf({ oauth: true, headers: { "X-Api-Key": "k" } }), "always");
  assertEquals(oauthOf({ oauth: false }), undefined);
  assertEquals(oauthOf({ headers: { authorization: "Bearer t" } }), undefined);
  assertEquals(oauthOf({ headers: { "X-Api-Key": "k" } }), undefined);
  assertEquals(oauthOf({ provider: "github" }), undefined);
  const clear = { url: "http://notes.example.com/mcp", clear_text: true };
  assertEquals(oauthOf(clear), undefined);
  assertThrows(() => oauthOf({ ...clear, oauth: true }), TypeError);
  assertThrows(() => oauthOf({ provider: "github", oauth: true }), TypeError);
  assertThrows(() => oauthOf({ url: "https://a:b@notes.example.com/mcp" }), TypeError);
});

Deno.test("parseUpstreams() reads the operator's own client at a server", () => {
  const text = JSON.stringify([{ name: "notes", url: "https://notes.example.com/mcp" }]);
  const clientOf = (env: Record<string, string>) => {
    const [spec] = parseUpstreams(text, { env });
    return spec?.kind === "http" ? spec.client : "local";
  };
  assertEquals(clientOf({ OTHER_CLIENT_ID: "x" }), undefined);
  assertEquals(clientOf({ NOTES_CLIENT_ID: "x" }), { id: "x", secret: undefined });
  assertEquals(clientOf({ NOTES_CLIENT_ID: "x", NOTES_CLIENT_SECRET: "y" }), {
    id: "x",
    secret: "y",
  });
  const alone = assertThrows(() => clientOf({ NOTES_CLIENT_SECRET: "hunter2" }), TypeError);
  assertStringIncludes(alone.message, "NOTES_CLIENT_SECRET is set");
  assertEquals(alone.message.includes("hunter2"), false);
  // Where nobody connects it, a variable of the same name is another one's.
  const [spec] = parseUpstreams(
    JSON.stringify([{ name: "notes", url: "https://notes.example.com/mcp", oauth: false }]),
    { env: { NOTES_CLIENT_SECRET: "hunter2" } },
  );
  assertEquals(spec?.kind === "http" && spec.client, undefined);
});

Deno.test("parseUpstreams() gives a local server what its entry takes from the environment", () => {
  const env = { TOKEN: "Bearer ${NOTES_TOKEN}", PLAIN: "$NOTES_TOKEN ${}", BOTH: "${A}-${A}" };
  const text = JSON.stringify([{ ...NOTES, trust: "same_user", env }]);
  const [spec] = parseUpstreams(text, {
    users: USERS,
    env: { NOTES_TOKEN: "n${A}", A: "a", B: "b" },
  });
  // What a value holds is a value, and no name.
  assertEquals(spec?.kind === "stdio" && spec.env, {
    TOKEN: "Bearer n${A}",
    PLAIN: "$NOTES_TOKEN ${}",
    BOTH: "a-a",
  });
});

Deno.test("parseUpstreams() gives none of the gateway's own secrets away, nor says what they are", () => {
  const own = [
    "ENCRYPTION_KEYS",
    "ENCRYPTION_KEYS_FILE",
    "API_KEYS",
    "GITHUB_CLIENT_SECRET",
    "github_client_secret",
    "GITHUB_APP_PRIVATE_KEY",
    "UPSTREAMS",
    "PROVIDERS",
    "MCP_CLIENTS",
    "KV_PATH",
    "DENO_KV_ACCESS_TOKEN",
  ];
  const variables = Object.fromEntries(own.map((name) => [name, "value-of-the-gateway"]));
  for (const name of [...own, "NOT_SET", "constructor", "__proto__"]) {
    const text = JSON.stringify([{ ...NOTES, trust: "same_user", env: { X: `a \${${name}}` } }]);
    const { message } = assertThrows(
      () => parseUpstreams(text, { users: USERS, env: variables }),
      TypeError,
    );
    assert(message.includes(`0.env.X: ${name} is `), message);
    assert(!message.includes("value-of-the-gateway"));
  }
});

Deno.test("parseUpstreams() puts no person's token where several people are", () => {
  const token = { provider: "github", token_env: "TOKEN" };
  assert(faultOf([{ ...NOTES, trust: "same_user", ...token }]).includes('needs "per": "person"'));
  for (const half of [{ provider: "github" }, { token_env: "TOKEN" }]) {
    const { message } = assertThrows(
      () =>
        parseUpstreams(JSON.stringify([{ ...NOTES, trust: "same_user", per: "person", ...half }])),
      TypeError,
    );
    assert(message.includes('only one of "provider" and "token_env"'), message);
  }
  const whole = JSON.stringify([{ ...NOTES, trust: "same_user", per: "person", ...token }]);
  const [spec] = parseUpstreams(whole);
  assertEquals(spec?.kind === "stdio" && [spec.per, spec.provider, spec.tokenEnv], [
    "person",
    "github",
    "TOKEN",
  ]);
  const name = { ...token, token_env: "A=B" };
  assert(
    faultOf([{ ...NOTES, trust: "same_user", per: "person", ...name }]).includes("variable's name"),
  );
});

Deno.test("parseUpstreams() takes each value up to its limit, and names it where it is beyond", () => {
  const text = (length: number) => "x".repeat(length);
  const texts = (count: number) => Array.from({ length: count }, (_, at) => `tool_${at}`);
  const remote = { name: "wiki", url: "https://wiki.example.com/mcp" };
  const local = { ...NOTES, user: "tools", per: "person" };
  const limits: [entry: object, field: string, taken: unknown[], beyond: unknown[]][] = [
    [remote, "title", [text(1), text(80)], ["", text(81)]],
    [remote, "show_tools", [["x"], [text(128)], texts(1_000)], [[""], [text(129)], texts(1_001)]],
    [remote, "timeout_ms", [500, 120_000], [499, 120_001]],
    [local, "command", ["x"], [""]],
    [local, "max_processes", [1, 64], [0, 65]],
    [local, "memory_mb", [16, 65_536], [15, 65_537]],
  ];
  for (const [entry, field, taken, beyond] of limits) {
    for (const value of taken) {
      parseUpstreams(JSON.stringify([{ ...entry, [field]: value }]), { users: USERS });
    }
    for (const value of beyond) assertMatch(faultOf([{ ...entry, [field]: value }]), RegExp(field));
  }
  for (const user of ["", text(65), -1]) assertMatch(faultOf([{ ...NOTES, user }]), /user/);
  assertMatch(faultOf([{ ...NOTES, user: "" }]), /Too small|Invalid|must/);
  const shared = { ...NOTES, user: "tools", max_processes: 2 };
  assertMatch(faultOf([shared]), /"max_processes", and is one process for all/);
});
