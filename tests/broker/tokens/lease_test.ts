import { assertEquals } from "@std/assert";
import { takeLease } from "../../../broker/tokens/lease.ts";
import { LEASE_MS } from "../../../broker/tokens/refresh_rules.ts";
import { importKeyRing } from "../../../vault/key_ring.ts";
import { createStore } from "../../../vault/store.ts";
import { memoryRecords } from "../../support/memory_records.ts";
import { testWorld } from "../../support/world.ts";

const REF = { subject: "voice:u" as const, provider: "acme", account: "1" };
const DAY_MS = 24 * 60 * 60_000;

for (const jump of [-DAY_MS, 0, DAY_MS]) {
  Deno.test(`a dead holder's lease is taken over in time by a clock that is set by ${jump} ms`, async () => {
    const world = testWorld();
    const spec = { id: "k1", bytes: crypto.getRandomValues(new Uint8Array(32)) };
    const ring = await importKeyRing([spec]);
    const deps = { store: createStore(memoryRecords(), ring, world), world };
    world.skew = 2 * DAY_MS;
    assertEquals((await takeLease(deps, REF, "dead", undefined)).kind, "taken");
    const first = await takeLease(deps, REF, "me", undefined);
    if (first.kind !== "held") throw new Error(first.kind);
    world.skew += jump;
    const second = await takeLease(deps, REF, "me", first.held);
    // A clock that was set ahead cannot tell: it takes it over at once, and the version decides.
    if (jump > 0) return assertEquals(second.kind, "taken");
    if (second.kind !== "held") throw new Error(second.kind);
    world.skew += LEASE_MS;
    assertEquals((await takeLease(deps, REF, "me", second.held)).kind, "taken");
  });
}
