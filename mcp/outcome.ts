/**
 * How a tool call ended, in words that a voice can read out.
 *
 * @module
 */

import type { z } from "zod";
import { reasonOf, Refusal, wordsOf } from "../broker/core/refusal.ts";
import type { World } from "../broker/core/world.ts";
import { ApiError } from "../providers/provider.ts";
import type { AnyEntry } from "./catalogue.ts";
import type { ToolCallResult } from "./wire.ts";

/** How a call ended. */
export type Outcome =
  | { kind: "result"; text: string; data: Record<string, unknown> }
  /** An upstream's own, unchanged. */
  | { kind: "upstream"; result: ToolCallResult }
  /** In words; `code` is from the broker's error table or an API fault's kind. */
  | { kind: "error"; text: string; code: string; retryAfter?: number | undefined }
  /** A person must connect first. */
  | { kind: "connect"; text: string; code: string; title: string; url: string }
  | { kind: "unknown_tool"; text: string };

/** A provider that repeats its token in an answer does not bring it to the caller. */
export function withoutTokens(outcome: Outcome, tokens: Set<string>): Outcome {
  const json = JSON.stringify(outcome);
  const leaked = [...tokens].filter((token) => json.includes(token));
  return leaked.length === 0
    ? outcome
    : JSON.parse(leaked.reduce((text, token) => text.replaceAll(token, "[removed]"), json));
}

/** What is said of a tool, and whether it may be done twice. */
export function describe(entry: AnyEntry): {
  name: string;
  title: string;
  readOnly: boolean;
  repeatable: boolean;
} {
  if (entry.kind === "own") {
    const { name, hints: { readOnly, idempotent = false } } = entry.tool;
    return { name, title: entry.provider.title, readOnly, repeatable: readOnly || idempotent };
  }
  const { listed, readOnly } = entry.tool;
  const repeatable = readOnly || listed.annotations?.idempotentHint === true;
  return { name: listed.name, title: entry.upstream.spec.title, readOnly, repeatable };
}

export function argumentFault(name: string, error: z.ZodError): string {
  const faults = error.issues.slice(0, 5).map(({ path, message }) =>
    path.length === 0 ? message : `${path.join(".")}: ${message}`
  );
  return `The arguments of ${name} are not right. ${faults.join("; ")}.`;
}

export function outcomeOf(
  world: World,
  entry: AnyEntry,
  error: unknown,
): Outcome {
  if (error instanceof ApiError) {
    const { kind: code, message: text, retryAfter } = error.fault;
    return { kind: "error", code, text, retryAfter };
  }
  const reason = reasonOf(error);
  if (reason !== undefined) {
    const { error: code, description, connectUrl: url, retryAfter } = wordsOf(reason);
    if (!(error instanceof Refusal)) {
      world.log({ level: "error", event: code, detail: (error as Error).message });
    }
    if (url !== undefined && "title" in reason) {
      const { title } = reason;
      const text = `${description} Open ${url} to connect it.`;
      return { kind: "connect", code, text, title, url };
    }
    return { kind: "error", code, text: description, retryAfter };
  }
  const { name: tool, title } = describe(entry);
  const detail = error instanceof Error ? error.name : "unknown";
  world.log({ level: "error", event: "tool_failed", tool, detail });
  const code = entry.kind === "own" ? "server_error" : "unavailable";
  return { kind: "error", code, text: `${title} could not be used just now.` };
}

export function shown(name: string): string {
  return name.slice(0, 80).replaceAll(/[^\w.-]/g, "?");
}
