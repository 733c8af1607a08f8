/**
 * Every door behind which the gateway makes a connect link by itself. A link
 * can be forwarded; an app that connects by hand-off is safe only if none of
 * these links goes without it.
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { digestHex } from "../../tasks/key.ts";
import { Browser } from "../support/browser.ts";
import { signInForm } from "../support/emulators.ts";
import { faultyFetch } from "../support/faulty_fetch.ts";
import {
  API_KEY,
  call,
  type Gateway,
  OTHER_API_KEY,
  startGateway,
  USER,
} from "../support/gateway.ts";
import { remoteTool, startUpstream } from "../support/upstream_double.ts";

const BACK = "https://app.example.com/connected";
const LISTED = "https://app.example.com/listed";
const HOUR_MS = 60 * 60_000;
const META = "io.modelcontextprotocol/";
const MODERN = "2026-07-28";

async function start(env: Record<string, string>) {
  const upstream = startUpstream({
    tools: [remoteTool("read", "Reads.", { annotations: { readOnlyHint: true } })],
  });
  const faults = faultyFetch();
  const gateway = await startGateway({
    env: {
      UPSTREAMS: JSON.stringify([{ name: "gh", url: upstream.url, provider: "github" }]),
      RETURN_URLS: LISTED,
      ...env,
    },
    fetch: faults.fetch,
  });
  // An upstream's list is waited for only so long; on a slow machine it must be longer.
  gateway.world.speed = 0.05;
  // Those that something came home by only say so.
  const links = async () => {
    const all = await Array.fromAsync(gateway.records.list({ prefix: ["links"] }));
    const opened = await Promise.all(
      all.map(({ key }) => gateway.store.links.peek(String(key.at(-1)))),
    );
    return opened.filter((link) => link?.value.done === undefined);
  };
  return {
    ...gateway,
    faults,
    links,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

type Started = Awaited<ReturnType<typeof start>>;

/** Goes through a link to the app, which claims what came. */
async function handOff(gateway: Gateway, url: string, back = BACK): Promise<void> {
  const browser = new Browser();
  const signIn = await browser.submit(await browser.open(url));
  const until = (url: string) => url.startsWith(back);
  const page = await browser.submit(signIn, { form: signInForm(signIn), until });
  assert(page.url.startsWith(`${back}?code=`), `${page.url}: ${page.html}`);
  const code = new URL(page.url).searchParams.get("code");
  const claimed = await gateway.api("/links/claim", { body: { user_id: USER, code } });
  assertEquals(claimed.status, 200, claimed.text);
}

/** Connects by a link of the app's own, with a `return_to`. */
async function connectByApp(gateway: Gateway, service: string): Promise<void> {
  const body = { user_id: USER, service, return_to: LISTED };
  await handOff(gateway, (await gateway.api("/links", { body })).json.url, LISTED);
}

/** A tool call in the newest protocol. */
function modern(gateway: Gateway, name: string, capabilities = {}) {
  const { params, ...rest } = call(name, {});
  const _meta = {
    [`${META}protocolVersion`]: MODERN,
    [`${META}clientInfo`]: { name: "test", version: "1" },
    [`${META}clientCapabilities`]: capabilities,
  };
  return gateway.mcp({ ...rest, params: { ...params, _meta } }, {
    headers: {
      "Accept": "application/json, text/event-stream",
      "MCP-Protocol-Version": MODERN,
      "Mcp-Method": "tools/call",
      "Mcp-Name": name,
    },
  });
}

/** A tool call of a client of 2025 that opens URLs. */
async function elicited(gateway: Gateway, name: string) {
  const initialize = await gateway.mcp({
    jsonrpc: "2.0",
    id: 0,
    method: "initialize",
    params: {
      protocolVersion: "2025-11-25",
      capabilities: { elicitation: { url: {} } },
      clientInfo: { name: "test", version: "1" },
    },
  });
  const session = initialize.headers.get("Mcp-Session-Id");
  assert(session !== null);
  return await gateway.mcp(call(name), { headers: { "Mcp-Session-Id": session } });
}

const TOOL = "github_list_repositories";
const ISSUE = { repo: "octocat/hello-world", title: "x" };

/** Each asks for what is not there yet; the text of the answer. */
const DOORS: Record<string, (gateway: Started) => Promise<{ text: string }>> = {
  "POST /token": (gateway) => gateway.api("/token/github", { body: { user_id: USER } }),
  "POST /token with a scope": (gateway) =>
    gateway.api("/token/github", { body: { user_id: USER, scope: "repo" } }),
  "POST /token for more than was granted": async (gateway) => {
    await connectByApp(gateway, "calendar");
    return await gateway.api("/token/google", { body: { user_id: USER, scope: "gmail" } });
  },
  "POST /token for what the provider has ended": async (gateway) => {
    await connectByApp(gateway, "calendar");
    gateway.faults.on(
      "/oauth2/token",
      () => Response.json({ error: "invalid_grant" }, { status: 400 }),
    );
    gateway.world.skew = 2 * HOUR_MS;
    const answer = await gateway.api("/token/calendar", { body: { user_id: USER } });
    assertEquals(answer.json.error, "reauthorization_required");
    gateway.faults.reset();
    return answer;
  },
  "the proxy": (gateway) => gateway.api("/proxy/github/user", { headers: { "X-User-Id": USER } }),
  "the proxy with a body": (gateway) =>
    gateway.api("/proxy/github/user/repos", { body: {}, headers: { "X-User-Id": USER } }),
  "a tool": (gateway) => gateway.mcp(call(TOOL)),
  "a tool that changes something": (gateway) => gateway.mcp(call("github_create_issue", ISSUE)),
  "a tool by its short name": (gateway) => gateway.mcp(call("create_issue", ISSUE)),
  "a tool of a service's own path": (gateway) => gateway.mcp(call(TOOL), { path: "/mcp/github" }),
  "a tool at /sse": (gateway) => gateway.mcp(call(TOOL), { path: "/sse" }),
  "a tool, narrowed": (gateway) =>
    gateway.mcp(call(TOOL), { path: `/mcp?services=github&tools=${TOOL}&read_only=true` }),
  "a tool, for a voice": (gateway) => gateway.mcp(call(TOOL), { path: "/mcp?voice=true" }),
  "a tool with a key of its own for the call": (gateway) =>
    gateway.mcp(call("github_create_issue", ISSUE), { headers: { "Idempotency-Key": "once" } }),
  "a tool whose service lacks a scope": async (gateway) => {
    await connectByApp(gateway, "calendar");
    return await gateway.mcp(call("gmail_search_messages", { query: "x" }));
  },
  "a tool in a batch": (gateway) => gateway.mcp([call(TOOL, {}, 1), call("no_such_tool", {}, 2)]),
  "a tool of 2025, by elicitation": (gateway) => elicited(gateway, TOOL),
  "a tool of 2026": (gateway) => modern(gateway, TOOL),
  "a tool of 2026, by elicitation": (gateway) =>
    modern(gateway, TOOL, { elicitation: { url: {} } }),
  "an upstream's tool": async (gateway) => {
    // Its tools are known once somebody could list them.
    const body = { user_id: "first", service: "github", return_to: LISTED };
    const browser = new Browser();
    const { json } = await gateway.api("/links", { body });
    const signIn = await browser.submit(await browser.open(json.url));
    const until = (url: string) => url.startsWith(LISTED);
    const { url } = await browser.submit(signIn, { form: signInForm(signIn), until });
    const code = new URL(url).searchParams.get("code");
    await gateway.api("/links/claim", { body: { user_id: "first", code } });
    const list = { jsonrpc: "2.0", method: "tools/list", id: 1 };
    gateway.world.skew += 60_000;
    assertStringIncludes((await gateway.mcp(list, { userId: "first" })).text, "gh_read");
    return await gateway.mcp(call("gh_read"));
  },
};

/** The links in an answer, each once. */
function linksIn(gateway: Gateway, { text }: { text: string }): string[] {
  const found = text.matchAll(/https?:[^\s"\\]*\/auth\/[^\s"\\]*/g);
  return [...new Set([...found].map(([url]) => url))].filter((url) => url.startsWith(gateway.url));
}

for (const [door, knock] of Object.entries(DOORS)) {
  Deno.test(`hand-off by default: the link of ${door} leads back to the app`, async () => {
    await using gateway = await start({ RETURN_TO: `voice=${BACK}`, HAND_OFF_ONLY: "voice" });
    const [url, ...others] = linksIn(gateway, await knock(gateway));
    assert(url !== undefined, "the answer carries the link that cures");
    assertEquals(others, []);
    await handOff(gateway, url);
  });

  Deno.test(`hand-off only, without a default: ${door} makes no link, and says who must`, async () => {
    await using gateway = await start({ HAND_OFF_ONLY: "voice" });
    const { text } = await knock(gateway);
    assert(!text.includes("/auth/") && !text.includes("connect_url"), text);
    assertMatch(text, /\. That has to be done in the app, by a link that the app makes/);
    assertEquals(await gateway.links(), [], "nothing is kept that nobody may use");
  });
}

Deno.test("a default without hand-off only is where the gateway's links lead as well", async () => {
  await using gateway = await start({ RETURN_TO: `voice=${BACK}` });
  for (const door of ["POST /token", "the proxy", "a tool"]) {
    const [url] = linksIn(gateway, await DOORS[door]!(gateway));
    const browser = new Browser();
    const signIn = await browser.submit(await browser.open(url!));
    const until = (url: string) => url.startsWith(BACK);
    const page = await browser.submit(signIn, { form: signInForm(signIn), until });
    assert(page.url.startsWith(`${BACK}?code=`), door);
  }
  const { json } = await gateway.api(`/connections?user_id=${USER}`);
  assertEquals(json.connections, [], "nothing is connected that the app has not claimed");
});

Deno.test("what is said of connections carries no link, whatever the rule", async () => {
  for (const env of [{ HAND_OFF_ONLY: "voice" }, { RETURN_TO: `voice=${BACK}` }]) {
    await using gateway = await start(env);
    const answers = [
      await gateway.api(`/connections?user_id=${USER}`),
      await gateway.api(`/connections/github?user_id=${USER}`, { method: "DELETE" }),
      await gateway.api("/connections/github/default", { body: { user_id: USER, account: "1" } }),
      await gateway.mcp({ jsonrpc: "2.0", method: "tools/list", id: 1 }),
    ];
    for (const answer of answers) assertEquals(linksIn(gateway, answer), []);
  }
});

Deno.test("POST /links takes the key's default, and its own return_to before it", async () => {
  await using gateway = await start({ RETURN_TO: `voice=${BACK}`, HAND_OFF_ONLY: "voice" });
  const link = (more: Record<string, string> = {}, key = API_KEY) =>
    gateway.api("/links", { body: { user_id: USER, service: "github", ...more }, key });
  await handOff(gateway, (await link()).json.url);
  await handOff(gateway, (await link({ return_to: BACK })).json.url);
  await handOff(gateway, (await link({ return_to: LISTED })).json.url, LISTED);
  // The default of one app is no other's to use.
  const foreign = await link({ return_to: BACK }, OTHER_API_KEY);
  assertEquals([foreign.status, foreign.json.error], [400, "invalid_request"]);
  for (const return_to of ["", `${BACK}/more`, "https://evil.example/"]) {
    assertEquals((await link({ return_to })).json.error, "invalid_request", return_to);
  }
});

Deno.test("POST /links of a hand-off-only key is refused without return_to, and says why", async () => {
  await using gateway = await start({ HAND_OFF_ONLY: "voice" });
  const link = (key: string) =>
    gateway.api("/links", { body: { user_id: USER, service: "github" }, key });
  const { status, json } = await link(API_KEY);
  assertEquals([status, json.error], [400, "invalid_request"]);
  assertMatch(json.error_description, /^return_to is missing: .*hand-off only/);
  assertEquals(await gateway.links(), []);
  assertEquals((await link(OTHER_API_KEY)).status, 200, "another app is as it was");
});

Deno.test("a key for an upstream alone connects the provider behind it, and nothing else", async () => {
  await using gateway = await start({
    API_KEYS: `voice:sha256:${digestHex(API_KEY)}:gh,first:sha256:${digestHex("first-key")}`,
    RETURN_TO: `voice=${BACK}`,
  });
  const first = { key: "first-key", userId: USER };
  await gateway.connect("github", first);
  await gateway.mcp({ jsonrpc: "2.0", method: "tools/list", id: 1 }, first);
  const [url] = linksIn(gateway, await gateway.mcp(call("gh_read")));
  await handOff(gateway, url!);
  const { json } = await gateway.mcp(call("gh_read", {}, 2));
  assertEquals(json.result.content[0].text, "called read");
  const body = { user_id: USER, service: "github" };
  assertEquals((await gateway.api("/links", { body })).json.error, "access_denied");
});
