/**
 * Session tokens: what a backend hands to a platform that sends one header and
 * nothing else. Each is good for one user at the MCP endpoint, for no more than
 * was asked for, and for no longer than its key, its record and its time.
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Client } from "@modelcontextprotocol/sdk/client";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/client/streamableHttp"
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { SignJWT } from "jose";
import { digestHex, newKeyLine } from "../../tasks/key.ts";
import { sweepExpired } from "../../vault/expired.ts";
import { faultyFetch } from "../support/faulty_fetch.ts";
import {
  API_KEY,
  call,
  type Gateway,
  type GatewayOptions,
  OTHER_API_KEY,
  startGateway,
  USER,
} from "../support/gateway.ts";
import { keptText } from "../support/snapshot.ts";

const HOUR_MS = 3_600_000;
const ISSUE = { repo: "octocat/hello-world", title: "Spoken" };
const LIST = { jsonrpc: "2.0", id: 1, method: "tools/list" };

interface Wanted {
  [key: string]: unknown;
  user_id?: string;
}

async function start(options: GatewayOptions = {}) {
  const gateway = await startGateway(options);
  await gateway.connect("github");
  const ask = (wanted: Wanted, key = API_KEY) =>
    gateway.api("/sessions", { body: { user_id: USER, services: ["*"], ...wanted }, key });
  return Object.assign(gateway, {
    ask,
    make: async (wanted: Wanted = {}): Promise<string> => (await ask(wanted)).json.token,
    /** As a platform sends it: that header, and no other. */
    say: (token: string, body: unknown = LIST, path = "/mcp", headers = {}) =>
      gateway.mcp(body, { key: token, userId: null, path, headers }),
  });
}

const namesIn = (answer: { json: { result: { tools: { name: string }[] } } }) =>
  answer.json.result.tools.map(({ name }) => name);

const resultOf = (answer: Awaited<ReturnType<Gateway["mcp"]>>) => answer.json.result;

Deno.test("a backend makes a session token, and a platform calls tools with it and one header", async () => {
  await using gateway = await start();
  const before = gateway.world.now();
  const { status, headers, json } = await gateway.ask({});
  assertEquals([status, headers.get("Cache-Control")], [200, "no-store"]);
  assertMatch(json.token, /^sb_st_[\w-]+\.[\w-]+\.[\w-]+$/);
  assertEquals([json.token_type, json.expires_in, json.mcp_url], [
    "Bearer",
    3600,
    `${gateway.url}/mcp`,
  ]);
  assert(json.expires_at >= before + HOUR_MS && json.expires_at <= gateway.world.now() + HOUR_MS);
  const client = new Client({ name: "platform", version: "1" });
  const transport = new StreamableHTTPClientTransport(new URL(json.mcp_url), {
    requestInit: { headers: { Authorization: `${json.token_type} ${json.token}` } },
  });
  await client.connect(transport as Parameters<typeof client.connect>[0]);
  const { tools } = await client.listTools();
  assert(tools.some(({ name }) => name === "github_create_issue"));
  const result = await client.callTool({ name: "create_issue", arguments: ISSUE });
  assertStringIncludes(JSON.stringify(result.content), "Created issue #1");
  await client.close();
});

Deno.test("it is good at the MCP endpoint only, and in no address", async () => {
  await using gateway = await start();
  const token = await gateway.make();
  const doors: [path: string, body?: unknown, method?: string][] = [
    ["/token/github", { user_id: USER }],
    ["/links", { user_id: USER, service: "github" }],
    ["/links/claim", { user_id: USER, code: "x" }],
    ["/connections", { user_id: USER, service: "github", key: "x" }],
    [`/connections?user_id=${USER}`],
    [`/connections/github?user_id=${USER}`, undefined, "DELETE"],
    ["/connections/github/default", { user_id: USER, account: "1" }],
    ["/services"],
    ["/health?deep"],
    ["/proxy/github/user"],
    ["/sessions", { user_id: USER, services: ["*"] }],
    [`/sessions?user_id=${USER}`],
    [`/sessions?user_id=${USER}`, undefined, "DELETE"],
  ];
  for (const [path, body, method] of doors) {
    const more = { headers: { "X-User-Id": USER }, ...(method === undefined ? {} : { method }) };
    const { status } = await gateway.api(path, { body, key: token, ...more });
    assertEquals(status, 401, `${method ?? ""} ${path}`);
  }
  for (const name of ["token", "access_token", "session", "key"]) {
    const path = `/mcp?${name}=${token}`;
    assertEquals((await gateway.mcp(LIST, { key: null, userId: null, path })).status, 401, name);
  }
  const inKey = await gateway.mcp(LIST, { key: null, headers: { "X-Api-Key": token } });
  assertEquals(inKey.status, 401);
  const { json } = await gateway.api("/connections?user_id=" + USER);
  assertEquals(json.connections.length, 1, "nothing was changed");
});

Deno.test("it is for its own user, whatever the platform or its users send beside it", async () => {
  await using gateway = await start();
  const token = await gateway.make({ user_id: "somebody" });
  for (const headers of [{}, { "X-User-Id": USER }, { "X-Api-Key": API_KEY, "X-User-Id": USER }]) {
    const { structuredContent } = resultOf(
      await gateway.say(token, call("create_issue", ISSUE), "/mcp", headers),
    );
    assertEquals(structuredContent.error, "not_connected");
  }
});

Deno.test("it lists and calls no more than was asked for, and an address only narrows it", async () => {
  await using gateway = await start();
  const all = namesIn(await gateway.say(await gateway.make()));
  const github = all.filter((name) => !/^(gmail|calendar|drive)_/.test(name));
  const read = await gateway.make({ services: ["github"], read_only: true });
  const names = namesIn(await gateway.say(read));
  assert(names.length > 3 && names.every((name) => github.includes(name)));
  assert(!names.includes("github_create_issue"));
  for (
    const path of [
      "/mcp?read_only=false",
      "/mcp?services=github,gmail",
      "/mcp?tools=create_issue,gmail_search",
      "/mcp/gmail",
      "/mcp/google",
    ]
  ) {
    const here = namesIn(await gateway.say(read, LIST, path));
    assertEquals(here.filter((name) => !names.includes(name)), [], path);
    const { error, result } = (await gateway.say(read, call("create_issue", ISSUE), path)).json;
    assert(error !== undefined || result.isError, path);
  }
  const one = await gateway.make({ tools: ["list_issues"] });
  // An earlier tool stays what it was, for those who name it.
  assertEquals(namesIn(await gateway.say(one)), ["list_issues"]);
  assertEquals(namesIn(await gateway.say(one, LIST, "/mcp?tools=create_issue")), []);
  const google = await gateway.make({ services: ["google"] });
  const services = new Set(namesIn(await gateway.say(google)).map((name) => name.split("_")[0]));
  assertEquals(services, new Set(["gmail", "calendar", "drive"]));
  const issues = `${gateway.emulators.github}/repos/octocat/hello-world/issues`;
  assertEquals(await (await fetch(issues)).json(), []);
});

Deno.test("it acts with no account but those that it is for", async () => {
  await using gateway = await start();
  await gateway.connect("github", { account: "admin" });
  const accounts = async (wanted: string[] | undefined, args = {}) => {
    const token = await gateway.make({ accounts: wanted });
    const { isError, structuredContent } = resultOf(
      await gateway.say(token, call("create_issue", { ...ISSUE, ...args })),
    );
    return isError ? structuredContent.error : "done";
  };
  assertEquals(await accounts(["octocat"]), "done");
  assertEquals(await accounts(["Admin"]), "done", "a label in any case");
  assertEquals(await accounts(["octocat"], { account: "admin" }), "unknown_account");
  assertEquals(await accounts(["octocat"], { account: "octocat" }), "done");
  assertEquals(await accounts(["nobody"]), "unknown_account");
  assertEquals(await accounts(undefined, { account: "admin" }), "done");
  const token = await gateway.make({ accounts: ["octocat"] });
  const { text } = await gateway.say(token, call("create_issue", { ...ISSUE, account: "admin" }));
  assertStringIncludes(text, " can be: octocat.");
});

const KEYS = (voice: string, limit = "") =>
  `voice:sha256:${digestHex(voice)}${limit},other:sha256:${digestHex(OTHER_API_KEY)}`;

Deno.test("a key gives no more than it has, then and at every use", async () => {
  await using gateway = await start();
  const wide = await gateway.make();
  const named = await gateway.make({ services: ["github", "calendar"] });
  await gateway.restart({ API_KEYS: KEYS(API_KEY, ":calendar") });
  for (const token of [wide, named]) {
    const names = namesIn(await gateway.say(token));
    assert(names.length > 0 && names.every((name) => name.startsWith("calendar_")), String(names));
    const { json } = await gateway.say(token, call("create_issue", ISSUE));
    assert(json.error !== undefined || json.result.isError);
  }
  for (const services of [["github"], ["google"], ["gmail", "calendar"]]) {
    const { status, json } = await gateway.ask({ services });
    assertEquals([status, json.error], [403, "access_denied"]);
  }
  assertEquals((await gateway.ask({ services: ["calendar"] })).status, 200);
  assertEquals((await gateway.ask({})).status, 200);
  await gateway.restart({ API_KEYS: KEYS(API_KEY) });
  assert(namesIn(await gateway.say(wide)).includes("github_create_issue"), "and back");
});

Deno.test("a key for a provider gives any of its services, and one for a service that one alone", async () => {
  const keys = [
    `voice:sha256:${digestHex(API_KEY)}:google`,
    `other:sha256:${digestHex(OTHER_API_KEY)}:gmail`,
  ];
  await using gateway = await startGateway({ env: { API_KEYS: keys.join(",") } });
  const asked = async (key: string, service: string) => {
    const body = { user_id: USER, services: [service] };
    const { status, json } = await gateway.api("/sessions", { body, key });
    return status === 200 ? json.services ?? "made" : json.error;
  };
  const all = ["google", "gmail", "calendar", "github", "nothing"];
  const became = async (key: string) => await Promise.all(all.map((each) => asked(key, each)));
  const [refused, unknown] = ["access_denied", "unknown_service"];
  assertEquals(await became(API_KEY), ["made", "made", "made", refused, unknown]);
  assertEquals(await became(OTHER_API_KEY), [refused, "made", refused, refused, unknown]);
});

Deno.test("it ends with its key: taken out, or another one under the same name", async () => {
  await using gateway = await start();
  const token = await gateway.make();
  const other = await gateway.ask({}, OTHER_API_KEY);
  for (
    const keys of [`other:sha256:${digestHex(OTHER_API_KEY)}`, KEYS("another-key-of-the-same-name")]
  ) {
    await gateway.restart({ API_KEYS: keys });
    const { status, headers } = await gateway.say(token);
    assertEquals(status, 401);
    assertStringIncludes(headers.get("WWW-Authenticate")!, 'error="invalid_token"');
    assertEquals((await gateway.say(other.json.token)).status, 200);
  }
});

Deno.test("it ends with its time, which has bounds", async () => {
  await using gateway = await start();
  const [minute, hour, day] = await Promise.all(
    [60, undefined, 86_400].map((expires_in) => gateway.make({ expires_in })),
  );
  for (const expires_in of [59, 86_401, 0, -1, 61.5, "3600", null]) {
    assertEquals((await gateway.ask({ expires_in })).status, 400, String(expires_in));
  }
  const alive = async () =>
    await Promise.all([minute!, hour!, day!].map(async (t) => (await gateway.say(t)).status));
  gateway.world.skew = 59_000;
  assertEquals(await alive(), [200, 200, 200]);
  gateway.world.skew = 60_000;
  assertEquals(await alive(), [401, 200, 200]);
  gateway.world.skew = HOUR_MS;
  assertEquals(await alive(), [401, 401, 200]);
  gateway.world.skew = 24 * HOUR_MS;
  assertEquals(await alive(), [401, 401, 401]);
  await sweepExpired(gateway.records, gateway.world.now());
  assertEquals(await Array.fromAsync(gateway.kv.list({ prefix: ["session_tokens"] })), []);
});

Deno.test("it is listed and ended by the backend that made it, and by no other", async () => {
  await using gateway = await start();
  const one = (await gateway.ask({ services: ["github"], read_only: true, voice: true })).json;
  const two = (await gateway.ask({ tools: ["list_issues"], accounts: ["octocat"] })).json;
  const list = async (key = API_KEY) =>
    (await gateway.api(`/sessions?user_id=${USER}`, { key })).json.sessions;
  const shown = await list();
  const view = ({ created_at: _c, expires_at: _e, ...rest }: Record<string, unknown>) => rest;
  assertEquals(
    shown.map(view).sort((a: { voice: boolean }) => a.voice ? -1 : 1),
    [
      {
        id: one.id,
        user_id: USER,
        services: ["github"],
        read_only: true,
        voice: true,
      },
      {
        id: two.id,
        user_id: USER,
        services: ["*"],
        tools: ["list_issues"],
        read_only: false,
        accounts: ["octocat"],
        voice: false,
      },
    ],
  );
  assert(!JSON.stringify(shown).includes(one.token.slice(0, 20)));
  const end = async (query: string, key = API_KEY) =>
    (await gateway.api(`/sessions?user_id=${USER}${query}`, { method: "DELETE", key })).json.ended;
  assertEquals(await list(OTHER_API_KEY), []);
  assertEquals([await end("", OTHER_API_KEY), await end(`&id=${one.id}`, OTHER_API_KEY)], [0, 0]);
  assertEquals([await end("&id=nobody's"), await end(`&id=${"x".repeat(43)}`)], [0, 0]);
  assertEquals([(await gateway.say(one.token)).status, (await gateway.say(two.token)).status], [
    200,
    200,
  ]);
  assertEquals(await end(`&id=${one.id}`), 1);
  assertEquals([(await gateway.say(one.token)).status, (await gateway.say(two.token)).status], [
    401,
    200,
  ]);
  await gateway.make();
  assertEquals(await end(""), 2);
  assertEquals((await gateway.say(two.token)).status, 401);
  assertEquals(await list(), []);
});

Deno.test("what is made up, changed, or of another kind is no session token", async () => {
  await using gateway = await start();
  await using elsewhere = await start();
  const token = await gateway.make();
  const jwt = token.slice("sb_st_".length);
  const [head, claims, signature] = jwt.split(".") as [string, string, string];
  const read = JSON.parse(atob(claims));
  const encode = (value: unknown) =>
    btoa(JSON.stringify(value)).replaceAll("=", "").replaceAll("+", "-").replaceAll("/", "_");
  const forged = await new SignJWT(read).setProtectedHeader(JSON.parse(atob(head)))
    .sign(new TextEncoder().encode("a guess at the key of this gateway"));
  const texts = {
    "without its prefix": jwt,
    "of another gateway": await elsewhere.make(),
    "for another user": `sb_st_${head}.${encode({ ...read, sub: "voice:else" })}.${signature}`,
    "without a signature": `sb_st_${encode({ alg: "none", typ: "sb-session+jwt" })}.${claims}.`,
    "signed by a guess": `sb_st_${forged}`,
    "cut off": token.slice(0, -1),
    "longer": `${token}A`,
    "a prefix alone": "sb_st_",
    "another's prefix": `sb_pat_${jwt}`,
    "no JWT": `sb_st_${"x".repeat(43)}`,
    "very long": `sb_st_${"x".repeat(7_000)}`,
  };
  for (const [name, text] of Object.entries(texts)) {
    const { status, text: said } = await gateway.say(text);
    assertEquals(status, 401, name);
    assert(!said.includes(jwt));
  }
  assertEquals((await gateway.say(token)).status, 200);
});

Deno.test("what a backend asks for wrongly makes none, and a misspelt limit is no limit left out", async () => {
  await using gateway = await start();
  const wrong: Wanted[] = [
    { services: undefined },
    { services: [] },
    { services: "github" },
    { services: ["*", "github"] },
    { services: Array.from({ length: 51 }, (_, at) => `s${at}`) },
    { readonly: true },
    { read_only: "true" },
    { services: [""] },
    { services: ["x".repeat(65)] },
    { tools: [] },
    { tools: [""] },
    { tools: ["x".repeat(129)] },
    { tools: Array.from({ length: 201 }, (_, at) => `t${at}`) },
    { accounts: [] },
    { accounts: [""] },
    { accounts: ["x".repeat(321)] },
    { accounts: Array.from({ length: 51 }, (_, at) => `a${at}`) },
    { account: "octocat" },
    { user_id: "" },
    { user_id: "a b" },
    { user_id: "x".repeat(129) },
    { voice: "yes" },
  ];
  for (const wanted of wrong) {
    const { status, json } = await gateway.ask(wanted);
    assertEquals([status, json.error], [400, "invalid_request"], JSON.stringify(wanted));
  }
  const unknown = await gateway.ask({ services: ["github", "nothing"] });
  assertEquals([unknown.status, unknown.json.error], [404, "unknown_service"]);
  assertEquals((await gateway.api("/sessions", { body: {}, key: "wrong" })).status, 401);
  assertEquals((await gateway.api("/sessions")).status, 400);
  const ended = `/sessions?user_id=${USER}&id=${"x".repeat(65)}`;
  assertEquals((await gateway.api(ended, { method: "DELETE" })).status, 400);
  const { json } = await gateway.api(`/sessions?user_id=${USER}`);
  assertEquals(json.sessions, []);
});

Deno.test("its links follow what is set for its key: hand-off only has none", async () => {
  await using gateway = await start();
  const RETURN_URLS = "https://app.example.com/";
  await gateway.restart({ HAND_OFF_ONLY: "voice", RETURN_URLS });
  const token = await gateway.make({ user_id: "new" });
  const ask = async () =>
    resultOf(await gateway.say(token, call("list_issues", { repo: ISSUE.repo })));
  const closed = await ask();
  assertEquals([closed.structuredContent.error, closed.structuredContent.connect_url], [
    "not_connected",
    undefined,
  ]);
  await gateway.restart({ HAND_OFF_ONLY: "voice", RETURN_TO: `voice=${RETURN_URLS}` });
  const open = await ask();
  assertStringIncludes(open.structuredContent.connect_url, "/auth/github?");
});

Deno.test("a voice's token is answered in time, in words, unless the address says otherwise", async () => {
  const faults = faultyFetch();
  await using gateway = await start({ fetch: faults.fetch });
  const token = await gateway.make({ voice: true });
  const asked = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  faults.on("/issues", (_request, send) => {
    asked.resolve();
    return release.promise.then(send);
  });
  const answer = gateway.say(token, call("create_issue", ISSUE));
  await asked.promise;
  gateway.world.speed = 50;
  assertStringIncludes(resultOf(await answer).content[0].text, "GitHub takes longer than usual");
  gateway.world.speed = 1;
  const quiet = gateway.say(token, call("create_issue", ISSUE, 2), "/mcp?voice=false");
  release.resolve();
  assertStringIncludes(resultOf(await quiet).content[0].text, "Created issue #");
});

Deno.test("two session tokens of one user remember no calls of each other", async () => {
  await using gateway = await start();
  const [one, two] = [await gateway.make(), await gateway.make()];
  const headers = { "Idempotency-Key": "same" };
  const texts = [];
  for (const token of [one, two, one]) {
    const { content } = resultOf(
      await gateway.say(token, call("create_issue", ISSUE), "/mcp", headers),
    );
    texts.push(/#\d+/.exec(content[0].text)![0]);
  }
  assertEquals(texts, ["#1", "#2", "#1"]);
});

Deno.test("neither the token nor what it may stands in the store in clear", async () => {
  await using gateway = await start({ env: { ENCRYPTION_KEYS: newKeyLine("k1") } });
  const { token } = (await gateway.ask({ tools: ["list_issues"], accounts: ["octocat"] })).json;
  const kept = await keptText(gateway.kv);
  for (const part of [token, token.split(".")[2]!, "list_issues"]) {
    assert(!kept.includes(part), part);
  }
  const log = JSON.stringify(gateway.world.events);
  assert(!log.includes(token.split(".")[2]!));
});

Deno.test("a user has a bound on how many are made for them, and nobody else's is used up", async () => {
  await using gateway = await start();
  let made = 0;
  let last = 0;
  while (last !== 429 && made < 1_100) {
    const answers = await Promise.all(Array.from({ length: 50 }, () => gateway.ask({})));
    last = answers.at(-1)!.status;
    made += answers.filter(({ status }) => status === 200).length;
  }
  assertEquals([made, last], [1_000, 429]);
  assertEquals((await gateway.ask({ user_id: "somebody" })).status, 200);
});
