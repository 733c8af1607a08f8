/**
 * Asking a running gateway, as its callers do.
 *
 * @module
 */

import { readText } from "../../broker/core/bodies.ts";
import { parseJson } from "../../broker/core/json.ts";
import { type Seen, watched, type Ways } from "./ways.ts";

const ANSWER_BYTES = 512 * 1024;

/** What it is looked at with. */
export interface PublicLook {
  /** Origin, no slash at the end. */
  url: string;
  ways: Ways;
  seen: Seen[];
  /** It may not run yet: nobody has said that it does. */
  mayBeDown: boolean;
  /** What the gateway's own variables say of proxies; absent where nobody knows them. */
  proxies?: { header: string } | undefined;
  /** Of its API keys, as they say them; in hex. */
  digests?: { realm: string; sha256: string }[] | undefined;
}

/** An answer, read. */
export interface Read {
  status: number;
  headers: Headers;
  json: Record<string, unknown> | undefined;
}

/** Asks one address, once. */
export async function ask(
  { url, ways, seen }: Pick<PublicLook, "url" | "ways" | "seen">,
  path: string,
  init: RequestInit = {},
): Promise<Read> {
  const { fetch } = watched(ways, seen);
  const signal = AbortSignal.timeout(ways.patience.answerMs);
  const response = await fetch(url + path, { redirect: "manual", ...init, signal });
  const text = await readText(response, { limit: ANSWER_BYTES, signal });
  return { status: response.status, headers: response.headers, json: objectOf(text) };
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const json = parseJson(text);
    return typeof json === "object" && json !== null ? json as Record<string, unknown> : undefined;
  } catch {
    return undefined;
  }
}

/** As {@linkcode ask}; what breaks off is an answer with nothing in it. */
export async function read(...args: Parameters<typeof ask>): Promise<Read> {
  try {
    return await ask(...args);
  } catch {
    return { status: 0, headers: new Headers(), json: undefined };
  }
}
