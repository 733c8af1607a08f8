/**
 * Fetches a client id metadata document from the public internet, and from
 * nowhere else: https, no redirects, 64 KB, 5 s.
 *
 * @module
 */

import { NotAllowed } from "../broker/core/careful_fetch.ts";
import type { FetchDocument } from "../broker/core/client.ts";
import { parseJson } from "../broker/core/json.ts";
import { Refusal } from "../broker/core/refusal.ts";
import { type Answer, BadAnswer, type Fault } from "./http_answer.ts";
import { askPinned, type PinnedOptions } from "./pinned_http.ts";

export const MAX_BYTES = 64 * 1024;
export const TIMEOUT_MS = 5_000;

/** How to reach the internet; replaced by tests. */
export interface DocumentOptions extends PinnedOptions {
  timeoutMs?: number | undefined;
}

const HEADERS: [string, string][] = [
  ["Accept", "application/json"],
  ["User-Agent", "switchboard"],
];

/** A {@linkcode FetchDocument} for client id metadata documents. */
export function createDocumentFetch(options: DocumentOptions = {}): FetchDocument {
  const { timeoutMs = TIMEOUT_MS } = options;
  return async (url) => {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), timeoutMs);
    const { signal } = late;
    const request = { method: "GET", url, headers: HEADERS, limit: MAX_BYTES, signal };
    let answer: Answer;
    try {
      answer = await askPinned(request, options);
    } catch (error) {
      return refuse(signal.aborted ? "its host did not answer in time" : saidOf(error));
    } finally {
      clearTimeout(timer);
    }
    try {
      return parseJson(textOf(answer));
    } catch (error) {
      if (error instanceof Refusal) throw error;
      return refuse("it is not JSON");
    }
  };
}

function refuse(detail: string): never {
  throw new Refusal({ code: "client_document", detail, about: "metadata" });
}

const FAULTS: { [fault in Fault]: string } = {
  not_http: "its host does not speak HTTP",
  too_long: "it is too long",
  broken_off: "its answer broke off",
};

function saidOf(error: unknown): string {
  if (error instanceof NotAllowed) return "its host is not on the public internet";
  if (error instanceof BadAnswer) return FAULTS[error.fault];
  return "its host cannot be reached";
}

/** The body of a 200 answer of JSON. */
function textOf({ status, headers, body }: Answer): string {
  if (status !== 200) return refuse(`its host answered with status ${status}`);
  if (!/^application\/([a-z-]+\+)?json\b/i.test(headers.get("Content-Type") ?? "")) {
    return refuse("it is not application/json");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    return refuse("it is not UTF-8");
  }
}
