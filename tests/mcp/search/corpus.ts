/** The 500 tools among which is searched, and the requests; see README.md. */

import { createCatalogue } from "../../../mcp/catalogue.ts";
import { SAID_AS } from "../../../mcp/search/said_as.ts";
import type { SearchedTool } from "../../../mcp/search/tool_index.ts";
import { searchedTool } from "../../../mcp/search/searched_tool.ts";
import { modulesWithTools } from "../../support/own_tools.ts";

/** A tool as a file of others' has it. */
interface Line {
  service: string;
  name: string;
  title?: string;
  description: string;
  arguments: string[];
  readOnly: boolean;
}

/** What somebody asked for, in both forms, and the tools that would do. */
export interface Asked {
  /** In which of the files it stands: the first were there before the others were written. */
  round: number;
  split: "tuned" | "held";
  tools: string[];
  /** In a person's own words. */
  said: string;
  /** As a model puts it; "" where only people were asked. */
  query: string;
}

const settings = { clientId: "", clientSecret: "", redirectUri: "", fetch };

/** Our own tools. */
export async function ownTools(): Promise<SearchedTool[]> {
  // The same tools, for another kind of credential.
  const modules = modulesWithTools.filter(({ name }) => name !== "github_app");
  const catalogue = createCatalogue(modules.map((module) => module.create(settings)));
  const actor = { kind: "app", id: "voice" } as const;
  const tools = await catalogue.list({ subject: "voice:u", actor, filter: {} });
  return tools.map((tool) => searchedTool(tool, SAID_AS[tool.name]));
}

/** Others' tools, by where they come from. */
export function otherTools(): SearchedTool[][] {
  const lines: Line[] = read("corpus.ndjson").map((line) => JSON.parse(line));
  const places = Map.groupBy(lines, ({ service }) => service);
  return [...places.values()].map((tools) =>
    tools.map(({ name, title = "", description, arguments: args, readOnly }) => ({
      ...{ name, title, description, args, readOnly },
      said: "",
    }))
  );
}

const ROUNDS = ["", "_2", "_3", "_4", "_5", "_6", "_7", "_8", "_9"];

/** The requests. */
export function requests(): Asked[] {
  return ROUNDS.flatMap((round, index) =>
    read(`requests${round}.tsv`).slice(1).map((line) => {
      const [split, _voice, tools = "", said = "", query = ""] = line.split("\t");
      return {
        ...{ round: index + 1, split: split as Asked["split"], tools: tools.split(",") },
        ...{ said, query },
      };
    })
  );
}

function read(name: string): string[] {
  return Deno.readTextFileSync(new URL(name, import.meta.url)).trim().split("\n");
}
