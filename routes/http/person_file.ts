/**
 * All that is kept of a person as one file of JSON, written out piece by piece:
 * what is long is not held in memory, and has an end.
 *
 * @module
 */

/** The longest file, in bytes. What does not fit is left out, which it says at its end. */
export const MAX_PERSON_FILE = 16 * 1024 * 1024;

/** A name, and what stands under it: a value, a list, or a list that is still being read. */
export type Section = [name: string, value: unknown];

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
