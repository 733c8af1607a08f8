/**
 * The parts of a ZIP archive, as Office files are. Only what a document needs: no archive over
 * several files, none over 4 GB, no archives in archives.
 *
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 *
 * @module
 */

import type { Clock } from "./tripwire.ts";
import { Unreadable } from "./writer.ts";

/** All parts that are read, decompressed. A few kilobytes can be made to hold gigabytes. */
export const MAX_UNPACKED = 40 * 1024 * 1024;
/** A presentation has a few hundred. */
export const ARCHIVE_PARTS = 10_000;
/** Decompressed at most a thousandfold, so that the limit is not overshot by much. */
const SLICE = 4_096;
/** The comment at the end of an archive has at most 65,535 bytes. */
const MAX_TAIL = 65_557;

interface Part {
  method: number;
  encrypted: boolean;
  size: number;
  offset: number;
}

/** An archive. Names are as in the file, without a leading `/`. */
export class Archive {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #parts = new Map<string, Part>();
  /** As {@linkcode Clock.tick}. */
  readonly tick: () => void;
  #left = MAX_UNPACKED;

  /** @throws {Unreadable} */
  constructor(bytes: Uint8Array, clock: Clock) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.tick = clock.tick;
    this.#list();
  }

  get names(): string[] {
    return [...this.#parts.keys()];
  }

  #list(): void {
    const view = this.#view;
    const end = this.#end();
    const count = view.getUint16(end + 10, true);
    if (count > ARCHIVE_PARTS) throw new Unreadable("It has too many parts.");
    let at = view.getUint32(end + 16, true);
    for (let n = 0; n < count; n++) {
      if (at + 46 > view.byteLength || view.getUint32(at, true) !== 0x02014b50) break;
      const nameLength = view.getUint16(at + 28, true);
      const name = new TextDecoder().decode(this.#bytes.subarray(at + 46, at + 46 + nameLength));
      this.#parts.set(name.replace(/^\//, ""), {
        encrypted: (view.getUint16(at + 8, true) & 1) === 1,
        method: view.getUint16(at + 10, true),
        size: view.getUint32(at + 20, true),
        offset: view.getUint32(at + 42, true),
      });
      at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    }
    if (this.#parts.size === 0) throw new Unreadable("It is damaged.");
  }

  /** Where the record at the end begins, which says where the list is. */
  #end(): number {
    const { byteLength } = this.#view;
    for (let at = byteLength - 22; at >= Math.max(0, byteLength - MAX_TAIL); at--) {
      if (this.#view.getUint32(at, true) === 0x06054b50) return at;
    }
    throw new Unreadable("It is damaged: its end is missing.");
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
    const { offset } = part;
    const view = this.#view;
    if (offset + 30 > view.byteLength || view.getUint32(offset, true) !== 0x04034b50) {
      return { text: "", cut: true };
    }
    const skipped = view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
    const start = offset + 30 + skipped;
    const packed = this.#bytes.subarray(start, start + part.size);
    const { bytes, cut } = await this.#unpack(packed, part.method);
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
    if (method !== 8) throw new Unreadable("It is packed in a way that cannot be read here.");
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
