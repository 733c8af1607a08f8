/**
 * One tool call, whatever protocol it came by: its arguments, its time, and
 * that it is made once. `attempt.ts` makes it.
 *
 * @module
 */

import { andThen, type Awaitable } from "../broker/core/awaitable.ts";
import type { Remembered } from "../broker/core/call.ts";
import { deadlineIn, until } from "../broker/core/deadline.ts";
import { kindOf } from "../broker/core/own_words.ts";
import { plainWord } from "../broker/core/shown_name.ts";
import { wordsOf } from "../broker/core/words.ts";
import { StoreError, VaultError } from "../broker/core/store_errors.ts";
import { readArguments } from "./arguments/read.ts";
import { attempt } from "./attempt.ts";
import { type Call, CALL_TIMEOUT_MS, type CallDeps, type Caller, type ServedBy } from "./caller.ts";
import { noteCall, noteEnd, withinSpan } from "./note_call.ts";
import type { AnyEntry, CallableEntry, CatalogueEntry } from "./catalogue.ts";
import { describe } from "./described.ts";
import { spoken } from "./spoken.ts";
import { isFinal, type Outcome, outcomeOf, repetitionOf } from "./outcome.ts";

export { CALL_TIMEOUT_MS };
export type { Call, CallDeps, Caller };
export type { CallProgress } from "./caller.ts";

/**
 * Calls a tool for a caller; `entry` is what the caller's name for it means.
 * Does not throw for anything a caller or a provider did.
 */
export function callTool(
  deps: CallDeps,
  caller: Caller,
  entry: AnyEntry | undefined,
  call: Omit<Call, "onprogress" | "served">,
  onprogress?: Call["onprogress"],
): Awaitable<Outcome> {
  const { name } = call;
  if (entry === undefined && caller.denied?.has(name)) {
    const reason = { code: "tool_not_allowed" as const, tool: plainWord(name, 80) };
    return { kind: "error", code: reason.code, text: wordsOf(reason).description };
  }
  if (entry === undefined) {
    if (caller.request !== undefined) caller.request.error = "unknown_tool";
    return { kind: "unknown_tool", text: `Unknown tool: ${plainWord(name, 80)}` };
  }
  if (caller.refused !== undefined) return outcomeOf(deps.world, entry, caller.refused);
  const served: ServedBy = { account: undefined };
  const { activity } = deps;
  const { spans } = deps.world;
  const run = () => inTime(deps, caller, entry, { ...call, onprogress, served });
  const running = spans === undefined ? run() : withinSpan(spans, caller, entry, run, call);
  return andThen(running, (outcome) => {
    noteEnd(caller.request, outcome);
    if (activity !== undefined) noteCall(deps, activity, caller, entry, served, outcome);
    return outcome;
  });
}

/** As long as the caller waits. */
function inTime(
  deps: CallDeps,
  caller: Caller,
  entry: AnyEntry,
  call: Call,
): Awaitable<Outcome> {
  const { timeoutMs } = caller;
  return timeoutMs === undefined
    ? run(deps, caller, entry, call)
    : inLimitedTime(deps, { ...caller, timeoutMs }, entry, call);
}

/** What changes something goes on when the time is over; what reads is given up. */
async function inLimitedTime(
  deps: CallDeps,
  caller: Caller & { timeoutMs: number },
  entry: AnyEntry,
  call: Call,
): Promise<Outcome> {
  const [stop, answered] = [new AbortController(), new AbortController()];
  const signal = AbortSignal.any([call.asker.signal, answered.signal]);
  const running = run(deps, caller, entry, { ...call, asker: { signal } });
  const { title, readOnly } = describe(entry);
  const text = readOnly
    ? `${title} takes longer than usual. Try again in a moment.`
    : `${title} takes longer than usual. It may still be done: ask again in a moment.`;
  const late: Outcome = { kind: "error", code: "timeout", text };
  const waiting = deps.world.sleep(caller.timeoutMs, stop.signal).then(() => late);
  return await Promise.race([running, waiting]).finally(() => {
    stop.abort();
    answered.abort();
  });
}

/** With its code, which may have to be loaded. */
function run(
  deps: CallDeps,
  caller: Caller,
  entry: AnyEntry,
  call: Call,
): Awaitable<Outcome> {
  if (entry.kind !== "own") return runWithArguments(deps, caller, entry, call);
  const { made } = entry.load;
  return made === undefined
    ? runLater(deps, caller, entry, call)
    : runWithArguments(deps, caller, made, call);
}

async function runLater(
  deps: CallDeps,
  caller: Caller,
  entry: CatalogueEntry,
  call: Call,
): Promise<Outcome> {
  const callable = await loaded(deps, entry);
  if (callable !== undefined) return await runWithArguments(deps, caller, callable, call);
  const text = `${describe(entry).title} could not be used just now: its tools could not be ` +
    "loaded. Nothing was done. Try again in a moment.";
  return { kind: "error", code: "server_error", text };
}

/** With arguments that are right. */
function runWithArguments(
  deps: CallDeps,
  caller: Caller,
  entry: CallableEntry,
  call: Call,
): Awaitable<Outcome> {
  const read = readArguments(entry, call.args);
  if (read.kind === "fault") return { kind: "error", code: "invalid_arguments", text: read.text };
  const running = runOnce(deps, caller, entry, { ...call, args: read.args });
  return caller.voice === true ? running.then(spoken) : running;
}

/** A tool with its code; `undefined` where that cannot be loaded, and not in time. */
async function loaded({ world }: CallDeps, entry: CatalogueEntry) {
  using deadline = deadlineIn(world, CALL_TIMEOUT_MS);
  try {
    return await until(deadline.signal, entry.load());
  } catch (error) {
    const { name: tool } = describe(entry);
    world.log({ level: "error", event: "tools_not_loaded", tool, detail: kindOf(error) });
    return undefined;
  }
}

/** What is not idempotent is not done twice for the same key. */
function runOnce(
  deps: CallDeps,
  caller: Caller,
  entry: CallableEntry,
  call: Call,
): Promise<Outcome> {
  return describe(entry).repeatable
    ? attempt(deps, caller, entry, call)
    : runRemembered(deps, caller, entry, call);
}

async function runRemembered(
  deps: CallDeps,
  caller: Caller,
  entry: CallableEntry,
  call: Call,
): Promise<Outcome> {
  const { name: tool } = describe(entry);
  const { subject, actor, idempotencyKey } = caller;
  const key = idempotencyKey === undefined
    ? { kind: call.countsCalls ? "id" as const : "running" as const, text: JSON.stringify(call.id) }
    : { kind: "header" as const, text: idempotencyKey };
  using deadline = deadlineIn(deps.world, CALL_TIMEOUT_MS);
  try {
    const remembered = await deps.broker.once(
      { subject, actor, key, tool, args: call.args },
      () => attempt(deps, caller, entry, call),
      isFinal,
      AbortSignal.any([call.asker.signal, deadline.signal]),
    );
    if (remembered.kind === "outcome") {
      const { outcome, repeated } = remembered;
      if (!repeated) return outcome;
      // Who brings a key knows that it repeats, and compares answers perhaps.
      const inWords = caller.voice === true || key.kind !== "header";
      return repetitionOf(outcome, inWords);
    }
    const { code, text } = REPEATED[remembered.kind];
    return { kind: "error", code, text: `${describe(entry).title}: ${text}` };
  } catch (error) {
    const outcome = outcomeOf(deps.world, entry, error);
    // Once a call has run, its outcome comes back whatever happens to the store.
    const notRun = error instanceof StoreError || error instanceof VaultError;
    return outcome.kind === "error" && notRun
      ? { ...outcome, text: `Nothing was done by this call. ${outcome.text}` }
      : outcome;
  }
}

/** What is said of a call that was not run because the same one was begun before. */
const REPEATED: Record<
  Exclude<Remembered<unknown>["kind"], "outcome">,
  { code: string; text: string }
> = {
  mismatch: {
    code: "idempotency_key_reused",
    text: "This Idempotency-Key was used for another call. Take a new one.",
  },
  running: {
    code: "still_running",
    text: "The same call is still running. Ask again in a moment.",
  },
  cut_off: {
    code: "may_have_been_done",
    text: "This may have been done already: the same call was begun and then cut off. " +
      "Look first; to do it again, make a new call, with a new Idempotency-Key if you use one.",
  },
  too_long: {
    code: "done_not_kept",
    text: "This was done already. Its answer was too long to be kept: look up what came of it.",
  },
};
