/**
 * Blocks of entries: what is written at a time for one subject. A block is open
 * for some minutes and written anew with each entry that comes into it, so that
 * there are few of them, however much is done. Pure: nothing here has a clock.
 *
 * What keeps a busy agent from filling the vault: equal entries are one entry,
 * a block has only so many, and there is one in so many minutes.
 *
 * @module
 */

import type {
  ActivityBlock,
  ActivityEntry,
  ActivityHead,
  ActivityView,
  ChainLink,
  LastUse,
  Witness,
} from "../broker/core/activity.ts";

/** Entries are kept for so long. */
export const ACTIVITY_KEPT_MS = 30 * 24 * 60 * 60_000;
/** A block takes entries for so long. */
export const BLOCK_MS = 10 * 60_000;
/** And so many; then only what is equal to one of them is counted there. */
export const BLOCK_ENTRIES = 64;
/** Equal entries are one as long as they are no further apart. */
export const SAME_MS = 60_000;
/** Accounts and services whose last use is remembered. */
export const MOST_USES = 50;
/** Of entries, and of uses, as JSON: sealed, both fit into one value of the database. */
const MOST_BYTES = 24 * 1024;
/** Of a name; names are far shorter where they come from. */
const LONGEST = 200;

/** What is an account's use. */
const USES: ReadonlySet<string> = new Set(["tool_called", "token_handed_out", "api_called"]);
/** What is neither refused nor failed. */
const DONE: ReadonlySet<string> = new Set(["ok", "repeated", "input_required"]);

/** Whether what was asked for was done, or is on its way. */
export function isDone({ outcome }: Pick<ActivityEntry, "outcome">): boolean {
  return DONE.has(outcome);
}

/** Whether an entry is never left out: it happens seldom, and somebody will ask for it. */
function isWeighty(entry: Pick<ActivityEntry, "what" | "outcome">): boolean {
  return !USES.has(entry.what) && isDone(entry);
}

/** Until a block is written, as many are held. */
const MOST_HELD = 4 * MOST_USES;

/** How often an entry came, and of the last time when, and in which request. */
export interface Times {
  at: number;
  times: number;
  requestId: string | undefined;
}

/** A use, and by what it is known. */
interface Used {
  id: string;
  use: LastUse;
}

/** What a block begins with. */
interface Beginning {
  id: string;
  chain: string;
  /** The chain as it is before it; absent: the block is the first. */
  head?: Pick<ActivityHead, "sequence" | "mac" | "expiresAt"> | undefined;
  witness?: Witness | undefined;
  /** The blocks that are there, the newest first. */
  before: ActivityBlock[];
}

/** What a block is made of, but for what counts. */
type Fixed = Omit<ActivityBlock, "uses" | "link"> & { link: Omit<ChainLink, "writes"> };

/** A block that still takes entries. */
export class OpenBlock {
  readonly #block: Fixed;
  /** Where the latest of equal entries stands, by what they have in common at first sight. */
  readonly #places = new Map<string, number[]>();
  /** Which use an entry is, by its place. */
  readonly #useAt: (Used | undefined)[] = [];
  readonly #uses: Map<string, LastUse>;
  #bytes = 0;

  private constructor(block: Fixed, uses: LastUse[]) {
    this.#block = block;
    this.#uses = new Map(uses.map((use) => [idOf(use), use]));
    for (const view of block.entries) this.#placed(view);
  }

  /** A new one, which begins with an entry, and takes it with {@linkcode add}. */
  static begin(
    { subject, at }: Pick<ActivityEntry, "subject" | "at">,
    { id, chain, head, witness, before }: Beginning,
  ): OpenBlock {
    // Never before the one before it: what is missing of a chain has ended, or was taken out.
    const expiresAt = Math.max(at + ACTIVITY_KEPT_MS, head?.expiresAt ?? 0);
    const previous = head && { mac: head.mac, expiresAt: head.expiresAt };
    const block: Fixed = {
      ...{ subject, id, sequence: (head?.sequence ?? 0) + 1, entries: [], leftOut: 0, expiresAt },
      link: { chain, begunAt: at, previous, witness },
    };
    return new OpenBlock(block, usesOf(before, at - ACTIVITY_KEPT_MS));
  }

  /** One that was written, to go on with. */
  static of({ uses, link, entries, ...block }: ActivityBlock): OpenBlock {
    const { writes: _, ...fixed } = link!;
    const own = entries.map((entry) => ({ ...entry }));
    return new OpenBlock({ ...block, entries: own, link: fixed }, uses);
  }

  /**
   * Whether an entry can be put into it: one of its time, or of shortly before it, since processes
   * write one after the other. Where it is full, what does not happen all the time is not counted
   * as left out, but begins another one.
   */
  takes(entry: Pick<ActivityEntry, "at" | "what" | "outcome">): boolean {
    return this.isOpenAt(entry.at) && (this.#hasRoom() || !isWeighty(entry));
  }

  /** What its chain was when it was begun. */
  get previous(): ChainLink["previous"] {
    return this.#block.link.previous;
  }

  /** Whether an entry is of its time. */
  isOpenAt(at: number): boolean {
    const { begunAt } = this.#block.link;
    return at > begunAt - BLOCK_MS && at < begunAt + BLOCK_MS;
  }

  /** Takes an entry of its time, which came so many times, and the last time at `at`. */
  add(
    entry: ActivityEntry,
    { at, times, requestId }: Times = { at: entry.at, times: 1, requestId: entry.requestId },
  ): void {
    const { entries } = this.#block;
    const place = this.#places.get(lookOf(entry))?.find((at) => isSame(entries[at]!, entry));
    const same = place === undefined ? undefined : entries[place];
    const isRoom = this.#hasRoom();
    const isCrowded = entries.length >= BLOCK_ENTRIES / 2;
    if (same !== undefined && (isCrowded || !isRoom || at - same.since < SAME_MS)) {
      same.count += times;
      same.since = Math.min(same.since, entry.at);
      // Of another process it may have been written before.
      if (at >= same.at) [same.at, same.requestId] = [at, cut(requestId)];
      const use = this.#useAt[place!];
      if (use !== undefined) this.#used(use, same.at);
    } else if (isRoom) {
      const last = { at, count: times, requestId: cut(requestId) };
      const view = { ...happenedOf(entry), since: entry.at, ...last };
      entries.push(view);
      const use = this.#placed(view);
      if (use !== undefined) this.#used(use, at);
    } else {
      this.#block.leftOut += times;
      const use = useOf({ ...happenedOf(entry), at });
      if (use !== undefined) this.#used(use, at);
    }
  }

  #hasRoom(): boolean {
    return this.#block.entries.length < BLOCK_ENTRIES && this.#bytes < MOST_BYTES;
  }

  /** Knows where an entry stands that is the next one. */
  #placed(view: ActivityView): Used | undefined {
    const { entries } = this.#block;
    const place = this.#useAt.length;
    const look = lookOf(view);
    this.#bytes += bytesOf(JSON.stringify(view));
    const others = (this.#places.get(look) ?? []).filter((at) => !isSame(entries[at]!, view));
    this.#places.set(look, [place, ...others]);
    const use = useOf(view);
    this.#useAt.push(use);
    return use;
  }

  #used({ id, use }: Used, at: number): void {
    // Another process may have written down a later one.
    if ((this.#uses.get(id)?.at ?? at) > at) return;
    use.at = at;
    if (this.#uses.size < MOST_HELD || this.#uses.has(id)) this.#uses.set(id, use);
  }

  /** The block as it is now, when its chain is written for the how manieth time. */
  toBlock(writes: number): ActivityBlock {
    let bytes = 0;
    const uses = [...this.#uses.values()].sort((a, b) => b.at - a.at).slice(0, MOST_USES)
      .filter((use) => (bytes += bytesOf(JSON.stringify(use))) < MOST_BYTES);
    const { link, ...block } = this.#block;
    return { ...block, uses, link: { ...link, writes } };
  }
}

/** The last use of each account and service, the latest first, as blocks tell. */
export function usesOf(blocks: ActivityBlock[], since: number): LastUse[] {
  const last = new Map<string, LastUse>();
  for (const use of blocks.flatMap(({ uses }) => uses)) {
    const known = last.get(idOf(use));
    if (use.at >= since && (known === undefined || known.at < use.at)) last.set(idOf(use), use);
  }
  return [...last.values()].sort((a, b) => b.at - a.at).slice(0, MOST_USES);
}

/** An entry as it is kept. */
function happenedOf(
  entry: ActivityEntry,
): Omit<ActivityView, "at" | "since" | "count" | "requestId"> {
  const { what, actor: { kind, id, name }, provider, service, account, tool, app, about } = entry;
  return {
    what,
    actor: { kind, id: cut(id)!, name: cut(name) },
    provider: cut(provider),
    service: cut(service),
    account: cut(account),
    tool: cut(tool),
    app: cut(app),
    about: cut(about),
    outcome: wordOf(entry.outcome),
  };
}

/** What equal entries have in common at first sight. */
function lookOf({ what, tool, outcome }: Pick<ActivityEntry, "what" | "tool" | "outcome">): string {
  return `${what} ${cut(tool)} ${wordOf(outcome)}`;
}

/** Whether an entry would be kept just so. */
function isSame(kept: ActivityView, entry: Omit<ActivityEntry, "at" | "subject">): boolean {
  const [actor, other] = [kept.actor, entry.actor];
  return kept.account === cut(entry.account) && kept.service === cut(entry.service) &&
    kept.provider === cut(entry.provider) && kept.tool === cut(entry.tool) &&
    kept.what === entry.what && kept.outcome === wordOf(entry.outcome) &&
    kept.app === cut(entry.app) && kept.about === cut(entry.about) && actor.kind === other.kind &&
    actor.id === cut(other.id) &&
    actor.name === cut(other.name);
}

function useOf(
  { what, actor, provider, service, account, tool, outcome, at }: Omit<
    ActivityView,
    "since" | "count"
  >,
): Used | undefined {
  if (!USES.has(what) || outcome !== "ok") return undefined;
  if (provider === undefined || account === undefined) return undefined;
  const use = { provider, account, service, at, actor, tool };
  return { id: idOf(use), use };
}

/** A code of ours. */
function wordOf(outcome: string): string {
  return /^[a-z0-9_]{1,40}$/.test(outcome) ? outcome : "error";
}

function idOf({ provider, account, service }: LastUse): string {
  return JSON.stringify([provider, account, service]);
}

/** Most are short, and stay as they are. */
function cut(text: string | undefined): string | undefined {
  return text !== undefined && text.length > LONGEST ? text.slice(0, LONGEST) : text;
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}
