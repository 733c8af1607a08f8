/**
 * What each hot kind of request asks of the database, all of it and in order. On SQLite one thread
 * does everything for everybody: whoever adds an operation here makes all callers wait for it.
 */

import { assertEquals } from "@std/assert";
import { META, MODERN } from "../faults/bad_input/requests.ts";
import { Browser } from "../support/browser.ts";
import { type CountedKv, countedKv } from "../support/counted_kv.ts";
import { signInForm } from "../support/emulators.ts";
import { call, startGateway, USER } from "../support/gateway.ts";
import { exchange, newClient, obtainCode, refresh, signIn } from "../support/mcp_client.ts";

const MINUTE_MS = 60_000;
const READ = call("calendar_list_events", { time_zone: "UTC" });
const EVENT = { title: "Lunch", start: "2027-01-05T12:00", time_zone: "UTC" };
/** By the first request after five seconds: whether an operator has changed anything. */
const LOOK = "get versions";
/** What connections somebody has is known when they were looked for twice, until one is changed. */
const SEEN = "get marks";
const AGAIN = [SEEN, "list connections"];
const LIST = { jsonrpc: "2.0", id: 1, method: "tools/list", params: {} };

async function start() {
  let counted!: CountedKv;
  const kv = (kv: Deno.Kv) => (counted = countedKv(kv)).kv;
  const gateway = await startGateway({ kv, env: { SIGN_IN_ALLOW: "*" } });
  // As after the first housekeeping.
  await gateway.broker.keepCounts();
  /** Does something once; `expected`: what was asked for it. */
  const asks = async <T>(what: string, expected: string[], run: () => Promise<T>): Promise<T> => {
    counted.asked();
    const answer = await run();
    assertEquals(counted.asked(), expected, what);
    return answer;
  };
  const ok = async (answering: Promise<{ status: number }>) =>
    assertEquals((await answering).status, 200);
  const close = () => gateway[Symbol.asyncDispose]();
  return { gateway, asks, ok, [Symbol.asyncDispose]: close };
}

/** A request as a client of 2026 sends it. */
function modern({ method, params }: { method: string; params: Record<string, unknown> }) {
  const _meta = {
    [`${META}protocolVersion`]: MODERN,
    [`${META}clientInfo`]: { name: "test", version: "1" },
    [`${META}clientCapabilities`]: {},
  };
  const name = typeof params.name === "string" ? { "Mcp-Name": params.name } : {};
  const headers = {
    "Accept": "application/json, text/event-stream",
    "MCP-Protocol-Version": MODERN,
    "Mcp-Method": method,
    ...name,
  };
  return { body: { jsonrpc: "2.0", id: 1, method, params: { ...params, _meta } }, headers };
}

Deno.test("what a backend's requests ask of the database", async () => {
  await using t = await start();
  const { gateway, asks, ok } = t;
  await gateway.connect("calendar");
  const token = (user_id: string) => gateway.api("/token/google", { body: { user_id } });
  await asks("a fresh token", ["list connections"], () => ok(token(USER)));
  await asks(
    "a list of connections",
    ["list connections"],
    () => ok(gateway.api(`/connections?user_id=${USER}`)),
  );
  const headers = { "X-User-Id": USER };
  const proxied = () => gateway.api("/proxy/google/oauth2/v2/userinfo", { headers });
  await asks("the proxy, soon after", AGAIN, () => ok(proxied()));
  await asks("the proxy again", [SEEN], () => ok(proxied()));
  // A copy near by may be old: what it refuses is read again.
  await asks("a token of nobody, with the link that cures it", [
    "list connections",
    "list connections",
    "commit check closed, check retired, set links, set ends, set owned",
  ], () => token("nobody"));
});

Deno.test("what a refresh asks of the database", async () => {
  await using t = await start();
  const { gateway, asks, ok } = t;
  await gateway.connect("calendar");
  const token = () => gateway.api("/token/google", { body: { user_id: USER } });
  const refreshed = [
    "list connections",
    "commit check leases, check connections, check closed, set leases",
    "commit check connections, check retired, set connections, set due, set owned, set accounts, delete leases, set marks",
  ];
  // By the emulator's clock it has not ended.
  gateway.world.skew = 56 * MINUTE_MS;
  // It was too long ago that this process said what it seals with.
  const [list, lease, store] = refreshed;
  await asks(
    "the first refresh of a provider",
    [LOOK, list!, lease!, "commit set sealers", store!, "commit set providers"],
    () => ok(token()),
  );
  gateway.world.skew += 56 * MINUTE_MS;
  await asks(
    "a stale token",
    [LOOK, ...AGAIN, lease!, "commit set sealers", store!],
    () => ok(token()),
  );
});

Deno.test("what connecting asks of the database", async () => {
  await using t = await start();
  const { gateway, asks } = t;
  const body = { user_id: USER, service: "calendar" };
  await gateway.api("/links", { body });
  const link = await asks(
    "a link",
    ["commit check closed, check retired, set links, set ends, set owned"],
    () => gateway.api("/links", { body }),
  );
  const browser = new Browser();
  const page = await asks(
    "opening it",
    ["get links", "list connections"],
    () => browser.open(link.json.url),
  );
  const atProvider = await asks("setting out", [
    "get links",
    "list connections",
    "commit check links, check retired, set links, set ends, set owned, delete ends",
    "commit check closed, check retired, set pending, set ends, set owned",
  ], () => browser.submit(page));
  await asks("coming home", [
    "get pending",
    "commit check pending, delete pending, delete ends, delete owned",
    "get links",
    "commit check links, delete links, delete ends, delete owned",
    "get connections",
    // How many there are, of whoever connects a new one.
    "list connections",
    // Once in a process, and then how many this person has.
    "get indexes",
    "get subjects",
    "commit check connections, check indexes, check subjects, check closed, check retired, set connections, set due, set owned, set accounts, set subjects, set events, set ends, set marks, set feed, sum counts",
    "commit check links, check closed, check retired, set links, set ends, set owned",
    "commit check pending, check closed, check retired, set pending, set ends, set owned",
  ], () => browser.submit(atProvider, { form: signInForm(atProvider) }));
});

Deno.test("what MCP with an API key asks of the database", async () => {
  await using t = await start();
  const { gateway, asks, ok } = t;
  await gateway.connect("calendar");
  const add = call("calendar_create_event", EVENT, 7);
  const sets = "check retired, set calls, set ends, set owned";
  const noted = `commit check calls, check closed, ${sets}`;
  // It is there already, and ends at another time then.
  const kept = `commit check calls, ${sets}, delete ends`;
  const eras = {
    "2025": (body: typeof READ | typeof LIST) => gateway.mcp(body),
    "2026": (request: typeof READ | typeof LIST) => {
      const { body, headers } = modern(request);
      return gateway.mcp(body, { headers });
    },
  };
  for (const [era, send] of Object.entries(eras)) {
    const look = gateway.world.skew > 0 ? [LOOK] : [];
    // Whether there are two accounts of a service, which is remembered for a minute.
    await asks(`a list, ${era}`, [...look, "list connections"], () => ok(send(LIST)));
    // What other processes were asked by the provider, which is looked for every two seconds.
    const reads = era === "2025" ? ["list connections", "get providers"] : [SEEN, "get providers"];
    await asks(`a call that reads, ${era}`, reads, () => ok(send(READ)));
    // Noted before it runs, and how it ended afterwards.
    await asks(
      `a call that writes, ${era}`,
      [noted, ...era === "2025" ? AGAIN : [SEEN], kept],
      () => ok(send(add)),
    );
    gateway.world.skew += 2 * MINUTE_MS;
  }
});

Deno.test("what a person's own client and pages ask of the database", async () => {
  await using t = await start();
  const { gateway, asks, ok } = t;
  const browser = new Browser();
  await signIn(browser, await browser.open(`${gateway.url}/sign-in`), { provider: "google" });
  const dashboard = [
    ...["get sessions", "get epochs", "list connections", "list grants", "list activity"],
  ];
  const page = await asks("the dashboard", dashboard, () => browser.open(gateway.url));
  const form = page.forms.find(({ fields }) => fields.service === "calendar")!;
  const atProvider = await browser.submit(page, { form });
  await browser.submit(atProvider, { form: signInForm(atProvider) });

  const client = await newClient(gateway);
  const code = await obtainCode(gateway, client, { browser });
  const { json: tokens } = await exchange(gateway, client, code);
  const read = (key: string) => ok(gateway.mcp(READ, { key, userId: null }));
  await read(tokens.access_token);
  await asks(
    "a call that reads, with an access token",
    ["get grants", ...AGAIN],
    () => read(tokens.access_token),
  );
  await asks("a client's refresh", [
    "get clients",
    "get secrets",
    "get grants",
    "commit check closed, check retired, set secrets, set ends, set owned",
    "commit check secrets, check retired, set secrets, set ends, set owned",
    "get clients",
  ], () => ok(refresh(gateway, client, tokens.refresh_token)));

  const make = (await browser.open(gateway.url)).forms
    .find(({ action }) => action === "/dashboard/tokens")!;
  const checked = make.checked.filter(([name]) => name === "service");
  const made = await browser.submit(page, { form: make, fields: { name: "voice" }, checked });
  const personal = /id="new-token">([^<]+)</.exec(made.html)![1]!;
  await asks("the first call with a personal token", [
    "get secrets",
    "get grants",
    "commit check grants, check retired, set grants",
    SEEN,
  ], () => read(personal));
  await asks("a call that reads, with a personal token", [
    "get secrets",
    "get grants",
    SEEN,
  ], () => read(personal));
});
