/**
 * The trail of a connect: a line in the log for each of its steps, one record of all of them for the
 * operator, and where it came to nothing an entry in the person's record. They are tied together by
 * an id that stands in the link and in what was begun with it. It is no secret, and opens nothing.
 *
 * That a link was made is kept in the link alone until somebody opens it: links are made for
 * whatever is not connected, as often as it is asked for, and most of them nobody ever sees.
 *
 * @module
 */

import type { Activity, ActivityActor } from "../core/activity.ts";
import type { Step, TrailStep } from "../core/connect_trail.ts";
import { type Actor, personActor } from "../core/actor.ts";
import { loggedId } from "../core/logged_id.ts";
import { type Reason, reasonOf } from "../core/refusal.ts";
import { digest } from "../core/secrets.ts";
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
  /** That its link was made. */
  made?: TrailStep | undefined;
}

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

/**
 * The trail of what an app brings again and again until it is taken: one a day for each account, so
 * that a thousand tries of an import are one record.
 */
export function dailyTrail(
  { now }: Pick<World, "now">,
  { subject, provider, account = "" }: {
    subject: Subject;
    provider: string;
    account?: string | undefined;
  },
): string {
  const day = Math.floor(now() / 86_400_000);
  const known = digest(JSON.stringify(["trail", day, subject, provider, account]));
  return `c-${known.toLowerCase().replaceAll(/[^0-9a-v]/g, "").slice(0, DIGITS)}`;
}

/** Notes a step that was taken. */
export function noteStep(
  deps: TrailDeps,
  on: OnTrail,
  step: Exclude<Step, "failed">,
  more: Record<string, string | number | undefined> = {},
): void {
  deps.world.log({ level: "info", event: "connect", step, ...lineOf(on), ...more });
  keep(deps, on, { step });
}

/** Notes an end that is none of those wanted; of what is no end nothing is noted. */
export function noteFailure(deps: TrailDeps, on: OnTrail, error: unknown): void {
  const reason = reasonOf(error);
  if (reason !== undefined && isNoEnd(reason)) return;
  noteEnd(deps, on, failureOf(reason), { detail: detailOf(reason) });
}

/** A connect by what an app hands over, from one request to its answer. */
export class ConnectByApp {
  #isReceived = false;

  constructor(private readonly deps: TrailDeps, private readonly on: OnTrail) {}

  /** There is something to be done with it. */
  received(): void {
    if (this.#isReceived) return;
    this.#isReceived = true;
    noteStep(this.deps, this.on, "received");
  }

  checked(): void {
    noteStep(this.deps, this.on, "checked");
  }

  connected(): void {
    noteStep(this.deps, this.on, "connected");
  }

  /** Does it; where that fails, it is noted. */
  async noted<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.received();
      noteFailure(this.deps, this.on, error);
      throw error;
    }
  }
}

/** Notes such an end by its code. */
export function noteEnd(
  deps: TrailDeps,
  on: OnTrail,
  outcome: string,
  { detail, by }: {
    detail?: string | undefined;
    /** Who ended it, where that is not whoever began it. */
    by?: ActivityActor | undefined;
  } = {},
): void {
  const { subject, actor, provider, service } = on;
  deps.world.log({
    level: "warn",
    ...{ event: "connect", step: "failed", ...lineOf(on), error: outcome, detail },
  });
  keep(deps, on, { step: "failed", error: outcome, detail });
  if (subject === undefined) return;
  deps.activity?.note({
    ...{ at: deps.world.now(), what: "connect_failed", subject, provider, service, outcome },
    actor: by ?? actor ?? personActor(subject),
  });
}

/** Into the record of the connect. Of a sign-in there is none: nobody knows yet whose it would be. */
function keep(
  { world, activity }: TrailDeps,
  { trail: id, subject, actor, provider, service, made: before }: OnTrail,
  step: Pick<TrailStep, "step" | "error" | "detail">,
): void {
  if (activity === undefined || id === undefined || subject === undefined) return;
  const taken = { at: world.now(), requestId: activity.requestId(), ...step };
  const { kind, id: by, name } = actor ?? personActor(subject);
  activity.step({
    ...{ id, subject, actor: { kind, id: by, name }, provider, service, taken, before },
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
    // Of what kind it was, and what was wrong with it.
    case "key_refused":
      return `${reason.what === "api_key" ? "key" : "client"}_${reason.why}`;
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
