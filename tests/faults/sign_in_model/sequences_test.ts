/**
 * What each of two copies of an honest client and a thief gets, in every order.
 *
 * An honest copy that refreshes with what nobody has used gets a successor,
 * whatever the thief has done. With what was used it gets the same successor,
 * until that is used; within the hour after that a branch, unless that very
 * token gave four. It loses its sign-in only where it comes later, where its
 * person ended its chain, or with the grant's own end. `Oracle` says so, and
 * every answer is held against it.
 *
 * The thief has what the client has, and no more, and his access ends at the
 * latest
 *
 * - at once, when the person ends the chains that he is in: each is seen;
 * - at once, when the person revokes the app, which ends everybody;
 * - 30 days after the last use of his chain, his own uses included;
 * - 180 days after the person agreed, whatever anybody does;
 * - an hour after his last access token, where all he has is old: the successor
 *   was used more than an hour ago.
 *
 * A thief in an honest copy's own chain is not seen: that is counted too.
 */

import { assert, assertEquals } from "@std/assert";
import { filled, ring, stolen } from "../../support/sign_in_model/beginnings.ts";
import { DAY_MS, HOUR_MS } from "../../support/sign_in_model/gateway.ts";
import { assertOver, Scene } from "../../support/sign_in_model/scene.ts";
import { type Cast, explore } from "../../support/sign_in_model/sequences.ts";

/** Where a search begins, and how many deeds it goes on. */
interface Search {
  from: Scene;
  depth: number;
  /** So many moments or more: lest it should go through next to nothing one day. */
  least: number;
}

async function search(
  { from, depth, least }: Search,
  cast: Cast,
  check: (scene: Scene) => Promise<void>,
): Promise<void> {
  const gone = await explore(from, depth, cast, async (scene) => {
    await scene.check();
    await check(scene);
  });
  // For who wants to change it: how far it goes.
  if (Deno.env.has("MODEL_SIZES")) console.log(gone);
  assert(gone.moments >= least, `Only ${gone.moments} moments`);
}

Deno.test("two copies of a client keep their sign-ins, in every order", async () => {
  for (const sharedStore of [false, true]) {
    const from = await Scene.begin(ring);
    await search({ from, depth: 5, least: 500 }, { thief: false, sharedStore }, async () => {});
  }
});

Deno.test("a thief takes nobody's sign-in away, and is ended by what the person sees", async () => {
  const reached = new Set<string>();
  const searches: Search[] = [
    { from: await Scene.begin(ring), depth: 4, least: 300 },
    // He comes late, and within the hour.
    { from: await stolen("A", "A"), depth: 3, least: 100 },
    // He was faster than both.
    { from: await stolen("stolen", "thief"), depth: 3, least: 100 },
    // He has filled all places but one.
    {
      from: await stolen("A", "A", "stolen", "thief", "stolen", "thief", "stolen", "thief"),
      depth: 3,
      least: 100,
    },
    { from: await filled(), depth: 2, least: 30 },
  ];
  for (const each of searches) {
    await search(each, { thief: true, sharedStore: false }, async (scene) => {
      const thievish = scene.thievish();
      if (thievish.size === 0) return;
      const honest = [scene.chainOf("A")!, scene.chainOf("B")!];
      const isAlone = honest.every((chain) => !thievish.has(chain));
      const hasCome = scene.loot().length > 0;
      reached.add(isAlone ? "seen" : hasCome ? "in an honest chain" : "not come yet");
      await assertEnded(scene);
    });
  }
  assertEquals([...reached].sort(), ["in an honest chain", "not come yet", "seen"]);
});

/** Ends the chains of the thief, and looks at everybody. */
async function assertEnded(scene: Scene): Promise<void> {
  let after = scene;
  const thievish = scene.thievish();
  for (const chain of thievish) after = await after.ends(chain);
  await assertOver(after, scene.loot());
  const taken = scene.held.get("stolen")!;
  assertEquals(await after.gateway().present(taken), undefined, "What was stolen goes on");
  for (const who of ["A", "B"] as const) {
    if (!thievish.has(scene.chainOf(who)!)) after = await after.refreshes(who);
  }
}

Deno.test("whatever happens, all ends after 180 days, and 30 days after the last use", async () => {
  const searches: Search[] = [
    { from: await Scene.begin(ring), depth: 2, least: 20 },
    { from: await stolen("A", "A", "stolen"), depth: 2, least: 20 },
  ];
  for (const each of searches) {
    await search(each, { thief: true, sharedStore: true }, async (scene) => {
      const { issued } = scene;
      await assertOver(scene.later(30 * DAY_MS + HOUR_MS, "30 days pass"), issued);
      const revoked = scene.copy("the person revokes the app");
      await revoked.gateway().revoke();
      await assertOver(revoked, issued);
      await assertIdle(scene);
      let after = scene;
      for (let days = 0; days < 180; days += 20) {
        for (const who of scene.held.keys()) after = await after.refreshes(who);
        after = after.later(20 * DAY_MS, "20 days pass");
      }
      await assertOver(after, after.issued);
    });
  }
});

/** A goes on alone: what the thief has elsewhere ends with 30 days without a use, and makes room. */
async function assertIdle(scene: Scene): Promise<void> {
  let after = scene;
  for (const _ of [1, 2]) after = (await after.refreshes("A")).later(20 * DAY_MS, "20 days pass");
  const own = after.chainOf("A");
  const elsewhere = after.loot().filter(({ branch }) => branch !== own);
  await assertOver(after, elsewhere);
  const places = await after.gateway().places();
  assert(!elsewhere.some(({ branch }) => places.includes(branch)), "A place that nobody uses");
}
