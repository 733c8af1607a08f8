/**
 * {@linkcode Records} whose reads and commits stand in the trace of what they are done for: that they
 * were, and how long they took with waiting for their turn. Never a key, since it names people.
 *
 * @module
 */

import type { SpanEnd, Spans } from "../broker/core/world.ts";
import type { Range, RecordKey, Records } from "./records.ts";

/** The same records, traced. */
export function traced(records: Records, spans: Pick<Spans, "part">): Records {
  const part = (operation: string) =>
    spans.part(`kv ${operation}`, {
      "db.system.name": "deno.kv",
      "db.operation.name": operation,
    });
  return {
    ...records,
    get: <T>(key: RecordKey) => through(part("get"), () => records.get<T>(key)),
    near: <T>(prefix: RecordKey) => through(part("list"), () => records.near<T>(prefix)),
    commit: (change) => through(part("commit"), () => records.commit(change)),
    async *list<T>(range: Range) {
      const end = part("list");
      let failure: string | undefined;
      try {
        yield* records.list<T>(range);
      } catch (error) {
        failure = FAILED;
        throw error;
      } finally {
        // With the last entry, or as soon as nobody wants another.
        end(failure);
      }
    },
  };
}

/** Why, is in the log: what a database throws may name anything. */
const FAILED = "store_unavailable";

async function through<T>(end: SpanEnd, work: () => Promise<T>): Promise<T> {
  let failure: string | undefined = FAILED;
  try {
    const result = await work();
    failure = undefined;
    return result;
  } finally {
    end(failure);
  }
}
