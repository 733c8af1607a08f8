/**
 * The three tools that stand for all others where there are too many to list.
 * What only reads has one of its own, so that a person who always allows
 * reading allows no writing.
 *
 * @module
 */

import { z } from "zod";
import { ready } from "../../broker/core/lazily.ts";
import { ApiError, type Provider, type Tool, tool } from "../../providers/provider.ts";
import type { CatalogueEntry, LoadedEntry } from "../catalogue.ts";
import { listedSchema } from "../listed_schema.ts";
import { type ListedForm, ListedForms } from "../listing.ts";
import type { ListedTool } from "../wire.ts";
import { CALL_READ_TOOL, CALL_TOOL, FIND_TOOLS, SEARCH_TOOLS } from "./tool_names.ts";

/** Letters of a query that are taken; what is long is looked up by its beginning. */
export const MAX_QUERY = 1_000;

const FindInput = z.strictObject({
  query: z.string().min(1).max(MAX_QUERY).describe(
    "In English: service if known, verb, object, as in: gmail send email",
  ),
  service: z.string().min(1).max(100).optional().describe("Only of this service, such as gmail"),
});

const CallInput = z.strictObject({
  name: z.string().min(1).max(200).describe("As find_tools gave it"),
  arguments: z.record(z.string(), z.unknown()).optional().describe("By its input_schema"),
});

/** What a search has found. */
export const Findings = z.object({
  tools: z.array(z.object({
    name: z.string(),
    call_with: z.enum([CALL_READ_TOOL, CALL_TOOL]),
    description: z.string(),
    /** Absent where it is too long. */
    input_schema: z.record(z.string(), z.unknown()).optional(),
    arguments: z.array(z.string()).optional(),
  })),
  more: z.array(z.object({ name: z.string(), title: z.string() })),
});
export type Findings = z.output<typeof Findings>;

/** What is called through {@linkcode CALL_TOOL} and {@linkcode CALL_READ_TOOL}. */
export interface ToolCall {
  name: string;
  arguments?: Record<string, unknown> | undefined;
}

/** What a search and a call that could not be made say. */
export interface Answers {
  find(input: z.output<typeof FindInput>): Promise<{
    text: string;
    data: Findings;
    notes?: string[];
  }>;
  /** Why a tool is not called by this one, in words. */
  refusal(by: string, call: ToolCall): Promise<string>;
}

/** Owns the three: nothing is connected for them, and nothing is asked of an API. */
const provider = {
  ...{ name: "switchboard", title: "Switchboard", services: [], tools: [] },
} as Partial<Provider> as Provider;

/** One of the three as it is called; what it answers is of one visitor. */
export function searchEntry(name: string, answers: Answers): CatalogueEntry {
  const made = name === FIND_TOOLS ? findTool(answers) : callTool(name, answers);
  const entry = {
    ...{ kind: "own", tool: made, provider, isFormer: false, input: made.input },
    listed: forms.get(name)!,
  } as LoadedEntry;
  // Its code is here.
  entry.load = ready(entry);
  return entry;
}

function findTool({ find }: Answers): Tool {
  return tool({
    ...{ name: FIND_TOOLS, title: "", description: "", service: "", scopes: [] },
    hints: { readOnly: true },
    input: FindInput,
    output: Findings,
    run: find,
  });
}

/** Runs for what is refused alone: a call that can be made is made in the tool's own name. */
function callTool(name: string, { refusal }: Answers): Tool {
  return tool({
    ...{ name, title: "", description: "", service: "", scopes: [] },
    // Nothing is done, so nothing need be remembered.
    hints: { readOnly: name === CALL_READ_TOOL, idempotent: true },
    content: ["arguments"],
    input: CallInput,
    output: z.object({}),
    async run(call) {
      throw new ApiError({ kind: "invalid", message: await refusal(name, call) });
    },
  });
}

/** Their listed forms: one of each, whatever else a list shows. */
const forms = new Map(
  SEARCH_TOOLS.map((name) => [name, new ListedForms(() => listedTool(name))]),
);

/** One of the three as it is listed. */
export function searchForm(name: string): ListedForm {
  return forms.get(name)!.of({ outputSchemas: false, account: false });
}

const SHOWN: Readonly<Record<string, { title: string; description: string }>> = {
  [FIND_TOOLS]: {
    title: "Find tools",
    description:
      "Find the tools for what is wanted, in all services that can be used here: look before saying " +
      "that something cannot be done. Answers with five, ready to call, and the names of more.",
  },
  [CALL_READ_TOOL]: {
    title: "Call a tool that reads",
    description: "Call a tool that only reads. It changes nothing.",
  },
  [CALL_TOOL]: {
    title: "Call a tool",
    description:
      "Call a tool that changes something. What its description asks for comes first, such as " +
      "the person's consent.",
  },
};

/** Arguments are any object: some clients refuse what zod says of one. */
function callSchema(): ListedTool["inputSchema"] {
  const { properties, ...schema } = listedSchema(CallInput, "input");
  const args = { type: "object", description: CallInput.shape.arguments.description };
  return { ...schema, properties: { ...properties as object, arguments: args } };
}

function listedTool(name: string): ListedTool {
  const { title = name, description = "" } = SHOWN[name] ?? {};
  const reads = name !== CALL_TOOL;
  return {
    ...{ name, title, description },
    inputSchema: name === FIND_TOOLS ? listedSchema(FindInput, "input") : callSchema(),
    annotations: {
      title,
      readOnlyHint: reads,
      destructiveHint: !reads,
      idempotentHint: reads,
      openWorldHint: true,
    },
  };
}
