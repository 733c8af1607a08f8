/**
 * Asking a provider's API whose account it is, bounded in time and size: what
 * answers may be anybody's server, while a person waits in the browser.
 *
 * @module
 */

import { AnsweredNo } from "../broker/core/answered_no.ts";
import { readJson } from "../broker/core/bodies.ts";
import { parseRetryAfter } from "./retry_after.ts";

/** For all requests of one `identify()` together, to the last byte of the last answer. */
export const IDENTIFY_TIMEOUT_MS = 10_000;
/** Who somebody is takes a few KB. In decoded bytes, of each answer. */
export const MAX_ACCOUNT_BYTES = 64 * 1024;

/** One request. */
export interface Question {
  url: string;
  method?: "GET" | "POST" | undefined;
  headers: Headers | Record<string, string>;
  body?: string | undefined;
  /** Of the answer, in decoded bytes. @default MAX_ACCOUNT_BYTES */
  limit?: number | undefined;
}

/** Asks; gives the parsed answer. `what` names the question in errors. */
export type Ask = (what: string, question: Question) => Promise<unknown>;

/**
 * For one `identify()`: its time begins now.
 *
 * The returned function throws where the answer is no, late, too long or not
 * JSON; nothing of the answer stands in the error.
 */
export function askWithin(
  { fetch, title, timeoutMs = IDENTIFY_TIMEOUT_MS }: {
    fetch: typeof globalThis.fetch;
    title: string;
    timeoutMs?: number | undefined;
  },
): Ask {
  const signal = AbortSignal.timeout(timeoutMs);
  return async (what, { url, method = "GET", headers, body, limit = MAX_ACCOUNT_BYTES }) => {
    const response = await fetch(url, {
      method,
      headers,
      body: body ?? null,
      // A redirect would carry the token to another host.
      redirect: "manual",
      signal,
    });
    if (!response.ok) {
      await response.body?.cancel();
      const { status, headers } = response;
      throw new AnsweredNo(
        `${title} answered ${what} with ${status}`,
        status,
        parseRetryAfter(headers),
      );
    }
    return await readJson(response, { limit, signal });
  };
}
