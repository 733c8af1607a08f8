/**
 * Nonces for DPoP (RFC 9449 §8): a time, and a mark that only this program can
 * make. Nothing is kept of them, and every process knows those of the others,
 * since they share the keys that the marks are made with.
 *
 * @module
 */

import { timingSafeEqual } from "@std/crypto/timing-safe-equal";
import { isToCome } from "../../broker/core/clock.ts";
import { base64url, bytesOfBase64 } from "../../broker/core/random_secret.ts";
import type { World } from "../../broker/core/world.ts";
import type { SigningKeys } from "../own_jwt.ts";

/** A nonce is good for so long. */
export const NONCE_MS = 5 * 60_000;
/** A new one is made this often: whoever has one keeps it for a while. */
export const NONCE_EVERY_MS = 60_000;

const LABEL = "switchboard/dpop-nonce";
const NONCE = /^([0-9a-z]{1,12})\.([A-Za-z0-9_-]{43})\.([\x21\x23-\x5b\x5d-\x7e]{1,100})$/;

/** Makes nonces, and knows them again. */
export class Nonces {
  readonly #keys: SigningKeys;
  readonly #world: Pick<World, "now">;
  /** Of signing keys: no key is used for two things. */
  readonly #derived = new WeakMap<CryptoKey, Promise<CryptoKey>>();

  constructor(keys: SigningKeys, world: Pick<World, "now">) {
    this.#keys = keys;
    this.#world = world;
  }

  /** The nonce of this minute. */
  async current(): Promise<string> {
    const kid = await this.#keys.primary();
    const minute = Math.floor(this.#world.now() / NONCE_EVERY_MS);
    const time = (minute * NONCE_EVERY_MS).toString(36);
    return `${time}.${base64url(await this.#mark(kid, time) ?? new Uint8Array())}.${kid}`;
  }

  /** Until when a nonce is good; `undefined`: it is not ours, or it is over. */
  async endOf(nonce: unknown): Promise<number | undefined> {
    const [, time, mark, kid] = typeof nonce === "string" ? NONCE.exec(nonce) ?? [] : [];
    if (time === undefined || mark === undefined || kid === undefined) return undefined;
    const end = parseInt(time, 36) + NONCE_MS;
    if (!isToCome(end, this.#world.now(), NONCE_MS)) return undefined;
    const expected = await this.#mark(kid, time);
    const isOurs = expected !== undefined && timingSafeEqual(bytesOfBase64(mark), expected);
    return isOurs ? end : undefined;
  }

  async #mark(kid: string, time: string): Promise<Uint8Array | undefined> {
    const signing = await this.#keys.signingKey(kid);
    if (signing === undefined) return undefined;
    const key = this.#derived.get(signing) ?? derive(signing);
    this.#derived.set(signing, key);
    return await sign(await key, time);
  }
}

async function derive(signing: CryptoKey): Promise<CryptoKey> {
  const bytes = await sign(signing, LABEL);
  return await crypto.subtle.importKey("raw", bytes, HMAC, false, ["sign"]);
}

const HMAC = { name: "HMAC", hash: "SHA-256" };

async function sign(key: CryptoKey, text: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(text)));
}
