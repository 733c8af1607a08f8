/**
 * The trail of a connect: a line in the log for each of its steps, and where it came to nothing an
 * entry in the person's record. They are tied together by an id that stands in the link and in what
 * was begun with it. It is no secret, and opens nothing.
 *
 * @module
 */

import type { Activity } from "../core/activity.ts";
import { type Actor, personActor } from "../core/actor.ts";
import { loggedId } from "../core/logged_id.ts";
import { type Reason, reasonOf } from "../core/refusal.ts";
import type { Subject } from "../core/subject.ts";
import type { World } from "../core/world.ts";

/** What is known of the connect that a step is of. */
export interface OnTrail {
  /** Absent in records of earlier versions. */
  trail?: string | undefined;
  /** Absent in a sign-in. */
  subject?: Subject | undefined;
  actor?: Actor | undefined;
  provider: string;
  service?: string | undefined;
}

/** The steps, in their order; the last four are ends. */
export type Step =
  | "link_made"
  | "link_opened"
  | "set_out"
  | "came_back"
  | "connected"
  /** It waits for its app to claim it. */
  | "handed_off"
  | "claimed"
  | "failed";

/** Where steps are noted. */
export interface TrailDeps {
  world: Pick<World, "log" | "now">;
  activity?: Activity | undefined;
}

const DIGITS = 10;

/** A new trail: 50 bits by chance. Whoever guesses one has a word, and nothing that it opens. */
export function newTrail({ random }: Pick<World, "random">): string {
  const digits = Array.from({ length: DIGITS }, () => Math.floor(random() * 32).toString(32));
  return `c-${digits.join("")}`;
}

/** Notes a step that was taken. */
export function noteStep(
  { world }: TrailDeps,
  on: OnTrail,
  step: Exclude<Step, "failed">,
  more: Record<string, string | number | undefined> = {},
): void {
  world.log({ level: "info", event: "connect", step, ...lineOf(on), ...more });
}

/** Notes an end that is none of those wanted; of what is no end nothing is noted. */
export function noteFailure(deps: TrailDeps, on: OnTrail, error: unknown): void {
  const reason = reasonOf(error);
  if (reason !== undefined && isNoEnd(reason)) return;
  noteEnd(deps, on, failureOf(reason), detailOf(reason));
}

/** Notes such an end by its code. */
export function noteEnd(deps: TrailDeps, on: OnTrail, outcome: string, detail?: string): void {
  const { subject, actor, provider, service } = on;
  deps.world.log({
    level: "warn",
    ...{ event: "connect", step: "failed", ...lineOf(on), error: outcome, detail },
  });
  if (subject === undefined) return;
  deps.activity?.note({
    ...{ at: deps.world.now(), what: "connect_failed", subject, provider, service, outcome },
    actor: actor ?? personActor(subject),
  });
}

/** The code of a failure: the nearest that is known, in letters of ours. */
export function failureOf(reason: Reason | undefined): string {
  if (reason === undefined) return "server_error";
  switch (reason.code) {
    case "provider_refused":
      return reason.why ?? reason.providerCode.replaceAll(" ", "_").slice(0, LONGEST_CODE);
    case "not_keepable":
      return reason.why ?? reason.code;
    default:
      return reason.code;
  }
}

/** The record keeps no longer ones. */
const LONGEST_CODE = 40;

/** In words of this program: of a provider's own only its code is known, which stands in the code. */
function detailOf(reason: Reason | undefined): string | undefined {
  if (reason?.code === "not_keepable") return reason.detail;
  return reason?.code === "provider_refused" ? reason.cause : undefined;
}

/** It was done before, or goes on after a sign-in. */
function isNoEnd(reason: Reason): boolean {
  return reason.code === "link_done" || reason.code === "sign_in_needed" ||
    (reason.code === "state_invalid" && reason.done === true);
}

function lineOf({ trail: connect_id, subject, actor, provider, service }: OnTrail) {
  return {
    connect_id,
    provider,
    service,
    subject: subject && loggedId(subject),
    actor: actor && loggedId(`${actor.kind} ${actor.id}`),
  };
}
