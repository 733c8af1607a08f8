/**
 * One attempt at a tool call: at a provider's API, or at an upstream's server.
 * Does not throw for anything that they do.
 *
 * @module
 */

import { ApiError } from "../providers/provider.ts";
import type { Call, CallDeps, Caller } from "./caller.ts";
import type { CallableEntry, LoadedEntry, UpstreamEntry } from "./catalogue.ts";
import { SILENT_CLIENT } from "./client_side.ts";
import { describe } from "./described.ts";
import { mayBeDone, type Outcome, outcomeOf, withoutSecretsOf } from "./outcome.ts";
import { OwnCall } from "./own_call.ts";
import { conversation } from "./upstream/conversation.ts";
import { UpstreamFault } from "./upstream/fault.ts";
import { withOurLinks } from "./upstream/links.ts";
import { faultOutcome, inputOutcome } from "./upstream_outcome.ts";

/** Calls the tool, once. */
export function attempt(
  deps: CallDeps,
  caller: Caller,
  entry: CallableEntry,
  call: Call,
): Promise<Outcome> {
  return entry.kind === "own"
    ? attemptOwn(deps, caller, entry, call)
    : attemptUpstream(deps, caller, entry, call);
}

async function attemptOwn(
  deps: CallDeps,
  caller: Caller,
  entry: LoadedEntry,
  call: Call,
): Promise<Outcome> {
  const own = new OwnCall(deps, caller, entry, call);
  try {
    const result = await entry.tool.run(own.args as never, own);
    const { standIns } = own;
    const text = standIns.size === 0 ? result.text : [result.text, ...standIns].join("\n");
    const notes = [...result.notes ?? [], ...standIns];
    const data = entry.tool.output.parse(result.data);
    const outcome: Outcome = {
      kind: "result",
      text,
      data: notes.length === 0 ? data : { ...data, notes },
    };
    return withoutSecretsOf(deps.world, entry, outcome, own.secrets);
  } catch (error) {
    const failed = outcomeOf(deps.world, entry, error);
    const operator = error instanceof ApiError ? error.fault.operator : undefined;
    if (operator !== undefined) {
      await deps.broker.misconfigured?.(entry.provider.name, operator, caller.actor);
    }
    const said = error instanceof ApiError ? error.fault.mayBeDone : undefined;
    const isOpen = (said ?? own.api.mayHaveChanged()) && !describe(entry).repeatable;
    return withoutSecretsOf(deps.world, entry, isOpen ? mayBeDone(failed) : failed, own.secrets);
  } finally {
    own.end();
  }
}

async function attemptUpstream(
  { world }: CallDeps,
  { subject, actor }: Caller,
  entry: UpstreamEntry,
  { args, asker: { signal }, onprogress, client = SILENT_CLIENT, served }: Call,
): Promise<Outcome> {
  const { upstream, tool } = entry;
  // What is sent along must not come back.
  const tokens = new Set(upstream.secrets);
  // Of its own: the client would cancel what was answered when the caller's signal ends later.
  // And what changes something goes on without its caller.
  const stop = new AbortController();
  const hangUp = () => stop.abort();
  if (tool.readOnly) signal.addEventListener("abort", hangUp, { once: true });
  try {
    const { spec } = upstream;
    const { capabilities, input, log } = client;
    const called = await upstream.call(tool, args, {
      ...{ subject, actor, tokens, served, capabilities, signal: stop.signal, caller: signal },
      ...{ onprogress, input, logLevel: log?.least },
      ...conversation({ world, spec, client, secrets: tokens, caller: signal }),
    });
    const outcome: Outcome = called.kind === "result"
      ? { kind: "upstream", result: withOurLinks(called.result, entry.toOurs) }
      : inputOutcome(entry, called.input);
    return withoutSecretsOf(world, entry, outcome, tokens);
  } catch (error) {
    const outcome = error instanceof UpstreamFault
      ? faultOutcome(world, entry, error, tokens)
      : outcomeOf(world, entry, error);
    return withoutSecretsOf(world, entry, outcome, tokens);
  } finally {
    signal.removeEventListener("abort", hangUp);
  }
}
