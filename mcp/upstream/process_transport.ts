/**
 * MCP over the input and output of a local process that runs as another user.
 * The SDK's own transport cannot start one.
 *
 * @module
 */

// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/shared/transport"
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/types"
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import type { ProcessSpec, StartAs, StartedProcess } from "../../broker/core/system_user.ts";
import { Lines } from "./lines.ts";

/** One process; started once. */
export class ProcessTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #spec: ProcessSpec;
  readonly #startAs: StartAs;
  // What is too long ends the process; see append().
  readonly #lines = new Lines(() => {});
  #process: StartedProcess | undefined;
  #writer: WritableStreamDefaultWriter<Uint8Array> | undefined;

  constructor(spec: ProcessSpec, startAs: StartAs) {
    this.#spec = spec;
    this.#startAs = startAs;
  }

  /** @throws where the process cannot be started. */
  // deno-lint-ignore require-await -- what is thrown becomes a rejection, as the SDK wants it
  async start(): Promise<void> {
    const process = this.#startAs(this.#spec);
    this.#process = process;
    this.#writer = process.input.getWriter();
    // It says itself what went wrong, by `onerror`.
    void this.#read(process).catch(() => {});
  }

  /** @throws where the process has ended. */
  async send(message: JSONRPCMessage): Promise<void> {
    if (this.#writer === undefined) throw new Error("Not connected");
    await this.#writer.write(new TextEncoder().encode(`${JSON.stringify(message)}\n`));
  }

  async close(): Promise<void> {
    const process = this.#process;
    const writer = this.#writer;
    this.#process = undefined;
    this.#writer = undefined;
    if (process === undefined) return;
    // A process that is gone has closed it already.
    void writer?.close().catch(() => {});
    await process.end();
    this.#lines.clear();
  }

  async #read({ output, ended }: StartedProcess): Promise<void> {
    const reader = output.getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        this.#lines.append(value);
        this.#deliver();
      }
      await ended;
    } catch (error) {
      this.onerror?.(error as Error);
      await reader.cancel();
      await this.close();
    } finally {
      this.onclose?.();
    }
  }

  #deliver(): void {
    for (;;) {
      try {
        const message = this.#lines.readMessage();
        if (message === null) return;
        this.onmessage?.(message);
      } catch (error) {
        // A line that is no message: the next one may be.
        this.onerror?.(error as Error);
      }
    }
  }
}
