/**
 * Many callers at once, who behave as good clients do: who loses the process
 * asks another one, who is told to wait waits.
 *
 * @module
 */

import { type Answer, ask, token, type Worker } from "./fleet.ts";

/** A caller gives up after this. */
const PATIENCE_MS = 45_000;
const RECONNECT_MS = 100;

/** What a caller wants, and where it asks first. */
export interface Caller {
  /** Also the name of the user. */
  account: string;
  via: "token" | "tool";
  worker: number;
}

/** How it came out for one caller. */
export interface Outcome {
  caller: Caller;
  kind: "token" | "events" | "reauthorize" | "refused" | "gave_up";
  /** The provider token, for who asked for it. */
  token?: string;
  expiresAt?: number;
  connectUrl?: string;
  /** What was not understood, or whose calendar it was. */
  detail?: string;
  waitMs: number;
}

/** What callers saw on their way, over all of them. */
export class Sightings {
  serverErrors = 0;
  withRetryAfter = 0;
  locked = 0;
  /** Connections that broke because a process died. */
  broken = 0;

  look({ status, json }: Answer): void {
    const text = JSON.stringify(json);
    if (/is locked|store_unavailable/.test(text)) this.locked += 1;
    if (status >= 500 || retryAfterOf(json) !== undefined) {
      this.serverErrors += 1;
      if (retryAfterOf(json) !== undefined) this.withRetryAfter += 1;
    }
  }
}

/** Releases all callers at once; `look` sees each outcome as soon as it is there. */
export async function release(
  workers: Worker[],
  callers: Caller[],
  sightings: Sightings,
  look: (outcome: Outcome) => void = () => {},
): Promise<Outcome[]> {
  return await Promise.all(callers.map(async (caller) => {
    const outcome = await call(workers, caller, sightings);
    look(outcome);
    return outcome;
  }));
}

async function call(workers: Worker[], caller: Caller, seen: Sightings): Promise<Outcome> {
  const start = performance.now();
  const waited = () => performance.now() - start;
  for (let turn = caller.worker; waited() < PATIENCE_MS;) {
    let answer: Answer;
    try {
      answer = await once(workers[turn % workers.length]!, caller);
    } catch {
      seen.broken += 1;
      turn += 1;
      await pause(RECONNECT_MS);
      continue;
    }
    seen.look(answer);
    const retryAfter = retryAfterOf(answer.json);
    if (retryAfter === undefined) {
      return { caller, ...outcomeOf(caller, answer), waitMs: waited() };
    }
    await pause(retryAfter * 1000);
  }
  return { caller, kind: "gave_up", waitMs: waited() };
}

function once(worker: Worker, { account, via }: Caller): Promise<Answer> {
  if (via === "token") return token(worker, account);
  const params = { name: "calendar_list_events", arguments: { time_zone: "UTC" } };
  return ask(`${worker.url}/mcp`, { jsonrpc: "2.0", id: 1, method: "tools/call", params }, account);
}

function retryAfterOf(json: Answer["json"]): number | undefined {
  return json.retry_after ?? json.result?.structuredContent?.retry_after;
}

function outcomeOf({ via }: Caller, { status, json }: Answer): Omit<Outcome, "caller" | "waitMs"> {
  const said = via === "token" ? json : json.result?.structuredContent ?? {};
  if (said.error === "reauthorization_required") {
    return { kind: "reauthorize", connectUrl: said.connect_url };
  }
  if (via === "token" && status === 200) {
    return { kind: "token", token: json.access_token, expiresAt: json.expires_at };
  }
  const title = said.events?.[0]?.title;
  if (title !== undefined) return { kind: "events", detail: title };
  return { kind: "refused", detail: JSON.stringify(json).slice(0, 300) };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The value below which `part` of all lie; 0 for none. */
export function percentile(values: number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
