/**
 * What a server says with a 401 or 403 (RFC 9110 §11.6.1, RFC 6750 §3).
 *
 * @module
 */

/** Scopes of one challenge; a list that is longer is no list of scopes. */
const MAX_SCOPES = 50;
/** RFC 6749 §3.3. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/;
const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]/;

/** The parameters of the `Bearer` challenge in `WWW-Authenticate`; empty where there is none. */
export function bearerChallenge(header: string | null): Map<string, string> {
  const found = new Map<string, string>();
  let isBearer = false;
  const reader = new Reader((header ?? "").slice(0, 8_000));
  while (!reader.isOver) {
    const word = reader.token();
    if (word === "") {
      reader.skip();
      continue;
    }
    const value = reader.value();
    // A word without a value begins a challenge.
    if (value === undefined) isBearer = word.toLowerCase() === "bearer";
    else if (isBearer && !found.has(word.toLowerCase())) found.set(word.toLowerCase(), value);
  }
  return found;
}

/** The scopes that a challenge asks for. */
export function scopesOf(challenge: Map<string, string>): string[] {
  const scopes = (challenge.get("scope") ?? "").split(" ").filter((scope) => SCOPE.test(scope));
  return [...new Set(scopes)].slice(0, MAX_SCOPES);
}

/** Goes through a header's text once. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isOver(): boolean {
    return this.#at >= this.#text.length;
  }

  skip(): void {
    this.#at += 1;
  }

  token(): string {
    const start = this.#at;
    while (!this.isOver && TOKEN.test(this.#text[this.#at]!)) this.#at += 1;
    return this.#text.slice(start, this.#at);
  }

  /** What stands behind `=`; `undefined` where there is none, and nothing was read then. */
  value(): string | undefined {
    const start = this.#at;
    this.#blanks();
    if (this.#text[this.#at] !== "=") {
      this.#at = start;
      return undefined;
    }
    this.#at += 1;
    this.#blanks();
    return this.#text[this.#at] === '"' ? this.#quoted() : this.token();
  }

  #quoted(): string {
    let value = "";
    for (this.#at += 1; !this.isOver; this.#at += 1) {
      const next = this.#text[this.#at]!;
      if (next === '"') {
        this.#at += 1;
        break;
      }
      if (next === "\\") this.#at += 1;
      value += this.#text[this.#at] ?? "";
    }
    return value;
  }

  #blanks(): void {
    while (this.#text[this.#at] === " " || this.#text[this.#at] === "\t") this.#at += 1;
  }
}
