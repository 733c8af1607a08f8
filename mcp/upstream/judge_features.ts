/**
 * Which of an upstream's prompts, resources and resource templates can be
 * listed, each judged alone, as its tools are: one that is not right takes none
 * of the others away. What can be mended without a doubt is mended. They are
 * not reviewed as tools are (a person or an application chooses them, MCP
 * 2025-11-25), but their words come before a model: nothing is hidden in them.
 *
 * @module
 */

// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/types"
import {
  PromptSchema,
  ResourceSchema,
  ResourceTemplateSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { isRecord, isShallow } from "../../broker/core/json.ts";
import { shownName, shownText } from "../../broker/core/shown_name.ts";
import type { FeatureKind } from "../abilities.ts";
import { MAX_DEFINITION_BYTES, MAX_REMOTE_NAME } from "./judge.ts";

/** Characters of the description of a prompt or resource; the rest is cut off. */
export const MAX_FEATURE_DESCRIPTION = 4_000;

/** One of them: what names it at its upstream, and how it is listed. */
export interface JudgedFeature {
  id: string;
  listed: Record<string, unknown>;
}

const KINDS = {
  prompts: { id: "name", schema: PromptSchema },
  resources: { id: "uri", schema: ResourceSchema },
  resourceTemplates: { id: "uriTemplate", schema: ResourceTemplateSchema },
} as const;

/** The members without which nothing is lost that a caller needs. */
const ESSENTIAL = /^(name|uri|uriTemplate|title|description|mimeType|arguments|_meta)$/;

/** How it can be listed; `undefined` where it cannot. */
export function judgeFeature(kind: FeatureKind, raw: unknown): JudgedFeature | undefined {
  if (!isRecord(raw) || !isShallow(raw)) return undefined;
  const { id: member, schema } = KINDS[kind];
  const given = withoutNulls(raw);
  const id = given[member];
  if (typeof id !== "string" || id === "") return undefined;
  if (member === "name" && id.length > MAX_REMOTE_NAME) return undefined;
  const mended = { ...given, ...wordsOf(given, id) };
  const essential = Object.fromEntries(
    Object.entries(mended).filter(([name]) => ESSENTIAL.test(name)),
  );
  // Annotations, icons or a size that are not right are worth less than what they stand at.
  const listed = schema.safeParse(mended).data ?? schema.safeParse(essential).data;
  if (listed === undefined) return undefined;
  const bytes = new TextEncoder().encode(JSON.stringify(listed)).length;
  return bytes > MAX_DEFINITION_BYTES ? undefined : { id, listed };
}

/** Servers write `null` for what they have not. */
function withoutNulls(raw: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== null));
}

function wordsOf(given: Record<string, unknown>, id: string): Record<string, unknown> {
  const { name, title, description, mimeType, _meta } = given;
  return {
    // Of a prompt it is the id; of a resource only what it is called.
    name: given.uri === undefined && given.uriTemplate === undefined
      ? id
      : shownName(typeof name === "string" ? name : "", shownName(id, "resource")),
    title: typeof title === "string" ? shownName(title, shownName(id, "?")) : undefined,
    description: typeof description === "string"
      ? shownText(description, MAX_FEATURE_DESCRIPTION)
      : undefined,
    mimeType: typeof mimeType === "string" ? mimeType : undefined,
    _meta: isRecord(_meta) ? _meta : undefined,
    ...(Array.isArray(given.arguments) && { arguments: given.arguments.map(argumentOf) }),
  };
}

function argumentOf(raw: unknown): unknown {
  if (!isRecord(raw)) return raw;
  const given = withoutNulls(raw);
  const { description } = given;
  return typeof description === "string"
    ? { ...given, description: shownText(description, MAX_FEATURE_DESCRIPTION) }
    : given;
}
