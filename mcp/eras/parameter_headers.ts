/**
 * Whether a call's headers say what its body says (MCP 2026-07-28, SEP-2243).
 * What stands in between may decide by the headers alone: a call that says one
 * thing there and another one in its body is nobody's to answer.
 *
 * @module
 */

import { bytesOfBase64 } from "../../broker/core/random_secret.ts";
import { parameterHeaders } from "../upstream/header_values.ts";

const ENCODED = /^=\?base64\?(.*)\?=$/;
/** RFC 4648 §4, with its padding. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The name of a header that does not fit; `undefined` where all of them do. */
export function unfitHeader(
  { headers }: Pick<Request, "headers">,
  inputSchema: unknown,
  args: unknown,
): string | undefined {
  return Object.entries(parameterHeaders(inputSchema, args)).find(([name, value]) => {
    const said = headers.get(name);
    return said === null || decoded(said) !== decoded(value);
  })?.[0];
}

/** What a header's value stands for; itself in a form of its own where it cannot be read. */
function decoded(value: string): string {
  const [, base64] = ENCODED.exec(value) ?? [];
  if (base64 === undefined) return `text ${value}`;
  if (!BASE64.test(base64)) return `unreadable ${value}`;
  const bytes = bytesOfBase64(base64);
  try {
    return `text ${new TextDecoder("utf-8", { fatal: true }).decode(bytes)}`;
  } catch {
    // No UTF-8 is no text, and equal to none.
    return `unreadable ${value}`;
  }
}
