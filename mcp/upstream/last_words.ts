/**
 * The last lines of a local server's standard error, for the operator's log:
 * few, short, and without what looks like a secret.
 *
 * @module
 */

import { plainText } from "../../broker/core/shown_name.ts";
import { withoutSecrets } from "../secrets_in.ts";

/** So many lines are kept, */
export const LAST_LINES = 10;
/** of so many characters each; of a longer one the beginning. */
export const LAST_LINE_LENGTH = 300;

/** Words this long, of letters and digits, are no words: keys, tokens, digests. */
const OPAQUE = /[A-Za-z0-9_+=-]{32,}/g;
const LF = 0x0a;

/** What was written last. Takes any amount, and keeps little. */
export class LastWords {
  #lines: string[] = [];
  #begun = new Uint8Array(0);

  append(piece: Uint8Array): void {
    let from = 0;
    for (let end = piece.indexOf(LF); end >= 0; end = piece.indexOf(LF, from)) {
      this.#begin(piece.subarray(from, end));
      this.#end();
      from = end + 1;
    }
    this.#begin(piece.subarray(from));
  }

  /** In one line, without the secrets. */
  said(secrets: Iterable<string>): string {
    const lines = this.#begun.length > 0 ? [...this.#lines, decoded(this.#begun)] : this.#lines;
    const searched = withoutSecrets(lines.slice(-LAST_LINES), secrets);
    if (searched.kind === "withheld") return "withheld: it holds a secret";
    return searched.value
      .map((line) => plainText(line.replaceAll(OPAQUE, "[removed]"), LAST_LINE_LENGTH))
      .filter((line) => line !== "").join(" | ");
  }

  /** A letter takes up to four bytes, and a secret at the cut must be whole to be found. */
  #begin(piece: Uint8Array): void {
    const room = 4 * LAST_LINE_LENGTH - this.#begun.length;
    if (room <= 0 || piece.length === 0) return;
    const kept = piece.subarray(0, room);
    const longer = new Uint8Array(this.#begun.length + kept.length);
    longer.set(this.#begun);
    longer.set(kept, this.#begun.length);
    this.#begun = longer;
  }

  #end(): void {
    this.#lines.push(decoded(this.#begun));
    if (this.#lines.length > LAST_LINES) this.#lines.shift();
    this.#begun = new Uint8Array(0);
  }
}

function decoded(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
