import { assert, assertEquals, assertRejects } from "@std/assert";
import { Model } from "../../support/model/model.ts";
import type { ModelOptions } from "../../support/model/options.ts";
import { explore } from "../../support/model/search.ts";
import {
  assertRefreshedOnce,
  assertSettled,
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

testAll("two processes at expiry ask once", async (rotation) => {
  const timers = timersFor(rotation, 2);
  await search(500, () => twoCallers({ rotation, timers }), assertRefreshedOnce);
});

Deno.test("three processes at expiry ask once", async () => {
  const build = () => {
    const model = twoCallers({ rotation });
    model.call("C");
    return model;
  };
  await search(600, build, (model) => {
    assertRefreshedOnce(model);
    assertEquals(tokenFor(model, "C"), "a0.1");
  });
});

Deno.test("a clock two minutes ahead or behind changes nothing", async () => {
  for (const skew of [2 * MINUTE_MS, -2 * MINUTE_MS]) {
    await search(500, () => twoCallers({ rotation, timers: 1 }, skew), assertRefreshedOnce);
  }
});

Deno.test("a token that the API refused is refreshed once for all", async () => {
  const need = { rejected: "a0.0" };
  const build = () => {
    const model = new Model({ rotation, timers: 1, leftMs: 30 * MINUTE_MS });
    model.call("A", { need });
    model.call("B", { need });
    return model;
  };
  await search(500, build, assertRefreshedOnce);
});

Deno.test("a caller who leaves with the old token does not end the refresh", async () => {
  const reached = new Set<string>();
  const build = () => twoCallers({ rotation, timers: 1, leftMs: MINUTE_MS });
  await search(280, build, (model) => {
    for (const name of ["A", "B"]) reached.add(tokenFor(model, name));
    assertEquals(model.provider.requests.length, 1);
    assertEquals(model.store.record?.value.tokens.accessToken, "a0.1");
    assert(isGood(model));
  });
  assertEquals([...reached].sort(), ["a0.0", "a0.1"]);
});

testAll("a slow holder that answers after a takeover does no harm", async (rotation) => {
  const reached = new Set<number>();
  const timers = timersFor(rotation, 2);
  await search(500, () => twoCallers({ rotation, timers, tick: LATE_MS }), async (model) => {
    reached.add(model.provider.requests.length);
    // Only where reuse ends the grant can a second request cost the connection.
    assertEquals(isGood(model), !isReuseSeen(model));
    if (rotation === "keeps") assert(["A", "B"].every((name) => /^a0/.test(tokenFor(model, name))));
    await assertSettled(model);
  });
  assert(reached.has(1) && reached.has(2), "No takeover from a live holder was seen");
});

Deno.test("the model finds what goes wrong where leases are not exclusive", async () => {
  const build = () => twoCallers({ rotation: "keeps", broken: "leases" });
  await assertRejects(() => explore(build, assertRefreshedOnce), Error, "ask with r0.0");
});

Deno.test("the model finds what goes wrong where versions are not checked", async () => {
  const options: ModelOptions = { rotation: "keeps", timers: 1, tick: LATE_MS, broken: "versions" };
  const find = () => explore(() => twoCallers(options), () => {});
  await assertRejects(find, Error, "An older set over a newer one");
});
