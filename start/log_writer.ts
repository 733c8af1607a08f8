/**
 * Where log lines go. A line of its own for each request would cost more than the request: writing
 * one takes about as long whether it is short or long (seen with Deno 2.9, November 2026). So what
 * can wait is gathered for a moment, and written at once. What is urgent goes out at once, and all
 * that was gathered before it. A process that is killed loses what it has gathered, and no more.
 *
 * @module
 */

/** So long a line waits at most. */
export const LOG_WAIT_MS = 100;
/** Characters; as many are not gathered, but written. */
export const LOG_GATHERED = 16 * 1024;
/** As many are taken for one that is not made yet. */
const LIKELY_LENGTH = 400;
/** One, without its end, or what makes it when it is written. */
export type Line = string | { toString(): string };

/** Where they go to. */
export interface LogOut {
  /** Whole lines, each with its end. */
  write(text: string): void;
  /** After so many ms; nothing stays alive for it. */
  after(ms: number, run: () => void): void;
}

/** Gathers lines. */
export class LogWriter {
  readonly #out: LogOut;
  #gathered: Line[] = [];
  #size = 0;
  #isSet = false;

  constructor(out: LogOut) {
    this.#out = out;
  }

  /** Takes a line that can wait. */
  gather(line: Line): void {
    this.#gathered.push(line);
    this.#size += typeof line === "string" ? line.length + 1 : LIKELY_LENGTH;
    if (this.#size >= LOG_GATHERED) return this.flush();
    if (this.#isSet) return;
    this.#isSet = true;
    this.#out.after(LOG_WAIT_MS, () => {
      this.#isSet = false;
      this.flush();
    });
  }

  /** Writes what was gathered; before whatever is written by itself. */
  flush(): void {
    if (this.#size === 0) return;
    const lines = this.#gathered;
    this.#gathered = [];
    this.#size = 0;
    let text = "";
    for (const line of lines) text += `${made(line)}\n`;
    this.#out.write(text);
  }
}

/** One that cannot be made costs no other. */
function made(line: Line): string {
  try {
    return `${line}`;
  } catch {
    return NOT_MADE_LINE;
  }
}

const NOT_MADE_LINE = JSON.stringify({ level: "error", event: "log_line_not_made" });

const encoder = new TextEncoder();
/** Lines are put here before they are written: each time anew it would be three times the text. */
const room = new Uint8Array(32 * 1024);

/**
 * The standard output. Where nobody takes it any more (a pipe whose reader has ended, a full disk)
 * lines are lost, and requests are answered all the same.
 */
export const STDOUT: LogOut = {
  write(text) {
    try {
      for (let rest = text; rest !== "";) {
        const { read, written } = encoder.encodeInto(rest, room);
        for (let at = 0; at < written;) at += Deno.stdout.writeSync(room.subarray(at, written));
        rest = rest.slice(read);
      }
    } catch {
      // There is nowhere to say it.
    }
  },
  after(ms, run) {
    Deno.unrefTimer(setTimeout(run, ms));
  },
};
