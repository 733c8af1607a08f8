/**
 * A tool of our own as the catalogue has it, and as it is listed.
 *
 * @module
 */

import type { z } from "zod";
import { lazily, type Lazy } from "../broker/core/lazily.ts";
import { formerTools } from "../providers/former_names.ts";
import {
  type KnownTool,
  namesOf,
  type ObjectSchema,
  type Provider,
  type Tool,
  type ToolWords,
} from "../providers/provider.ts";
import { knownTools } from "./known_tool.ts";
import { ListedForms, type Shown } from "./listing.ts";
import type { ListedTool } from "./wire.ts";

/** A tool of our own, with its provider. */
export interface CatalogueEntry {
  kind: "own";
  tool: ToolWords;
  provider: Provider;
  /** It is listed to whoever asks for it by name. */
  isFormer: boolean;
  listed: ListedForms;
  /** Its code, which may have to be loaded first. Where that fails, the next call has it tried again. */
  load: Lazy<LoadedEntry>;
}

/** The same with its code. */
export interface LoadedEntry extends CatalogueEntry {
  tool: Tool;
  /** The tool's own schema, and the account that every tool takes. */
  input: z.ZodObject;
}

/** The entries of a provider's tools, in the order in which they are listed. */
export function ownEntries(provider: Provider): CatalogueEntry[] {
  const here = provider.tools.flatMap((tool) =>
    knownTools(tool).map((known) => ownEntry(provider, known, () => Promise.resolve([tool])))
  );
  const { later } = provider;
  if (later === undefined) return here;
  const load = lazily(later.load);
  return [...here, ...later.known.map((known) => ownEntry(provider, known, load))];
}

function ownEntry(
  provider: Provider,
  known: KnownTool,
  load: () => Promise<Tool[]>,
): CatalogueEntry {
  const entry: CatalogueEntry = {
    kind: "own",
    tool: known,
    provider,
    isFormer: known.isFormer === true,
    // A start does not wait for what few ask for.
    listed: new ListedForms((shown) => listedTool(known, shown)),
    load: lazily(async () => {
      const tool = toolOf(known.name, await load());
      const { accountField } = await import("./account_field.ts");
      return { ...entry, tool, input: tool.input.extend({ account: accountField(WHICH_ACCOUNT) }) };
    }),
  };
  return entry;
}

/** The code of what is known by a name. */
function toolOf(name: string, tools: Tool[]): Tool {
  const whole = tools.find((tool) => namesOf(tool).includes(name));
  const tool = whole && [whole, ...formerTools(whole)].find((each) => each.name === name);
  if (tool === undefined) throw new TypeError(`Cannot call ${name}: run \`deno task tools\``);
  return tool;
}

/** What people call the service of a tool. */
export function titleOf({ tool, provider }: CatalogueEntry): string {
  return provider.services.find(({ name }) => name === tool.service)?.title ?? provider.title;
}

function listedTool({ name, title, description, hints, ...known }: KnownTool, shown: Shown) {
  const { readOnly, destructive = false, idempotent = false } = hints;
  const { input, output } = known;
  return {
    ...{ name, title, description },
    inputSchema: shown.account ? withFields(input, { account: ACCOUNT }) : input,
    ...(shown.outputSchemas && { outputSchema: orError(withFields(output, { notes: NOTES })) }),
    // Those three also where they say what the protocol takes for said: directories of ChatGPT's and
    // Claude's look for them (seen in August 2026). `title` stands above, where they look for it.
    annotations: {
      readOnlyHint: readOnly,
      destructiveHint: destructive,
      ...(idempotent && { idempotentHint: true }),
      openWorldHint: true,
    },
  } satisfies ListedTool;
}

const WHICH_ACCOUNT = "Login or e-mail address; left out, the usual one.";
/** The account that a tool takes, as it is listed. */
const ACCOUNT = { description: WHICH_ACCOUNT, type: "string" };
/** What `structuredContent` holds beside the tool's own; see call.ts. */
const NOTES = { type: "array", items: { type: "string" } };
/** What it holds of a call that did not work; see result.ts. */
const ERROR = {
  properties: {
    error: { type: "string" },
    message: { type: "string" },
    connect_url: { type: "string" },
    retry_after: { type: "number" },
  },
  required: ["error", "message"],
};

function withFields(schema: ObjectSchema, fields: Record<string, unknown>): ObjectSchema {
  return { ...schema, properties: { ...schema.properties as object, ...fields } };
}

/**
 * The SDKs' clients check `structuredContent` against the output schema even
 * where `isError` is set (1.32, 2.4), so the schema says what stands there.
 */
function orError({ required = [], ...schema }: ObjectSchema): ObjectSchema {
  const { properties, required: said } = ERROR;
  return { ...withFields(schema, properties), anyOf: [{ required }, { required: said }] };
}
