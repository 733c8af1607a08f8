/**
 * How a request for a prompt, a resource or a completion ended. These have no
 * results that say `isError`: what went wrong is a JSON-RPC error, in words.
 *
 * @module
 */

import { kindOf } from "../broker/core/own_words.ts";
import { reasonOf } from "../broker/core/refusal.ts";
import { wordsOf } from "../broker/core/words.ts";
import type { World } from "../broker/core/world.ts";
import { UpstreamFault } from "./upstream/fault.ts";
import { AnswerWithheld, RemoteError } from "./upstream/remote_error.ts";
import type { Upstream } from "./upstream/upstream.ts";
import { codeOf, retryAfterOf, saying } from "./upstream_outcome.ts";

/** Resource not found, until 2025-11-25; the SDK writes what 2026-07-28 has in its place. */
export const NOT_FOUND = -32002;
const INTERNAL = -32603;
/** What else a server makes up means nothing to our callers. */
const INVALID_PARAMS = -32602;

/** A JSON-RPC error. */
export interface ErrorReply {
  kind: "error";
  code: number;
  message: string;
  data?: Record<string, unknown> | undefined;
}

/** How it ended. */
export type Reply =
  | { kind: "result"; result: Record<string, unknown> }
  /** The upstream wants answers first: who speaks 2026-07-28 is asked. */
  | {
    kind: "input";
    requests: Record<string, { method: string; params: Record<string, unknown> }>;
    state: string | undefined;
  }
  | ErrorReply
  /** A person must connect first: clients that open URLs are asked to, the others get `error`. */
  | { kind: "connect"; message: string; url: string; error: ErrorReply };

/** An error of our own. */
export function errorReply(
  code: number,
  message: string,
  data?: Record<string, unknown>,
): ErrorReply {
  return { kind: "error", code, message, data };
}

/** What is said of something that was thrown on the way; `uri` is what was asked for, if anything. */
export function replyOf(
  world: Pick<World, "log">,
  upstream: Upstream | undefined,
  error: unknown,
  uri?: string,
): Reply {
  const { name = "gateway", title = "This" } = upstream?.spec ?? {};
  if (error instanceof RemoteError) {
    const { code, words, page, isMissing } = error;
    if (page !== undefined) {
      const { url, message } = page;
      const text = `${title}: ${message} Open ${url} and then ask again.`;
      const told = errorReply(INTERNAL, text, {
        error: "url_elicitation_required",
        connect_url: url,
      });
      return { kind: "connect", message: `${title}: ${message}`, url, error: told };
    }
    const text = `${title} said: ${words}`;
    if (isMissing && uri !== undefined) return errorReply(NOT_FOUND, text, { uri });
    return errorReply(code === INVALID_PARAMS ? code : INTERNAL, text);
  }
  if (error instanceof AnswerWithheld) {
    world.log({ level: "error", event: "answer_withheld", upstream: name });
    const text = `This answer was withheld: ${title} repeated a secret in it.`;
    return errorReply(INTERNAL, text, { error: "answer_withheld" });
  }
  const reason = reasonOf(error);
  if (reason !== undefined) {
    const { error: code, description, connectUrl: url, retryAfter } = wordsOf(reason);
    if (url !== undefined && "title" in reason) {
      const text = `${description} Open ${url} to connect it.`;
      const told = errorReply(INTERNAL, text, { error: code, connect_url: url });
      return { kind: "connect", message: `Connect ${reason.title} to go on.`, url, error: told };
    }
    return errorReply(INTERNAL, description, { error: code, retry_after: retryAfter });
  }
  if (error instanceof UpstreamFault) {
    const { why } = error;
    world.log({ level: "warn", event: "feature_failed", upstream: name, reason: why.kind });
    const data = { error: codeOf(why), retry_after: retryAfterOf(why) };
    return errorReply(INTERNAL, saying(title, why, undefined), data);
  }
  world.log({ level: "error", event: "feature_failed", upstream: name, detail: kindOf(error) });
  return errorReply(INTERNAL, `${title} could not be used just now.`, { error: "unavailable" });
}
