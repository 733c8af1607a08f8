/**
 * Every secret that exists in a run, and the search for them in what was said.
 *
 * @module
 */

import type { Secret } from "./ledger.ts";

/** So many characters of a secret are looked up; the rest is compared. */
const KEY_LENGTH = 8;
const BASE = 0x01000193;
/** `BASE` to the power of KEY_LENGTH, in 32 bits. */
const BASE_OUT = Array.from({ length: KEY_LENGTH }).reduce<number>((n) => Math.imul(n, BASE), 1);
const FILTER_BITS = 22;

/** A secret in a text in which it has no business. */
export interface Leak {
  secret: Secret;
  /** Where it was seen. */
  where: string;
  /** What stands before it. */
  before: string;
}

/**
 * All secrets, looked for at once: texts are long, and secrets many. A rolling
 * hash passes over what can be none.
 */
export class Secrets {
  readonly #byKey = new Map<string, Secret[]>();
  readonly #known = new Set<string>();
  readonly #filter = new Uint8Array(1 << FILTER_BITS);

  get size(): number {
    return this.#known.size;
  }

  add(secret: Secret): void {
    const { text } = secret;
    if (text.length < KEY_LENGTH || this.#known.has(text)) return;
    this.#known.add(text);
    const key = keyOf(text);
    const others = this.#byKey.get(key);
    if (others === undefined) this.#byKey.set(key, [secret]);
    else others.push(secret);
    let hash = 0;
    for (let at = 0; at < KEY_LENGTH; at++) hash = Math.imul(hash, BASE) + key.charCodeAt(at) | 0;
    this.#filter[slot(hash)] = 1;
  }

  /** Those in a text, as they are or in base64, that `isAllowed` does not let pass. */
  find(text: string, where: string, isAllowed: (secret: Secret) => boolean): Leak[] {
    const leaks = this.#findPlain(text, where, isAllowed);
    for (const [word] of text.matchAll(/[A-Za-z0-9+/_-]{44,2000}/g)) {
      for (let offset = 0; offset < 4; offset++) {
        const inside = decoded(word.slice(offset));
        leaks.push(...this.#findPlain(inside, `${where}, in base64`, isAllowed));
      }
    }
    return leaks;
  }

  #findPlain(text: string, where: string, isAllowed: (secret: Secret) => boolean): Leak[] {
    const leaks: Leak[] = [];
    let hash = 0;
    for (let at = 0; at < text.length; at++) {
      hash = Math.imul(hash, BASE) + text.charCodeAt(at) | 0;
      if (at >= KEY_LENGTH) {
        hash = hash - Math.imul(text.charCodeAt(at - KEY_LENGTH), BASE_OUT) | 0;
      }
      if (at < KEY_LENGTH - 1 || this.#filter[slot(hash)] === 0) continue;
      const from = at - KEY_LENGTH + 1;
      for (const secret of this.#byKey.get(text.slice(from, at + 1)) ?? []) {
        const start = from - keyStart(secret.text);
        if (text.startsWith(secret.text, start) && start >= 0 && !isAllowed(secret)) {
          leaks.push({ secret, where, before: text.slice(Math.max(0, start - 60), start) });
        }
      }
    }
    return leaks;
  }
}

function slot(hash: number): number {
  return (Math.imul(hash, 0x9E3779B1) >>> 0) >>> (32 - FILTER_BITS);
}

/** The end of what is random; an address differs at its beginning. */
function keyStart(text: string): number {
  return text.includes("@") ? 0 : text.length - KEY_LENGTH;
}

function keyOf(text: string): string {
  return text.slice(keyStart(text), keyStart(text) + KEY_LENGTH);
}

function decoded(word: string): string {
  // One character more is no byte more.
  const whole = word.length % 4 === 1 ? word.slice(0, -1) : word;
  return atob(whole.replaceAll("-", "+").replaceAll("_", "/"));
}

/** A source of text that grows, such as a process's output. */
export interface Output {
  name: string;
  text(): string;
}

/**
 * Looks through growing outputs. What is new is looked at twice: the second
 * time with the secrets that became known only after they were said.
 */
export class OutputWatch {
  readonly #read = new Map<Output, { once: number; twice: number }>();

  constructor(readonly secrets: Secrets, readonly outputs: Output[]) {}

  look(): Leak[] {
    return this.outputs.flatMap((output) => {
      const text = output.text();
      const { once, twice } = this.#read.get(output) ?? { once: 0, twice: 0 };
      this.#read.set(output, { once: text.length, twice: once });
      // What was cut in two by the last look is whole from here.
      const fresh = text.slice(Math.max(0, twice - 4096));
      return this.secrets.find(fresh, output.name, () => false);
    });
  }
}
