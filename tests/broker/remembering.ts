/**
 * Processes that remember calls in one database, by a clock that is moved by
 * hand and a store that fails.
 *
 * @module
 */

import type { CallKey } from "../../broker/core/call.ts";
import type { Store } from "../../broker/core/store.ts";
import { RememberedCalls } from "../../broker/remembered_calls.ts";
import { sweepExpired } from "../../vault/expired.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { rekey } from "../../vault/rekey.ts";
import { createStore } from "../../vault/store.ts";
import { failing, type Faults } from "../support/failing_store.ts";
import { handWorld } from "../support/hand_world.ts";
import { memoryRecords } from "../support/memory_records.ts";

/** By its `Idempotency-Key`. */
export const HEADER: CallKey = {
  subject: "voice:u",
  actor: { kind: "app", id: "voice" },
  key: { kind: "header", text: "k" },
  tool: "create_issue",
  args: { title: "Once" },
};
/** By its JSON-RPC id. */
export const BY_ID: CallKey = { ...HEADER, key: { kind: "id", text: "7" } };
/** The same id, of a client whose ids begin anew with each of its processes. */
export const RUNNING: CallKey = { ...HEADER, key: { kind: "running", text: "7" } };
/** More often than anybody tries. */
const ALWAYS = 1_000_000;

type Operation = (...args: unknown[]) => Promise<unknown>;

/** A process: one that is over asks the store for nothing any more, and `before` keeps it waiting. */
export interface Life {
  over: boolean;
  before?: (verb: string) => Promise<void>;
}

/** One database, and as many processes as a test likes, all by one clock. */
export async function start() {
  let underWay = 0;
  const world = handWorld(() => underWay > 0);
  const records = memoryRecords();
  const spec = (id: string) => ({ id, bytes: crypto.getRandomValues(new Uint8Array(32)) });
  const [k1, k2] = [spec("k1"), spec("k2")];
  const ring = await importKeyRing([k1, k2]);
  const points: Faults = new Map();
  const { calls } = failing(createStore(records, ring, world), points);
  const process = (life: Life = { over: false }) => {
    const operations = Object.entries(calls as unknown as Record<string, Operation>).map(
      ([verb, run]): [string, Operation] => [verb, async (...args) => {
        await life.before?.(verb);
        if (life.over) return await new Promise(() => {});
        underWay++;
        return await run(...args).finally(() => underWay--);
      }],
    );
    const store = { calls: Object.fromEntries(operations) as unknown as Store["calls"] };
    return new RememberedCalls({ store, world });
  };
  let runs = 0;
  const here = process();
  let repeats = 0;
  /** A call; `ends` says how it ends and when. */
  const call = async (
    key: CallKey,
    ends: () => Promise<unknown> = () => Promise.resolve(`done ${runs}`),
    { at = here, keep = true, signal = new AbortController().signal } = {},
  ) => {
    const remembered = await at.once(key, () => (runs++, ends()), () => keep, signal);
    if (remembered.kind !== "outcome") return remembered;
    if (remembered.repeated) repeats++;
    return outcome(remembered.outcome);
  };
  const outOf = (...verbs: string[]) => {
    for (const verb of verbs) points.set(`calls.${verb}`, ALWAYS);
  };
  return {
    world,
    records,
    points,
    process,
    here,
    call,
    outOf,
    /** Nobody waits for the first call any longer than for an answer now. */
    ask: (key: CallKey, at = process()) =>
      call(key, undefined, { at, signal: AbortSignal.abort() }),
    sweep: () => sweepExpired(records, world.now()),
    rekey: async () => await rekey(records, await importKeyRing([k2, k1]), world),
    logged: (event: string) => world.events.filter((entry) => entry.event === event).length,
    get runs() {
      return runs;
    },
    /** Outcomes that were said to be of an earlier call. */
    get repeats() {
      return repeats;
    },
  };
}

/** What a call came to. */
export function outcome(text: unknown) {
  return { kind: "outcome" as const, outcome: text };
}
