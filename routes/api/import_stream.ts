/**
 * NDJSON in and out: a line is read when a place is free for it, and answered
 * when it is done. Nothing is gathered on the way, so that a hundred thousand
 * lines take no more memory than ten; whoever does not read its answers is not
 * read from either.
 *
 * @module
 */

import { BrokenOff, readLines } from "../../broker/core/bodies.ts";
import { silenceLimit, until } from "../../broker/core/deadline.ts";
import { kindOf } from "../../broker/core/own_words.ts";
import { sideBySide } from "../../broker/core/side_by_side.ts";
import type { World } from "../../broker/core/world.ts";
import type { ImportAnswer, ImportEnd } from "./answers/import.ts";

/** Items of one import that are under way at a time. */
export const IMPORTED_AT_A_TIME = 8;
/** Bytes of a line: as much as a token set, and the rest of the item. */
export const MAX_IMPORT_LINE = 272 * 1024;
/** Lines of one import. */
export const MAX_IMPORT_LINES = 100_000;
/** Nothing is sent, or no answer is taken, for so long: the import ends. */
export const IMPORT_SILENCE_MS = 60_000;

const TYPE = "application/x-ndjson";

/** Whether a request brings lines. */
export function isLines({ headers }: Request): boolean {
  return headers.get("Content-Type")?.split(";")[0]?.trim().toLowerCase() === TYPE;
}

/** Imports line by line. The last line says how many came to what, and whether that was all. */
export function streamed(
  request: Request,
  world: World,
  importOne: (line: string) => Promise<ImportAnswer>,
): Response {
  const out = new Answers(world);
  // What is not said to the caller, who may be gone, is said to the operator.
  importAll(request, world, importOne, out)
    .catch((error) =>
      world.log({ level: "warn", event: "import_broke_off", detail: kindOf(error) })
    );
  return new Response(out.body, { headers: { "Content-Type": TYPE } });
}

async function importAll(
  request: Request,
  world: World,
  importOne: (line: string) => Promise<ImportAnswer>,
  out: Answers,
): Promise<void> {
  const counts = { imported: 0, unchanged: 0, exists: 0, refused: 0 };
  const silence = silenceLimit(world, IMPORT_SILENCE_MS);
  const lines = readLines(request, { limit: MAX_IMPORT_LINE, silence, signal: request.signal });
  const end: End = { done: true };
  try {
    await sideBySide(numbered(lines, end), IMPORTED_AT_A_TIME, async ([index, line]) => {
      const answer = line === null ? TOO_LONG : await importOne(line);
      counts[answer.status] += 1;
      await out.say({ index, ...answer });
    });
    await out.say({ ...end, ...counts } satisfies ImportEnd);
    out.end();
  } finally {
    // Nobody takes the answers any more: then nothing more is read.
    const closing = lines.return(undefined);
    closing.catch(() => {});
    world.log({ level: "info", event: "connections_imported", done: end.done, ...counts });
  }
}

/** How the lines ended. */
interface End {
  done: boolean;
  error?: string | undefined;
}

/** Without empty lines, each with its number in the body. */
async function* numbered(
  lines: AsyncGenerator<string | null>,
  end: End,
): AsyncGenerator<[number, string | null]> {
  let index = 0;
  try {
    for await (const line of lines) {
      if (index >= MAX_IMPORT_LINES) {
        Object.assign(end, { done: false, error: `more than ${MAX_IMPORT_LINES} lines` });
        return;
      }
      if (line === null || line.trim() !== "") yield [index, line];
      index += 1;
    }
  } catch {
    // What came before it is answered, and then this.
    Object.assign(end, { done: false, error: "the body broke off" });
  }
}

const TOO_LONG: ImportAnswer = {
  status: "refused",
  error: "invalid_request",
  error_description: `The line is longer than ${MAX_IMPORT_LINE} bytes.`,
};

/** The lines of the answer. Once one was not taken in time, or the caller is gone, there are no others. */
class Answers {
  readonly body: ReadableStream<Uint8Array>;
  readonly #world: World;
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  /** Resolves when there is room for a line again, or nobody waits for one any more. */
  #room = Promise.withResolvers<void>();
  #isOver = false;

  constructor(world: World) {
    this.#world = world;
    this.body = new ReadableStream({
      start: (controller) => void (this.#controller = controller),
      pull: () => this.#wake(),
      cancel: () => {
        this.#isOver = true;
        this.#wake();
      },
    });
  }

  /** Waits for who reads. @throws {BrokenOff} when that is nobody any more. */
  async say(line: object): Promise<void> {
    const silence = silenceLimit(this.#world, IMPORT_SILENCE_MS);
    try {
      silence.listen();
      while (!this.#isOver && this.#controller.desiredSize! <= 0) {
        await until(silence.signal, this.#room.promise);
      }
    } catch {
      if (!this.#isOver) this.#controller.error(new BrokenOff());
      this.#isOver = true;
      this.#wake();
    } finally {
      silence.rest();
    }
    if (this.#isOver) throw new BrokenOff();
    this.#controller.enqueue(new TextEncoder().encode(`${JSON.stringify(line)}\n`));
  }

  end(): void {
    if (!this.#isOver) this.#controller.close();
  }

  #wake(): void {
    this.#room.resolve();
    this.#room = Promise.withResolvers();
  }
}
