/**
 * Holds every answer that a test gets against what `/openapi.json` says of it:
 * whatever a route says that is not described, and every code of an error that
 * is not listed for it, fails the test that saw it.
 *
 * @module
 */

import { ErrorAnswer } from "../../routes/api/answers/error.ts";
import { errorsOf } from "../../routes/openapi/errors.ts";
import type { Operation } from "../../routes/openapi/operation.ts";
import { operations } from "../../routes/openapi/operations/operations.ts";

/** An answer, read. */
export interface Seen {
  status: number;
  headers: Headers;
  text: string;
  json: unknown;
}

/** Its answers are the provider's. */
const FOREIGN = "proxy";

const known = operations.filter(({ id }) => id !== FOREIGN).map((operation) => ({
  operation,
  pattern: new RegExp(`^${operation.path.replaceAll(/:\w+/g, "[^/]+")}$`),
}));

/** Throws where the answer is not as described; nothing for what is no route of the REST part. */
export function checkDescribed(method: string, path: string, seen: Seen): void {
  const [name = ""] = path.split("?");
  const found = known.find(({ operation, pattern }) =>
    operation.method === method && pattern.test(name)
  );
  if (found === undefined) return;
  const fault = faultOf(found.operation, seen);
  if (fault !== undefined) {
    throw new Error(`${method} ${name} answers ${seen.status} otherwise than described: ${fault}`);
  }
}

function faultOf(operation: Operation, { status, headers, text, json }: Seen): string | undefined {
  const answer = status === 200 ? operation.answer : operation.more?.[status]?.answer;
  if (headers.get("Content-Type") === "application/x-ndjson") {
    return faultOfLines(operation, text);
  }
  if (answer !== undefined) {
    const schema = answer["application/json"];
    return typeof schema === "object" ? messageOf(schema.safeParse(json)) : undefined;
  }
  const parsed = ErrorAnswer.safeParse(json);
  if (!parsed.success) return messageOf(parsed);
  const said = errorsOf(operation).get(status) ?? [];
  const { error } = parsed.data;
  return said.some((each) => each.error === error) ? undefined : `it is not known for ${error}`;
}

function faultOfLines({ lines: schema }: Operation, text: string): string | undefined {
  const lines = text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  for (const line of lines) {
    const fault = schema === undefined ? "lines" : messageOf(schema.safeParse(line));
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function messageOf(
  { success, error }: { success: boolean; error?: { message: string } | undefined },
): string | undefined {
  return success ? undefined : error?.message;
}
