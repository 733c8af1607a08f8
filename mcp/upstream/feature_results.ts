/**
 * What upstreams answer for a prompt, a resource or a completion, read member
 * by member: our URIs, and no shape that makes a client refuse all of it.
 *
 * @module
 */

import { isRecord } from "../../broker/core/json.ts";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/types"
import {
  BlobResourceContentsSchema,
  ContentBlockSchema,
  TextResourceContentsSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { plainWord, shownText } from "../../broker/core/shown_name.ts";
import type { UpstreamSpec } from "../../broker/core/upstream.ts";
import { askedBy, type AskedInput } from "./asked_input.ts";
import { MAX_FEATURE_DESCRIPTION } from "./judge_features.ts";
import { blockWithOurLinks, inWords, type ToOurs } from "./links.ts";

/** Messages of one prompt, and contents of one resource; what comes after them is left out. */
export const MAX_PARTS = 1_000;
/** MCP's own limit for the values of a completion. */
const MAX_VALUES = 100;

/** A result as our callers get it. */
type Answer =
  | { kind: "result"; result: Record<string, unknown> }
  /** The server asks something first (MCP 2026-07-28). */
  | ({ kind: "input" } & Pick<AskedInput, "requests" | "state">);

/** `prompts/get`. */
export function promptOf(
  answer: Record<string, unknown>,
  spec: UpstreamSpec,
  toOurs: ToOurs,
): Answer {
  const asked = askedBy(answer, spec);
  if (asked !== undefined) return { kind: "input", ...asked };
  const { description, messages } = answer;
  return {
    kind: "result",
    result: {
      ...(typeof description === "string" && {
        description: shownText(description, MAX_FEATURE_DESCRIPTION),
      }),
      messages: listOf(messages).flatMap((message) => messageOf(message, toOurs)),
    },
  };
}

/** `resources/read`. */
export function contentsOf(
  answer: Record<string, unknown>,
  spec: UpstreamSpec,
  toOurs: ToOurs,
): Answer {
  const asked = askedBy(answer, spec);
  if (asked !== undefined) return { kind: "input", ...asked };
  const contents = listOf(answer.contents).flatMap((content) => {
    const known = TextResourceContentsSchema.safeParse(content).data ??
      BlobResourceContentsSchema.safeParse(content).data;
    const uri = known && toOurs(known.uri);
    return uri === undefined ? [] : [{ ...known, uri }];
  });
  return { kind: "result", result: { contents } };
}

/** `completion/complete`. */
export function completionOf({ completion }: Record<string, unknown>): Answer {
  const { values, total, hasMore } = isRecord(completion) ? completion : {};
  const texts = Array.isArray(values) ? values.filter((value) => typeof value === "string") : [];
  return {
    kind: "result",
    result: {
      completion: {
        values: texts.slice(0, MAX_VALUES),
        ...(Number.isInteger(total) && { total }),
        ...(texts.length > MAX_VALUES
          ? { hasMore: true }
          : typeof hasMore === "boolean" && { hasMore }),
      },
    },
  };
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value.slice(0, MAX_PARTS) : [];
}

function messageOf(message: unknown, toOurs: ToOurs): { role: string; content: unknown }[] {
  if (!isRecord(message)) return [];
  const { role, content } = message;
  // In whose name words are said is not for us to guess.
  if (role !== "user" && role !== "assistant") return [];
  const block = blockWithOurLinks(content, toOurs);
  return [{ role, content: ContentBlockSchema.safeParse(block).data ?? unknownBlock(content) }];
}

/** A client would refuse all messages for one block that it does not know. */
function unknownBlock(content: unknown): { type: "text"; text: string } {
  const type = isRecord(content) && typeof content.type === "string" ? content.type : "?";
  return inWords(`${plainWord(type, 40)} that cannot be shown`);
}
