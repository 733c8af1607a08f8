/**
 * Two that come at the same moment, to two processes on one database, in every
 * order of what these do there. What both get must be what they would have got
 * one after the other, in one order or the other; and so must what comes after.
 * A process may die at any point: what it had not answered is done wholly, or
 * not at all.
 */

import { assert, assertRejects } from "@std/assert";
import { filled, stolen } from "../../support/sign_in_model/beginnings.ts";
import type { Given } from "../../support/sign_in_model/gateway.ts";
import { Oracle } from "../../support/sign_in_model/oracle.ts";
import {
  type Doing,
  type Outcome,
  race,
  type RaceOptions,
} from "../../support/sign_in_model/races.ts";
import { type Holder, Scene } from "../../support/sign_in_model/scene.ts";

/** So many branches of the stolen token, each used by the thief. */
async function forked(times: number): Promise<Scene> {
  let scene = await stolen("A", "A");
  for (let n = 0; n < times; n++) {
    scene = await (await scene.refreshes("stolen")).refreshes("thief");
  }
  return scene;
}

/** Beginnings, and what each is about. */
const BEGINNINGS: Record<string, () => Promise<Scene>> = {
  "a new token": () => stolen(),
  "a token whose successor is unused": () => stolen("A"),
  "a token whose successor was used": () => stolen("A", "A"),
  "a branch that is unused": async () => await (await stolen("A", "A")).refreshes("stolen"),
  "the last branch": () => forked(3),
  "no branch left for this token": () => forked(4),
  "no place left, and another token": filled,
};

const PAIRS: Holder[][] = [["A", "B"], ["B", "stolen"], ["A", "thief"], ["B", "thief"]];

/** Something that happened, as the outside saw it; the fault where it must not be so. */
type Seen = (oracle: Oracle) => string | undefined;

/** What must hold of one order, of several that are possible. */
function inSomeOrder(scene: Scene, orders: Seen[][]): Oracle {
  const faults: string[] = [];
  for (const order of orders) {
    const oracle = new Oracle(scene.oracle);
    const fault = order.map((seen) => seen(oracle)).find((fault) => fault !== undefined);
    if (fault === undefined) return oracle;
    faults.push(fault);
  }
  throw new Error(`In no order: ${faults.join(" | ")}`);
}

function permutations<T>(of: T[]): T[][] {
  if (of.length < 2) return [of];
  return of.flatMap((first, at) =>
    permutations(of.toSpliced(at, 1)).map((rest) => [first, ...rest])
  );
}

function givenOf(outcome: Outcome): Given | undefined {
  return outcome.kind === "done" ? outcome.value as Given | undefined : undefined;
}

/** Everybody goes on one after the other, by the oracle. */
async function goOn(scene: Scene): Promise<void> {
  await scene.check();
  let after = scene;
  for (const who of [...scene.held.keys(), ...scene.held.keys()]) {
    after = await after.refreshes(who);
  }
  await after.check();
}

/** These come at the same moment. */
async function raceOf(scene: Scene, who: Holder[], options: RaceOptions = {}): Promise<number> {
  const tokens = who.map((each) => scene.held.get(each)!);
  const { clock } = scene.shared;
  const saw = (at: number, given: Given | undefined): Seen => (oracle) =>
    oracle.take(tokens[at]!, given, clock);
  const doings = tokens.map((token): Doing => (gateway) => gateway.present(token));
  return await race(scene, doings, async (end, outcomes) => {
    const heard = outcomes.map(givenOf);
    const living = heard.flatMap((given, at) =>
      outcomes[at]!.kind === "done" ? [saw(at, given)] : []
    );
    let orders = permutations(living);
    const dead = outcomes.findIndex(({ kind }) => kind === "dead");
    if (dead >= 0) {
      // It comes again, and gets what it had not heard, if it had been done; or it had not.
      const again = heard[dead] = await end.gateway().present(tokens[dead]!);
      const seen = saw(dead, again);
      orders = permutations([...living, seen]).map((order) => [...order, seen]);
      orders.push(...permutations(living).map((order) => [...order, seen]));
    }
    const oracle = inSomeOrder(scene, orders);
    // Answers that were refused are counted as the oracle counts them.
    await goOn(end.knowing(oracle, who.map((each, at) => [each, heard[at]])));
  }, options);
}

function pairsOf(scene: Scene): Holder[][] {
  return PAIRS.filter((pair) => pair.every((who) => scene.held.has(who)));
}

Deno.test("two at the same moment get what they get one after the other", async () => {
  let runs = 0;
  for (const begin of Object.values(BEGINNINGS)) {
    const scene = await begin();
    for (const pair of pairsOf(scene)) runs += await raceOf(scene, pair);
  }
  if (Deno.env.has("MODEL_SIZES")) console.log({ runs });
  assert(runs >= 100, `Only ${runs} runs`);
});

Deno.test("a process may die at any point, and nobody's sign-in is lost", async () => {
  let runs = 0;
  for (const begin of Object.values(BEGINNINGS)) {
    runs += await raceOf(await begin(), ["B", "stolen"], { deaths: 1 });
  }
  if (Deno.env.has("MODEL_SIZES")) console.log({ runs });
  assert(runs >= 100, `Only ${runs} runs`);
});

Deno.test("three at the same moment share one branch, and none gets a fifth", async () => {
  let runs = 0;
  for (const name of ["a token whose successor was used", "the last branch"]) {
    runs += await raceOf(await BEGINNINGS[name]!(), ["A", "B", "stolen"]);
  }
  if (Deno.env.has("MODEL_SIZES")) console.log({ runs });
  assert(runs >= 100, `Only ${runs} runs`);
});

Deno.test("a chain that a person ends at the same moment has ended", async () => {
  let runs = 0;
  for (
    const name of ["a token whose successor was used", "a branch that is unused", "the last branch"]
  ) {
    const scene = await BEGINNINGS[name]!();
    const { clock } = scene.shared;
    const who = scene.held.has("thief") ? "thief" : "B";
    const refresh = scene.held.get(who)!;
    for (const chain of scene.oracle.chains) {
      const doings: Doing[] = [
        (gateway) => gateway.present(refresh),
        (gateway) => gateway.endBranch(chain),
      ];
      runs += await race(scene, doings, async (end, [first]) => {
        const given = givenOf(first!);
        const came: Seen = (oracle) => oracle.take(refresh, given, clock);
        const ended: Seen = (oracle) => void oracle.end(chain);
        const oracle = inSomeOrder(scene, [[came, ended], [ended, came]]);
        const places = await end.gateway().places();
        assert(!places.includes(chain), "It goes on");
        await goOn(end.knowing(oracle, [[who, given]]));
      });
    }
  }
  if (Deno.env.has("MODEL_SIZES")) console.log({ runs });
  assert(runs >= 50, `Only ${runs} runs`);
});

Deno.test("the model finds out a database that checks no versions", async () => {
  const scene = await BEGINNINGS["a token whose successor was used"]!();
  await assertRejects(() => raceOf(scene, ["B", "stolen"], { isBroken: true }));
});
