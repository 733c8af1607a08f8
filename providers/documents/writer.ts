/**
 * Where the readers of files write what they find.
 *
 * @module
 */

import type { DocumentText } from "./document.ts";
import type { Clock } from "./tripwire.ts";

/** Thrown by readers; `why` is a sentence that can be read aloud, without words of the file. */
export class Unreadable extends Error {
  constructor(readonly why: string) {
    super(why);
    this.name = "Unreadable";
  }
}

/** Text up to a limit. */
export class Writer {
  #text = "";
  #cut = false;
  readonly #limit: number;
  readonly #clock: Clock;
  readonly notes: string[] = [];
  /** As {@linkcode Clock.tick}. */
  readonly tick: () => void;

  constructor(limit: number, clock: Clock) {
    this.#limit = limit;
    this.#clock = clock;
    this.tick = clock.tick;
  }

  /** Whether nothing more is wanted. Every loop asks. */
  get isFull(): boolean {
    if (this.#text.length > this.#limit) return true;
    if (!this.#clock.isLate()) return false;
    this.cut();
    this.note("The rest takes too long to read.");
    return true;
  }

  get isEmpty(): boolean {
    return this.#text.trim() === "";
  }

  write(text: string): void {
    if (this.#text.length <= this.#limit) this.#text += text;
  }

  line(text: string): void {
    this.write(`${text}\n`);
  }

  /** Something of the file is missing at the end. */
  cut(): void {
    this.#cut = true;
  }

  note(sentence: string): void {
    if (!this.notes.includes(sentence)) this.notes.push(sentence);
  }

  done(): DocumentText {
    const truncated = this.#cut || this.#text.length > this.#limit;
    // Never half of a character.
    const text = this.#text.slice(0, this.#limit).replace(/[\uD800-\uDBFF]$/, "");
    return {
      kind: "text",
      text: text.replaceAll(/\n{3,}/g, "\n\n"),
      truncated,
      notes: this.notes,
    };
  }
}

/** Lines as one. By pieces: a pattern would look for the end of each run of spaces from each place. */
export function oneLine(text: string): string {
  return text.split("\n").map((line) => line.trim()).filter((line) => line !== "").join(" ");
}
