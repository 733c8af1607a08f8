/**
 * Tokens leaked at a provider: what it issued before a moment is ended, beside a
 * gateway that goes on, on the same KV file; what is newer stays.
 */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { answerLeak, isAnswered, type Leak } from "../../broker/connect/leak.ts";
import { parseKeyRing } from "../../broker/config/vault.ts";
import type { Store } from "../../broker/core/store.ts";
import { allModules } from "../../start/all_providers.ts";
import { providerModules } from "../../providers/registry.ts";
import { newKeyLine } from "../../tasks/key.ts";
import { parseOrder } from "../../tasks/leak_order.ts";
import denoJson from "../../deno.json" with { type: "json" };
import { createConnectionLedger } from "../../vault/connection_ledger.ts";
import { openRecords } from "../../vault/deno_kv.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { createStore } from "../../vault/store.ts";
import { Browser } from "../support/browser.ts";
import { faultyFetch } from "../support/faulty_fetch.ts";
import { type Gateway, startGateway } from "../support/gateway.ts";
import { handedOff } from "../support/hand_off.ts";
import { runDeno } from "../support/process.ts";
import { snapshot } from "../support/snapshot.ts";
import { change } from "../support/settings.ts";
import { startZoo } from "../support/zoo.ts";

const APP = "https://app.example.com/";
const HOUR_MS = 3_600_000;
const [K1, K2] = [newKeyLine("k1"), newKeyLine("k2")];
const LEAK = denoJson.tasks.leak.command.split(" ").slice(1);

async function start() {
  const faults = faultyFetch();
  const gateway = await startGateway({
    env: { RETURN_URLS: APP, ENCRYPTION_KEYS: K1 },
    fetch: faults.fetch,
  });
  const told: string[] = [];
  const answer = (respond: (token: string) => Response | Promise<Response>) =>
    faults.on("/oauth2/revoke", async (request) => {
      const token = (await request.formData()).get("token") as string;
      told.push(token);
      return await respond(token);
    });
  answer(() => new Response());
  /** What Google answers from now on. */
  const give = (members: Record<string, unknown>) =>
    faults.on(
      "/oauth2/token",
      () => Response.json({ token_type: "Bearer", expires_in: 3600, ...members }),
    );
  const connectAs = async (userId: string, account = userId, token = userId) => {
    give({ access_token: `${token}'s`, refresh_token: token });
    faults.on("/oauth2/v2/userinfo", () => Response.json({ id: account, email: "me@x.org" }));
    await gateway.connect("google", { userId });
  };
  const token = async (userId: string) =>
    (await gateway.api("/token/google", { body: { user_id: userId } })).json;
  const status = async (userId: string) =>
    (await gateway.api(`/connections?user_id=${userId}`)).json.connections[0]?.status;
  /** As the task does it, in the program of its own that it is; `keys`: its key ring. */
  const answerIt = async (
    { before, mode = "revoke", keys = K1, dryRun, around = (store: Store) => store }: {
      before: number;
      mode?: "revoke" | "reconnect";
      keys?: string;
      dryRun?: boolean;
      around?: (store: Store) => Store;
    },
  ) => {
    const records = await openRecords(gateway.kvPath);
    try {
      const ring = await importKeyRing(parseKeyRing(keys));
      const google = providerModules.find(({ name }) => name === "google")!.create({
        clientId: "google-client",
        clientSecret: "google-secret",
        redirectUri: "",
        baseUrl: gateway.emulators.google,
        fetch: faults.fetch,
      });
      const { world } = gateway;
      const store = around(createStore(records, ring, world));
      const server = mode === "revoke" ? google : undefined;
      const leak: Leak = { provider: "google", before, server, dryRun };
      const report = await answerLeak(
        { store, ledger: createConnectionLedger(records), world },
        leak,
      );
      return { ...report, isAnswered: isAnswered(report, leak) };
    } finally {
      records.close();
    }
  };
  return {
    ...gateway,
    faults,
    told,
    answer,
    give,
    connectAs,
    token,
    status,
    answerIt,
    /** A moment between what was before and what comes then. */
    moment() {
      gateway.world.skew += 60_000;
      const now = gateway.world.now();
      gateway.world.skew += 60_000;
      return now;
    },
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}
type Started = Awaited<ReturnType<typeof start>>;

/** As far as the app; the code. */
async function handOff(gateway: Started, userId: string): Promise<string> {
  gateway.give({ access_token: `${userId}'s`, refresh_token: userId });
  gateway.faults.on("/oauth2/v2/userinfo", () => Response.json({ id: userId, email: "me@x.org" }));
  return await handedOff(gateway, { user_id: userId, service: "google", return_to: APP });
}

Deno.test("what was issued before is ended here and at the provider, and what is newer stays", async () => {
  await using gateway = await start();
  await gateway.connectAs("alice");
  await gateway.connectAs("bob");
  await gateway.connect("github", { userId: "alice" });
  const before = gateway.moment();
  await gateway.connectAs("carol");
  const first = await gateway.answerIt({ before });
  assertEquals([first.seen, first.newer, first.laidDown, first.revoked], [3, 1, 2, 2]);
  assert(first.isAnswered);
  assertEquals(gateway.told.toSorted(), ["alice", "bob"]);
  for (const userId of ["alice", "bob"]) {
    const { error, connect_url } = await gateway.token(userId);
    assertEquals(error, "reauthorization_required");
    assert(typeof connect_url === "string", "the usual cure");
  }
  assertEquals((await gateway.token("carol")).access_token, "carol's");
  const github = await gateway.api("/token/github", { body: { user_id: "alice" } });
  assertEquals(github.status, 200, "another provider's");

  const again = await gateway.answerIt({ before });
  assertEquals([again.laidDown, again.laidDownBefore, again.revoked, again.revokedBefore], [
    0,
    2,
    0,
    2,
  ]);
  assertEquals(gateway.told.length, 2, "nobody is told twice");

  await gateway.connectAs("alice", "alice", "anew");
  const third = await gateway.answerIt({ before });
  assertEquals([third.newer, third.laidDownBefore], [2, 1]);
  assertEquals((await gateway.token("alice")).access_token, "anew's");

  const gone = await gateway.api("/connections/google?user_id=bob", { method: "DELETE" });
  assertEquals([gone.json.revoked, gateway.told.length], [true, 2], "it was ended before");
});

Deno.test("with --reconnect people are asked, and the provider is told nothing", async () => {
  await using gateway = await start();
  await gateway.connectAs("alice");
  const code = await handOff(gateway, "bob");
  const before = gateway.moment();
  const { laidDown, handoffs, isAnswered } = await gateway.answerIt({ before, mode: "reconnect" });
  assertEquals([laidDown, handoffs, isAnswered, gateway.told], [1, 1, true, []]);
  assertEquals((await gateway.token("alice")).error, "reauthorization_required");
  const claimed = await gateway.api("/links/claim", { body: { user_id: "bob", code } });
  assertEquals(claimed.status, 400, "nor does an app claim what had leaked");
  const then = await gateway.answerIt({ before });
  assertEquals([then.laidDownBefore, then.revoked], [1, 2], "and it can be revoked later");
  assertEquals(gateway.told.toSorted(), ["alice", "bob"]);
});

Deno.test("a hand-off that is newer can be claimed", async () => {
  await using gateway = await start();
  const before = gateway.moment();
  const code = await handOff(gateway, "bob");
  assertEquals((await gateway.answerIt({ before })).handoffs, 0);
  const claimed = await gateway.api("/links/claim", { body: { user_id: "bob", code } });
  assertEquals([claimed.status, gateway.told], [200, []]);
});

Deno.test("a hand-off of another provider can be claimed, and is not told to be over", async () => {
  await using gateway = await start();
  const body = { user_id: "alice", service: "github", return_to: APP };
  const code = await handedOff(gateway, body);
  const before = gateway.moment();
  const { handoffs, seen } = await gateway.answerIt({ before });
  assertEquals([handoffs, seen, gateway.told], [0, 0, []]);
  const claimed = await gateway.api("/links/claim", { body: { user_id: "alice", code } });
  assertEquals(claimed.status, 200);
});

Deno.test("a refresh token that had leaked counts, however new its access token is", async () => {
  await using gateway = await start();
  await gateway.connectAs("kept");
  await gateway.connectAs("rotated");
  const before = gateway.moment();
  gateway.world.skew += HOUR_MS;
  gateway.give({ access_token: "new" });
  assertEquals((await gateway.token("kept")).access_token, "new");
  gateway.give({ access_token: "newer", refresh_token: "another" });
  assertEquals((await gateway.token("rotated")).access_token, "newer");
  const { newer, laidDown } = await gateway.answerIt({ before });
  assertEquals([newer, laidDown, gateway.told], [1, 1, ["kept"]]);
  assertEquals((await gateway.token("rotated")).access_token, "newer");
});

Deno.test("nor does a reconnect that brings no refresh token make the old one new", async () => {
  await using gateway = await start();
  await gateway.connectAs("alice");
  const before = gateway.moment();
  gateway.give({ access_token: "new" });
  await gateway.connect("google", { userId: "alice" });
  assertEquals((await gateway.token("alice")).access_token, "new");
  assertEquals((await gateway.answerIt({ before })).laidDown, 1);
  assertEquals(gateway.told, ["alice"]);
});

Deno.test("nor old: it may have been rotated in between", async () => {
  await using gateway = await start();
  await gateway.connectAs("alice");
  const before = gateway.moment();
  gateway.world.skew += HOUR_MS;
  gateway.give({ access_token: "new", refresh_token: "rotated" });
  await gateway.token("alice");
  gateway.give({ access_token: "newest" });
  await gateway.connect("google", { userId: "alice" });
  assertEquals((await gateway.answerIt({ before })).newer, 1);
  assertEquals((await gateway.token("alice")).access_token, "newest");
});

Deno.test("a refresh under way does not bring back what was ended", async () => {
  for (const rotates of [true, false]) {
    await using gateway = await start();
    await gateway.connectAs("alice");
    const before = gateway.moment();
    gateway.world.skew += HOUR_MS;
    const [asked, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    gateway.faults.on("/oauth2/token", async () => {
      asked.resolve();
      await go.promise;
      const members = rotates ? { refresh_token: "late" } : {};
      return Response.json({ access_token: "late's", expires_in: 3600, ...members });
    });
    const waiting = gateway.token("alice");
    await asked.promise;
    assertEquals((await gateway.answerIt({ before, mode: "reconnect" })).laidDown, 1);
    go.resolve();
    assertEquals((await waiting).error, "reauthorization_required");
    await gateway.broker.idle();
    assertEquals(await gateway.status("alice"), "reauthorization_required");
    // What it brought is nowhere else, and ends at the provider.
    assertEquals(gateway.told, [rotates ? "late" : "alice"]);
  }
});

Deno.test("a refresh that was first is looked at anew", async () => {
  await using gateway = await start();
  await gateway.connectAs("alice");
  const before = gateway.moment();
  gateway.world.skew += HOUR_MS;
  gateway.give({ access_token: "new", refresh_token: "rotated" });
  let times = 0;
  const around = (store: Store): Store => ({
    ...store,
    connections: {
      ...store.connections,
      async put(...args) {
        times += 1;
        // Between what the task has read and what it writes.
        if (times === 1) await gateway.token("alice");
        return await store.connections.put(...args);
      },
    },
  });
  const { newer, laidDown } = await gateway.answerIt({ before, around });
  assertEquals([newer, laidDown, times, gateway.told], [1, 0, 1, []]);
  assertEquals((await gateway.token("alice")).access_token, "new");
});

Deno.test("many refreshes beside it, from another process: all that leaked is ended, and no more", async () => {
  await using gateway = await start();
  const old = Array.from({ length: 12 }, (_, at) => `old${at}`);
  for (const userId of old) await gateway.connectAs(userId);
  const before = gateway.moment();
  const young = ["young0", "young1", "young2"];
  for (const userId of young) await gateway.connectAs(userId);
  gateway.world.skew += HOUR_MS;
  gateway.give({ access_token: "refreshed" });
  const all = [...old, ...young];
  const load = Array.from({ length: 90 }, (_, at) => gateway.token(all[at % all.length]!));
  const [report] = await Promise.all([gateway.answerIt({ before }), ...load]);
  await gateway.broker.idle();
  assertEquals([report.seen, report.laidDown, report.newer], [15, 12, 3]);
  for (const userId of old) {
    assertEquals((await gateway.token(userId)).error, "reauthorization_required", userId);
  }
  for (const userId of young) {
    assertEquals((await gateway.token(userId)).access_token, "refreshed", userId);
  }
  assertEquals(old.filter((userId) => !gateway.told.includes(userId)), []);
  assertEquals(young.filter((userId) => gateway.told.includes(userId)), []);
});

Deno.test("two of one account end together; one beside a newer one is left at the provider", async () => {
  await using gateway = await start();
  await gateway.connectAs("alice", "shared", "first");
  await gateway.connectAs("bob", "shared", "second");
  await gateway.connectAs("carol", "other", "third");
  const before = gateway.moment();
  await gateway.connectAs("dave", "other", "fourth");
  // As Google: of a grant that has ended it knows no other token.
  gateway.answer(() =>
    gateway.told.length > 1
      ? Response.json({ error: "invalid_token" }, { status: 400 })
      : new Response()
  );
  const { laidDown, revoked, held, isAnswered } = await gateway.answerIt({ before });
  assertEquals([laidDown, revoked, held, isAnswered], [3, 2, 1, false]);
  assertEquals(gateway.told.toSorted(), ["first", "second"]);
  assertEquals((await gateway.token("dave")).access_token, "fourth's");
  assertEquals((await gateway.token("carol")).error, "reauthorization_required");
  assertEquals((await gateway.answerIt({ before })).revokedBefore, 2);
});

Deno.test("of two of one account none counts as ended for an answer that ended nothing", async () => {
  await using gateway = await start();
  await gateway.connectAs("alice", "shared", "first");
  await gateway.connectAs("bob", "shared", "second");
  const before = gateway.moment();
  gateway.answer(() => new Response("<p>", { status: gateway.told.length > 1 ? 200 : 503 }));
  const { revoked, failed, isAnswered } = await gateway.answerIt({ before });
  assertEquals([gateway.told.toSorted(), revoked, [...failed.values()], isAnswered], [
    ["first", "second"],
    1,
    [1],
    false,
  ]);
});

/** Answers a leak at the zoo or at GitHub, whose connections are in `gateway`. */
async function answerAt(
  { records, world, emulators }: Pick<Gateway, "records" | "world" | "emulators">,
  provider: string,
  { PROVIDERS = "[]", way = fetch }: { PROVIDERS?: string; way?: typeof fetch },
) {
  const server = allModules(PROVIDERS).modules.find(({ name }) => name === provider)!.create({
    clientId: "client",
    clientSecret: "secret",
    redirectUri: "",
    baseUrl: provider === "github" ? emulators.github : undefined,
    fetch: way,
  });
  const store = createStore(records, await importKeyRing(parseKeyRing(K1)), world);
  world.skew += 60_000;
  const leak: Leak = { provider, before: world.now(), server };
  return await answerLeak({ store, ledger: createConnectionLedger(records), world }, leak);
}

Deno.test("a provider of which nobody knows what one revocation ends is told of each token set", async () => {
  await using zoo = startZoo();
  const PROVIDERS = JSON.stringify([zoo.spec]);
  const client = { ZOO_CLIENT_ID: "zoo-client", ZOO_CLIENT_SECRET: "zoo-secret" };
  await using gateway = await startGateway({ env: { PROVIDERS, ...client, ENCRYPTION_KEYS: K1 } });
  zoo.person = "shared";
  for (const user_id of ["alice", "bob"]) {
    const { json } = await gateway.api("/links", { body: { user_id, service: "zoo" } });
    const browser = new Browser();
    await browser.submit(await browser.open(json.url));
  }
  const { revoked } = await answerAt(gateway, "zoo", { PROVIDERS });
  const told = zoo.asked.filter(({ answer }) => answer === "revoke").map(({ form }) => form.token);
  assertEquals([revoked, told.toSorted()], [2, ["zoo-refresh-1", "zoo-refresh-2"]]);
});

Deno.test("GitHub, where one revocation ends the whole grant, is told of each account once", async () => {
  await using gateway = await start();
  for (const userId of ["alice", "bob"]) await gateway.connect("github", { userId });
  await gateway.connect("github", { userId: "carol", account: "admin" });
  const asked = () => gateway.faults.count("/grant");
  const way = gateway.faults.fetch;
  gateway.faults.on("/grant", () => new Response(null, { status: 503 }));
  const out = await answerAt(gateway, "github", { way });
  assertEquals([out.laidDown, out.revoked, asked()], [3, 0, 3], "nothing ended by that");
  // Of a grant that has ended it knows no other token.
  gateway.faults.on("/grant", () => new Response(null, { status: 204 }));
  const { revoked } = await answerAt(gateway, "github", { way });
  assertEquals([revoked, asked()], [3, 3 + 2]);
});

Deno.test("a provider that is out is counted, and told by a later run; one that asks to wait is waited for", async () => {
  await using gateway = await start();
  await gateway.connectAs("alice");
  await gateway.connectAs("bob");
  const before = gateway.moment();
  gateway.answer((token) =>
    token === "alice" ? new Response("<p>", { status: 503 }) : new Response()
  );
  const first = await gateway.answerIt({ before });
  assertEquals([first.laidDown, first.revoked, [...first.failed.values()]], [2, 1, [1]]);
  assert(!first.isAnswered);
  assertEquals((await gateway.token("alice")).error, "reauthorization_required");

  const { sleep } = gateway.world;
  gateway.world.sleep = (ms, signal) => {
    // Only what was asked for is waited out: a request has all its time.
    if (ms > 60_000) gateway.world.skew += ms;
    return ms > 60_000 ? Promise.resolve() : sleep(ms, signal);
  };
  const at: number[] = [];
  gateway.answer(() => {
    at.push(gateway.world.now());
    const wait = { status: 429, headers: { "Retry-After": "120" } };
    return at.length < 3 ? new Response("{}", wait) : new Response();
  });
  const then = await gateway.answerIt({ before });
  assertEquals([then.revoked, then.revokedBefore, then.isAnswered], [1, 1, true]);
  assertEquals(at.length, 3);
  assert(at[1]! - at[0]! >= 120_000 && at[2]! - at[1]! >= 120_000, "as long as it said");
});

Deno.test("what cannot be opened is ended where its record is older, and stays where nobody can tell", async () => {
  await using gateway = await start();
  await gateway.connectAs("alice");
  // In pieces: its box stays one that opens.
  gateway.give({ access_token: "t".repeat(100_000), refresh_token: "large" });
  gateway.faults.on("/oauth2/v2/userinfo", () => Response.json({ id: "9", email: "me@x.org" }));
  await gateway.connect("google", { userId: "large" });
  const before = gateway.moment();
  await gateway.connectAs("carol");
  const { unopened, untold, isAnswered } = await gateway.answerIt({ before, keys: K2 });
  assertEquals([unopened, untold, isAnswered, gateway.told], [2, 1, false, []]);
  for (const userId of ["alice", "large"]) {
    assertEquals((await gateway.token(userId)).error, "reauthorization_required", userId);
  }
  assertEquals((await gateway.token("carol")).access_token, "carol's");
  const withKey = await gateway.answerIt({ before });
  assertEquals([withKey.laidDownBefore, withKey.newer, withKey.revoked], [2, 1, 2]);
  assertEquals(gateway.told.toSorted(), ["alice", "large"]);
});

Deno.test("a run that broke off anywhere is gone on with by the next one", async () => {
  for (const lost of [1, 2, 3, 4, 5]) {
    await using gateway = await start();
    for (const userId of ["alice", "bob", "carol"]) await gateway.connectAs(userId);
    const before = gateway.moment();
    let writes = 0;
    const around = (store: Store): Store => ({
      ...store,
      connections: {
        ...store.connections,
        put(...args) {
          writes += 1;
          return writes < lost
            ? store.connections.put(...args)
            : Promise.reject(new Error("killed"));
        },
      },
    });
    await assertRejects(() => gateway.answerIt({ before, around }), Error, "killed");
    assert((await gateway.answerIt({ before })).isAnswered);
    for (const userId of ["alice", "bob", "carol"]) {
      assertEquals((await gateway.token(userId)).error, "reauthorization_required");
      assert(gateway.told.includes(userId));
    }
    assertEquals((await gateway.answerIt({ before })).revokedBefore, 3);
  }
});

Deno.test("what a clock dated that ran ahead may be of any time", async () => {
  await using gateway = await start();
  gateway.world.skew += 24 * HOUR_MS;
  await gateway.connectAs("alice");
  gateway.world.skew -= 24 * HOUR_MS;
  assertEquals((await gateway.answerIt({ before: gateway.world.now() })).laidDown, 1);
});

Deno.test("a dry run says what would be done, and changes nothing", async () => {
  await using gateway = await start();
  await gateway.connectAs("alice");
  await handOff(gateway, "bob");
  const before = gateway.moment();
  const was = await snapshot(gateway.kv);
  for (const keys of [K1, K2]) {
    const report = await gateway.answerIt({ before, dryRun: true, keys });
    assertEquals(report.laidDown + report.unopened, 1);
    assertEquals(report.handoffs + report.untoldHandoffs, 1);
  }
  assertEquals([await snapshot(gateway.kv), gateway.told], [was, []]);
  // Nor does it go on where a run broke off before the provider was told.
  await gateway.answerIt({ before, mode: "reconnect" });
  const down = await snapshot(gateway.kv);
  await gateway.answerIt({ before, dryRun: true });
  assertEquals([await snapshot(gateway.kv), gateway.told], [down, []]);
});

Deno.test("the task prints numbers, and no token and no person", async () => {
  await using zoo = startZoo();
  const providers = {
    PROVIDERS: JSON.stringify([zoo.spec]),
    ZOO_CLIENT_ID: "zoo-client",
    ZOO_CLIENT_SECRET: "zoo-secret",
  };
  await using gateway = await startGateway({ env: { ...providers, ENCRYPTION_KEYS: K1 } });
  for (const userId of ["alice", "bob"]) {
    zoo.person = `animal of ${userId}`;
    const { json } = await gateway.api("/links", { body: { user_id: userId, service: "zoo" } });
    const browser = new Browser();
    await browser.submit(await browser.open(json.url));
  }
  zoo.bend("revoke", { status: 503, text: "down" });
  // The tests' clock stands: by the task's everything is older by now.
  const time = new Date().toISOString();
  const run = async (...args: string[]) => {
    const env = { ...providers, ENCRYPTION_KEYS: K1, KV_PATH: gateway.kvPath };
    await using program = runDeno([...LEAK, "--before", time, ...args], env);
    const { code } = await program.ended;
    return { code, output: program.output() };
  };
  const revoke = ["--provider", "zoo", "--revoke"];
  const dry = await run("--provider", "zoo", "--dry-run");
  assertEquals([dry.code, zoo.count("revoke")], [0, 0], dry.output);
  assertStringIncludes(dry.output, "2 would be ended here");
  const failed = await run(...revoke);
  assertEquals(failed.code, 1);
  assertStringIncludes(failed.output, "2 were ended here; 0 had been before.");
  assertStringIncludes(
    failed.output,
    "2 could not be ended at Zoo: unusable answer with status 503",
  );
  zoo.bend("revoke", undefined);
  const done = await run(...revoke);
  assertEquals(done.code, 0, done.output);
  assertStringIncludes(done.output, "2 were ended at Zoo; 0 had been before.");
  const { json } = await gateway.api("/token/zoo", { body: { user_id: "bob" } });
  assertEquals(json.error, "reauthorization_required");
  const wrong = [await run(), await run("--provider", "zo", "--revoke")];
  assertEquals(wrong.map(({ code }) => code), [2, 1]);
  assertStringIncludes(wrong[1]!.output, "--provider: is the name of none.");
  for (const { output } of [dry, failed, done, ...wrong]) {
    assert(!/zoo-(access|refresh|secret)|animal|alice|bob|voice:/.test(output), output);
  }
});

Deno.test("the task ends what was issued to a client that was pasted in the console", async () => {
  await using zoo = startZoo();
  const PROVIDERS = JSON.stringify([zoo.spec]);
  await using gateway = await startGateway({ env: { PROVIDERS, ENCRYPTION_KEYS: K1 } });
  const client = { clientId: "zoo-client", clientSecret: "zoo-secret" };
  await change(gateway, { kind: "credentials", provider: "zoo", ...client });
  const { json } = await gateway.api("/links", { body: { user_id: "alice", service: "zoo" } });
  const browser = new Browser();
  await browser.submit(await browser.open(json.url));
  // The tests' clock stands: by the task's everything is older by now.
  const args = ["--provider", "zoo", "--before", new Date().toISOString(), "--revoke"];
  const env = { PROVIDERS, ENCRYPTION_KEYS: K1, KV_PATH: gateway.kvPath };
  await using program = runDeno([...LEAK, ...args], env);
  const { code } = await program.ended;
  assertEquals(code, 0, program.output());
  assertStringIncludes(program.output(), "1 were ended at Zoo; 0 had been before.");
  assert(!program.output().includes("zoo-secret"));
});

Deno.test("an order that is not whole, or means two things, is no order", () => {
  const now = Date.parse("2026-11-26T00:00Z");
  const order = (text: string) => parseOrder(text.split(" ").filter(Boolean), now);
  const good = order("--provider github --before 2026-11-20T01:00+01:00 --revoke");
  const before = Date.parse("2026-11-20T00:00Z");
  assertEquals(good, { provider: "github", before, mode: "revoke", dryRun: false });
  const given = "--provider github --before 2026-11-20T00:00Z";
  assert(typeof order(`${given} --dry-run`) === "object");
  const wrong = [
    "",
    given,
    "--provider github --reconnect",
    "--before 2026-11-20T00:00Z --reconnect",
    `${given} --revoke --reconnect`,
    `${given} --provider google --revoke`,
    `${given} --revoke --revoke`,
    `${given} --all`,
    "--provider --before 2026-11-20T00:00Z --revoke",
    "--provider github --before 2026-11-20 --revoke",
    "--provider github --before 2026-11-20T00:00 --revoke",
    "--provider github --before 1763596800000 --revoke",
    "--provider github --before 2026-13-20T00:00Z --revoke",
    "--provider github --before 2026-11-26T00:01Z --revoke",
  ];
  for (const args of wrong) assertStringIncludes(String(order(args)), ".", args);
});
