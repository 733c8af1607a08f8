/**
 * One event to its receiver: https to public addresses alone, to this machine,
 * or where the operator said that it is in their own network. Follows no
 * redirect, and of the answer only the status counts.
 *
 * @module
 */

import { isLoopback } from "../broker/core/addresses.ts";
import { BadAnswer } from "./http_answer.ts";
import { NotAllowed } from "../broker/core/careful_fetch.ts";
import { askPinned, type PinnedOptions } from "./pinned_http.ts";

/** What of an answer is read; who sends more is not listened to. */
export const EVENT_ANSWER_BYTES = 64 * 1024;

/** What came of it. */
export type Posted =
  | { kind: "answered"; status: number; retryAfterMs?: number | undefined }
  | { kind: "failed"; fault: string };

/** Sends with `plain` to this machine and to private networks, by the careful way to all others. */
export function createPostEvent(plain: typeof fetch, options: PinnedOptions = {}) {
  return async (
    { url, isPrivate }: { url: string; isPrivate: boolean },
    { headers, body }: { headers: Record<string, string>; body: string },
    signal: AbortSignal,
  ): Promise<Posted> => {
    const at = new URL(url);
    if (isPrivate || isLoopback(at.hostname)) {
      const response = await plain(url, {
        ...{ method: "POST", headers, body, signal },
        redirect: "manual",
      });
      // What it says is of no use to anybody, however long it is.
      await response.body?.cancel();
      return answered(response.status, response.headers);
    }
    const bytes = new TextEncoder().encode(body);
    const request = {
      ...{ method: "POST", url: at, body: bytes, limit: EVENT_ANSWER_BYTES, signal },
      headers: [...Object.entries(headers), ["accept-encoding", "identity"]] as [string, string][],
    };
    try {
      const answer = await askPinned(request, options);
      return answered(answer.status, answer.headers);
    } catch (error) {
      if (error instanceof NotAllowed) return { kind: "failed", fault: "not a public address" };
      if (error instanceof BadAnswer) return { kind: "failed", fault: FAULTS[error.fault] };
      throw error;
    }
  };
}

const FAULTS = {
  not_http: "no HTTP",
  too_long: `an answer of more than ${EVENT_ANSWER_BYTES / 1024} KB`,
  broken_off: "its answer broke off",
};

function answered(status: number, headers: Headers): Posted {
  const seconds = /^\d{1,9}$/.exec(headers.get("Retry-After") ?? "")?.[0];
  const retryAfterMs = seconds === undefined ? undefined : Number(seconds) * 1000;
  return { kind: "answered", status, retryAfterMs };
}
