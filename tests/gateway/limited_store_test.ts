/** What one person, or one chain of a grant, may put into the store. */

import { assertEquals, assertRejects } from "@std/assert";
import type { AuthorizationCode, GatewaySecret, Session } from "../../broker/core/grant.ts";
import { Refusal } from "../../broker/core/refusal.ts";
import type { Store } from "../../broker/core/store.ts";
import { createDoors, type Door, DOORS } from "../../gateway/doors.ts";
import { limitedStore } from "../../gateway/limited_store.ts";
import { testWorld } from "../support/world.ts";

/** A store that keeps everything, behind the doors. */
function start() {
  const world = testWorld();
  const kept: string[] = [];
  const keeping = { put: (digest: string) => Promise.resolve(void kept.push(digest)) };
  const inner = { codes: keeping, secrets: keeping, sessions: keeping } as unknown as Store;
  const store = limitedStore(inner, createDoors(world));
  /** How many get through, of one more than may. */
  const through = async (door: Door, put: () => Promise<unknown>) => {
    const before = kept.length;
    for (let n = 0; n < DOORS[door].limit; n++) await put();
    const { reason } = await assertRejects(put, Refusal);
    assertEquals(reason.code, "rate_limited");
    return kept.length - before;
  };
  return { world, store, kept, through };
}

const secretOf = (more: Partial<GatewaySecret>): GatewaySecret => ({
  kind: "refresh",
  subject: "github:1",
  grantId: "g",
  expiresAt: 1,
  ...more,
});

Deno.test("a person may have so many codes, sessions and personal tokens, and another one others", async () => {
  const { store, through } = start();
  for (const subject of ["github:1", "github:2"] as const) {
    const puts: [Door, () => Promise<unknown>][] = [
      ["code", () => store.codes.put("c", { subject } as unknown as AuthorizationCode)],
      ["session", () => store.sessions.put("s", { subject } as unknown as Session)],
      ["personal_token", () => store.secrets.put("p", secretOf({ kind: "personal", subject }))],
    ];
    for (const [door, put] of puts) assertEquals(await through(door, put), DOORS[door].limit, door);
  }
});

Deno.test("each chain of a grant may be refreshed so often, whoever's it is", async () => {
  const { world, store, kept, through } = start();
  const chains: Partial<GatewaySecret>[] = [{}, { branch: 1 }, { grantId: "other" }];
  for (const more of chains) {
    const put = () => store.secrets.put("r", secretOf(more));
    assertEquals(await through("refresh", put), DOORS.refresh.limit);
  }
  // The trunk has a number, which a record need not say.
  const trunk = () => store.secrets.put("r", secretOf({ branch: 0 }));
  await assertRejects(trunk, Refusal);
  world.skew += DOORS.refresh.windowMs;
  const before = kept.length;
  await trunk();
  assertEquals(kept.length, before + 1);
});
