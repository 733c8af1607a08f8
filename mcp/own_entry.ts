/**
 * A tool of our own as the catalogue has it, and as it is listed.
 *
 * @module
 */

import { z } from "zod";
import type { Provider, Tool } from "../providers/provider.ts";
import { listedSchema } from "./listed_schema.ts";
import { ListedForms, type Shown } from "./listing.ts";
import type { ListedTool } from "./wire.ts";

/** A tool of our own, with its provider. */
export interface CatalogueEntry {
  kind: "own";
  tool: Tool;
  provider: Provider;
  /** The tool's own schema, and the account that every tool takes. */
  input: z.ZodObject;
  listed: ListedForms;
}

const Account = z.string().min(1).max(320).optional().describe(
  "Login or e-mail address; left out, the usual one.",
);

/** An entry of a provider's tool. */
export function ownEntry(provider: Provider, tool: Tool): CatalogueEntry {
  const input = tool.input.extend({ account: Account });
  // A start does not wait for schemas that few ask for.
  const listed = new ListedForms((shown) => listedTool(tool, input, shown));
  return { kind: "own", tool, provider, input, listed };
}

/** What people call the service of a tool. */
export function titleOf({ tool, provider }: CatalogueEntry): string {
  return provider.services.find(({ name }) => name === tool.service)?.title ?? provider.title;
}

function listedTool(tool: Tool, input: z.ZodObject, shown: Shown): ListedTool {
  const { readOnly, destructive = false, idempotent = false } = tool.hints;
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: listedSchema(shown.account ? input : tool.input, "input"),
    ...(shown.outputSchemas && {
      outputSchema: orError(listedSchema(tool.output.extend(Notes.shape), "output")),
    }),
    // Those three also where they say what the protocol takes for said: directories of ChatGPT's and
    // Claude's look for them (seen in August 2026). `title` stands above, where they look for it.
    annotations: {
      readOnlyHint: readOnly,
      destructiveHint: destructive,
      ...(idempotent && { idempotentHint: true }),
      openWorldHint: true,
    },
  };
}

/** What `structuredContent` holds beside the tool's own; see call.ts. */
const Notes = z.object({ notes: z.array(z.string()).optional() });

/** What `structuredContent` holds of a call that did not work; see result.ts. */
const ErrorContent = z.object({
  error: z.string(),
  message: z.string(),
  connect_url: z.string().optional(),
  retry_after: z.number().optional(),
});

type ObjectSchema = ListedTool["inputSchema"];

let errorSchema: ReturnType<typeof listedSchema> | undefined;

/**
 * The SDKs' clients check `structuredContent` against the output schema even
 * where `isError` is set (1.32, 2.4), so the schema says what stands there.
 */
function orError(schema: ObjectSchema): ObjectSchema {
  const { properties, required = [] } = errorSchema ??= listedSchema(ErrorContent, "output");
  const { required: own = [], ...rest } = schema;
  return {
    ...rest,
    properties: { ...schema.properties as object, ...properties as object },
    anyOf: [{ required: own }, { required }],
  };
}
