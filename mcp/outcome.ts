/**
 * How a tool call ended, in words that a voice can read out.
 *
 * @module
 */

import { kindOf, saidOf } from "../broker/core/own_words.ts";
import { reasonOf, Refusal } from "../broker/core/refusal.ts";
import { wordsOf } from "../broker/core/words.ts";
import type { World } from "../broker/core/world.ts";
import { ApiError } from "../providers/provider.ts";
import type { AnyEntry } from "./catalogue.ts";
import { describe } from "./described.ts";
import { withoutSecrets } from "./secrets_in.ts";
import type { ToolCallResult } from "./wire.ts";

/** The code of an answer that nobody gets to see. */
const WITHHELD = "answer_withheld";

/** How a call ended; `repeated`: one that was made before, this one was not. */
export type Outcome = Ending & { repeated?: true | undefined };

type Ending =
  | { kind: "result"; text: string; data: Record<string, unknown> }
  /** An upstream's own, as every client takes it. */
  | { kind: "upstream"; result: ToolCallResult }
  /** In words; `code` is from the broker's error table or an API fault's kind. */
  | {
    kind: "error";
    text: string;
    code: string;
    /** Seconds. */
    retryAfter?: number | undefined;
    /** The same call, made again, hears this: it may have been done. */
    isFinal?: boolean | undefined;
  }
  /** A person must connect first, or open a page of the upstream's; `message` asks for that. */
  | {
    kind: "connect";
    text: string;
    code: string;
    title: string;
    url: string;
    message?: string | undefined;
    /** As of an error: something was sent before the person was found wanting. */
    isFinal?: boolean | undefined;
  }
  /** An upstream wants answers first (2026-07-28). The same call with them is another request. */
  | {
    kind: "input";
    text: string;
    code: string;
    requests: Record<string, { method: string; params: Record<string, unknown> }>;
    state: string | undefined;
    /** Where one of them is a page to open. */
    url: string | undefined;
  }
  | { kind: "unknown_tool"; text: string };

/** Of what was sent, and whose end nobody knows. */
export const MAYBE_DONE =
  "What was asked may have been done: look first; to do it again, make a new call.";

/** An outcome of a call that may have changed something, though it has no result. */
export function mayBeDone(outcome: Outcome): Outcome {
  if (outcome.kind !== "error" && outcome.kind !== "connect") return outcome;
  const text = `${outcome.text} ${MAYBE_DONE}`;
  // What may have been done is not done again, whoever asks with the same key.
  return outcome.kind === "connect"
    ? { ...outcome, text, isFinal: true }
    : { kind: "error", code: "may_have_been_done", text, isFinal: true };
}

/** An outcome without the secrets that a call was made with, or that it was withheld. */
export function withoutSecretsOf(
  world: Pick<World, "log">,
  entry: AnyEntry,
  outcome: Outcome,
  secrets: ReadonlySet<string>,
): Outcome {
  if (secrets.size === 0) return outcome;
  const searched = withoutSecrets(outcome, secrets);
  if (searched.kind === "clean") return searched.value;
  const { name: tool, title, readOnly } = describe(entry);
  world.log({ level: "error", event: "answer_withheld", tool });
  const done = readOnly ? "" : " What was asked may have been done.";
  return {
    kind: "error",
    code: WITHHELD,
    text: `This answer was withheld: ${title} repeated a secret in it.${done}`,
  };
}

/**
 * Whether the same call, made again, gets this outcome and is not done again:
 * also where it was withheld, since then it was done.
 */
export function isFinal(outcome: Outcome): boolean {
  const { kind } = outcome;
  return kind === "result" || kind === "upstream" ||
    (kind === "error" && outcome.code === WITHHELD) ||
    ((kind === "error" || kind === "connect") && outcome.isFinal === true);
}

/** A remembered outcome, which says that it is one: in words, too, where something was done. */
export function repetitionOf(outcome: Outcome, inWords: boolean): Outcome {
  const repeated = true;
  if (!inWords) return { ...outcome, repeated };
  switch (outcome.kind) {
    case "result": {
      const { text, data } = outcome;
      // Beside those that the tool has itself; see call.ts.
      const notes = [`${DONE_ALREADY}.`, ...Array.isArray(data.notes) ? data.notes : []];
      return {
        ...outcome,
        text: `${DONE_ALREADY}: ${text}`,
        data: { ...data, notes },
        repeated,
      };
    }
    case "upstream": {
      const { result } = outcome;
      if (result.isError) return { ...outcome, repeated };
      const [first, ...others] = result.content;
      const content = first?.type === "text"
        ? [{ ...first, text: `${DONE_ALREADY}: ${first.text}` }, ...others]
        : [{ type: "text", text: `${DONE_ALREADY}.` }, ...result.content];
      return { ...outcome, result: { ...result, content }, repeated };
    }
    default:
      return { ...outcome, repeated };
  }
}

const DONE_ALREADY = "That was done already";

export function outcomeOf(
  world: World,
  entry: AnyEntry,
  error: unknown,
): Outcome {
  if (error instanceof ApiError) {
    const { kind: code, message, retryAfter, operator, page } = error.fault;
    const { name: tool, title } = describe(entry);
    if (operator !== undefined) {
      world.log({ level: "error", event: "provider_misconfigured", tool, detail: operator });
    }
    if (page === undefined) return { kind: "error", code, text: message, retryAfter };
    const { url } = page;
    const text = `${message} Open ${url} ${page.title}.`;
    return { kind: "connect", code, text, title, url, message };
  }
  const reason = reasonOf(error);
  if (reason !== undefined) {
    const { error: code, description, connectUrl: url, retryAfter } = wordsOf(reason);
    if (!(error instanceof Refusal)) {
      world.log({ level: "error", event: code, detail: saidOf(error) });
    }
    if (url !== undefined && "title" in reason) {
      const { title } = reason;
      const text = `${description} Open ${url} to connect it.`;
      return { kind: "connect", code, text, title, url };
    }
    return { kind: "error", code, text: description, retryAfter };
  }
  const { name: tool, title } = describe(entry);
  const detail = kindOf(error);
  world.log({ level: "error", event: "tool_failed", tool, detail });
  const code = entry.kind === "own" ? "server_error" : "unavailable";
  return { kind: "error", code, text: `${title} could not be used just now.` };
}
