/**
 * Refreshing under every order of events; `tests/support/model/model.ts` says how
 * orders are enumerated. What must hold always is checked there, at every step:
 * no older token set over a newer one, nothing marked dead that the provider
 * has not refused, no token for a caller that is not stored or has ended. Here
 * stands what holds at every end of a scenario.
 */

import { assert, assertEquals, assertExists } from "@std/assert";
import type { TokenAnswer } from "../../../broker/core/authorization_server.ts";
import { Model } from "../../support/model/model.ts";
import type { ModelOptions } from "../../support/model/options.ts";
import type { Rotation } from "../../support/model/provider.ts";
import { explore } from "../../support/model/search.ts";

export const MINUTE_MS = 60_000;
/** Timers this late find every lease lapsed. */
export const LATE_MS = 11_000;

const ROTATIONS = {
  keeps: "that keeps refresh tokens",
  rotates: "that rotates them",
  revokes_reused: "that rotates them and ends a grant at reuse",
} satisfies Record<Rotation, string>;

/** With one request it does not matter what a provider makes of a second one. */
export const rotation = "revokes_reused";

/** One test per kind of provider. */
export function testAll(name: string, run: (rotation: Rotation) => Promise<void>): void {
  for (const rotation of ["keeps", "rotates", "revokes_reused"] satisfies Rotation[]) {
    Deno.test(`${name}, with a provider ${ROTATIONS[rotation]}`, () => run(rotation));
  }
}

/** The strictest provider gets the longest search: each timer more takes ten times as long. */
export function timersFor(rotation: Rotation, most: number): number {
  return rotation === "revokes_reused" ? most : most - 1;
}

export function twoCallers(options: ModelOptions, skew = 0): Model {
  const model = new Model(options);
  model.call("A");
  model.call("B", { skew });
  return model;
}

/** Searches, in `least` runs or more: lest it should go through next to nothing one day. */
export async function search(
  least: number,
  build: () => Model,
  check: (model: Model) => void | Promise<void>,
): Promise<void> {
  const { runs, states, ends, interleavings } = await explore(build, check);
  // For who wants to change a scenario: how far it goes.
  if (Deno.env.has("MODEL_SIZES")) console.log({ runs, states, ends, interleavings });
  assert(runs >= least, `Only ${runs} runs`);
}

export const ANSWERS: Record<string, TokenAnswer> = {
  "5xx": { kind: "failed", reason: "502" },
  invalid_client: { kind: "rejected", code: "invalid_client" },
  invalid_grant: { kind: "rejected", code: "invalid_grant" },
};

/** Two callers of a provider that gives this answer first. */
export function answered(answer: TokenAnswer, options: Omit<ModelOptions, "rotation">): Model {
  const model = twoCallers({ rotation: "rotates", ...options });
  model.provider.answers.push(answer);
  return model;
}

export function assertRefreshedOnce(model: Model): void {
  assertEquals(model.provider.requests.length, 1);
  assertEquals([tokenFor(model, "A"), tokenFor(model, "B")], ["a0.1", "a0.1"]);
  assertEquals(model.store.record?.value.tokens.accessToken, "a0.1");
  assert(isGood(model));
  assertEquals(model.store.lease, null);
}

/** Callers of another day get a token, or a clear end without the provider being asked again. */
export async function assertSettled(model: Model): Promise<void> {
  const { provider } = model;
  const wasGood = isGood(model);
  const outcome = await model.callLater();
  assertExists(model.store.record, "The record is gone");
  if (wasGood) {
    assert(outcome.kind === "ready", outcome.kind);
    assert(provider.opens(outcome.stored.value.tokens.accessToken, model.clock));
    return;
  }
  assertEquals(outcome.kind, "reauthorize");
  assertEquals(model.store.record.value.status, "reauthorization_required");
  const asked = provider.requests.length;
  assertEquals((await model.callLater()).kind, "reauthorize");
  assertEquals(provider.requests.length, asked);
}

export function assertOneOf(actual: string, expected: string[]): void {
  assert(expected.includes(actual), `Got ${actual}, not ${expected.join(" or ")}`);
}

/** The token that a caller got, or how it went without. */
export function tokenFor(model: Model, caller: string): string {
  const outcome = model.outcome(caller);
  assertExists(outcome, `${caller} got no answer`);
  return outcome.kind === "ready" ? outcome.stored.value.tokens.accessToken : outcome.kind;
}

/** Whether what is stored can be refreshed. */
export function isGood({ store: { record }, provider }: Model): boolean {
  assertExists(record, "The record is gone");
  return record.value.status === "active" && provider.accepts(record.value.tokens.refreshToken!);
}

/** Whether a used refresh token came again, to a provider that ends the grant then. */
export function isReuseSeen({ provider }: Model): boolean {
  return provider.rotation === "revokes_reused" && provider.refused.length > 0;
}

/** Whether something was issued to a process that was never stored. */
export function hasUnsaved({ provider, store: { stored } }: Model, process: string): boolean {
  return provider.issued.some(({ to, accessToken }) =>
    to === process && !stored.includes(accessToken)
  );
}
