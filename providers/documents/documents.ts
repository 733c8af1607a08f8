/**
 * The text of a file that somebody sent: PDF, Word, Excel, PowerPoint, OpenDocument, plain text.
 *
 * Such a file is written by a stranger, and one process serves everybody. So it is read in a worker
 * of its own, which may do nothing but calculate, which stops itself when its time or its memory is
 * used up (`tripwire.ts`), and which is gone afterwards. Nothing of it is loaded before the first
 * file comes.
 *
 * @module
 */

import { type DocumentLimits, type DocumentTask, type DocumentText, heard } from "./document.ts";
import { characterTables } from "./character_tables.ts";
import { kindOf, plainText } from "./kind.ts";

export type { DocumentLimits, DocumentText };

/** Longer files are not read. */
export const MAX_DOCUMENT_BYTES = 10 * 1024 * 1024;
/** A page of text takes tens of milliseconds; what takes longer than this is not worth waiting for. */
export const DOCUMENT_MS = 10_000;
/** Each may take up a core and `tripwire.ts`'s memory. */
export const DOCUMENTS_AT_ONCE = 2;
/** More than these need not hope for an answer in time. */
export const DOCUMENTS_WAITING = 16;
/** A worker stops itself; the thread of one that cannot is given up after this much longer. */
const GRACE_MS = 2_000;
/** What reads is loaded in this time, or something is wrong with the server. */
const LOAD_MS = 10_000;
const NO_WORKER = "This server cannot read such files.";
const TOO_LONG = "It takes too long to read.";
/** Other words than the worker's own: a test tells by them who has stopped it. */
const NO_END = "It does not come to an end.";

/**
 * The text of a file. What the file is, is judged by its bytes; its type and its name are asked
 * where bytes say nothing. Never throws: a file that is no document is `unreadable`, with a
 * sentence that can be read aloud.
 */
export async function documentText(
  bytes: Uint8Array,
  { mimeType, name }: { mimeType: string; name: string },
  { maxText, ms = DOCUMENT_MS, signal, cut = false }: DocumentLimits,
): Promise<DocumentText> {
  if (bytes.length > MAX_DOCUMENT_BYTES) return unreadable("It is too large to be read.");
  const kind = kindOf(bytes, mimeType, name);
  if (typeof kind !== "string") return unreadable(kind.why);
  if (kind === "text") return plainText(bytes, maxText, cut);
  const leave = await enter(signal);
  if (leave === undefined) {
    const why = "Too many files are being read at the moment. Try again in a minute.";
    return { kind: "unreadable", why, later: true };
  }
  const { text, over } = inWorker({ bytes, kind, maxText, ms }, signal);
  over.then(leave, leave);
  return await text;
}

function unreadable(why: string): DocumentText {
  return { kind: "unreadable", why };
}

let running = 0;
const waiting: (() => void)[] = [];

/** Waits for a place; returns how to leave it, or nothing where there is none. */
async function enter(signal: AbortSignal | undefined): Promise<(() => void) | undefined> {
  if (signal?.aborted) return undefined;
  if (running >= DOCUMENTS_AT_ONCE) {
    if (waiting.length >= DOCUMENTS_WAITING) return undefined;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const turn = () => resolve(true);
    const stop = () => {
      const at = waiting.indexOf(turn);
      // Whoever was let in already has the place, and gives it back like everybody.
      if (at >= 0) waiting.splice(at, 1);
      if (at >= 0) resolve(false);
    };
    waiting.push(turn);
    signal?.addEventListener("abort", stop);
    const hasTurn = await promise;
    signal?.removeEventListener("abort", stop);
    if (!hasTurn) return undefined;
  } else {
    running += 1;
  }
  return () => {
    // The place is handed on, not given up: nobody comes between.
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  };
}

/** It may calculate, and read the tables of characters that come with the reader of PDFs. */
export function workerOptions(): WorkerOptions {
  const closed = { net: false, env: false, run: false, write: false, ffi: false, sys: false };
  const tables = characterTables();
  const read = tables === undefined ? false : [tables];
  const permissions = { ...closed, import: false, read };
  return { type: "module", name: "document", deno: { permissions } };
}

/** What a worker says, and when it is over. */
interface Reading {
  text: Promise<DocumentText>;
  over: Promise<void>;
}

/** Whoever goes away waits no longer; the worker is over when it has stopped itself. */
function inWorker(task: DocumentTask, signal: AbortSignal | undefined): Reading {
  const said = Promise.withResolvers<DocumentText>();
  const over = Promise.withResolvers<void>();
  let worker: Worker;
  try {
    worker = new Worker(mainFileOf(task), workerOptions());
  } catch {
    over.resolve();
    return { text: Promise.resolve(unreadable(NO_WORKER)), over: over.promise };
  }
  let isReady = false;
  const leave = () => said.resolve(unreadable(TOO_LONG));
  const end = (result: DocumentText) => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", leave);
    worker.terminate();
    said.resolve(result);
    over.resolve();
  };
  let timer = setTimeout(() => end(unreadable(NO_WORKER)), LOAD_MS);
  signal?.addEventListener("abort", leave);
  worker.onerror = (event) => {
    // Without this the error would be the whole program's.
    event.preventDefault();
    end(unreadable(isReady ? "It is damaged." : NO_WORKER));
  };
  worker.onmessageerror = () => end(unreadable("It is damaged."));
  worker.onmessage = ({ data }: MessageEvent<unknown>) => {
    // Said once: whoever says it again would have more time.
    if (isReady || data !== "ready") {
      return end(heard(data, task.maxText) ?? unreadable("It is damaged."));
    }
    isReady = true;
    clearTimeout(timer);
    timer = setTimeout(() => end(unreadable(NO_END)), task.ms + GRACE_MS);
  };
  worker.postMessage(task);
  return { text: said.promise, over: over.promise };
}

function mainFileOf({ kind }: DocumentTask): URL {
  return new URL(kind === "pdf" ? "./pdf_worker.ts" : "./office_worker.ts", import.meta.url);
}

/**
 * Never called. They tell Deno what the workers need, so that it is there when the program is
 * deployed: from an address of a worker Deno does not see that.
 */
export const needed = [() => import("./pdf_worker.ts"), () => import("./office_worker.ts")];
