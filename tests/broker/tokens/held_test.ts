import { assertEquals } from "@std/assert";
import type { Handoff } from "../../../broker/core/connection.ts";
import { digest } from "../../../broker/core/secrets.ts";
import { HANDOFF_LIFETIME_MS, heldBy, heldOn } from "../../../broker/tokens/held.ts";
import type { ConnectionRecord } from "../../../vault/connection_records.ts";
import { importKeyRing } from "../../../vault/key_ring.ts";
import { connectionKey, expiringKey } from "../../../vault/keys.ts";
import { createStore } from "../../../vault/store.ts";
import { memoryRecords } from "../../support/memory_records.ts";
import { testWorld } from "../../support/world.ts";
import { storedOf } from "../fixtures.ts";

const { value: connection } = storedOf("1", ["mail"]);
const { subject, provider, tokens } = connection;
const DEAD = { status: "reauthorization_required" } as const;

async function start() {
  const world = testWorld();
  const records = memoryRecords();
  const ring = await importKeyRing([{ id: "k1", bytes: new Uint8Array(32) }]);
  const store = createStore(records, ring, world);
  /** Its key is lost. */
  const shut = async (key: Parameters<typeof records.get>[0]) => {
    const { value } = (await records.get<ConnectionRecord>(key))!;
    await records.commit({ sets: [{ key, value: { ...value, key: "lost" } }] });
  };
  const handOff = async (more: Partial<Handoff> = {}) => {
    const usableUntil = world.now() + HANDOFF_LIFETIME_MS;
    const account = { id: "1", label: "1" };
    const handoff = { subject, actor: undefined, provider, account, tokens, services: [] };
    const key = digest("code");
    await store.handoffs.put(key, { ...handoff, usableUntil, expiresAt: usableUntil, ...more });
    return expiringKey("handoffs", key);
  };
  return { deps: { store, world }, connections: store.connections, shut, handOff };
}

Deno.test("heldBy() leaves what a person has, be it that nobody can open it", async () => {
  const { deps, connections, shut } = await start();
  const held = () => heldBy(deps, subject, provider);
  assertEquals(await held(), "nothing");
  const dead = await connections.put({ ...connection, ...DEAD }, null);
  assertEquals(await held(), "nothing", "it is over");
  await connections.put(connection, dead);
  assertEquals(await held(), "connection");
  await shut(connectionKey(connection));
  assertEquals(await held(), "connection");
});

Deno.test("heldBy() does not know what others have, and leaves it as well", async () => {
  const { deps, connections } = await start();
  await connections.put({ ...connection, subject: "other:bob" }, null);
  assertEquals(await heldBy(deps, subject, provider), "unknown");
  assertEquals(await heldBy(deps, subject, "another"), "nothing");
});

Deno.test("what an app may still claim is held, and of what cannot be opened nobody knows whose it is", async () => {
  const { deps, shut, handOff } = await start();
  const all = async (account = "1", at = provider) => [
    await heldOn(deps, at, account),
    await heldBy(deps, subject, at),
  ];
  const key = await handOff();
  assertEquals(await all(), ["handoff", "unknown"]);
  assertEquals(await all("2"), ["nothing", "unknown"]);
  assertEquals(await all("1", "another"), ["nothing", "nothing"]);
  await shut(key);
  assertEquals(await all("1", "another"), ["unknown", "unknown"]);
  await handOff({ usableUntil: 0 });
  assertEquals(await all(), ["nothing", "nothing"], "it is given up");
});
