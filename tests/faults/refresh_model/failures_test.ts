/**
 * Refreshing under every order of events; `tests/support/model/model.ts` says how
 * orders are enumerated. What must hold always is checked there, at every step:
 * no older token set over a newer one, nothing marked dead that the provider
 * has not refused, no token for a caller that is not stored or has ended. Here
 * stands what holds at every end of a scenario.
 */

import { appActor } from "../../../broker/core/actor.ts";
import { assert, assertEquals, assertExists, assertRejects } from "@std/assert";
import { disconnect } from "../../../broker/connect/disconnect.ts";
import type { TokenAnswer } from "../../../broker/core/authorization_server.ts";
import { explore, Model, type ModelOptions, type Process } from "../../support/model/model.ts";
import type { Rotation } from "../../support/model/model.ts";

const MINUTE_MS = 60_000;
/** Timers this late find every lease lapsed. */
const LATE_MS = 11_000;

const ROTATIONS = {
  keeps: "that keeps refresh tokens",
  rotates: "that rotates them",
  revokes_reused: "that rotates them and ends a grant at reuse",
} satisfies Record<Rotation, string>;

/** One test per kind of provider. */
function testAll(name: string, run: (rotation: Rotation) => Promise<void>): void {
  for (const rotation of ["keeps", "rotates", "revokes_reused"] satisfies Rotation[]) {
    Deno.test(`${name}, with a provider ${ROTATIONS[rotation]}`, () => run(rotation));
  }
}

/** The strictest provider gets the longest search: each timer more takes ten times as long. */
function timersFor(rotation: Rotation, most: number): number {
  return rotation === "revokes_reused" ? most : most - 1;
}

function twoCallers(options: ModelOptions, skew = 0): Model {
  const model = new Model(options);
  model.call("A");
  model.call("B", { skew });
  return model;
}

/** Searches, in `least` runs or more: lest it should go through next to nothing one day. */
async function search(
  least: number,
  build: () => Model,
  check: (model: Model) => void | Promise<void>,
): Promise<void> {
  const { runs, states, ends, interleavings } = await explore(build, check);
  // For who wants to change a scenario: how far it goes.
  if (Deno.env.has("MODEL_SIZES")) console.log({ runs, states, ends, interleavings });
  assert(runs >= least, `Only ${runs} runs`);
}

testAll("two processes at expiry ask once", async (rotation) => {
  const timers = timersFor(rotation, 2);
  await search(1500, () => twoCallers({ rotation, timers }), assertRefreshedOnce);
});

// With one request it does not matter what a provider makes of a second one.
const rotation = "revokes_reused";

Deno.test("three processes at expiry ask once", async () => {
  const build = () => {
    const model = twoCallers({ rotation });
    model.call("C");
    return model;
  };
  await search(3000, build, (model) => {
    assertRefreshedOnce(model);
    assertEquals(tokenFor(model, "C"), "a0.1");
  });
});

Deno.test("a clock two minutes ahead or behind changes nothing", async () => {
  for (const skew of [2 * MINUTE_MS, -2 * MINUTE_MS]) {
    await search(1000, () => twoCallers({ rotation, timers: 1 }, skew), assertRefreshedOnce);
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
  await search(1000, build, assertRefreshedOnce);
});

Deno.test("a caller who leaves with the old token does not end the refresh", async () => {
  const reached = new Set<string>();
  const build = () => twoCallers({ rotation, timers: 1, leftMs: MINUTE_MS });
  await search(1000, build, (model) => {
    for (const name of ["A", "B"]) reached.add(tokenFor(model, name));
    assertEquals(model.provider.requests.length, 1);
    assertEquals(model.record?.value.tokens.accessToken, "a0.1");
    assert(isGood(model));
  });
  assertEquals([...reached].sort(), ["a0.0", "a0.1"]);
});

testAll("a process may die at any point", async (rotation) => {
  const reached = new Set<string>();
  const timers = timersFor(rotation, 1);
  const build = () => twoCallers({ rotation, timers, tick: 4000, crash: "A" });
  await search(200, build, async (model) => {
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
    await search(150, () => twoCallers({ rotation, timers, outage }), async (model) => {
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
  await search(150, build, async (model) => {
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
  await search(300, () => twoCallers(options), (model) => {
    for (const name of ["A", "B"]) assertOneOf(tokenFor(model, name), ["a0.0", "a0.1", "a0.2"]);
  });
});

testAll("a store that fails a process for good does not stop the others", async (rotation) => {
  const outage = { of: "A", failures: Infinity };
  await search(300, () => twoCallers({ rotation, tick: MINUTE_MS, outage }), async (model) => {
    const isLost = !isGood(model);
    if (isLost) assert(rotation !== "keeps" && hasUnsaved(model, "A"));
    assertOneOf(tokenFor(model, "A"), ["a0.1", "a0.2", "threw"]);
    assertOneOf(tokenFor(model, "B"), ["a0.1", "a0.2", ...isLost ? ["reauthorize"] : []]);
    await assertSettled(model);
  });
});

const ANSWERS: Record<string, TokenAnswer> = {
  "5xx": { kind: "failed", reason: "502" },
  invalid_client: { kind: "rejected", code: "invalid_client" },
  invalid_grant: { kind: "rejected", code: "invalid_grant" },
};

for (const [name, answer] of Object.entries(ANSWERS)) {
  const answered = (options: Omit<ModelOptions, "rotation">) => {
    const model = twoCallers({ rotation: "rotates", ...options });
    model.provider.answers.push(answer);
    return model;
  };

  Deno.test(`${name} is not asked for twice`, async () => {
    await search(1000, () => answered({ timers: 1 }), (model) => {
      assertEquals(model.provider.requests.length, 1);
      const expected = name === "invalid_grant" ? "reauthorize" : "unavailable";
      assertEquals([tokenFor(model, "A"), tokenFor(model, "B")], [expected, expected]);
    });
  });

  Deno.test(`${name} does not undo what another process was issued`, async () => {
    const reached = new Set<string>();
    await search(1000, () => answered({ timers: 1, tick: LATE_MS }), (model) => {
      const { status, tokens, holdOffUntil } = model.record!.value;
      const isIssued = model.provider.issued.length > 1;
      reached.add(isIssued ? "issued" : "not issued");
      if (!isIssued) return;
      assertEquals([status, tokens.accessToken, holdOffUntil], ["active", "a0.1", undefined]);
      assert(isGood(model));
    });
    assertEquals(reached.size, 2);
  });

  // Nothing else takes a connection away: here a takeover is gone through as well.
  const isDeadly = name === "invalid_grant";
  const slow = isDeadly ? { timers: 1, tick: LATE_MS } : {};
  Deno.test(`a person's reconnect survives ${name} at any point`, async () => {
    const build = () => {
      const model = answered(slow);
      model.interject("person", () => reconnect(model));
      return model;
    };
    await search(500, build, async (model) => {
      const { status, tokens, holdOffUntil } = model.record!.value;
      assertEquals([status, tokens.accessToken, holdOffUntil], ["active", "a1.0", undefined]);
      if (!isDeadly) assert(model.provider.requests.length <= 1);
      model.provider.answers.length = 0;
      await assertSettled(model);
    });
  });
}

testAll("a disconnect at any point is the end, at the provider too", async (rotation) => {
  for (const deaf of [false, true]) {
    const build = () => {
      const model = twoCallers({ rotation });
      // Then what is issued afterwards lives on, unless who got it has it revoked.
      model.provider.deaf = deaf;
      model.start("person", disconnectIt);
      return model;
    };
    await search(1000, build, ({ record, provider }) => {
      assertEquals(record, null);
      assert(provider.revoked.includes(provider.issued.at(-1)!.accessToken), "A token lives on");
    });
  }
});

testAll("sealing the record anew at any point loses nothing", async (rotation) => {
  const build = () => {
    const model = twoCallers({ rotation });
    model.interject("rekey", () => sealAnew(model));
    return model;
  };
  await search(500, build, assertRefreshedOnce);
});

testAll("a slow holder that answers after a takeover does no harm", async (rotation) => {
  const reached = new Set<number>();
  const timers = timersFor(rotation, 2);
  await search(1500, () => twoCallers({ rotation, timers, tick: LATE_MS }), async (model) => {
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

function assertRefreshedOnce(model: Model): void {
  assertEquals(model.provider.requests.length, 1);
  assertEquals([tokenFor(model, "A"), tokenFor(model, "B")], ["a0.1", "a0.1"]);
  assertEquals(model.record?.value.tokens.accessToken, "a0.1");
  assert(isGood(model));
  assertEquals(model.lease, null);
}

/** Callers of another day get a token, or a clear end without the provider being asked again. */
async function assertSettled(model: Model): Promise<void> {
  const { provider } = model;
  const wasGood = isGood(model);
  const outcome = await model.callLater();
  assertExists(model.record, "The record is gone");
  if (wasGood) {
    assert(outcome.kind === "ready", outcome.kind);
    assert(provider.opens(outcome.stored.value.tokens.accessToken, model.clock));
    return;
  }
  assertEquals(outcome.kind, "reauthorize");
  assertEquals(model.record.value.status, "reauthorization_required");
  const asked = provider.requests.length;
  assertEquals((await model.callLater()).kind, "reauthorize");
  assertEquals(provider.requests.length, asked);
}

function assertOneOf(actual: string, expected: string[]): void {
  assert(expected.includes(actual), `Got ${actual}, not ${expected.join(" or ")}`);
}

/** The token that a caller got, or how it went without. */
function tokenFor(model: Model, caller: string): string {
  const outcome = model.outcome(caller);
  assertExists(outcome, `${caller} got no answer`);
  return outcome.kind === "ready" ? outcome.stored.value.tokens.accessToken : outcome.kind;
}

/** Whether what is stored can be refreshed. */
function isGood({ record, provider }: Model): boolean {
  assertExists(record, "The record is gone");
  return record.value.status === "active" && provider.accepts(record.value.tokens.refreshToken!);
}

/** Whether a used refresh token came again, to a provider that ends the grant then. */
function isReuseSeen({ provider }: Model): boolean {
  return provider.rotation === "revokes_reused" && provider.refused.length > 0;
}

/** Whether something was issued to a process that was never stored. */
function hasUnsaved({ provider, stored }: Model, process: string): boolean {
  return provider.issued.some(({ to, accessToken }) =>
    to === process && !stored.includes(accessToken)
  );
}

const REF = { subject: "voice:u", provider: "p", account: "1" } as const;

/** As after a callback: written over whatever is there. */
function reconnect(model: Model): void {
  const { value, version } = model.record!;
  const { holdOffUntil: _over, ...rest } = value;
  const tokens = model.provider.authorize("person", model.clock);
  model.put({ ...rest, status: "active", tokens }, version);
}

/** As after a change of the encryption key: the same content, another version. */
function sealAnew(model: Model): void {
  const { value, version } = model.record!;
  model.put(value, version);
}

/** The real one. */
async function disconnectIt({ store, server, world }: Process): Promise<void> {
  const servers = new Map([[server.name, server]]);
  const deps = { servers, connections: store.connections, world };
  const { subject, provider: service, account } = REF;
  await disconnect(deps as unknown as Parameters<typeof disconnect>[0], {
    subject,
    actor: appActor("voice"),
    service,
    account,
  });
}
