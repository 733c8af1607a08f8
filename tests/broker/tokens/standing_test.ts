import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import type { Connection } from "../../../broker/core/connection.ts";
import { Refusal } from "../../../broker/core/refusal.ts";
import type { ConnectionStore } from "../../../broker/core/store.ts";
import { StoreError, VaultError } from "../../../broker/core/store_errors.ts";
import { standingOf } from "../../../broker/tokens/standing.ts";
import { serverOf, storedOf } from "../fixtures.ts";
import { testWorld } from "../../support/world.ts";

const SERVER = serverOf();
const ACTING = { subject: "voice:u", actor: { kind: "app", id: "voice" } } as const;
const service = SERVER.name;

/** How the subject stands, with these connections near by and, where another is given, in truth. */
async function standing(near: Connection[], truth = near) {
  const list: ConnectionStore["list"] = (_subject, _provider, consistency) =>
    Promise.resolve(
      (consistency === "eventual" ? near : truth).map((value) => ({ value, version: "1" })),
    );
  const connections = { list } as Partial<ConnectionStore> as ConnectionStore;
  const servers = new Map([[service, SERVER]]);
  return await standingOf({ servers, connections, world: testWorld() }, { ...ACTING, service });
}

const { value: active } = storedOf("1", ["mail"]);
const fresh = {
  ...active,
  tokens: { ...active.tokens, issuedAt: Date.now(), expiresAt: Date.now() + 3_600_000 },
};

Deno.test("who has a connection that works is connected, by what is on record", async () => {
  assertEquals((await standing([fresh])).kind, "connected");
  assertEquals(await standing([]), { kind: "not_connected" });
  assertEquals(await standing([{ ...fresh, status: "reauthorization_required" }]), {
    kind: "not_connected",
  });
  assertEquals(await standing([{ ...fresh, status: "moved" }]), { kind: "not_connected" });
  // It is refreshed by whoever needs it.
  const stale = { ...fresh.tokens, expiresAt: Date.now() - 1, refreshToken: "r" };
  assertEquals((await standing([{ ...fresh, tokens: stale }])).kind, "connected");
  const dead = { ...stale, refreshToken: undefined };
  assertEquals(await standing([{ ...fresh, tokens: dead }]), { kind: "not_connected" });
  // A copy near by that is a little old refuses nobody.
  assertEquals((await standing([], [fresh])).kind, "connected");
});

Deno.test("another account, another grant, other scopes have another mark", async () => {
  const marks = await Promise.all(
    [
      fresh,
      { ...fresh, account: "2" },
      { ...fresh, connectedAt: fresh.connectedAt + 1 },
      { ...fresh, tokens: { ...fresh.tokens, scopes: ["mail", "files"] } },
    ].map((connection) => standing([connection])),
  );
  assertEquals(new Set(marks.map((each) => JSON.stringify(each))).size, marks.length);
  const refreshed = { ...fresh.tokens, accessToken: "another", expiresAt: Date.now() + 7_200_000 };
  assertEquals(await standing([{ ...fresh, tokens: refreshed, updatedAt: 5 }]), marks[0]!);
  assertNotEquals(marks[0], { kind: "not_connected" });
});

Deno.test("a connection that cannot be opened is none, and a store that is out says so", async () => {
  const failing = (error: Error) => {
    const connections = { list: () => Promise.reject(error) } as Partial<ConnectionStore>;
    const servers = new Map([[service, SERVER]]);
    const deps = { servers, connections: connections as ConnectionStore, world: testWorld() };
    return standingOf(deps, { ...ACTING, service });
  };
  assertEquals(await failing(new VaultError("cannot_open", "no")), { kind: "not_connected" });
  await assertRejects(
    () => failing(new StoreError("list connections", new Error("out"))),
    StoreError,
  );
  const deps = { servers: new Map(), connections: {} as ConnectionStore, world: testWorld() };
  await assertRejects(() => standingOf(deps, { ...ACTING, service }), Refusal);
});
