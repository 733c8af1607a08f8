import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { LIMIT_OUT_MS } from "../../broker/core/leased_limit.ts";
import { MAX_CLOCK_SKEW_MS } from "../../broker/core/clock.ts";
import { sweepExpired } from "../../vault/expired.ts";
import { type CountedKv, countedKv } from "../support/counted_kv.ts";
import { API_KEY, call, type Gateway, OTHER_API_KEY, startGateway } from "../support/gateway.ts";
import { openGateway, personalToken, signedIn } from "../support/attacks.ts";
import { startTwo } from "../support/two_gateways.ts";

const LIST = { jsonrpc: "2.0", method: "tools/list", id: 1 };

/** Some at the same time; the statuses, and how often each came. */
async function burst(many: (() => Promise<{ status: number }>)[]) {
  const statuses: Record<number, number> = {};
  for (const { status } of await Promise.all(many.map((one) => one()))) {
    statuses[status] = (statuses[status] ?? 0) + 1;
  }
  return statuses;
}

const times = <T>(count: number, one: (n: number) => T) =>
  Array.from({ length: count }, (_, n) => one(n));

/** RFC 9651, as far as the draft uses it: a list of strings with parameters that are integers. */
function parsed(value: string | null) {
  return (value ?? "").split(", ").map((item) => {
    assertMatch(item, /^"[a-z_]+"(;[a-z]+=\d+)+$/);
    const [name = "", ...rest] = item.split(";");
    return { name: name.slice(1, -1), ...Object.fromEntries(rest.map((one) => one.split("="))) };
  });
}

Deno.test("two gateways on one store admit together what one may", async () => {
  const LIMITS = "subject=200/min";
  await using two = await startTwo({ env: { LIMITS }, is: {} });
  const { before, after } = two;
  const list = (at: Gateway) => () => at.mcp(LIST);
  const statuses = await burst(times(300, (n) => list(n % 2 === 0 ? before : after)));
  assert(statuses[200]! <= 220 && statuses[200]! >= 180, JSON.stringify(statuses));
  assertEquals(Object.keys(statuses), ["200", "429"]);
  // Another one's are their own, and a minute later there is as much again.
  assertEquals((await before.mcp(LIST, { userId: "other" })).status, 200);
  for (const at of [before, after]) {
    // What it has taken ahead is used up then.
    await burst(times(30, () => list(at)));
    const { status, headers, json } = await at.mcp(LIST);
    const seconds = Number(headers.get("Retry-After"));
    assert(status === 429 && seconds > 0 && seconds <= 60, `${status} ${seconds}`);
    assertEquals([json.error, json.retry_after], ["rate_limited", seconds]);
    for (const { world } of [before, after]) world.skew += seconds * 1000;
    assertEquals((await at.mcp(LIST)).status, 200);
    await burst(times(300, () => list(at)));
  }
});

Deno.test("an app has limits of its own, and one of its users takes nothing from the others", async () => {
  const APPS = JSON.stringify({ voice: { limits: { subject: "20/min", token: "5/h" } } });
  await using gateway = await startGateway({ env: { APPS } });
  const { mcp, api } = gateway;
  assertEquals(await burst(times(25, () => () => mcp(LIST))), { 200: 20, 429: 5 });
  assertEquals((await mcp(LIST, { userId: "other" })).status, 200);
  assertEquals((await mcp(LIST, { key: OTHER_API_KEY })).status, 200);
  const token = () => api("/token/github", { body: { user_id: "third" } });
  assertEquals(await burst(times(7, () => token)), { 404: 5, 429: 2 });
  const { headers } = await token();
  assertEquals(headers.get("Retry-After"), "3600");
  gateway.world.skew += 3_600_000;
  assertEquals((await token()).status, 404);
});

Deno.test("the REST part says how it stands with all limits, /mcp where little is left", async () => {
  const LIMITS = "subject=10/min,api_key=100/h";
  await using gateway = await startGateway({ env: { LIMITS } });
  const { headers } = await gateway.api("/connections?user_id=ana");
  assertEquals(parsed(headers.get("RateLimit-Policy")), [
    { name: "api_key", q: "100", w: "3600" },
    { name: "subject", q: "10", w: "60" },
  ]);
  assertEquals(parsed(headers.get("RateLimit")), [
    { name: "api_key", r: "99", t: "3600" },
    { name: "subject", r: "9", t: "60" },
  ]);
  const token = await gateway.api("/token/github", { body: { user_id: "ben" } });
  assertEquals(parsed(token.headers.get("RateLimit"))[0], { name: "subject", r: "9", t: "60" });
  for (let n = 1; n <= 12; n++) {
    const { headers, status } = await gateway.mcp(LIST, { userId: "ben" });
    const left = Math.max(0, 9 - n);
    assertEquals(status, n <= 9 ? 200 : 429);
    if (left >= 2) {
      assertEquals([headers.get("RateLimit"), headers.get("RateLimit-Policy")], [null, null]);
    } else {
      assertEquals(parsed(headers.get("RateLimit")), [{
        name: "subject",
        r: String(left),
        t: "60",
      }]);
    }
  }
});

Deno.test("who holds a session token of one user reads nothing of what the app's others have taken", async () => {
  await using gateway = await startGateway({ env: { LIMITS: "api_key=6/h,subject=5/h" } });
  const body = { user_id: "ana", services: ["*"] };
  const { json: { token } } = await gateway.api("/sessions", { body });
  for (const userId of ["ben", "cleo", "dan", "eli"]) await gateway.mcp(LIST, { userId });
  const own = { key: null, userId: null, headers: { Authorization: `Bearer ${token}` } };
  const names = ({ headers }: { headers: Headers }) =>
    parsed(headers.get("RateLimit")).map(({ name }: { name: string }) => name);
  // Its app is told, which has less than a fifth left.
  const [last, beyond] = [await gateway.mcp(LIST, own), await gateway.mcp(LIST, own)];
  assertEquals([last.status, last.headers.get("RateLimit")], [200, null]);
  assertEquals([beyond.status, beyond.headers.get("RateLimit")], [429, null]);
  assertEquals(names(await gateway.mcp(LIST, { userId: "eve" })), ["api_key"]);
});

Deno.test("a call of a tool that is too much is answered in words, and not made; pages may read when to come again", async () => {
  const LIMITS = "subject=3/min";
  await using gateway = await startGateway({ env: { LIMITS } });
  const said = () => gateway.mcp(call("calendar_list_events"));
  const first = await said();
  assertStringIncludes(first.text, "not connected");
  await said();
  await said();
  const { status, headers, json } = await said();
  assertEquals([status, json.result.isError], [200, true]);
  const { error, retry_after } = json.result.structuredContent;
  assertEquals([error, retry_after], ["rate_limited", 60]);
  assertStringIncludes(json.result.content[0].text, "60 seconds");
  assertEquals(headers.get("RateLimit"), '"subject";r=0;t=60');
  // Who wants no answer reads none, and nobody calls with nothing.
  const { id: _none, ...unasked } = call("calendar_list_events");
  for (const body of [unasked, "null", "7"]) assertEquals((await gateway.mcp(body)).status, 429);
  const page = await gateway.mcp(LIST, { headers: { Origin: gateway.url } });
  assertEquals(page.status, 429);
  const exposed = page.headers.get("Access-Control-Expose-Headers")!;
  for (const name of ["RateLimit", "RateLimit-Policy", "Retry-After"]) {
    assertStringIncludes(exposed, name);
  }
  // A batch counts for each of its messages.
  for (const size of [2, 3]) {
    gateway.world.skew += 60_000;
    assertEquals((await gateway.mcp(times(size, (id) => ({ ...LIST, id })))).status, 200);
    assertEquals(await burst(times(4 - size, () => () => gateway.mcp(LIST))), {
      ...(size < 3 && { 200: 3 - size }),
      429: 1,
    });
  }
});

Deno.test("a thousand requests write a handful of records, which go with their windows", async () => {
  let counted: CountedKv | undefined;
  await using gateway = await startGateway({
    env: { LIMITS: "subject=1200/min" },
    kv: (kv) => (counted = countedKv(kv)).kv,
  });
  await gateway.mcp(LIST);
  counted!.asked();
  for (let n = 0; n < 20; n++) await burst(times(50, () => () => gateway.mcp(LIST)));
  const asked = counted!.asked();
  const writes = asked.filter((what) => what.startsWith("commit") && what.includes("limits"));
  assert(writes.length > 0 && writes.length <= 20, `${writes.length} writes`);
  assertEquals(asked.filter((what) => what === "get limits").length, 1);
  const kept = await Array.fromAsync(gateway.kv.list({ prefix: ["limits"] }));
  assertEquals(kept.length, 1);
  assert(!JSON.stringify(kept).includes("user_123"));
  await sweepExpired(gateway.records, gateway.world.now() + 60_001 + MAX_CLOCK_SKEW_MS);
  assertEquals((await Array.fromAsync(gateway.kv.list({ prefix: ["limits"] }))).length, 0);
});

Deno.test("limits do without a store that is out", async () => {
  let isOut = false;
  await using gateway = await startGateway({
    env: { LIMITS: "subject=40/min" },
    store: (store) => {
      const fail = <T>(run: () => Promise<T>) => isOut ? Promise.reject(new Error("out")) : run();
      const { read, put } = store.limits;
      const limits: typeof store.limits = {
        read: (...args) => fail(() => read(...args)),
        put: (...args) => fail(() => put(...args)),
      };
      return { ...store, limits };
    },
  });
  isOut = true;
  assertEquals(await burst(times(50, () => () => gateway.mcp(LIST))), { 200: 40, 429: 10 });
  await gateway.mcp(LIST, { userId: "other" });
  const said = gateway.world.events.filter(({ event }) => event === "limits_alone");
  assertEquals([said.length, said[0]?.level], [1, "warn"]);
  isOut = false;
  gateway.world.skew += LIMIT_OUT_MS;
  assertEquals((await gateway.mcp(LIST)).status, 429);
  gateway.world.skew += 60_000;
  assertEquals((await gateway.mcp(LIST, { key: API_KEY })).status, 200);
});

Deno.test("a restart in the middle of a window gives nobody another one", async () => {
  await using gateway = await startGateway({ env: { LIMITS: "subject=100/min" } });
  const some = () => burst(times(60, () => () => gateway.mcp(LIST)));
  const first = await some();
  await gateway.restart({});
  const second = await some();
  const admitted = first[200]! + second[200]!;
  assert(admitted <= 110 && admitted >= 90, `${admitted}`);
});

Deno.test("a person who signed in has so many requests a day with all clients, and so many connections", async () => {
  const LIMITS = "person=12/day,connection=2/day";
  await using gateway = await openGateway({ env: { LIMITS } });
  const person = await signedIn(gateway);
  const tokens = [await personalToken(person), await personalToken(person)];
  const list = (n: number) => () =>
    gateway.mcp(LIST, {
      key: null,
      userId: null,
      headers: { Authorization: `Bearer ${tokens[n % 2]}` },
    });
  const statuses: number[] = [];
  for (let n = 0; n < 14; n++) statuses.push((await list(n)()).status);
  assertEquals(statuses, [...times(12, () => 200), 429, 429]);
  const { headers } = await list(0)();
  assertEquals(headers.get("Retry-After"), String(24 * 3600));
  // An app's users are the app's to count.
  assertEquals((await gateway.mcp(LIST)).status, 200);
  const connect = async () => {
    const home = await person.browser.open(gateway.url);
    const form = home.forms.find(({ action }) => action === "/dashboard/connect")!;
    return (await person.browser.submit(home, { form })).status;
  };
  assertEquals([await connect(), await connect(), await connect()], [200, 200, 429]);
});

Deno.test("a person's client has a limit of its own, and all of them together the person's", async () => {
  await using gateway = await openGateway({ env: { LIMITS: "client=2/min,subject=3/min" } });
  const person = await signedIn(gateway);
  const tokens = [await personalToken(person), await personalToken(person)];
  const statusOf = async (token: string) =>
    (await gateway.mcp(LIST, { key: token, userId: null })).status;
  const inTurn = async (...tokens: string[]) => {
    const statuses: number[] = [];
    for (const token of tokens) statuses.push(await statusOf(token));
    return statuses;
  };
  const [one, other] = tokens as [string, string];
  assertEquals(await inTurn(one, one, one, other, other), [200, 200, 429, 200, 429]);
  // So has a session token, as its app's limits say.
  const limits = { client: "1/min", subject: "2/min" };
  await gateway.restart({ APPS: JSON.stringify({ voice: { limits } }) });
  const session = async () =>
    (await gateway.api("/sessions", { body: { user_id: "ana", services: ["*"] } })).json.token;
  const [first, second, third] = [await session(), await session(), await session()];
  assertEquals(await inTurn(first, first, second, third), [200, 429, 200, 429]);
});

Deno.test("what is left to who sends a batch is said once, though each message counts", async () => {
  await using gateway = await startGateway({ env: { LIMITS: "subject=10/min" } });
  const { status, headers } = await gateway.mcp(times(9, (id) => ({ ...LIST, id })));
  assertEquals([status, parsed(headers.get("RateLimit")).map(({ name }) => name)], [200, [
    "subject",
  ]]);
  assertEquals(parsed(headers.get("RateLimit-Policy")).length, 1);
});
