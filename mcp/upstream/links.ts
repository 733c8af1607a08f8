/**
 * Where an upstream names a resource of its own, so that our URI must stand
 * there: links and embedded resources in results and messages, and what ties a
 * tool to an app's page. Nowhere else: what it writes into a text, or into
 * `structuredContent`, is its own word, and is not read here.
 *
 * @module
 */

import { isRecord } from "../../broker/core/json.ts";
import { isWebAddress } from "./uris.ts";

/** Our URI for one of an upstream's; `undefined` for what is none. */
export type ToOurs = (uri: string) => string | undefined;

type Members = Record<string, unknown>;

/**
 * Members of `_meta` that name an app's page. The first two are OpenAI's
 * ("Apps SDK", December 2025) and MCP Apps' older spelling; since 2026-01-26 it is
 * `ui.resourceUri` (SEP-1865).
 */
const FLAT = ["openai/outputTemplate", "ui/resourceUri"];

/** A tool, or a result, whose `_meta` names a page by our URI. */
export function withLinkedPage<T extends Members>(value: T, toOurs: ToOurs): T {
  const meta = value._meta;
  if (!isRecord(meta)) return value;
  const changed: Members = {};
  for (const name of FLAT) {
    if (name in meta) changed[name] = oursOrNothing(meta[name], toOurs);
  }
  if (isRecord(meta.ui) && "resourceUri" in meta.ui) {
    changed.ui = { ...meta.ui, resourceUri: oursOrNothing(meta.ui.resourceUri, toOurs) };
  }
  return Object.keys(changed).length === 0 ? value : { ...value, _meta: { ...meta, ...changed } };
}

/** The pages that a listed tool names. */
export function linkedPages({ _meta: meta }: Members): string[] {
  if (!isRecord(meta)) return [];
  const ui = isRecord(meta.ui) ? meta.ui.resourceUri : undefined;
  return [ui, ...FLAT.map((name) => meta[name])].filter((uri) => typeof uri === "string");
}

/** A result of a tool, with our URIs. */
export function withOurLinks<T extends { content: unknown[]; _meta?: unknown }>(
  result: T,
  toOurs: ToOurs,
): T {
  const content = result.content.map((block) => blockWithOurLinks(block, toOurs));
  return withLinkedPage({ ...result, content }, toOurs);
}

/** A content block, with our URI where it is or holds a resource. */
export function blockWithOurLinks(block: unknown, toOurs: ToOurs): unknown {
  if (!isRecord(block)) return block;
  if (block.type === "resource_link") {
    const uri = linked(block.uri, toOurs);
    return uri === undefined ? inWords("a link that leads nowhere") : { ...block, uri };
  }
  if (block.type === "resource" && isRecord(block.resource)) {
    const uri = linked(block.resource.uri, toOurs);
    return uri === undefined
      ? inWords("a resource without an address")
      : { ...block, resource: { ...block.resource, uri } };
  }
  return block;
}

/**
 * An address of the web is left as it is: a person opens it, and a client loads
 * it from there. It is nobody's here, and cannot be read through the gateway.
 */
function linked(uri: unknown, toOurs: ToOurs): string | undefined {
  if (typeof uri !== "string") return undefined;
  return isWebAddress(uri) && URL.canParse(uri) ? uri : toOurs(uri);
}

function oursOrNothing(uri: unknown, toOurs: ToOurs): string | undefined {
  return typeof uri === "string" ? toOurs(uri) : undefined;
}

/** A block that says what stood in its place. */
export function inWords(what: string): { type: "text"; text: string } {
  return { type: "text", text: `[${what}]` };
}
