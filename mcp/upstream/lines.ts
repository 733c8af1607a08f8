/**
 * What a local server writes, line by line, each a message.
 *
 * @module
 */

import { Gathered } from "../../broker/core/bodies.ts";
import { MAX_MESSAGE_BYTES } from "./bounded.ts";
import { parseMessage } from "./rpc.ts";

const LF = 0x0a;

/** Puts pieces together to lines. */
export class Lines {
  readonly #begun = new Gathered();
  #whole: Uint8Array[] = [];
  #isOver = false;

  /** @throws {RangeError} once, when a line is too long: then its process is to be ended. */
  append(piece: Uint8Array): void {
    // A process that is told to end may go on writing for a while.
    if (this.#isOver) return;
    let from = 0;
    for (let end = piece.indexOf(LF); end >= 0; end = piece.indexOf(LF, from)) {
      this.#add(piece.subarray(from, end));
      this.#whole.push(this.#begun.take());
      from = end + 1;
    }
    this.#add(piece.subarray(from));
  }

  /** The next line's JSON, `undefined` of one that holds none; `null` where there is no line. */
  next(): { json: unknown } | null {
    const line = this.#whole.shift();
    if (line === undefined) return null;
    try {
      return { json: parseMessage(new TextDecoder().decode(line)) };
    } catch {
      // What servers write beside their messages: that they have started, a warning of a package.
      return { json: undefined };
    }
  }

  clear(): void {
    this.#begun.take();
    this.#whole = [];
  }

  #add(piece: Uint8Array): void {
    if (this.#begun.size + piece.length > MAX_MESSAGE_BYTES) {
      this.#isOver = true;
      this.clear();
      throw new RangeError("the upstream's message is too long");
    }
    this.#begun.add(piece);
  }
}
