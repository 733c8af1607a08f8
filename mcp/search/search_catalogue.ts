/**
 * The catalogue as it is seen where there are too many tools to list: three
 * that stand for all others, and those that the operator has pinned. All
 * others can be called, as before, by whoever knows their names.
 *
 * @module
 */

import type { Accounts } from "../../broker/core/accounts.ts";
import { andThen, type Awaitable } from "../../broker/core/awaitable.ts";
import { atOnce, lazily } from "../../broker/core/lazily.ts";
import { plainWord } from "../../broker/core/shown_name.ts";
import { permitsName } from "../../broker/core/tool_policy.ts";
import type { Catalogue, PlacedCatalogue, Visitor } from "../catalogue.ts";
import { joined, type Listing, listingOf } from "../listing.ts";
import { describe } from "../described.ts";
import type { Answers, ToolCall } from "./search_tools.ts";
import { CALL_READ_TOOL, CALL_TOOL, FIND_TOOLS, isSearchTool, SEARCH_TOOLS } from "./tool_names.ts";

/** Beyond these, tools are looked up where nobody asks for a list of them. */
export const MAX_LISTED_TOOLS = 60;

/** What searching needs beside the tools. */
export interface SearchOptions {
  /** Names of tools that are listed all the same. */
  pinned?: readonly string[] | undefined;
  people?: Accounts | undefined;
}

/** The three: for whoever searches. */
const searchTools = lazily(() => import("./search_tools.ts"));

/** The catalogue, with a search in front of it. */
export function withSearch(
  catalogue: PlacedCatalogue,
  { pinned = [], people }: SearchOptions = {},
): Catalogue {
  // The library and the tables of words: for the first search.
  const search = lazily(async () => new (await import("./find.ts")).ToolSearch(catalogue, people));
  const answersTo = (visitor: Visitor): Answers => ({
    find: async (input) => await (await search()).find(visitor, input),
    refusal: (by, call) => refusalOf(catalogue, visitor, by, call),
  });
  const listing = (visitor: Visitor): Awaitable<Listing> => {
    const { mode } = visitor.filter;
    if (mode === "search") return searched(visitor);
    const all = catalogue.listing(visitor);
    if (mode === "list") return all;
    return andThen(all, (all) => all.tools.length <= MAX_LISTED_TOOLS ? all : searched(visitor));
  };
  const searched = (visitor: Visitor): Awaitable<Listing> => {
    const { filter } = visitor;
    const names = SEARCH_TOOLS.filter((name) => name !== CALL_TOOL || filter.readOnly !== true);
    const tools = pinned.filter((name) => filter.tools?.includes(name) ?? true);
    return andThen(atOnce(searchTools), ({ searchForm }) => {
      const three = listingOf(names.map(searchForm));
      if (tools.length === 0) return three;
      const listed = catalogue.listing({ ...visitor, filter: { ...filter, tools } });
      return andThen(listed, (listed) => joined(three, listed));
    });
  };
  return {
    listing,
    list: async (visitor) => (await listing(visitor)).tools,
    services: (filter) => catalogue.services(filter),
    find: (name, visitor) =>
      isSearchTool(name) && visitor.filter.mode !== "list"
        ? andThen(
          atOnce(searchTools),
          ({ searchEntry }) => searchEntry(name, answersTo(visitor)),
        )
        : catalogue.find(name, visitor),
    missingScope: (name, visitor) => catalogue.missingScope(name, visitor),
  };
}

/** Why a call was not made in a tool's own name. */
async function refusalOf(
  catalogue: Catalogue,
  visitor: Visitor,
  by: string,
  { name }: ToolCall,
): Promise<string> {
  if (isSearchTool(name)) {
    return `name: ${name} is called by itself; ${by} calls the tools that ${FIND_TOOLS} gives.`;
  }
  const entry = await catalogue.find(name, visitor);
  const { policy } = visitor.filter;
  if (entry === undefined && policy !== undefined && !permitsName(policy, name)) {
    return `name: this API key may not use ${plainWord(name, 80)}. Nothing was done.`;
  }
  if (entry === undefined) {
    return `name: there is no tool ${plainWord(name, 80)} here. ${FIND_TOOLS} gives the names.`;
  }
  if (by === CALL_READ_TOOL && !describe(entry).readOnly) {
    return `name: ${plainWord(name, 80)} changes something, and nothing was done. ` +
      `Call it with ${CALL_TOOL}.`;
  }
  return `name: ${plainWord(name, 80)} cannot be called like this. Nothing was done.`;
}
