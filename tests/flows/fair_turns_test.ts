/**
 * One caller asks much at once, and another one once: whose turn it is at the database. The first
 * read stands still until all have come, so that the order says nothing about the machine.
 */

import { assert, assertEquals } from "@std/assert";
import { MAX_WAITING } from "../../compose.ts";
import type { Gettable } from "../../vault/kv_gets.ts";
import { type CallersTurns, READS_AT_ONCE } from "../../vault/kv_turns.ts";
import { META, MODERN } from "../faults/bad_input/requests.ts";
import { Browser } from "../support/browser.ts";
import { signInForm } from "../support/emulators.ts";
import { call, OTHER_API_KEY, startGateway, USER } from "../support/gateway.ts";
import { exchange, newClient, obtainCode, signIn } from "../support/mcp_client.ts";
import { startUpstream } from "../support/upstream_double.ts";
import { randomSecret } from "../../broker/core/secrets.ts";

const FLOOD = 30;
const READ = call("calendar_list_events", { time_zone: "UTC" });
const OBJECT = { type: "object" };
const GREETING = {
  protocolVersion: "2025-11-25",
  capabilities: {},
  clientInfo: { name: "test", version: "1" },
};

/** One read. */
interface Turn {
  caller: string;
  /** So many others had their turn between its coming and its own. */
  waited: number;
}

async function start() {
  let came = 0;
  /** Lists, and single keys: each have turns of their own. */
  const ways = { lists: [] as Turn[], keys: [] as Turn[] };
  let heard = () => {};
  let hold: Promise<void> | undefined;
  const gateway = await startGateway({
    env: { SIGN_IN_ALLOW: "*" },
    turns: (real, callers) => {
      const comes = (turns: Turn[]) => {
        const [caller, before] = [callers.now(), turns.length];
        came += 1;
        heard();
        return () => turns.push({ caller, waited: turns.length - before });
      };
      return {
        ...real,
        gets(kv) {
          const waiting = new Map<string, (() => void)[]>();
          const nameOf = (key: Deno.KvKey) => JSON.stringify(key);
          const turn = async <T>(keys: readonly Deno.KvKey[], work: () => Promise<T>) => {
            for (const key of keys) waiting.get(nameOf(key))?.shift()?.();
            await hold;
            return await work();
          };
          const get = real.gets({
            get: (key) => turn([key], () => kv.get(key)),
            getMany: (keys) => turn(keys as Deno.KvKey[], () => kv.getMany(keys)),
          } as Gettable);
          return (keys) => {
            // Several keys that are wanted together are one turn.
            const name = nameOf(keys.at(-1)!);
            waiting.set(name, [...waiting.get(name) ?? [], comes(ways.keys)]);
            return get(keys);
          };
        },
        read(work) {
          const begins = comes(ways.lists);
          return real.read(async () => {
            begins();
            await hold;
            return await work();
          });
        },
      };
    },
  });
  const comes = async (count: number) => {
    while (came < count) await new Promise<void>((resolve) => heard = resolve);
  };
  return Object.assign(gateway, {
    /** Whose turns it was, once a flood of `many` had come, and then `one`. */
    async order(many: () => Promise<unknown>, one: () => Promise<unknown>): Promise<Turn[]> {
      const held = Promise.withResolvers<void>();
      hold = held.promise;
      came = 0;
      ways.lists.length = ways.keys.length = 0;
      const all = Array.from({ length: FLOOD }, many);
      await comes(FLOOD);
      const honest = one();
      await comes(FLOOD + 1);
      hold = undefined;
      held.resolve();
      await Promise.all([honest, ...all]);
      return [...ways.lists, ...ways.keys];
    },
  });
}

type Started = Awaited<ReturnType<typeof start>>;

/**
 * An app's many requests, by turns for a list and for single keys, once it is known what its users
 * have. They are for as many users: for one alone it would be one read.
 */
async function greedy(gateway: Started) {
  const key = OTHER_API_KEY;
  const users = Array.from({ length: FLOOD }, (_, at) => `user-${at}`);
  const connections = users.map((user) => ({
    service: "google",
    user_id: user,
    account: { id: user, label: `${user}@example.com` },
    access_token: `ya29.${user}`,
    scope: "openid email https://www.googleapis.com/auth/calendar.readonly",
  }));
  await gateway.api("/connections/import?verify=none", { key, body: connections });
  const token = async (user = users[0]!) => {
    const { status } = await gateway.api("/token/google", { key, body: { user_id: user } });
    assertEquals(status, 200);
  };
  for (const user of [...users, ...users]) await token(user);
  let asked = 0;
  return () => {
    const user = users[asked++];
    return asked % 2 === 1 ? gateway.api(`/connections?user_id=${user}`, { key }) : token(user);
  };
}

/** Each time one turn of each of the others', and those that are under way. */
function assertFair(turns: Turn[], one: string, reads: number) {
  const waits = turns.filter(({ caller }) => caller === one).map(({ waited }) => waited);
  // Every two seconds somebody looks what a provider has asked other processes to wait.
  assert([reads, reads + 1].includes(waits.length), JSON.stringify(turns));
  assert(waits.some((waited) => waited > 0), "Nobody else was there");
  assert(Math.max(...waits) <= 1 + READS_AT_ONCE, `${waits}`);
}

Deno.test("an app's request waits for one turn of another app's many, by every way", async () => {
  await using gateway = await start();
  await gateway.connect("calendar");
  await gateway.connect("calendar", { key: OTHER_API_KEY });
  const _meta = {
    [`${META}protocolVersion`]: MODERN,
    [`${META}clientInfo`]: { name: "test", version: "1" },
    [`${META}clientCapabilities`]: {},
  };
  const modern = {
    "Accept": "application/json, text/event-stream",
    "MCP-Protocol-Version": MODERN,
    "Mcp-Method": "tools/call",
    "Mcp-Name": READ.params.name,
  };
  const ways: Record<string, () => Promise<{ status: number }>> = {
    token: () => gateway.api("/token/google", { body: { user_id: USER } }),
    connections: () => gateway.api(`/connections?user_id=${USER}`),
    proxy: () =>
      gateway.api("/proxy/google/oauth2/v2/userinfo", { headers: { "X-User-Id": USER } }),
    "MCP 2025": () => gateway.mcp(READ),
    "MCP 2026": () =>
      gateway.mcp({ ...READ, params: { ...READ.params, _meta } }, { headers: modern }),
  };
  for (const [name, way] of Object.entries(ways)) {
    const order = await gateway.order(
      await greedy(gateway),
      async () => assertEquals((await way()).status, 200, name),
    );
    assertFair(order, "app voice", 1);
  }
});

Deno.test("so does a person's client, and a person's page as soon as it is known whose it is", async () => {
  await using gateway = await start();
  await gateway.connect("calendar", { key: OTHER_API_KEY });
  const { page, browser, accessToken, grantId } = await person(gateway);
  const read = () => gateway.mcp(READ, { key: accessToken, userId: null });
  const byClient = await gateway.order(
    await greedy(gateway),
    async () => assertEquals((await read()).status, 200),
  );
  assertFair(byClient, `client ${grantId}`, 2);
  const byPage = await gateway.order(await greedy(gateway), () => browser.open(page.url));
  // The session and the count of sign-outs are read before anything is known.
  assertFair(byPage, "address unknown", 2);
  // What is connected, what was allowed, what was used last.
  assertEquals(byPage.filter(({ caller }) => caller.startsWith("person google:")).length, 3);
});

Deno.test("who shows ever new tokens that are nobody's gets no turns for them", async () => {
  await using gateway = await start();
  await gateway.connect("calendar");
  const stranger = () => gateway.mcp(READ, { key: `sb_pat_${randomSecret()}`, userId: null });
  // It is known then what there is: it reads what strangers read, single keys.
  for (let time = 0; time < 2; time++) {
    await gateway.api("/token/google", { body: { user_id: USER } });
  }
  const order = await gateway.order(
    stranger,
    () => gateway.api("/token/google", { body: { user_id: USER } }),
  );
  assertEquals(order.filter(({ caller }) => caller === "address unknown").length, FLOOD);
  assertFair(order, "app voice", 1);
});

Deno.test("a client whose grant was ended takes no turns from its person", async () => {
  await using gateway = await start();
  const { page, browser, accessToken, grantId } = await person(gateway);
  const home = await browser.open(page.url);
  await browser.submit(await browser.follow(home, "/dashboard/grants/end"));
  const ended = async () =>
    assertEquals((await gateway.mcp(READ, { key: accessToken, userId: null })).status, 401);
  const order = await gateway.order(ended, () => browser.open(page.url));
  assertEquals(order.filter(({ caller }) => caller === `client ${grantId}`).length, FLOOD);
  assertFair(order, "address unknown", 2);
});

Deno.test("whatever a call asks the store for, it asks in its caller's name", async () => {
  const read: string[] = [];
  const written: string[] = [];
  await using upstream = startUpstream({ tools: [{ name: "look", inputSchema: OBJECT }] });
  for (const upstreams of [[], [{ name: "up", url: upstream.url }]]) {
    await using gateway = await startGateway({
      env: { UPSTREAMS: JSON.stringify(upstreams) },
      turns: (turns, callers) => ({
        ...readBy(turns, () => read.push(callers.now())),
        commit: (work) => (written.push(callers.now()), turns.commit(work)),
      }),
    });
    const event = { title: "x", start: "2027-01-05T12:00", time_zone: "UTC" };
    const asked = [
      { jsonrpc: "2.0", id: 1, method: "tools/list", params: {} },
      { jsonrpc: "2.0", id: 2, method: "initialize", params: GREETING },
      READ,
      // What is not done twice is written down first.
      call("calendar_create_event", event),
      call("find_tools", { query: "calendar list events" }),
      call("call_read_tool", { name: READ.params.name, arguments: READ.params.arguments }),
      ...upstreams.map(() => call("up_look", {})),
    ];
    for (const message of asked) {
      read.length = written.length = 0;
      // Somebody new: nothing of them is remembered.
      const userId = `somebody.${asked.indexOf(message)}`;
      const headers = { "Idempotency-Key": userId };
      assertEquals((await gateway.mcp(message, { userId, headers })).status, 200);
      const others = read.filter((caller) => caller !== "app voice");
      assertEquals(others, [], JSON.stringify(message));
      if (message.method === "initialize") assert(read.length > 0);
      if (!JSON.stringify(message).includes("calendar_create_event")) continue;
      // That it was begun, the link to connect, what came of it.
      assertEquals(written.filter((caller) => caller === "app voice").length, 3);
    }
  }
});

Deno.test("a token that is not ours names nobody, and reads nothing", async () => {
  const read: string[] = [];
  await using gateway = await startGateway({
    env: { SIGN_IN_ALLOW: "*" },
    turns: (turns, callers) => ({
      ...readBy(turns, () => read.push(callers.now())),
    }),
  });
  // At its start it read what operators have set.
  read.length = 0;
  const part = (value: unknown) => btoa(JSON.stringify(value)).replaceAll("=", "");
  const claims = { sub: "google:1", grant_id: randomSecret(), client_id: "c", scope: "calendar" };
  for (const alg of ["none", "HS256"]) {
    const forged = `${part({ alg, typ: "at+jwt", kid: "k1" })}.${part(claims)}.AAAA`;
    assertEquals((await gateway.mcp(READ, { key: forged, userId: null })).status, 401);
  }
  assertEquals((await gateway.api("/token/google", { key: "nobody's", body: {} })).status, 401);
  assertEquals(read, []);
});

Deno.test("a caller with too much waiting is told to come again, before anything is begun", async () => {
  await using gateway = await startGateway({
    turns: (turns) => ({ ...turns, waiting: (caller) => caller === "app other" ? MAX_WAITING : 0 }),
  });
  await gateway.connect("calendar");
  const token = (key?: string) =>
    gateway.api("/token/google", {
      body: { user_id: USER },
      ...(key === undefined ? {} : { key }),
    });
  for (
    const refused of [await token(OTHER_API_KEY), await gateway.mcp(READ, { key: OTHER_API_KEY })]
  ) {
    assertEquals([refused.status, refused.json.error], [429, "rate_limited"]);
    assertEquals(refused.headers.get("Retry-After"), "1");
  }
  assertEquals((await token()).status, 200);
});

/** The same turns; `note` is told of each read. */
function readBy(turns: CallersTurns, note: () => void): CallersTurns {
  return {
    ...turns,
    gets(kv) {
      const get = turns.gets(kv);
      return (keys) => (note(), get(keys));
    },
    read: (work) => (note(), turns.read(work)),
  };
}

/** Somebody who has signed in, connected the calendar, and let a client in. */
async function person(gateway: Started) {
  const browser = new Browser();
  const page = await signIn(browser, await browser.open(`${gateway.url}/sign-in`), {
    provider: "google",
  });
  const form = page.forms.find(({ fields }) => fields.service === "calendar")!;
  const atProvider = await browser.submit(page, { form });
  await browser.submit(atProvider, { form: signInForm(atProvider) });
  const client = await newClient(gateway);
  const code = await obtainCode(gateway, client, { browser });
  const { json } = await exchange(gateway, client, code);
  const accessToken: string = json.access_token;
  const { grant_id: grantId } = JSON.parse(atob(accessToken.split(".")[1]!));
  return { page, browser, accessToken, grantId };
}
