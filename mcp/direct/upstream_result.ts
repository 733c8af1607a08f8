/**
 * What upstreams answer, as the SDK for 2025-11-25 and earlier passes it on: by
 * its own schema, which leaves out what it does not know. The usual result is
 * known to go through as it is.
 *
 * @module
 */

import type { ToolCallResult } from "../wire.ts";
import type { JudgedResult } from "./judged_result.ts";
import { isPlain, isText } from "./message.ts";

const MEMBERS = new Set(["content", "structuredContent", "isError"]);

/** Words, and data beside them: what the SDK's schema neither changes nor puts in another order. */
export function isSimple(result: ToolCallResult): boolean {
  for (const member in result) if (!MEMBERS.has(member)) return false;
  const { content, structuredContent, isError } = result;
  return Array.isArray(content) && content.every(isText) &&
    (structuredContent === undefined || isPlain(structuredContent)) &&
    (isError === undefined || typeof isError === "boolean");
}

/** Whether the SDK's schema leaves all of a result of our own: it takes one name from data, see `isPlain()`. */
export function isWhole({ structuredContent }: ToolCallResult): boolean {
  return structuredContent === undefined || isPlain(structuredContent);
}

/** What the SDK makes of another one: a result, or the error that it throws. */
export async function judgedResult(result: ToolCallResult): Promise<JudgedResult> {
  const { judged } = await import("./judged_result.ts");
  return judged(result);
}
