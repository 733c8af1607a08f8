/**
 * An app as people see it: what it is called, who runs it, its picture.
 *
 * A picture is a small raster image, known by its own first bytes. SVG is left
 * out: it is a document that runs scripts and fetches from elsewhere, on our
 * origin. Whoever serves one says the type that was found here, never one that
 * came along with the bytes.
 *
 * @module
 */

import { sha256 } from "@noble/hashes/sha2.js";
import { base64url } from "./random_secret.ts";

/** The largest picture, in bytes. */
export const MAX_LOGO_BYTES = 32 * 1024;

/** What pictures can be. */
export type LogoType = "image/png" | "image/jpeg" | "image/webp";

/** A picture, as it is served. */
export interface Logo {
  type: LogoType;
  bytes: Uint8Array<ArrayBuffer>;
}

/** A picture that is kept elsewhere: what it must be when it is read. */
export interface LogoRef {
  type: LogoType;
  /** How many. */
  bytes: number;
  /** SHA-256, as base64url: of its contents, so that browsers may keep it under this name. */
  sha256: string;
}

/** What people are shown of an app. */
export interface AppFace {
  /** Where it is left out people see the name of its API key. */
  name?: string | undefined;
  /** Who runs it. */
  operator?: string | undefined;
  /** An https address. */
  privacyUrl?: string | undefined;
  logo?: LogoRef | undefined;
}

/** First bytes: [where, which]. */
const SIGNATURES: [LogoType, [at: number, bytes: number[]][]][] = [
  // PNG (ISO/IEC 15948) §5.2, and its first chunk.
  ["image/png", [[0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]], [12, ascii("IHDR")]]],
  // ITU-T T.81 §B.1.1.3: SOI, and the next marker.
  ["image/jpeg", [[0, [0xff, 0xd8, 0xff]]]],
  // RFC 9649 §2.4.
  ["image/webp", [[0, ascii("RIFF")], [8, ascii("WEBPVP8")]]],
];

/** What is kept of a picture; `undefined` where it is none that is taken, or too large. */
export function logoRefOf(bytes: Uint8Array): LogoRef | undefined {
  if (bytes.byteLength > MAX_LOGO_BYTES) return undefined;
  const type = typeOf(bytes);
  return type && { type, bytes: bytes.byteLength, sha256: base64url(sha256(bytes)) };
}

/** By its own bytes. */
function typeOf(bytes: Uint8Array): LogoType | undefined {
  return SIGNATURES.find(([, parts]) =>
    parts.every(([at, part]) => part.every((byte, index) => bytes[at + index] === byte))
  )?.[0];
}

function ascii(text: string): number[] {
  return [...text].map((char) => char.charCodeAt(0));
}
