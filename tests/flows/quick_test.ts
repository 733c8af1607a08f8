/**
 * What is answered without the router is answered as the router would.
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { API_KEY, call, type Gateway, startGateway, USER } from "../support/gateway.ts";
import { rawAnswer } from "../support/raw_http.ts";

const list = { jsonrpc: "2.0", method: "tools/list", id: 1 };
const JSON_TYPE = "application/json";

interface Sent {
  path: string;
  body?: unknown;
  method?: string;
  /** Merged with those of a usual call; `null` takes one away. */
  headers?: Record<string, string | null>;
}

const ANSWERED: Sent[] = [
  { path: "/mcp", body: list },
  { path: "/mcp", body: { jsonrpc: "2.0", method: "ping", id: "é" } },
  { path: "/mcp", body: { jsonrpc: "2.0", method: "notifications/initialized" } },
  { path: "/mcp", body: [list, { ...list, id: 2 }] },
  { path: "/mcp", body: call("github_list_issues", { repo: "octocat/hello-world" }) },
  { path: "/mcp", body: call("github_list_issues", { nothing: true }) },
  { path: "/mcp", body: call("calendar_list_events") },
  { path: "/mcp", body: call("no_such_tool") },
  { path: "/mcp?services=github&read_only=true&voice=true", body: list },
  { path: "/mcp/github", body: list },
  { path: "/mcp/sse", body: list },
  { path: "/mcp", body: list, headers: { "Authorization": null, "X-Api-Key": API_KEY } },
  { path: "/token/github", body: { user_id: USER } },
  { path: "/token/github?x=y", body: { user_id: USER, scope: "repo", min_ttl: 1 } },
];
/** Refused, most of them. */
const OTHERS: Sent[] = [
  { path: "/mcp", body: list, headers: { Authorization: null } },
  { path: "/mcp", body: list, headers: { Authorization: "Bearer wrong" } },
  { path: "/mcp", body: list, headers: { Authorization: "Bearer a.b.c" } },
  { path: "/mcp", body: list, headers: { Authorization: "Bearer sb_pat_x" } },
  { path: "/mcp", body: list, headers: { "X-User-Id": null } },
  { path: "/mcp", body: list, headers: { "X-User-Id": "a b" } },
  { path: "/mcp", body: list, headers: { "Idempotency-Key": "a b" } },
  { path: "/mcp", body: list, headers: { "Content-Type": "text/plain" } },
  { path: "/mcp", body: list, headers: { "Content-Type": null } },
  { path: "/mcp", body: list, headers: { Accept: "text/html" } },
  { path: "/mcp", body: "{" },
  { path: "/mcp", body: "" },
  { path: "/mcp", body: "[".repeat(100) },
  { path: "/mcp", body: [] },
  { path: "/mcp", body: "1" },
  { path: "/mcp?read_only=maybe", body: list },
  { path: "/mcp?services=a&services=b", body: list },
  { path: "/mcp/nothing", body: list },
  { path: "/mcp/%67ithub", body: list },
  { path: "/mcp/git%68ub", body: list },
  { path: "/mcp/", body: list },
  { path: "/mcp//github", body: list },
  { path: "/MCP", body: list },
  { path: "/mcp/github/", body: list },
  { path: "/mcp/github/more", body: list },
  { path: "/mcp", body: list, method: "PUT" },
  { path: "/mcp", method: "GET" },
  { path: "/mcp", method: "DELETE" },
  { path: "/token/nothing", body: { user_id: USER } },
  { path: "/token/google", body: { user_id: USER } },
  { path: "/token/github", body: { user_id: "nobody" } },
  { path: "/token/github", body: { user_id: USER, scope: "admin:org" } },
  { path: "/token/github", body: { user_id: "a b" } },
  { path: "/token/github", body: {} },
  { path: "/token/github", body: { user_id: USER, min_ttl: -1 } },
  { path: "/token/github", body: "{" },
  { path: "/token/github", body: { user_id: USER, account: "x".repeat(70_000) } },
  { path: "/token/github", body: { user_id: USER }, headers: { Authorization: null } },
  { path: "/token/github", body: { user_id: USER }, headers: { Authorization: "Bearer wrong" } },
  { path: "/token/github", body: { user_id: USER }, headers: { "Content-Type": "text/plain" } },
  { path: "/token/github", method: "GET" },
  { path: "/token/", body: { user_id: USER } },
  { path: "/token", body: { user_id: USER } },
];

async function send(gateway: Gateway, sent: Sent, more: Record<string, string> = {}) {
  const { path, body, method = "POST" } = sent;
  const usual = {
    "Authorization": `Bearer ${API_KEY}`,
    "X-User-Id": USER,
    "Content-Type": JSON_TYPE,
    "Accept": "application/json, text/event-stream",
  };
  const headers = Object.entries({ ...usual, ...sent.headers, ...more });
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(gateway.url + path, {
    method,
    headers: headers.filter((pair): pair is [string, string] => pair[1] !== null),
    body: body === undefined ? null : new TextEncoder().encode(text),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** What differs each time. */
const FLEETING = /"request_id":"[^"]+"|"expires_in":\d+|\/auth\/[^"\\]*|connect=[\w-]+/g;

Deno.test("what is answered without the router is answered as the router would", async () => {
  await using gateway = await startGateway();
  await gateway.connect("github");
  const { origin } = new URL(gateway.url);
  for (const sent of [...ANSWERED, ...OTHERS]) {
    const what = JSON.stringify(sent).slice(0, 200);
    // An `Origin`, even our own, is the router's.
    const routed = await send(gateway, sent, { Origin: origin });
    const plain = await send(gateway, sent);
    assertEquals(plain.status, routed.status, what);
    if (ANSWERED.includes(sent)) assert(plain.status < 300, what);
    assertEquals(plain.text.replaceAll(FLEETING, ""), routed.text.replaceAll(FLEETING, ""), what);
    for (const name of ["Allow", "Content-Type", "Retry-After", "WWW-Authenticate"]) {
      assertEquals(plain.headers.get(name), routed.headers.get(name), `${what} ${name}`);
    }
    for (const name of ["Cache-Control", "X-Content-Type-Options"]) {
      // Of MCP, who is refused hears it from the router.
      const isBare = sent.path.startsWith("/mcp") && plain.headers.get(name) === null;
      assert(!isBare || plain.status <= 400, `${what} ${name}`);
      if (!isBare) assertEquals(plain.headers.get(name), routed.headers.get(name), what);
    }
  }
});

Deno.test("what the router refuses it is asked for, whatever the address", async () => {
  await using gateway = await startGateway();
  for (const path of ["/mcp", "/mcp/github", "/token/github"]) {
    const sent = { path, body: path.startsWith("/mcp") ? list : { user_id: USER } };
    const foreign = await send(gateway, sent, { Origin: "https://evil.example" });
    assertEquals([foreign.status, JSON.parse(foreign.text).error], [403, "forbidden_origin"]);
    const nowhere = await send(gateway, sent, { Origin: "null" });
    assertEquals(nowhere.status, 403);
    const bound = await send(gateway, sent, { DPoP: "x" });
    assertEquals(bound.status, path.startsWith("/mcp") ? 401 : 404, path);
    const head = (host: string) =>
      `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${API_KEY}\r\n` +
      `X-User-Id: ${USER}\r\nContent-Type: ${JSON_TYPE}\r\nConnection: close\r\n` +
      `Content-Length: ${JSON.stringify(sent.body).length}\r\n\r\n${JSON.stringify(sent.body)}`;
    const { port } = new URL(gateway.url);
    // A known name first: what is remembered of it must not let another one in.
    assertMatch(await rawAnswer(port, head(`localhost:${port}`)), /^HTTP\/1\.1 (200|404) /);
    for (const host of ["evil.example", `evil.example:${port}`, "localhost.evil.example", "a b"]) {
      assertMatch(await rawAnswer(port, head(host)), /^HTTP\/1\.1 40[03] /, host);
    }
  }
});

Deno.test("a token without the router says no-store and nosniff, and https where people use it", async () => {
  await using gateway = await startGateway({ env: { PUBLIC_URL: "https://gateway.example" } });
  const ask = async (path: string, body: string, more = "") => {
    const answer = await rawAnswer(
      new URL(gateway.url).port,
      `POST ${path} HTTP/1.1\r\nHost: gateway.example\r\nAuthorization: Bearer ${API_KEY}\r\n` +
        `X-User-Id: ${USER}\r\nContent-Type: ${JSON_TYPE}\r\nConnection: close\r\n${more}` +
        `Content-Length: ${body.length}\r\n\r\n${body}`,
    );
    return answer.slice(0, answer.indexOf("\r\n\r\n")).toLowerCase();
  };
  const account = { id: "1", label: USER };
  const held = { service: "github", user_id: USER, account, access_token: "gho_1", scope: "repo" };
  await ask("/connections/import?verify=none", JSON.stringify([held]));
  const usual = [
    "\r\ncache-control: no-store",
    "\r\nx-content-type-options: nosniff",
    "\r\nstrict-transport-security: max-age=15552000; includesubdomains",
  ];
  const token = await ask("/token/github", JSON.stringify({ user_id: USER }));
  assertMatch(token, /^http\/1\.1 200 /);
  for (const header of usual) assertStringIncludes(token, header);
  assertStringIncludes(token, "\r\nserver-timing: auth;dur=");
  // What a program is answered on a POST no cache keeps, and a browser never comes this way…
  for (const path of ["/mcp", "/mcp/github"]) {
    const listed = await ask(path, JSON.stringify(list));
    assertMatch(listed, /^http\/1\.1 200 /);
    assertStringIncludes(listed, "\r\ncontent-type: application/json");
    for (const header of usual) assert(!listed.includes(header), header);
  }
  // …since it says where it comes from, and is told.
  const page = await ask("/mcp", JSON.stringify(list), "Origin: https://gateway.example\r\n");
  assertMatch(page, /^http\/1\.1 200 /);
  for (const header of usual) assertStringIncludes(page, header);
});

Deno.test("a request with no host, or with an empty Origin or DPoP, is the router's to refuse", async () => {
  await using gateway = await startGateway({ env: { PUBLIC_URL: "https://gateway.example" } });
  const body = JSON.stringify(list);
  const { port } = new URL(gateway.url);
  const ask = (version: string, more: string, path = "/mcp") =>
    rawAnswer(
      port,
      `POST ${path} ${version}\r\n${more}Authorization: Bearer ${API_KEY}\r\nX-User-Id: ${USER}\r\n` +
        `Content-Type: ${JSON_TYPE}\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
  const host = "Host: gateway.example\r\n";
  assertMatch(await ask("HTTP/1.1", host), /^HTTP\/1\.1 200 /);
  assertMatch(await ask("HTTP/1.0", ""), /^HTTP\/1\.0 403 .*"forbidden_host"/s);
  assertMatch(await ask("HTTP/1.1", "Host:\r\n"), /^HTTP\/1\.1 403 .*"forbidden_host"/s);
  assertMatch(await ask("HTTP/1.1", `${host}Origin:\r\n`), /^HTTP\/1\.1 403 .*"forbidden_origin"/s);
  assertMatch(await ask("HTTP/1.1", `${host}DPoP:\r\n`), /^HTTP\/1\.1 401 /);
  // An address without a path is not that of MCP either. Deno 2.5 takes it for the first page's.
  assertMatch(await ask("HTTP/1.1", host, "http://gateway.example?x"), /^HTTP\/1\.1 40[45] /);
});
