/** Which connections an import may write over, and what it says where it cannot know. */

import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { NO_ACTIVITY } from "../../../broker/core/activity.ts";
import { appActor } from "../../../broker/core/actor.ts";
import { AnsweredNo } from "../../../broker/core/answered_no.ts";
import type { Account, Connection } from "../../../broker/core/connection.ts";
import { Refusal } from "../../../broker/core/refusal.ts";
import { Turns } from "../../../broker/core/turns.ts";
import { Courtesy } from "../../../broker/moving/courtesy.ts";
import {
  importConnection,
  type ImportRequest,
  IMPORTS_KNOWN,
} from "../../../broker/moving/import.ts";
import { SAME_IMPORT_MS } from "../../../broker/moving/import_held.ts";
import type { ImportDeps } from "../../../broker/moving/import_item.ts";
import type { Refreshed } from "../../../broker/tokens/refresh_rules.ts";
import { importKeyRing } from "../../../vault/key_ring.ts";
import { createStore } from "../../../vault/store.ts";
import { memoryRecords } from "../../support/memory_records.ts";
import { testWorld } from "../../support/world.ts";
import { serverOf, serversOf, storedOf } from "../fixtures.ts";

const ringOf = (id: string) =>
  importKeyRing([{ id, bytes: new Uint8Array(32).fill(id.charCodeAt(0)) }]);

/** `refreshed`: what becomes of every refresh. `identify`: whose account the provider says it is. */
async function start(
  { refreshed, identify = () => Promise.resolve({ id: "1", label: "one" }) }: {
    refreshed?: (connection: Connection) => Refreshed;
    identify?: () => Promise<Account>;
  } = {},
) {
  const world = testWorld();
  const records = memoryRecords();
  const store = createStore(records, await ringOf("a"), world);
  const ensure = (_server: unknown, stored: { value: Connection }) =>
    Promise.resolve(refreshed?.(stored.value));
  const deps = {
    ...store,
    activity: NO_ACTIVITY,
    world,
    servers: serversOf(serverOf({ identify })),
    refresher: { ensure },
    courtesy: new Courtesy(world),
    turns: new Turns(),
  } as unknown as ImportDeps;
  const bring = async (more: Partial<ImportRequest> = {}, changed: Partial<ImportDeps> = {}) => {
    const { status } = await importConnection({ ...deps, ...changed }, {
      subject: "voice:u",
      actor: appActor("voice"),
      service: "mail",
      reach: undefined,
      held: { accessToken: "brought", expiresIn: 3600, scopes: ["mail"] },
      account: { id: "1" },
      verify: "none",
      replace: false,
      ...more,
    });
    return status;
  };
  const put = (more: Partial<Connection>, account = "1") =>
    store.connections.put(storedOf(account, ["mail"], more).value, null);
  const tokenOf = async (account = "1") =>
    (await store.connections.get(storedOf(account, []).value))?.value.tokens.accessToken;
  return { world, records, store, bring, put, tokenOf };
}

async function reasonOf(run: () => Promise<unknown>) {
  return (await assertRejects(run, Refusal)).reason;
}

async function detailOf(run: () => Promise<unknown>): Promise<string> {
  const reason = await reasonOf(run);
  return reason.code === "invalid_request" ? reason.detail : reason.code;
}

Deno.test("an import leaves alone what lives, and takes the place of what does not", async () => {
  const { tokens } = storedOf("1", ["mail"]).value;
  const over = { ...tokens, expiresAt: 1 };
  const before: [Partial<Connection>, string][] = [
    [{ tokens }, "exists"],
    [{ tokens: over }, "imported"],
    [{ tokens: { ...over, refreshToken: "r" } }, "exists"],
    [{ status: "reauthorization_required", tokens }, "imported"],
    // It lives elsewhere.
    [{ status: "moved", tokens: over }, "exists"],
  ];
  for (const [more, status] of before) {
    const { bring, put, tokenOf } = await start();
    await put(more);
    assertEquals(await bring(), status, JSON.stringify(more));
    assertEquals(await tokenOf(), status === "exists" ? tokens.accessToken : "brought");
    assertEquals(await bring({ replace: true }), status === "exists" ? "imported" : "unchanged");
  }
});

Deno.test("a connection that cannot be opened is in the way of an import of its own account alone", async () => {
  const { world, records, store, bring, tokenOf } = await start();
  const lost = createStore(records, await ringOf("b"), world);
  for (const account of ["0", "1"]) {
    await lost.connections.put(storedOf(account, ["mail"]).value, null);
  }
  assertEquals(await bring({ account: { id: "2" } }), "imported");
  assertEquals(await bring({ held: { accessToken: "next", expiresIn: 60 } }), "exists");
  const replace = { replace: true, held: { accessToken: "next", expiresIn: 60 } };
  assertEquals(await bring(replace), "imported");
  const { unopened } = await store.connections.survey("voice:u");
  assertEquals(unopened.map(({ ref }) => ref.account), ["0"]);
  assertEquals(await tokenOf(), "next");
});

Deno.test("a connection remembers the last token sets that were imported into it, and not all", async () => {
  const { store, bring } = await start();
  for (let n = 0; n < IMPORTS_KNOWN + 2; n++) {
    const held = { accessToken: `token ${n}`.replace(" ", "-"), expiresIn: 3600 };
    assertEquals(await bring({ held, replace: true }), "imported");
  }
  const [stored] = await store.connections.list("voice:u");
  assertEquals(stored?.value.imported?.length, IMPORTS_KNOWN);
  const last = { accessToken: `token-${IMPORTS_KNOWN + 1}`, expiresIn: 3600 };
  assertEquals(await bring({ held: last, replace: true }), "unchanged");
});

Deno.test("what no refresh token is brought for cannot be refreshed first", async () => {
  const { bring, store } = await start();
  assertEquals(await detailOf(() => bring({ verify: "refresh" })), "refresh_token is missing.");
  assertEquals((await store.connections.survey("voice:u")).opened, []);
});

Deno.test("a refresh that came to nothing for now is told, and stores no connection", async () => {
  const held = { refreshToken: "r" };
  const ends: [(value: Connection) => Refreshed, number][] = [
    [() => ({ kind: "gone" }), 30],
    [(value) => ({ kind: "unavailable", stored: { value, version: "1" }, retryAfterMs: 7_000 }), 7],
  ];
  for (const [refreshed, retryAfter] of ends) {
    const { bring, store } = await start({ refreshed });
    const reason = await reasonOf(() => bring({ held, verify: "refresh" }));
    assertEquals(reason, { code: "provider_unavailable", title: "Acme", retryAfter });
    assertEquals((await store.connections.survey("voice:u")).opened, []);
  }
});

Deno.test("what an earlier try left as it was brought is no reason to refresh what is connected", async () => {
  let refreshes = 0;
  const { bring, put, store, tokenOf } = await start({
    refreshed: (value) => {
      refreshes += 1;
      return { kind: "unavailable", stored: { value, version: "1" }, retryAfterMs: 1_000 };
    },
  });
  const held = { accessToken: "brought", refreshToken: "r", scopes: ["mail"] };
  await reasonOf(() => bring({ held, verify: "refresh" }));
  assertEquals(refreshes, 1);
  // It was connected in another way, with the same refresh token.
  const { tokens } = storedOf("1", ["mail"]).value;
  await put({ tokens: { ...tokens, accessToken: "living", refreshToken: "r" } });
  // Another process drops it at the same moment.
  const { connections } = store;
  const beaten: typeof connections = {
    ...connections,
    delete: async (...args) => (await connections.delete(...args), false),
  };
  await bring({ held, verify: "none" }, { connections: beaten });
  await bring({ held, verify: "refresh" });
  assertEquals([refreshes, await tokenOf()], [1, "living"]);
});

Deno.test("an access token that the provider does not take, or of nobody, is not imported", async () => {
  const ask = async (identify: () => Promise<Account>) => {
    const { bring, store } = await start({ identify });
    const detail = await detailOf(() => bring({ verify: "identify" }));
    assertEquals((await store.connections.survey("voice:u")).opened, []);
    return detail;
  };
  const refused = await ask(() => Promise.reject(new AnsweredNo("who?", 401)));
  assertStringIncludes(refused, "Acme does not take the access token");
  assertEquals(await ask(() => Promise.reject(new TypeError("no answer"))), "provider_unavailable");
  const nobody = { id: "", label: "" };
  assertStringIncludes(await ask(() => Promise.resolve(nobody)), "Acme names no account");
});

Deno.test("an import that another process is at is waited for, and in the end refused", async () => {
  const { world, store, bring } = await start({
    refreshed: () => {
      throw new Error("It was refreshed beside the other one");
    },
  });
  world.speed = 1_000;
  // Somebody is always faster.
  const leases = { ...store.leases, take: () => Promise.resolve(null) };
  const began = world.now();
  const import_ = () => bring({ held: { refreshToken: "r" }, verify: "refresh" }, { leases });
  assertEquals((await reasonOf(import_)).code, "provider_unavailable");
  assertEquals(world.now() - began >= SAME_IMPORT_MS / 2, true);
});

Deno.test("an import that another writer overtakes looks again, and writes over nothing", async () => {
  const { store, bring, put, tokenOf } = await start();
  const { connections } = store;
  let puts = 0;
  const overtaken = {
    ...connections,
    async put(...args: Parameters<typeof connections.put>) {
      puts += 1;
      if (puts === 1) await put({});
      return await connections.put(...args);
    },
  };
  assertEquals(await bring({}, { connections: overtaken }), "exists");
  assertEquals([puts, await tokenOf()], [1, "token of 1"]);
  // One that may write over it does so over what stands there by then.
  const changed = {
    ...connections,
    async put(...args: Parameters<typeof connections.put>) {
      puts += 1;
      if (puts === 1) {
        const { value, version } = (await connections.get(args[0]))!;
        await connections.put({ ...value, preferredAt: 7 }, version);
      }
      return await connections.put(...args);
    },
  };
  puts = 0;
  assertEquals(await bring({ replace: true }, { connections: changed }), "imported");
  const [stored] = await connections.list("voice:u");
  assertEquals([puts, await tokenOf(), stored?.value.preferredAt], [2, "brought", 7]);
});

Deno.test("what went to another server just as it is comes back only where that is asked", async () => {
  const { store, bring, put } = await start();
  const { tokens } = storedOf("1", ["mail"]).value;
  await put({ status: "moved", tokens: { ...tokens, accessToken: "brought" } });
  const status = async () => (await store.connections.list("voice:u"))[0]?.value.status;
  assertEquals([await bring(), await status()], ["exists", "moved"]);
  assertEquals([await bring({ replace: true }), await status()], ["imported", "active"]);
  assertEquals(await bring({ replace: true }), "unchanged");
});

Deno.test("an account that went to another server is in the way of no other", async () => {
  const { bring, put } = await start();
  await put({ status: "moved" });
  assertEquals(await bring({ account: { id: "2" } }), "imported");
});

Deno.test("what a refresh opens beyond the caller's reach is not imported", async () => {
  const { bring, store } = await start({
    refreshed: (value) => {
      const tokens = { ...value.tokens, accessToken: "new", scopes: ["mail", "calendar"] };
      return { kind: "ready", stored: { value: { ...value, tokens }, version: "1" } };
    },
  });
  const held = { refreshToken: "r", scopes: ["mail"] };
  const { code } = await reasonOf(() => bring({ held, verify: "refresh", reach: ["mail"] }));
  assertEquals(code, "connection_not_allowed");
  assertEquals((await store.connections.survey("voice:u")).opened, []);
});

Deno.test("an import goes on from what an earlier try has refreshed, whatever it is to ask first", async () => {
  for (const verify of ["none", "identify"] as const) {
    const { bring, store, tokenOf } = await start({
      refreshed: (value) => ({ kind: "ready", stored: { value, version: "1" } }),
    });
    const held = { accessToken: "brought", refreshToken: "r", expiresIn: 3600, scopes: ["mail"] };
    const refresher = {
      async ensure(_server: unknown, { value, version }: { value: Connection; version: string }) {
        const tokens = { ...value.tokens, accessToken: "new", refreshToken: "r2" };
        await store.connections.put({ ...value, tokens }, version);
        throw new TypeError("The process ends here");
      },
    } as unknown as ImportDeps["refresher"];
    await assertRejects(() => bring({ held, verify: "refresh" }, { refresher }), TypeError);
    assertEquals([await bring({ held, verify }), await tokenOf()], ["imported", "new"], verify);
  }
});

Deno.test("of what is there already the provider is asked nothing", async () => {
  let asked = 0;
  const { bring, put } = await start({
    identify: () => (asked += 1, Promise.resolve({ id: "1", label: "one" })),
  });
  await put({});
  assertEquals(await bring({ verify: "identify" }), "exists");
  assertEquals(await bring({ replace: true }), "imported");
  assertEquals([await bring({ verify: "identify" }), asked], ["unchanged", 0]);
});

Deno.test("what is connected meanwhile is neither replaced nor refreshed for nothing", async () => {
  const { bring, put, store, tokenOf } = await start({
    refreshed: () => {
      throw new Error("It was refreshed");
    },
  });
  const { connections } = store;
  let looks = 0;
  const late = {
    ...connections,
    async survey(...args: Parameters<typeof connections.survey>) {
      const found = await connections.survey(...args);
      looks += 1;
      if (looks === 1) await put({});
      return found;
    },
  };
  const held = { refreshToken: "r", scopes: ["mail"] };
  assertEquals(await bring({ held, verify: "refresh" }, { connections: late }), "exists");
  assertEquals(await tokenOf(), "token of 1");
});

Deno.test("what takes a connection's place keeps its beginning, and is called as it was brought", async () => {
  const { world, store, bring } = await start();
  const stored = async () => (await store.connections.list("voice:u"))[0]!.value;
  const began = world.now();
  await bring();
  const first = await stored();
  assertEquals([first.connectedAt >= began, first.label], [true, "1"]);
  world.skew += 60_000;
  const account = { id: "1", label: "Ada" };
  await bring({ held: { accessToken: "next", expiresIn: 60 }, account, replace: true });
  const second = await stored();
  assertEquals([second.connectedAt, second.label], [first.connectedAt, "Ada"]);
});
