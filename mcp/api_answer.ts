/**
 * What a provider's API has answered: read within bounds, and judged.
 *
 * @module
 */

import { type Budget, discard, readBytes, TooLong } from "../broker/core/bodies.ts";
import { parseJson } from "../broker/core/json.ts";
import type { World } from "../broker/core/world.ts";
import { ApiError, type ApiFault, type Provider } from "../providers/provider.ts";

/** An answer longer than this, decoded, does not belong in a tool's result. */
export const MAX_ANSWER_BYTES = 10 * 1024 * 1024;
/** The words of a refusal; as {@linkcode Provider.apiError} has them promised. */
export const MAX_REFUSAL_BYTES = 64 * 1024;
/** Of these a GET may be sent on: GitHub answers so for a repository with a new name. */
export const REDIRECTS = [301, 302, 307, 308];

export const NO_SENSE = "gave an answer that makes no sense";
export const LATE = "did not answer in time";

/** Whose answer it is, and what is left for reading it. */
export interface Way {
  provider: Provider;
  budget: Budget;
  /** Whose signal ends it. */
  limit: { readonly signal: AbortSignal };
  world: Pick<World, "sleep">;
}

/** What came of a request: `json` where it was wanted. */
export interface Answer {
  response: Response;
  json?: unknown;
  fault?: ApiFault | undefined;
}

/**
 * Whether a status means that nothing was done. Of 408, 500, 502 and their like nobody knows, and
 * 303 says where to look at what came of it (RFC 9110 §15.4.4).
 */
export function isRefusal(status: number): boolean {
  if (status === 303 || status === 408) return false;
  return (status >= 300 && status < 500) || status === 501 || status === 503;
}

/**
 * An answer, read as far as is wanted, with the fault that it is, if it is one.
 *
 * @throws {ApiError} where it cannot be read.
 */
export async function judged(
  way: Way,
  response: Response,
  wantsJson: boolean,
): Promise<Answer> {
  const { provider } = way;
  const { status, headers } = response;
  if (REDIRECTS.includes(status)) {
    await discard(response);
    return { response };
  }
  if (!response.ok) {
    const { bytes, truncated } = await read(response, MAX_REFUSAL_BYTES, way);
    // A refusal that is not in JSON, or too long, is known by its status.
    const body = truncated ? {} : parse(bytes) ?? {};
    return { response, fault: provider.apiError(status, headers, body) };
  }
  if (!wantsJson) return { response };
  const { bytes, truncated } = await read(response, MAX_ANSWER_BYTES, way);
  if (truncated) throw unavailable(way, "gave an answer that is too long");
  const json = parse(bytes);
  if (json === undefined) throw unavailable(way, NO_SENSE);
  return { response, json, fault: provider.refusalIn?.(json, headers) };
}

/** An empty answer counts as an empty object; `undefined` is no JSON. */
function parse(bytes: Uint8Array): unknown {
  const text = new TextDecoder().decode(bytes);
  try {
    return text === "" ? {} : parseJson(text);
  } catch {
    return undefined;
  }
}

/** What was read, and what a body that was not read to its end means. */
export async function read(
  response: Response,
  most: number,
  way: Way,
): Promise<{ bytes: Uint8Array; truncated: boolean }> {
  const { budget, limit: { signal }, world } = way;
  try {
    return await readBytes(response, { limit: most, budget, signal, turn: () => world.sleep(0) });
  } catch (error) {
    if (error instanceof TooLong) throw unavailable(way, "gave answers that are too long");
    throw unavailable(way, signal.aborted ? LATE : "broke off its answer");
  }
}

/** Whether a refusal in a 2xx means that nothing was done. What broke may have broken afterwards. */
export function isNo({ kind, mayBeDone }: ApiFault): boolean {
  return kind === "unavailable" ? mayBeDone === false : mayBeDone !== true;
}

/** Nobody can use what the API gave, or did not give. */
export function unavailable({ provider }: Pick<Way, "provider">, what: string): ApiError {
  return new ApiError({ kind: "unavailable", message: `${provider.title} ${what}.` });
}
