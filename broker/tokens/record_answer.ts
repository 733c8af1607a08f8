/**
 * What becomes of a provider's answer to a refresh. What it issued is nowhere
 * else: it is stored whatever else happens, or taken back.
 *
 * @module
 */

import type { Activity, ActivityActor } from "../core/activity.ts";
import {
  type AuthorizationServer,
  isClientFault,
  type TokenAnswer,
} from "../core/authorization_server.ts";
import type { Connection, TokenSet } from "../core/connection.ts";
import { insist } from "../core/patience.ts";
import type { Store, Stored } from "../core/store.ts";
import { isPermanent } from "../core/store_errors.ts";
import type { LogEvent, World } from "../core/world.ts";
import { endTokens } from "./end_tokens.ts";
import { planWarning } from "./expiry.ts";
import { type Need, tokenSetOf } from "./freshness.ts";
import {
  afterAnswer,
  answerNotKept,
  dueTime,
  outcomeOf,
  type Refreshed,
  sameTokens,
  STORE_PATIENCE_MS,
} from "./refresh_rules.ts";
import type { ProviderNotes } from "./provider_notes.ts";
import { isRefusedForLong } from "./refusals.ts";
import { requireKeepable } from "./size.ts";

/** What recording needs. */
export interface RecordDeps {
  store: Pick<Store, "connections" | "handoffs">;
  notes: ProviderNotes;
  world: World;
  activity: Activity;
}

/** What became of an answer. */
export interface Recorded {
  outcome: Refreshed;
  /** The lease was given back by the commit that stored it. */
  isReleased: boolean;
}

/**
 * Stores an answer, against the record as it is by then. As long as the
 * record still holds the token set that was used, the answer belongs to it,
 * even if the box was sealed anew or the status was set meanwhile; but not where
 * somebody has ended the connection.
 */
export async function recordAnswer(
  deps: RecordDeps,
  server: AuthorizationServer,
  used: Stored<Connection>,
  answer: TokenAnswer,
  need: Need,
): Promise<Recorded> {
  const { store: { connections }, world } = deps;
  deps.notes.answered(server.name, answer);
  const othersAt = await othersAtFor(deps, used.value, answer);
  let current: Stored<Connection> | null = used;
  while (current !== null) {
    const now = world.now();
    if (!sameTokens(current.value, used.value)) {
      world.metrics.refresh(server.name, "superseded");
      return { outcome: outcomeOf(current, now), isReleased: false };
    }
    if (current.value.endedAt !== undefined) {
      await notKept(deps, server, used.value, answer);
      return { outcome: outcomeOf(current, now), isReleased: false };
    }
    const { connection: next, warnAt } = planWarning(
      afterAnswer(current.value, answer, now, { ...need, othersAt }),
      current.value,
      { ends: server.knownEnds, now },
    );
    // What failed ahead of need has its place on the list already.
    const isListed = need.ahead === true && answer.kind === "failed";
    const dueAt = isListed ? undefined : dueTime(next, now, world.random());
    const also = { release: true, dueAt, warnAt, before: current.value };
    const { version } = current;
    let stored: string | null;
    try {
      if (answer.kind === "issued") requireKeepable(next.tokens);
      stored = await whileOut(deps, () => connections.put(next, version, also));
    } catch (error) {
      if (answer.kind !== "issued" || !isPermanent(error)) throw error;
      return await giveUp(deps, server, used, next.tokens, need);
    }
    if (stored !== null) {
      await report(deps, current.value, next, answer);
      return { outcome: outcomeOf({ value: next, version: stored }, now), isReleased: true };
    }
    current = await whileOut(deps, () => connections.get(used.value));
  }
  await notKept(deps, server, used.value, answer);
  return { outcome: { kind: "gone" }, isReleased: false };
}

/** Disconnected meanwhile: it does not come back, and what was issued must not live on. */
async function notKept(
  deps: RecordDeps,
  server: AuthorizationServer,
  used: Connection,
  answer: TokenAnswer,
): Promise<void> {
  deps.world.metrics.refresh(server.name, "gone");
  if (answer.kind !== "issued") return;
  const issued = tokenSetOf(answer.tokens, deps.world.now(), used.tokens);
  await whileOut(deps, () => endTokens(deps, server, used.account, issued));
}

/** What was issued can never be stored: records what is true without it. */
async function giveUp(
  deps: RecordDeps,
  server: AuthorizationServer,
  used: Stored<Connection>,
  issued: TokenSet,
  need: Need,
): Promise<Recorded> {
  const answer = answerNotKept(used.value, issued);
  log(deps.world, "error", "refresh_not_storable", server.name, answer.kind);
  const recorded = await recordAnswer(deps, server, used, answer, need);
  // Unless a person has connected again meanwhile: what they have now may hang on the same grant.
  if (answer.kind === "rejected" && recorded.outcome.kind !== "ready") {
    const { account } = used.value;
    const { kind } = await whileOut(deps, () => endTokens(deps, server, account, issued));
    if (kind !== "revoked") log(deps.world, "warn", "refresh_not_taken_back", server.name, kind);
  }
  return recorded;
}

/** Tries again while KV is out: what was issued is nowhere else. */
async function whileOut<T>({ world }: RecordDeps, work: () => Promise<T>): Promise<T> {
  const again = (error: unknown) => {
    if (isPermanent(error)) return false;
    log(world, "error", "refresh_not_stored_yet");
    return true;
  };
  return await insist(world, work, { forMs: STORE_PATIENCE_MS, longestPauseMs: 5_000, again });
}

/** When others were last refreshed, where that decides what this refusal means. */
async function othersAtFor(
  { notes, world }: RecordDeps,
  connection: Connection,
  answer: TokenAnswer,
): Promise<number | undefined> {
  const matters = answer.kind === "rejected" && !isClientFault(answer.code) &&
    answer.code !== "invalid_grant" && isRefusedForLong(connection, world.now());
  return matters ? await notes.refreshedAt(connection.provider) : undefined;
}

async function report(
  { notes, world, activity }: RecordDeps,
  before: Connection,
  after: Connection,
  answer: TokenAnswer,
): Promise<void> {
  const { provider, status, givenUpUntil } = after;
  const dead = status === "reauthorization_required";
  const outcome = answer.kind === "issued" ? "refreshed" : dead ? status : "failed";
  activity.count(figureOf(after, answer), provider);
  world.metrics.refresh(provider, outcome);
  // It left with an older token set: only a lease that was taken over lets that happen.
  if (status === "moved") log(world, "error", "refresh_answered_late", provider);
  if (answer.kind === "issued") {
    log(world, "info", "refreshed", provider);
    return await notes.refreshed(provider, before.clientRefused === true);
  }
  const detail = answer.kind === "rejected" ? answer.code : answer.reason;
  log(world, "warn", "refresh_failed", provider, detail);
  if (givenUpUntil !== undefined) log(world, "warn", "refresh_given_up", provider, detail);
  const isOver = dead || givenUpUntil !== undefined;
  const wasOver = before.status === status && before.givenUpUntil !== undefined;
  if (isOver && !wasOver) {
    const { subject, account } = after;
    const [at, actor] = [world.now(), PROGRAM];
    activity.note({
      ...{ at, what: "refresh_failed", subject, actor, provider, account },
      outcome: "reauthorization_required",
    });
  }
  if (answer.kind === "rejected" && isClientFault(answer.code)) await notes.clientRefused(provider);
}

const PROGRAM: ActivityActor = { kind: "system", id: "refresh" };

/** As what a refresh is counted. */
function figureOf({ status, givenUpUntil }: Connection, answer: TokenAnswer) {
  if (answer.kind === "issued") return "refreshed";
  if (answer.kind === "rejected" && isClientFault(answer.code)) return "refresh_refused";
  const isOver = status === "reauthorization_required" || givenUpUntil !== undefined;
  return isOver ? "refresh_over" : "refresh_transient";
}

function log(
  world: World,
  level: LogEvent["level"],
  event: string,
  provider?: string,
  detail?: string,
): void {
  world.log({ level, event, provider, detail });
}
