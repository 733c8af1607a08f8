/**
 * A call's `arguments` as an object, however they were sent: some clients send
 * `null` where there are none, others the JSON of the object as a text. The
 * SDKs, and what reads the body before them, take nothing but objects.
 *
 * @module
 */

import { isBounded, isRecord, parseJson } from "../../broker/core/json.ts";

/**
 * A body, one message or a batch, with the arguments of its calls as objects as
 * far as they can be. One that would be more than a body may hold stays as it
 * is, and its texts are refused as texts.
 */
export function withCallArguments(body: unknown): unknown {
  if (!Array.isArray(body)) return bounded(body, withArguments(body));
  const messages = body.map(withArguments);
  return messages.some((message, at) => message !== body[at]) ? bounded(body, messages) : body;
}

function bounded(body: unknown, opened: unknown): unknown {
  return opened === body || isBounded(opened) ? opened : body;
}

function withArguments(message: unknown): unknown {
  if (!isRecord(message) || message.method !== "tools/call" || !isRecord(message.params)) {
    return message;
  }
  const args = message.params.arguments;
  if (args !== null && typeof args !== "string") return message;
  const object = args === null ? null : objectOf(args);
  if (object === undefined) return message;
  const { arguments: _sent, ...params } = message.params;
  return { ...message, params: object === null ? params : { ...params, arguments: object } };
}

/** `undefined` where the text is neither an object's nor that of `null`. */
function objectOf(text: string): Record<string, unknown> | null | undefined {
  try {
    const value = parseJson(text);
    return value === null || isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
