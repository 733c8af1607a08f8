/**
 * How many people have a connection: each subject has a number of its own, of
 * its connections that are counted, and who changes that from nothing or to
 * nothing changes the number of people in the same commit.
 *
 * Nothing is counted for subjects that nobody can act for (`~import:…`).
 *
 * @module
 */

import type { Subject } from "../broker/core/subject.ts";
import { countingKey, peopleKey, subjectKey } from "./keys.ts";
import type { PartialChange, Records } from "./records.ts";

/** Whether a subject is somebody. */
export function isSomebody(subject: Subject): boolean {
  return !subject.startsWith("~");
}

/** So many connections more of a subject, or fewer: right as long as its checks hold. */
export async function peopleChange(
  records: Records,
  { subject, counting, by }: { subject: Subject; counting: string; by: number },
): Promise<PartialChange> {
  const key = subjectKey(subject, counting);
  const found = await records.get<number>(key);
  const before = found?.value ?? 0;
  const after = Math.max(0, before + by);
  const people = Math.sign(after) - Math.sign(before);
  return {
    checks: [{ key, version: found?.version ?? null }],
    sets: after === 0 ? [] : [{ key, value: after }],
    deletes: after === 0 && found !== null ? [key] : [],
    sums: people === 0 ? [] : [{ key: peopleKey(counting), by: people }],
  };
}

/**
 * Which counting is the latest. It hardly ever changes: a process asks once, and checks with each
 * new connection that it is still so.
 */
export class LatestCounting {
  readonly #records: Records;
  #known: Known | undefined;

  constructor(records: Records) {
    this.#records = records;
  }

  /** `name` is `undefined` where nothing is counted yet. */
  async get(): Promise<{ name: string | undefined; check: PartialChange["checks"][number] }> {
    const { name, version } = this.#known ?? await this.#ask();
    return { name, check: { key: countingKey, version } };
  }

  /** Whether it has changed since it had this version; it is asked for anew, by each who wants to know. */
  async hasChanged(since: string | null): Promise<boolean> {
    return (await this.#ask()).version !== since;
  }

  /** What is known may be older again where two ask at once: then the next write asks once more. */
  async #ask(): Promise<Known> {
    const found = await this.#records.get<string>(countingKey);
    return this.#known = { name: found?.value, version: found?.version ?? null };
  }
}

/** The latest counting, as it was read. */
interface Known {
  name: string | undefined;
  version: string | null;
}
