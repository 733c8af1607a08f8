/**
 * Writes what waits into the chains of its subjects: a round is one commit for
 * each subject, several of them together. Where another process was faster, its
 * chain is read again, and what waits is put behind.
 *
 * Every some minutes it writes down what the chains are that it has written:
 * the anchors, which are a chain of their own. A chain that is put back as a
 * whole to what it was before shows by them.
 *
 * @module
 */

import { type ActivityStore, type Anchor, ANCHORS, type Witness } from "../broker/core/activity.ts";
import { insist } from "../broker/core/patience.ts";
import { sideBySide } from "../broker/core/side_by_side.ts";
import { isPermanent } from "../broker/core/store_errors.ts";
import type { Subject } from "../broker/core/subject.ts";
import type { World } from "../broker/core/world.ts";
import { OpenBlock } from "./block.ts";
import { blockId, justBehind, processOf } from "./block_id.ts";
import {
  anchorOf,
  type Chain,
  grow,
  growAnchors,
  type Grown,
  isLatest,
  type Item,
  type Making,
} from "./chain.ts";
import { BLOCKS_LOOKED_AT } from "./reader.ts";

/** So long a store that is out is tried. */
export const ACTIVITY_PATIENCE_MS = 10_000;
/** Chains that a process remembers; the one that was used longest ago is forgotten. */
export const MOST_OPEN = 2_000;
/** A process anchors what it has written no more often than this. */
export const ANCHOR_MS = 10 * 60_000;
/** But once so many chains wait for it: they fit into one value of the database. */
export const ANCHORS_AT_ONCE = 400;
/** Chains that wait for it, at most, while the store is out. */
const MOST_TOUCHED = 20_000;
/** Subjects whose chains are looked up at a time. */
const AT_A_TIME = 8;
/** And whose blocks are held at a time, however many have something to be written. */
const IN_A_ROUND = 64;

/** What writing chains needs. */
export interface WriterDeps {
  store: { activity: ActivityStore };
  world: Pick<World, "now" | "sleep" | "log" | "secret">;
}

/** Tries for a while, as long as it may help. */
export function insistOn<T>(world: WriterDeps["world"], work: () => Promise<T>): Promise<T> {
  return insist(world, work, {
    forMs: ACTIVITY_PATIENCE_MS,
    longestPauseMs: 2_000,
    again: (error) => !isPermanent(error),
  });
}

/** The chains of one process. */
export class ChainWriter {
  readonly #deps: WriterDeps;
  readonly #process: string;
  #blocks = 0;
  /** The latest is the last. */
  readonly #chains = new Map<Subject, Chain>();
  /** Chains that were written and not anchored since, by their names. */
  readonly #touched = new Map<string, Anchor>();
  #anchoredAt: number;
  #witness: Witness | undefined;
  #hasLooked = false;

  constructor(deps: WriterDeps) {
    this.#deps = deps;
    this.#process = processOf(deps.world.secret());
    this.#anchoredAt = deps.world.now();
  }

  /** What was put into chains that are not written is not there either. */
  forget(): void {
    this.#chains.clear();
  }

  /** What is written is taken out of what waits. */
  async write(waiting: Map<Subject, Item[]>): Promise<void> {
    const { store: { activity } } = this.#deps;
    if (waiting.size > 0) await this.#knowWitness();
    while (waiting.size > 0) {
      const round = waiting.entries().take(IN_A_ROUND);
      const grown: { subject: Subject; items: Item[]; grown: Grown }[] = [];
      await sideBySide(round, AT_A_TIME, async ([subject, items]) => {
        const chain = this.#chains.get(subject) ?? await this.#load(subject);
        // What it is becomes known when it is written.
        this.#chains.delete(subject);
        grown.push({ subject, items, grown: await grow(chain, items, this.#makingOf(subject)) });
      });
      const appends = grown.map(({ grown: { chain: { head, version: seen }, blocks } }) => {
        return { head, blocks, seen };
      });
      const appended = await this.#insist(() => activity.append(appends));
      for (const [at, { subject, items, grown: { chain, rest: more } }] of grown.entries()) {
        const done = appended[at]!;
        // Nothing is kept of somebody who was deleted a moment ago, and it is not lost.
        let left: Item[] = [];
        if (done === "changed") left = await this.#isThere(chain) ? more : items;
        else if (done !== "deleted") {
          this.#chains.set(subject, { ...chain, version: done.version });
          if (this.#touched.size < MOST_TOUCHED) {
            this.#touched.set(chain.head.chain, anchorOf(chain));
          }
          left = more;
        }
        // Whose chain others write all the time is behind all others.
        waiting.delete(subject);
        if (left.length > 0) waiting.set(subject, left);
      }
      this.#makeRoom();
    }
    this.#close();
  }

  /** Whether it was written all the same: the answer to an earlier try may have been lost. */
  async #isThere({ head }: Grown["chain"]): Promise<boolean> {
    const found = await this.#insist(() => this.#deps.store.activity.head(head.subject));
    return found?.head?.mark === head.mark;
  }

  /** A chain as it is now. One that is not what it should be goes on behind what its head says. */
  async #load(subject: Subject): Promise<Chain> {
    const { store: { activity }, world } = this.#deps;
    const found = await this.#insist(() => activity.head(subject));
    const list = (range: { limit: number; before?: string }) =>
      this.#insist(() => activity.list(subject, range));
    const { head, version = null } = found ?? {};
    const [latest] = head === undefined
      ? []
      : await list({ limit: 1, before: justBehind(head.block) });
    const block = latest?.id === head?.block ? latest?.block : undefined;
    if (head !== undefined && block !== undefined && await isLatest(head, block)) {
      return { head, version, open: OpenBlock.of(block), before: [] };
    }
    const before = (await list({ limit: BLOCKS_LOOKED_AT })).flatMap(({ block }) => block ?? []);
    // What has ended may be gone.
    const now = world.now();
    const isBroken = found === null
      ? before.some(({ link, expiresAt }) => link !== undefined && expiresAt > now)
      : (head?.expiresAt ?? Infinity) > now;
    if (!isBroken) return { head, version, before };
    // Somebody may have written it between the head and the blocks.
    const again = await this.#insist(() => activity.head(subject));
    if (again?.version !== found?.version) return await this.#load(subject);
    world.log({ level: "error", event: "activity_chain_broken" });
    return { head, version, before };
  }

  #makingOf(subject: Subject): Making {
    const nameOf = (at: number) => blockId(at, this.#process, ++this.#blocks);
    const secret = () => this.#deps.world.secret();
    return { subject, nameOf, secret, witness: this.#witness };
  }

  /** Of what is open only so much is kept. */
  #makeRoom(): void {
    for (const subject of this.#chains.keys()) {
      if (this.#chains.size <= MOST_OPEN) return;
      this.#chains.delete(subject);
    }
  }

  /** Nothing is kept that takes no more entries. */
  #close(): void {
    const now = this.#deps.world.now();
    for (const [subject, { open }] of this.#chains) {
      if (open?.isOpenAt(now) !== true) this.#chains.delete(subject);
    }
  }

  /** Anchors what was written, if it is time to, or `isWanted`. */
  async anchor(isWanted: boolean): Promise<void> {
    const { world, store: { activity } } = this.#deps;
    const at = world.now();
    const isDue = Math.abs(at - this.#anchoredAt) >= ANCHOR_MS ||
      this.#touched.size >= ANCHORS_AT_ONCE;
    if (!isDue && !isWanted) return;
    while (this.#touched.size > 0) {
      const some = [...this.#touched].slice(0, ANCHORS_AT_ONCE);
      const chain = await this.#load(ANCHORS);
      const anchors = some.map(([, anchor]) => anchor);
      const grown = await growAnchors(chain, { at, anchors }, this.#makingOf(ANCHORS));
      const { head, version: seen } = grown.chain;
      const append = [{ head, blocks: grown.blocks, seen }];
      const [done] = await this.#insist(() => activity.append(append));
      if (done === "changed" && !await this.#isThere(grown.chain)) continue;
      for (const [name] of some) this.#touched.delete(name);
      const { sequence, mac } = head;
      this.#witness = [head.chain, sequence, head.expiresAt];
      world.log({ level: "info", event: "activity_anchored", anchor: `${sequence}:${mac}` });
    }
    this.#anchoredAt = at;
  }

  /** What a process knows at its start, it knows from the others. */
  async #knowWitness(): Promise<void> {
    if (this.#hasLooked) return;
    const found = await this.#insist(() => this.#deps.store.activity.head(ANCHORS));
    this.#hasLooked = true;
    if (found?.head === undefined) return;
    const { chain, sequence, expiresAt } = found.head;
    this.#witness = [chain, sequence, expiresAt];
  }

  #insist<T>(work: () => Promise<T>): Promise<T> {
    return insistOn(this.#deps.world, work);
  }
}
