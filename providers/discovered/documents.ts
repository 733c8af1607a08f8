/**
 * Fetches the documents of one discovery: JSON, bounded in bytes and in their
 * number, however many places a server points at.
 *
 * @module
 */

import { isRecord } from "../../broker/core/json.ts";
import { discard, readJson } from "../../broker/core/bodies.ts";
import { NotAllowed } from "../../broker/core/careful_fetch.ts";
import { parseRetryAfter } from "../retry_after.ts";

/** Of one document, in decoded bytes. */
export const DOCUMENT_MAX_BYTES = 64 * 1024;
/** Requests of one discovery. */
export const DISCOVERY_REQUESTS = 20;

/** The version that is spoken while nothing is agreed on. */
const PROTOCOL_VERSION = "2025-11-25";

/** What stands at an address. */
export type Read =
  | { kind: "document"; members: Record<string, unknown> }
  /** Nothing usable, and trying again would not change that. */
  | { kind: "none" }
  /** It may be there: the server could not answer now. */
  | { kind: "later"; retryAfter?: number | undefined };

/** The requests of one discovery. */
export class Documents {
  readonly #fetch: typeof fetch;
  readonly #signal: AbortSignal;
  #left = DISCOVERY_REQUESTS;

  constructor(way: typeof fetch, signal: AbortSignal) {
    this.#fetch = way;
    this.#signal = signal;
  }

  /** Whether something was not asked, since there were too many requests. */
  get wereTooMany(): boolean {
    return this.#left < 0;
  }

  /**
   * One request; `undefined` where there were too many.
   *
   * @throws what `fetch` throws.
   */
  async send(url: URL, init: RequestInit): Promise<Response | undefined> {
    this.#left -= 1;
    if (this.#left < 0) return undefined;
    const headers = new Headers(init.headers);
    headers.set("User-Agent", "switchboard");
    headers.set("MCP-Protocol-Version", PROTOCOL_VERSION);
    const signal = this.#signal;
    // Nobody follows a stranger's redirects: what is here must be said here.
    return await this.#fetch(url, { ...init, headers, redirect: "manual", signal });
  }

  /** Reads a document, whatever it is declared as. Does not throw. */
  async read(url: URL): Promise<Read> {
    let response: Response | undefined;
    try {
      response = await this.send(url, { headers: { Accept: "application/json" } });
    } catch (error) {
      return error instanceof NotAllowed ? { kind: "none" } : { kind: "later" };
    }
    if (response === undefined) return { kind: "none" };
    const { status, headers, ok } = response;
    if (!ok) {
      await discard(response);
      const isLater = status === 408 || status === 425 || status === 429 || status >= 500;
      return isLater ? { kind: "later", retryAfter: parseRetryAfter(headers) } : { kind: "none" };
    }
    try {
      const bound = { limit: DOCUMENT_MAX_BYTES, signal: this.#signal };
      const value = await readJson(response, bound);
      return isRecord(value) ? { kind: "document", members: value } : { kind: "none" };
    } catch (error) {
      // A page, or too much; only a connection that broke could be whole the next time.
      const isNone = error instanceof SyntaxError || error instanceof RangeError;
      return isNone ? { kind: "none" } : { kind: "later" };
    }
  }
}

/** The texts of a member that should be a list of them; a single text is a list of one. */
export function textsOf(value: unknown): string[] | undefined {
  if (typeof value === "string") return [value];
  if (!Array.isArray(value)) return undefined;
  return value.filter((each) => typeof each === "string").slice(0, MOST_TEXTS);
}

/** Longer lists are cut off. */
const MOST_TEXTS = 200;
