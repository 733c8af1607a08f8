/**
 * A local MCP server without a process, that reads and says what a test wants.
 *
 * @module
 */

import type { StartedProcess } from "../../broker/core/system_user.ts";
import { openProcess, type ProcessOpening } from "../../mcp/upstream/process_session.ts";
import type { RequestOptions } from "../../mcp/upstream/session.ts";
import { testWorld } from "./world.ts";

/** A message as it came. */
// deno-lint-ignore no-explicit-any -- tests look where they know something stands
export type Message = Record<string, any>;

const GREETING = { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: {} };

/** A process; `hears` is told of each message that it reads. */
export function handProcess(hears: (message: Message, say: (message: unknown) => void) => void) {
  let output!: ReadableStreamDefaultController<Uint8Array>;
  let errors!: ReadableStreamDefaultController<Uint8Array>;
  const over = Promise.withResolvers<void>();
  const heard: Message[] = [];
  const raw = (text: string) => output.enqueue(new TextEncoder().encode(text));
  const say = (message: unknown) => raw(`${JSON.stringify(message)}\n`);
  let isOpen = true;
  const exit = () => {
    if (!isOpen) return;
    isOpen = false;
    for (const stream of [output, errors]) {
      try {
        stream.close();
      } catch {
        // Nobody reads it any more.
      }
    }
    over.resolve();
  };
  let isClosed = false;
  /** Nothing is read while this is set. */
  let blocked: Promise<void> | undefined;
  const started: StartedProcess = {
    input: new WritableStream({
      async write(bytes) {
        await blocked;
        const message = JSON.parse(new TextDecoder().decode(bytes));
        heard.push(message);
        hears(message, say);
      },
      close: () => void (isClosed = true),
    }),
    output: new ReadableStream({ start: (controller) => void (output = controller) }),
    errors: new ReadableStream({ start: (controller) => void (errors = controller) }),
    ended: over.promise,
    end: () => Promise.resolve(exit()),
  };
  return {
    started,
    heard,
    say,
    raw,
    complain: (text: string) => errors.enqueue(new TextEncoder().encode(text)),
    exit,
    /** Whether its input has ended. */
    isClosed: () => isClosed,
    breakOff: () => output.error(new TypeError("broken")),
    block: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      blocked = promise;
      return resolve;
    },
  };
}

/** Greets, and does nothing else. */
export const polite = (message: Message, say: (message: unknown) => void) => {
  if (message.method === "initialize") say({ jsonrpc: "2.0", id: message.id, result: GREETING });
};

/** A session with such a process. */
export function startProcess(hears = polite, more: Partial<ProcessOpening> = {}) {
  const world = testWorld();
  const process = handProcess(hears);
  const lost: string[] = [];
  const opening: ProcessOpening = {
    process: {} as never,
    start: () => process.started,
    world,
    timeoutMs: 60_000,
    says: { clientInfo: { name: "c", version: "1" }, capabilities: {} },
    token: undefined,
    isPersonal: true,
    secrets: ["hunter2-hunter2"],
    heard: undefined,
    onfailed: (words) => void lost.push(words),
    ...more,
  };
  const open = () => openProcess(opening);
  const stop = new AbortController();
  const options = (more: Partial<RequestOptions> = {}): RequestOptions => ({
    signal: stop.signal,
    timeoutMs: 60_000,
    ...more,
  });
  return { world, process, open, options, stop, lost };
}
