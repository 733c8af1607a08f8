/**
 * The indexes that are held in memory: of our own tools one, of an upstream's
 * one per list. People who are listed the same share one; which of its tools
 * each may find is decided with each search.
 *
 * @module
 */

import { digest } from "../../broker/core/secrets.ts";
import type { Place } from "../catalogue.ts";
import { SAID_AS } from "./said_as.ts";
import { searchedTool } from "./searched_tool.ts";
import { type SearchedTool, ToolIndex } from "./tool_index.ts";

/**
 * Words in all indexes that are held, about 80 bytes each: 8,000 usual tools. The one in use may
 * have more.
 */
export const MAX_INDEXED_WORDS = 500_000;

/** Indexes, by what is in them. */
export class Indexes {
  readonly #keys = new WeakMap<object, string>();
  /** In the order of their last use. */
  readonly #indexes = new Map<string, ToolIndex>();
  readonly #most: number;

  constructor(most = MAX_INDEXED_WORDS) {
    this.#most = most;
  }

  /** The index of all that comes from a place. */
  of({ origin, whole, isOwn }: Pick<Place, "origin" | "whole" | "isOwn">): ToolIndex {
    const key = this.#keys.get(origin);
    const known = key === undefined ? undefined : this.#indexes.get(key);
    if (key !== undefined && known !== undefined) return this.#keep(key, known);
    const tools = whole().map((tool) => searchedTool(tool, isOwn ? SAID_AS[tool.name] : undefined));
    const made = keyOf(tools);
    this.#keys.set(origin, made);
    return this.#keep(made, this.#indexes.get(made) ?? new ToolIndex(tools));
  }

  #keep(key: string, index: ToolIndex): ToolIndex {
    this.#indexes.delete(key);
    this.#indexes.set(key, index);
    let size = [...this.#indexes.values()].reduce((sum, { words }) => sum + words, 0);
    for (const [oldest, { words }] of this.#indexes) {
      if (size <= this.#most || oldest === key) break;
      this.#indexes.delete(oldest);
      size -= words;
    }
    return index;
  }
}

/** The same for what is searched alike. */
function keyOf(tools: SearchedTool[]): string {
  return digest(JSON.stringify(tools));
}
