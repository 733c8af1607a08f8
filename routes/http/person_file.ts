/**
 * All that is kept of a person as one file of JSON, written out piece by piece:
 * what is long is not held in memory, and has an end.
 *
 * @module
 */

import {
  type ActivityReader,
  type ActivityView,
  LONGEST_ACTIVITY_PAGE,
} from "../../broker/core/activity.ts";
import type { Reach } from "../../broker/core/reach.ts";
import type { Subject } from "../../broker/core/subject.ts";
import type { Broker } from "../../broker/broker.ts";

/** The longest file, in bytes. What does not fit is left out, which it says at its end. */
export const MAX_PERSON_FILE = 16 * 1024 * 1024;

/** A name, and what stands under it: a value, a list, or a list that is still being read. */
export type Section = [name: string, value: unknown];

/** All that there is of a person; of what they did nothing for a key of some services alone. */
export async function sectionsOf(
  { broker, activity }: { broker: Pick<Broker, "personData">; activity: ActivityReader },
  { subject, reach }: { subject: Subject; reach?: Reach },
): Promise<Section[]> {
  const data = Object.entries(await broker.personData({ subject, reach }));
  return reach === undefined ? [...data, ["activity", activityOf(activity, subject)]] : data;
}

async function* activityOf(activity: ActivityReader, subject: Subject): AsyncGenerator<unknown> {
  let before: string | undefined;
  do {
    const page = await activity.page(subject, { limit: LONGEST_ACTIVITY_PAGE, before });
    yield* page.entries.map(shown);
    before = page.next;
  } while (before !== undefined);
}

/** By whom, as people know it: an id may be that of a token. */
function shown({ actor: { kind, name }, at, since, ...rest }: ActivityView) {
  const { what, count, provider, service, account, tool, app, outcome } = rest;
  return {
    ...{ at, since, count, what, by: { kind, name } },
    ...{ provider, service, account, tool, app, outcome },
  };
}

/** The file as an answer that browsers save. */
export function personFile(sections: Section[], most = MAX_PERSON_FILE): Response {
  const body = ReadableStream.from(bounded(sections, most)).pipeThrough(new TextEncoderStream());
  return new Response(body, {
    headers: {
      "Content-Type": "application/json; charset=utf-8",
      "Content-Disposition": 'attachment; filename="switchboard-data.json"',
      "Cache-Control": "no-store",
    },
  });
}

async function* bounded(sections: Section[], most: number): AsyncGenerator<string> {
  let left = most;
  /** UTF-16 units have at most three bytes each. */
  const fits = (text: string) => (left -= 3 * text.length) >= 0;
  let isTruncated = false;
  yield "{";
  for (const [name, value] of sections) {
    yield `${JSON.stringify(name)}:`;
    if (!isList(value)) {
      const text = JSON.stringify(value) ?? "null";
      isTruncated ||= !fits(text);
      yield isTruncated ? "null" : text;
    } else {
      let separator = "[";
      for await (const item of value) {
        const text = JSON.stringify(item);
        isTruncated ||= !fits(text);
        if (isTruncated) break;
        yield separator + text;
        separator = ",";
      }
      yield separator === "[" ? "[]" : "]";
    }
    yield ",\n";
  }
  yield `"truncated":${isTruncated}}\n`;
}

function isList(value: unknown): value is Iterable<unknown> | AsyncIterable<unknown> {
  return Array.isArray(value) ||
    (typeof value === "object" && value !== null && Symbol.asyncIterator in value);
}
