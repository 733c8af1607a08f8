/**
 * The tools of all providers, their JSON Schemas made once, and the lists that
 * callers see.
 *
 * @module
 */

import { z } from "zod";
import { allowsTool } from "../broker/gateway_scopes.ts";
import type { Provider, Tool } from "../providers/provider.ts";

/** A tool with its provider. */
export interface CatalogueEntry {
  tool: Tool;
  provider: Provider;
  /** The tool's own schema, and the account that every tool takes. */
  input: z.ZodObject;
  listed: ListedTool;
}

/** A tool as `tools/list` shows it (MCP 2025-11-25, `Tool`). */
export interface ListedTool {
  [key: string]: unknown;
  name: string;
  title: string;
  description: string;
  inputSchema: { [key: string]: unknown; type: "object" };
  outputSchema: { [key: string]: unknown; type: "object" };
  annotations: Record<string, boolean | string>;
}

/** What a caller narrows the list to; all where absent. */
export interface ToolFilter {
  services?: string[];
  tools?: string[];
  readOnly?: boolean;
  /** Of a gateway token; see `broker/gateway_scopes.ts`. */
  scopes?: string[];
}

/** All tools of the configured providers, in a fixed order. */
export interface Catalogue {
  list(filter: ToolFilter): ListedTool[];
  /** By name or alias, if the filter lets it through. */
  find(name: string, filter: ToolFilter): CatalogueEntry | undefined;
}

const Account = z.string().max(320).optional().describe(
  "Which connected account to use, by its login or e-mail address. Leave out for the usual one.",
);

const NAME = /^[a-z0-9_]{1,40}$/;

/**
 * Collects the tools.
 *
 * @throws {TypeError} where a name or an alias is malformed or taken: a mistake
 * in a provider module, found at start.
 */
export function createCatalogue(providers: Provider[]): Catalogue {
  const entries: CatalogueEntry[] = [];
  const byName = new Map<string, CatalogueEntry>();
  for (const provider of providers) {
    for (const tool of provider.tools) {
      const input = tool.input.extend({ account: Account });
      const entry = { tool, provider, input, listed: listedTool(tool, input) };
      entries.push(entry);
      for (const name of [tool.name, ...tool.aliases]) {
        if (!NAME.test(name) || byName.has(name)) {
          throw new TypeError(`Cannot list tool "${name}": the name is malformed or taken`);
        }
        byName.set(name, entry);
      }
    }
  }
  const lists = new Map<string, ListedTool[]>();
  return {
    list(filter) {
      const key = JSON.stringify([filter.services, filter.tools, filter.readOnly, filter.scopes]);
      const list = lists.get(key) ??
        entries.filter(({ tool }) => passes(tool, filter)).map(({ listed }) => listed);
      // Filters come from callers: the cache must not grow with what they make up.
      if (lists.size < 100) lists.set(key, list);
      return list;
    },
    find(name, filter) {
      const entry = byName.get(name);
      return entry !== undefined && passes(entry.tool, filter) ? entry : undefined;
    },
  };
}

function passes(tool: Tool, { services, tools, readOnly, scopes }: ToolFilter): boolean {
  const needs = { service: tool.service, readOnly: tool.hints.readOnly };
  return (scopes === undefined || allowsTool(scopes, needs)) &&
    (services === undefined || services.includes(tool.service)) &&
    (tools === undefined || tools.includes(tool.name)) &&
    (readOnly !== true || tool.hints.readOnly);
}

function listedTool(tool: Tool, input: z.ZodObject): ListedTool {
  const { readOnly, destructive = false, idempotent = readOnly } = tool.hints;
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: jsonSchema(input, "input"),
    outputSchema: orError(jsonSchema(tool.output, "output")),
    annotations: {
      title: tool.title,
      readOnlyHint: readOnly,
      destructiveHint: destructive,
      idempotentHint: idempotent,
      openWorldHint: true,
    },
  };
}

/** What `structuredContent` holds of a call that did not work; see result.ts. */
const ErrorContent = z.object({
  error: z.string().describe("Why it did not work: not_connected, invalid_arguments, …"),
  connect_url: z.string().optional().describe("Where the person connects the service"),
  retry_after: z.number().optional().describe("Seconds"),
});

/**
 * The SDKs' clients check `structuredContent` against the output schema even
 * where `isError` is set (1.32, 2.4), so the schema says what stands there.
 */
function orError(schema: ListedTool["outputSchema"]): ListedTool["outputSchema"] {
  const { properties, required = [] } = jsonSchema(ErrorContent, "output");
  return {
    ...schema,
    properties: { ...schema.properties as object, ...properties as object },
    required: [],
    anyOf: [{ required: schema.required ?? [] }, { required }],
  };
}

function jsonSchema(schema: z.ZodObject, io: "input" | "output") {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io });
  return rest as ListedTool["inputSchema"];
}
