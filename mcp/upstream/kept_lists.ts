/**
 * What an upstream listed for one person, kept sealed for all processes: a
 * second one does not ask again. It is cut into pages, since a list may be
 * larger than what one record takes.
 *
 * @module
 */

import type { ExpiringStore, Stored } from "../../broker/core/store.ts";
import { kindOf } from "../../broker/core/own_words.ts";
import { digest } from "../../broker/core/secrets.ts";
import type { Subject } from "../../broker/core/subject.ts";
import type { KeptList } from "../../broker/core/upstream.ts";
import type { World } from "../../broker/core/world.ts";
import type { RemoteList } from "./list.ts";

/** A person's list is kept as long as this after it was listed. It is asked for anew much earlier. */
export const KEPT_MS = 60 * 60_000;
/** A page, as JSON in UTF-8; a record takes twice as much. */
export const PAGE_BYTES = 256 * 1024;
/** What a person was shown is not shown again for this long. */
export const SHOWN_MS = 365 * 24 * 60 * 60_000;
/** Definitions of one tool that are known to have been shown to one person, and so many tools. */
const MOST_SHOWN = 5;
const MOST_SHOWN_TOOLS = 1_000;
/** So much of a digest is kept of each: all of it must fit into one record. */
const DIGITS = 32;

/** Where lists are kept, and when that is. */
export interface KeptListsDeps {
  world: Pick<World, "now" | "secret" | "log">;
  lists: ExpiringStore<KeptList>;
}

/** A list with the time when it was listed. */
export interface Kept {
  list: RemoteList;
  listedAt: number;
}

/** The kept lists of one upstream. What the store does not give or take is asked for anew. */
export class KeptLists {
  readonly #upstream: string;
  readonly #deps: KeptListsDeps;

  constructor(upstream: string, deps: KeptListsDeps) {
    this.#upstream = upstream;
    this.#deps = deps;
  }

  /** As it was listed with the connection of that mark; `owner` is by `ownerOf()`. */
  async read(owner: string, mark: string): Promise<Kept | undefined> {
    return await this.#tried(async () => {
      const { lists, world } = this.#deps;
      const head = (await lists.peek(this.#key("list", owner)))?.value;
      if (head?.kind !== "list" || head.mark !== mark) return undefined;
      // A clock that ran ahead wrote it, or it is over: both end it.
      if (head.expiresAt <= world.now() || head.listedAt > world.now()) return undefined;
      const pages = await Promise.all(
        Array.from({ length: head.pages }, (_, at) => lists.peek(pageKey(head.id, at))),
      );
      const tools: unknown[] = [];
      for (const page of pages) {
        if (page?.value.kind !== "page") return undefined;
        tools.push(...page.value.tools);
      }
      return { list: { tools, instructions: head.instructions }, listedAt: head.listedAt };
    });
  }

  /** Keeps a list in the place of the one before. */
  async write(
    { owner, subject }: { owner: string; subject: Subject },
    mark: string,
    { list, listedAt }: Kept,
  ): Promise<void> {
    await this.#tried(async () => {
      const { lists, world } = this.#deps;
      const expiresAt = listedAt + KEPT_MS;
      const id = world.secret();
      const pages = pagesOf(list.tools);
      // The pages first: whoever finds the list finds them.
      await Promise.all(pages.map((tools, at) => {
        const page = { kind: "page", subject, tools, expiresAt } as const;
        return lists.put(pageKey(id, at), page);
      }));
      const { instructions } = list;
      const head = { kind: "list", subject, mark, listedAt, instructions, id, expiresAt } as const;
      await lists.put(this.#key("list", owner), { ...head, pages: pages.length });
    });
  }

  /** Forgets a list; its pages are found by nobody, and expire. */
  async forget(owner: string): Promise<void> {
    await this.#tried(async () => {
      const { lists } = this.#deps;
      const key = this.#key("list", owner);
      const found = await lists.peek(key);
      if (found !== null) await lists.take(key, found.version);
    });
  }

  /** Whether a person was shown a definition of a tool, by our name for it. */
  async shown(subject: Subject): Promise<(tool: string, definition: string) => boolean> {
    const found = await this.#tried(() => this.#deps.lists.peek(this.#key("shown", subject)));
    const known = new Map(Object.entries(shownIn(found, this.#deps.world.now())));
    return (tool, definition) => known.get(tool)?.includes(definition.slice(0, DIGITS)) === true;
  }

  /** Notes that a person was shown a definition. */
  async show(subject: Subject, tool: string, definition: string): Promise<void> {
    const { lists, world } = this.#deps;
    const key = this.#key("shown", subject);
    const expiresAt = world.now() + SHOWN_MS;
    for (;;) {
      const found = await lists.peek(key);
      const own = new Map(Object.entries(shownIn(found, world.now())));
      const digits = definition.slice(0, DIGITS);
      const others = (own.get(tool) ?? []).filter((other) => other !== digits);
      own.delete(tool);
      own.set(tool, [digits, ...others].slice(0, MOST_SHOWN));
      const tools = Object.fromEntries([...own].slice(-MOST_SHOWN_TOOLS));
      const value = { kind: "shown" as const, subject, tools, expiresAt };
      const written = found === null
        ? await lists.add(key, value, world.now())
        : await lists.replace(key, value, found.version);
      if (written !== null) return;
    }
  }

  /** A list that cannot be kept is no reason not to list. */
  async #tried<T>(run: () => Promise<T>): Promise<T | undefined> {
    try {
      return await run();
    } catch (error) {
      const upstream = this.#upstream;
      const detail = kindOf(error);
      this.#deps.world.log({ level: "warn", event: "upstream_list_not_kept", upstream, detail });
      return undefined;
    }
  }

  #key(kind: KeptList["kind"], owner: string): string {
    return digest(JSON.stringify([kind, this.#upstream, owner]));
  }
}

/** Of a record that is over nothing counts, though the store may still have it. */
function shownIn(
  found: Stored<KeptList> | null | undefined,
  now: number,
): Record<string, string[]> {
  return found?.value.kind === "shown" && found.value.expiresAt > now ? found.value.tools : {};
}

function pageKey(id: string, at: number): string {
  return digest(JSON.stringify(["page", id, at]));
}

/** Tools in pages of at most {@linkcode PAGE_BYTES}; one that is larger has a page of its own. */
function pagesOf(tools: unknown[]): unknown[][] {
  const pages: unknown[][] = [];
  const encoder = new TextEncoder();
  let left = 0;
  for (const tool of tools) {
    const { length } = encoder.encode(JSON.stringify(tool));
    if (pages.length === 0 || length > left) {
      pages.push([]);
      left = PAGE_BYTES;
    }
    pages.at(-1)!.push(tool);
    left -= length;
  }
  return pages;
}
