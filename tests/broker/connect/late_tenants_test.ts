/** Tenants that are told late are kept with the connection as it is by then. */

import { assertEquals } from "@std/assert";
import { LateTenants } from "../../../broker/connect/late_tenants.ts";
import type { Connection } from "../../../broker/core/connection.ts";
import { importKeyRing } from "../../../vault/key_ring.ts";
import { createStore } from "../../../vault/store.ts";
import { memoryRecords } from "../../support/memory_records.ts";
import { testWorld } from "../../support/world.ts";
import { serverOf, serversOf, storedOf } from "../fixtures.ts";

const TOLD = [{ id: "s-1", label: "One", extra: {} }];

/** What stands in the store when tenants came for what stood there before. */
async function after(
  meanwhile: (connection: Connection) => Connection | null,
): Promise<Connection | undefined> {
  const world = testWorld();
  const ring = await importKeyRing([{ id: "k1", bytes: new Uint8Array(32) }]);
  const { connections } = createStore(memoryRecords(), ring, world);
  const { value } = storedOf("1", ["mail"]);
  const version = await connections.put(value, null);
  const server = serverOf({
    tenants: { title: "Site" } as never,
    async identify() {
      const next = meanwhile(value);
      if (next === null) await connections.delete(value, version!);
      else await connections.put(next, version);
      return { id: "1", label: "one", tenants: TOLD };
    },
  });
  const late = new LateTenants({ servers: serversOf(server), connections, world });
  const served = await late.withThem(value as never);
  assertEquals(served.tokens.tenants, TOLD, "whoever waits has them");
  assertEquals(world.events, []);
  return (await connections.get(value))?.value;
}

Deno.test("tenants are kept with a connection that was written meanwhile", async () => {
  const kept = await after((connection) => ({ ...connection, label: "two" }));
  assertEquals([kept?.tokens.tenants, kept?.label], [TOLD, "two"]);
});

Deno.test("tenants are not written into a connection that has ended meanwhile, or knows its own", async () => {
  const others = [{ id: "s-2", label: "Two", extra: {} }];
  const changes: ((connection: Connection) => Connection)[] = [
    (connection) => ({ ...connection, status: "reauthorization_required" }),
    (connection) => ({ ...connection, status: "moved" }),
    (connection) => ({ ...connection, endedAt: 7 }),
    (connection) => ({ ...connection, tokens: { ...connection.tokens, tenants: others } }),
  ];
  for (const change of changes) {
    assertEquals(await after(change), change(storedOf("1", ["mail"]).value));
  }
  assertEquals(await after(() => null), undefined);
});
