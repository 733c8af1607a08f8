import { assert, assertEquals } from "@std/assert";
import type { ModelOptions } from "../../support/model/options.ts";
import {
  answered,
  ANSWERS,
  assertOneOf,
  assertSettled,
  hasUnsaved,
  isGood,
  isReuseSeen,
  LATE_MS,
  MINUTE_MS,
  rotation,
  search,
  testAll,
  timersFor,
  tokenFor,
  twoCallers,
} from "./scenarios.ts";

testAll("a process may die at any point", async (rotation) => {
  const reached = new Set<string>();
  const timers = timersFor(rotation, 1);
  const build = () => twoCallers({ rotation, timers, tick: 4000, crash: "A" });
  await search(130, build, async (model) => {
    const isLost = !isGood(model);
    reached.add(isLost ? "lost" : "kept").add(`${model.provider.requests.length} requests`);
    // Lost with the process, or its request came after B's and was taken for a thief's.
    if (isLost) assert(hasUnsaved(model, "A") || isReuseSeen(model));
    assertOneOf(tokenFor(model, "B"), ["a0.1", "a0.2", ...isLost ? ["reauthorize"] : []]);
    await assertSettled(model);
  });
  const lost = rotation === "keeps" ? [] : ["lost"];
  assertEquals([...reached].sort(), ["1 requests", "2 requests", "kept", ...lost]);
});

testAll("a store that fails a process for a while loses nothing", async (rotation) => {
  for (const failures of [1, 4]) {
    const outage = { of: "A", failures };
    const timers = timersFor(rotation, 1);
    await search(60, () => twoCallers({ rotation, timers, outage }), async (model) => {
      assertOneOf(tokenFor(model, "A"), ["a0.1", "threw"]);
      assertEquals(tokenFor(model, "B"), "a0.1");
      assertEquals(model.provider.requests.length, 1);
      assert(isGood(model));
      await assertSettled(model);
    });
  }
});

testAll("a store that comes back after a takeover is given what was issued", async (rotation) => {
  const outage = { of: "A", failures: 4 };
  const timers = timersFor(rotation, 1);
  const build = () => twoCallers({ rotation, timers, tick: LATE_MS, outage });
  await search(70, build, async (model) => {
    assertEquals(isGood(model), !isReuseSeen(model));
    await assertSettled(model);
  });
});

Deno.test("a caller with a living token does not hear of a store that fails", async () => {
  const options: ModelOptions = {
    rotation,
    leftMs: 4 * MINUTE_MS,
    tick: MINUTE_MS / 2,
    outage: { of: "A", failures: Infinity },
  };
  await search(180, () => twoCallers(options), (model) => {
    for (const name of ["A", "B"]) assertOneOf(tokenFor(model, name), ["a0.0", "a0.1", "a0.2"]);
  });
});

testAll("a store that fails a process for good does not stop the others", async (rotation) => {
  const outage = { of: "A", failures: Infinity };
  await search(110, () => twoCallers({ rotation, tick: MINUTE_MS, outage }), async (model) => {
    const isLost = !isGood(model);
    if (isLost) assert(rotation !== "keeps" && hasUnsaved(model, "A"));
    assertOneOf(tokenFor(model, "A"), ["a0.1", "a0.2", "threw"]);
    assertOneOf(tokenFor(model, "B"), ["a0.1", "a0.2", ...isLost ? ["reauthorize"] : []]);
    await assertSettled(model);
  });
});

for (const [name, answer] of Object.entries(ANSWERS)) {
  Deno.test(`${name} is not asked for twice`, async () => {
    await search(500, () => answered(answer, { timers: 1 }), (model) => {
      assertEquals(model.provider.requests.length, 1);
      const expected = name === "invalid_grant" ? "reauthorize" : "unavailable";
      assertEquals([tokenFor(model, "A"), tokenFor(model, "B")], [expected, expected]);
    });
  });

  Deno.test(`${name} does not undo what another process was issued`, async () => {
    const reached = new Set<string>();
    await search(500, () => answered(answer, { timers: 1, tick: LATE_MS }), (model) => {
      const { status, tokens, holdOffUntil } = model.store.record!.value;
      const isIssued = model.provider.issued.length > 1;
      reached.add(isIssued ? "issued" : "not issued");
      if (!isIssued) return;
      assertEquals([status, tokens.accessToken, holdOffUntil], ["active", "a0.1", undefined]);
      assert(isGood(model));
    });
    assertEquals(reached.size, 2);
  });
}
