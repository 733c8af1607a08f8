/**
 * What a local server writes, line by line, each a message.
 *
 * @module
 */

// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/types"
import { type JSONRPCMessage, JSONRPCMessageSchema } from "@modelcontextprotocol/sdk/types.js";
import { Gathered } from "../../broker/core/bodies.ts";
import { parseJson } from "../../broker/core/json.ts";
import { MAX_MESSAGE_BYTES } from "./bounded.ts";

const LF = 0x0a;

/** As the SDK's `ReadBuffer`, in whose place it stands. */
export class Lines {
  readonly #begun = new Gathered();
  #whole: Uint8Array[] = [];
  #isOver = false;
  readonly #onTooLong: () => void;

  /** `onTooLong` hears of a line that is too long before the SDK does. */
  constructor(onTooLong: () => void) {
    this.#onTooLong = onTooLong;
  }

  /** @throws {RangeError} once, when a line is too long: then the SDK ends the process. */
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

  /**
   * The next message; `null` when there is none.
   *
   * @throws what a line deserves that is no message.
   */
  readMessage(): JSONRPCMessage | null {
    const line = this.#whole.shift();
    if (line === undefined) return null;
    return JSONRPCMessageSchema.parse(parseJson(new TextDecoder().decode(line)));
  }

  clear(): void {
    this.#begun.take();
    this.#whole = [];
  }

  #add(piece: Uint8Array): void {
    if (this.#begun.size + piece.length > MAX_MESSAGE_BYTES) {
      this.#isOver = true;
      this.clear();
      this.#onTooLong();
      throw new RangeError("the upstream's message is too long");
    }
    this.#begun.add(piece);
  }
}
