/**
 * Reads one file, says what it found, and ends. It runs in a worker without
 * permissions, which can load nothing later: so each kind of file has a main
 * file of its own, with what it needs.
 *
 * @module
 */

import type { DocumentTask, DocumentText } from "./document.ts";
import { type Clock, startClock, thisWorker } from "./tripwire.ts";
import { Unreadable } from "./writer.ts";

/** Reads a file's bytes. */
export type Read = (bytes: Uint8Array, maxText: number, clock: Clock) => Promise<DocumentText>;

/** Waits for the file. */
export function workWith(read: Read): void {
  // Until here it is the server's fault, and from here on the file's, if something breaks.
  thisWorker.postMessage("ready");
  thisWorker.onmessage = async ({ data }: MessageEvent<DocumentTask>) => {
    thisWorker.postMessage(await said(read, data));
    thisWorker.close();
  };
}

async function said(read: Read, { bytes, maxText, ms }: DocumentTask): Promise<DocumentText> {
  const clock = startClock(ms);
  try {
    return await read(bytes, maxText, clock);
  } catch (error) {
    const why = error instanceof Unreadable ? error.why : "It is damaged.";
    return { kind: "unreadable", why };
  }
}
