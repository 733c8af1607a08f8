/**
 * Writes down the steps of connects: one record for each connect, which grows. Processes go on with
 * it one after the other; who was slower reads it again.
 *
 * @module
 */

import { type ConnectTrail, type TrailNote, withStep } from "../broker/core/connect_trail.ts";
import { saidOf } from "../broker/core/own_words.ts";
import { sideBySide } from "../broker/core/side_by_side.ts";
import type { TrailStore } from "../broker/core/store.ts";
import { reasonOf } from "../broker/core/refusal.ts";
import { insistOn, type WriterDeps } from "./chain_writer.ts";

/** What writing needs. */
export interface TrailWriterDeps {
  store: { trails: TrailStore };
  world: WriterDeps["world"];
}

const CONCURRENCY = 8;
/** So many processes may be faster, one after the other, before a step is left out. */
const MOST_TRIES = 10;

/** Does not reject: what cannot be kept is in the log, and so are the steps themselves. */
export async function writeSteps(deps: TrailWriterDeps, notes: TrailNote[]): Promise<void> {
  const byTrail = Map.groupBy(notes, ({ id }) => id);
  await sideBySide(byTrail.entries(), CONCURRENCY, async ([id, own]) => {
    try {
      await insistOn(deps.world, () => write(deps.store.trails, id, own));
    } catch (error) {
      const detail = saidOf(error);
      deps.world.log({ level: "warn", event: "connect_not_recorded", connect_id: id, detail });
    }
  });
}

async function write(trails: TrailStore, id: string, notes: TrailNote[]): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const stored = await trails.read(id);
    let trail: ConnectTrail | undefined = stored?.value;
    for (const note of notes) trail = withStep(trail, note);
    if (trail === undefined || trail === stored?.value) return;
    const references = referencesIn(trail, stored?.value);
    try {
      if (await trails.write(trail, stored?.version ?? null, references)) return;
    } catch (error) {
      // Nothing new is kept of whoever was deleted a moment ago.
      if (reasonOf(error)?.code === "user_deleted") return;
      throw error;
    }
  }
  throw new Error("Others were always faster");
}

/** By these it is asked for: what failed has shown its request's id to somebody. */
function referencesIn(trail: ConnectTrail, before: ConnectTrail | undefined): string[] {
  const failed = ({ steps }: ConnectTrail) =>
    steps.flatMap(({ step, requestId }) => step === "failed" ? requestId ?? [] : []);
  const known = new Set(before && failed(before));
  return failed(trail).filter((id) => !known.has(id));
}
