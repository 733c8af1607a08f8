/**
 * `node:crypto` for a process that has much to do with it. Loading it takes a
 * third of a whole start, since its ciphers bring Node's streams along; without
 * it each digest of a long text takes ten times as long, each box that is
 * sealed or opened and each HMAC four times: WebCrypto hands each to another
 * thread (seen with Deno 2.9, November 2026). So the first few do without.
 *
 * @module
 */

/** What is used of it; its own types are not there for every reader of this code. */
export interface NodeCrypto {
  hash(algorithm: "sha256", text: string, encoding: "hex"): string;
  createHmac(algorithm: "sha256", key: Uint8Array): Hmac;
  createCipheriv(
    algorithm: "aes-256-gcm",
    key: Uint8Array,
    nonce: Uint8Array,
    options: { authTagLength: number },
  ): Cipher;
  createDecipheriv(
    algorithm: "aes-256-gcm",
    key: Uint8Array,
    nonce: Uint8Array,
    options: { authTagLength: number },
  ): Decipher;
}

interface Hmac {
  update(text: string): Hmac;
  digest(encoding: "base64url"): string;
}

interface Cipher {
  setAAD(bound: Uint8Array): void;
  update(text: string, encoding: "utf8"): Uint8Array;
  final(): Uint8Array;
  getAuthTag(): Uint8Array;
}

interface Decipher {
  setAAD(bound: Uint8Array): void;
  setAuthTag(tag: Uint8Array): void;
  update(box: Uint8Array): { toString(encoding: "utf8"): string };
  /** Throws where it was not sealed so. */
  final(): void;
}

/** A process that was asked for as much is asked for more. */
const MANY = 50;

let module: NodeCrypto | undefined;
let loading: Promise<void> | undefined;
let asked = 0;

/** The module, once it is there; until then whoever asks does its work in another way. */
export function nodeCrypto(): NodeCrypto | undefined {
  if (module === undefined && ++asked === MANY) void loadNodeCrypto().catch(() => {});
  return module;
}

/** Resolves when it is there. Where it cannot be had all goes on as before. */
export function loadNodeCrypto(): Promise<void> {
  return loading ??= import("node:crypto").then((found) => void (module = found), () => {});
}
