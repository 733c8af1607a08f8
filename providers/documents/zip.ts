/**
 * The parts of a ZIP archive, as Office files are. The library finds and checks where each part
 * stands (also in archives of the 64-bit kind, and with something before or behind them), and hands
 * it over as it is packed. The platform unpacks it, in steps that are counted here: the library
 * throws away what came before damage, and what is longer than its header says.
 *
 * @module
 */

import {
  configure,
  type FileEntry,
  Uint8ArrayReader,
  Uint8ArrayWriter,
  ZipReader,
} from "@zip.js/zip.js/lib/zip-core-custom.js";
import type { Clock } from "./tripwire.ts";
import { Unreadable } from "./writer.ts";

/** All parts that are read, decompressed. A few kilobytes can be made to hold gigabytes. */
export const MAX_UNPACKED = 40 * 1024 * 1024;
/** A presentation has a few hundred. */
export const ARCHIVE_PARTS = 10_000;
/** Decompressed at most a thousandfold, so that the limit is not overshot by much. */
const SLICE = 4_096;

// This is a worker already, and may start none.
configure({ useWebWorkers: false });

/** An archive. Names are as in the file, without a leading `/`. */
export class Archive {
  readonly #parts = new Map<string, FileEntry>();
  /** As {@linkcode Clock.tick}. */
  readonly tick: () => void;
  #left = MAX_UNPACKED;

  private constructor(clock: Clock) {
    this.tick = clock.tick;
  }

  /** @throws {Unreadable} */
  static async open(bytes: Uint8Array, clock: Clock): Promise<Archive> {
    const archive = new Archive(clock);
    await archive.#list(bytes);
    return archive;
  }

  get names(): string[] {
    return [...this.#parts.keys()];
  }

  async #list(bytes: Uint8Array): Promise<void> {
    // Nothing is written to a disk, so that names need not be safe.
    const reader = new ZipReader(new Uint8ArrayReader(bytes), {
      strictness: "tolerant",
      filenameValidation: "tolerant",
    });
    let count = 0;
    try {
      for await (const entry of reader.getEntriesGenerator()) {
        this.tick();
        count += 1;
        if (count > ARCHIVE_PARTS) break;
        if (!entry.directory) this.#parts.set(entry.filename.replace(/^\//, ""), entry);
      }
    } catch {
      // What the list names before it is damaged is kept.
    }
    if (count > ARCHIVE_PARTS) throw new Unreadable("It has too many parts.");
    if (this.#parts.size === 0) throw new Unreadable("It is damaged.");
  }

  /**
   * A part as text, or undefined where there is none of that name. What is too long or damaged is
   * cut off there.
   *
   * @throws {Unreadable} where it is encrypted or packed in an unknown way.
   */
  async text(name: string): Promise<{ text: string; cut: boolean } | undefined> {
    const part = this.#parts.get(name);
    if (part === undefined) return undefined;
    if (part.encrypted) throw new Unreadable("It is protected with a password.");
    if (part.compressionMethod !== 0 && part.compressionMethod !== 8) {
      throw new Unreadable("It is packed in a way that cannot be read here.");
    }
    // Many names can stand for the same long part.
    if (this.#left === 0) return { text: "", cut: true };
    let packed;
    try {
      packed = await part.getData(new Uint8ArrayWriter(), { passThrough: true });
    } catch {
      return { text: "", cut: true };
    }
    const { bytes, cut } = await this.#unpack(packed, part.compressionMethod);
    const [first, second] = bytes;
    const isUtf16 = (first === 0xFF && second === 0xFE) || (first === 0xFE && second === 0xFF);
    const decoder = new TextDecoder(!isUtf16 ? "utf-8" : first === 0xFF ? "utf-16le" : "utf-16be");
    return { text: decoder.decode(bytes), cut };
  }

  async #unpack(
    packed: Uint8Array,
    method: number,
  ): Promise<{ bytes: Uint8Array; cut: boolean }> {
    if (method === 0) {
      const bytes = packed.subarray(0, this.#left);
      this.#left -= bytes.length;
      return { bytes, cut: bytes.length < packed.length };
    }
    const { readable, writable } = new DecompressionStream("deflate-raw");
    const chunks: Uint8Array[] = [];
    let cut = false;
    const feeding = this.#feed(writable.getWriter(), packed);
    const reader = readable.getReader();
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        this.tick();
        const chunk = next.value.subarray(0, this.#left);
        chunks.push(chunk);
        this.#left -= chunk.length;
        cut = chunk.length < next.value.length;
        if (cut) break;
      }
    } catch {
      // What came before the damage is kept.
      cut = true;
    }
    await reader.cancel().catch(() => {});
    await feeding;
    return { bytes: joined(chunks), cut };
  }

  /** In small slices, each only when the one before was taken. */
  async #feed(
    writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>,
    packed: Uint8Array,
  ): Promise<void> {
    try {
      for (let at = 0; at < packed.length; at += SLICE) {
        this.tick();
        await writer.ready;
        await writer.write(packed.slice(at, at + SLICE));
      }
      await writer.close();
    } catch {
      // The reader has met the same fault, or has had enough.
    }
  }
}

function joined(chunks: Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
