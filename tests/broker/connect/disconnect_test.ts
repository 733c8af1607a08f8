/** An end, and a choice of the default, while others write the same connection. */

import { assertEquals, assertRejects } from "@std/assert";
import { appActor } from "../../../broker/core/actor.ts";
import type { OAuthFlow } from "../../../broker/core/authorization_server.ts";
import type { Connection } from "../../../broker/core/connection.ts";
import { Refusal } from "../../../broker/core/refusal.ts";
import type { ConnectionStore } from "../../../broker/core/store.ts";
import { VaultError } from "../../../broker/core/store_errors.ts";
import { disconnect, type DisconnectDeps, prefer } from "../../../broker/connect/disconnect.ts";
import { importKeyRing } from "../../../vault/key_ring.ts";
import { createStore } from "../../../vault/store.ts";
import { memoryRecords } from "../../support/memory_records.ts";
import { testWorld } from "../../support/world.ts";
import { serverOf, serversOf, storedOf } from "../fixtures.ts";

const { credential } = serverOf();
const ringOf = (id: string) =>
  importKeyRing([{ id, bytes: new Uint8Array(32).fill(id.charCodeAt(0)) }]);

async function start() {
  const world = testWorld();
  const records = memoryRecords();
  const store = createStore(records, await ringOf("a"), world);
  const told: string[] = [];
  const flow: OAuthFlow = {
    ...credential as OAuthFlow,
    revoke: ({ accessToken }) => {
      told.push(accessToken);
      return Promise.resolve({ kind: "revoked" });
    },
  };
  const { connections, handoffs } = store;
  const servers = serversOf(serverOf({ credential: flow }));
  const deps = { servers, connections, handoffs, world } as unknown as DisconnectDeps;
  const choice = (account?: string) =>
    ({ subject: "voice:u", actor: appActor("voice"), service: "mail", account }) as const;
  const around = (changed: Partial<ConnectionStore>) => ({
    ...deps,
    connections: { ...connections, ...changed },
  });
  return {
    world,
    connections,
    told,
    put: (account: string, more: Partial<Connection> = {}) =>
      connections.put(storedOf(account, ["mail"], more).value, null),
    /** Sealed with a key that is not there any more. */
    lose: async (account: string) => {
      const lost = createStore(records, await ringOf("b"), world);
      await lost.connections.put(storedOf(account, ["mail"]).value, null);
    },
    left: async () => {
      const { opened, unopened } = await connections.survey("voice:u");
      return [
        ...opened.map(({ value }) => value.account),
        ...unopened.map(({ ref }) => ref.account),
      ];
    },
    end: async (account?: string, changed: Partial<ConnectionStore> = {}) =>
      (await disconnect(around(changed), { ...choice(account), reach: undefined })).revocation,
    prefer: (account: string, changed: Partial<ConnectionStore> = {}) =>
      prefer(around(changed), { ...choice(account), reach: undefined }),
  };
}
type Started = Awaited<ReturnType<typeof start>>;

/** Something happens before one operation is done for the first time. */
function first<K extends "put" | "delete">(
  { connections }: Started,
  operation: K,
  happens: () => Promise<unknown>,
): Pick<ConnectionStore, K> {
  let isFirst = true;
  const run = connections[operation] as (...args: unknown[]) => Promise<unknown>;
  return {
    async [operation](...args: unknown[]) {
      if (isFirst) {
        isFirst = false;
        await happens();
      }
      return await run(...args);
    },
  } as unknown as Pick<ConnectionStore, K>;
}

/** Writes a connection as somebody else does. */
async function write({ connections }: Started, changes: Partial<Connection>): Promise<void> {
  const { value, version } = (await connections.get(storedOf("1", []).value))!;
  await connections.put({ ...value, ...changes }, version);
}

Deno.test("a connection that changes while it is ended is ended as it is by then, and its token once", async () => {
  for (const operation of ["put", "delete"] as const) {
    const t = await start();
    await t.put("1");
    const changed = first(t, operation, () => write(t, { label: "one" }));
    assertEquals(await t.end("1", changed), { kind: "revoked" });
    assertEquals([t.told, await t.left()], [["token of 1"], []], operation);
  }
});

Deno.test("one that is connected again while it is ended is ended as well", async () => {
  const t = await start();
  await t.put("1");
  const { tokens } = storedOf("1", ["mail"]).value;
  const again = { tokens: { ...tokens, accessToken: "newer" }, endedAt: undefined };
  assertEquals(await t.end("1", first(t, "delete", () => write(t, again))), { kind: "revoked" });
  assertEquals([t.told, await t.left()], [["token of 1", "newer"], []]);
});

Deno.test("one that another request ended first is not said to have been revoked by this one", async () => {
  const t = await start();
  await t.put("1");
  const gone = async () => {
    const { value, version } = (await t.connections.get(storedOf("1", []).value))!;
    await t.connections.delete(value, version);
  };
  const revocation = await t.end("1", first(t, "put", gone));
  assertEquals(revocation, { kind: "failed", reason: "it was ended by another request" });
  assertEquals(t.told, []);
});

Deno.test("of what has ended, or is used elsewhere, the provider is told nothing", async () => {
  const t = await start();
  const ended = { status: "reauthorization_required", endedAt: 1 } as const;
  await t.put("1", { ...ended, revokedAt: 1 });
  assertEquals(await t.end("1"), { kind: "revoked" });
  await t.put("1", { status: "moved", moved: { to: "key", at: 1 } });
  assertEquals((await t.end("1")).kind, "failed");
  assertEquals([t.told, await t.left()], [[], []]);
});

Deno.test("one that cannot be opened is ended by its name alone, and stands in the way of no other", async () => {
  const t = await start();
  for (const account of ["1", "4"]) await t.put(account);
  for (const account of ["2", "3"]) await t.lose(account);
  const accounts = async (account?: string) => {
    const { reason } = await assertRejects(() => t.end(account), Refusal);
    return reason.code === "unknown_account" ? reason.accounts.toSorted() : reason.code;
  };
  const all = ["1@example.com", "2", "3", "4@example.com"];
  assertEquals([await accounts(), await accounts("5")], [all, all]);
  assertEquals(await t.end("1"), { kind: "revoked" });
  assertEquals(await t.end("2"), { kind: "failed", reason: "its tokens cannot be opened" });
  assertEquals([t.told, (await t.left()).toSorted()], [["token of 1"], ["3", "4"]]);
  await t.end("4");
  await t.lose("2");
  assertEquals(await accounts(), ["2", "3"], "nobody guesses");
  for (const account of ["2", "3"]) await t.end(account);
  assertEquals(await accounts("5"), "not_connected");
});

Deno.test("one that cannot be opened and is connected anew meanwhile is ended as it is by then", async () => {
  const t = await start();
  await t.lose("1");
  const anew = async () => {
    const { unopened: [one] } = await t.connections.survey("voice:u");
    await t.connections.put(storedOf("1", ["mail"]).value, one!.version);
  };
  assertEquals(await t.end("1", first(t, "delete", anew)), { kind: "revoked" });
  assertEquals([t.told, await t.left()], [["token of 1"], []]);
});

Deno.test("a default is chosen over every other, by whatever clock that was, and over what changes meanwhile", async () => {
  const t = await start();
  const ahead = t.world.now() + 3_600_000;
  await t.put("1");
  await t.put("2", { preferredAt: ahead });
  const { preferredAt } = await t.prefer("1", first(t, "put", () => write(t, { label: "one" })));
  assertEquals(preferredAt, ahead + 1);
  const stored = await t.connections.get(storedOf("1", []).value);
  assertEquals([stored?.value.preferredAt, stored?.value.label], [preferredAt, "one"]);
  t.world.skew += 7_200_000;
  assertEquals((await t.prefer("2")).preferredAt! >= ahead + 3_600_000, true);
});

Deno.test("one that cannot be opened is nobody's default", async () => {
  const t = await start();
  await t.lose("1");
  await assertRejects(() => t.prefer("1"), VaultError);
});
