/**
 * The chain of a subject's blocks. Each block says what the one before was when
 * it was closed, by a MAC, and the head says what the latest is. So nobody who
 * has the database, and not the keys, takes one out, puts an older copy of one
 * back, or cuts the end off without a trace.
 *
 * Ends go in the order of the chain, so that what has ended is told from what
 * was taken out by time alone: the latest of what is missing must have ended.
 *
 * @module
 */

import type {
  ActivityBlock,
  ActivityEntry,
  ActivityHead,
  Anchor,
  Witness,
} from "../broker/core/activity.ts";
import { macOf } from "../broker/core/mac.ts";
import type { Subject } from "../broker/core/subject.ts";
import { OpenBlock, type Times } from "./block.ts";
import { timeOfBlock } from "./block_id.ts";

/** Blocks that one commit writes of one subject. */
export const MOST_BLOCKS_AT_ONCE = 8;

/** Characters of a chain's name: 132 random bits. */
const CHAIN_NAME = 22;

/** A chain as a process knows it. */
export interface Chain {
  /** Absent: there is none yet, or it cannot be opened. */
  head?: ActivityHead | undefined;
  /** The head's version; `null`: there is none. */
  version: string | null;
  /** The latest block, if it is what the head says. */
  open?: OpenBlock | undefined;
  /** Where none is open: the blocks that are there, the newest first. */
  before: ActivityBlock[];
}

/** What a chain has to take: an entry, and how often it came. */
export interface Item extends Times {
  entry: ActivityEntry;
}

/** What comes from outside. */
export interface Making {
  subject: Subject;
  /** A name for a block that begins then. */
  nameOf(at: number): string;
  /** A random secret. */
  secret(): string;
  witness?: Witness | undefined;
}

/** A chain that has grown: what has to be written, and what did not fit into one commit. */
export interface Grown {
  chain: Chain & { head: ActivityHead };
  blocks: ActivityBlock[];
  rest: Item[];
}

/** What a block's MAC is made of: all that it says, and where it stands. */
export function blockMac(key: string, { subject, id, ...said }: ActivityBlock): Promise<string> {
  return macOf(key, JSON.stringify(["switchboard/audit/1", subject, id, said]));
}

/** Whether a block is the one that a head says is the latest, as it was written last. */
export async function isLatest(head: ActivityHead, block: ActivityBlock): Promise<boolean> {
  return block.sequence === head.sequence && block.link?.chain === head.chain &&
    await blockMac(head.key, block) === head.mac;
}

/**
 * Puts items into a chain. The block that is open takes what is of its time; others are begun as
 * they are needed. Changes the block that is open: a chain that was not written is of no more use.
 */
export async function grow(chain: Chain, items: Item[], making: Making): Promise<Grown> {
  const growing = new Growing(chain, making);
  let { open } = chain;
  let isGrown = false;
  for (const [at, { entry, ...times }] of items.entries()) {
    if (open?.takes(entry) !== true) {
      if (isGrown) await growing.close(open!.toBlock(growing.writes));
      isGrown = false;
      if (growing.blocks.length === MOST_BLOCKS_AT_ONCE) return growing.done(open, items.slice(at));
      const before = open === undefined ? chain.before : [open.toBlock(growing.writes)];
      open = OpenBlock.begin(entry, { ...growing.next(entry.at), before });
    }
    open.add(entry, times);
    isGrown = true;
  }
  await growing.close(open!.toBlock(growing.writes));
  return growing.done(open, []);
}

/** Puts a block of anchors into their chain. */
export async function growAnchors(
  chain: Chain,
  { at, anchors }: { at: number; anchors: Anchor[] },
  making: Making,
): Promise<Grown> {
  const growing = new Growing(chain, making);
  const open = OpenBlock.begin({ at, subject: making.subject }, {
    ...growing.next(at),
    before: [],
  });
  await growing.close({ ...open.toBlock(growing.writes), anchors });
  return growing.done(undefined, []);
}

/** What an anchor says of a chain. Its latest block may be written once more. */
export function anchorOf({ head, open }: Grown["chain"]): Anchor {
  const { chain, sequence, writes, expiresAt } = head;
  return [chain, sequence - 1, open?.previous?.mac ?? "", writes, expiresAt];
}

/** A chain to which blocks are added. */
class Growing {
  readonly blocks: ActivityBlock[] = [];
  readonly writes: number;
  readonly #chain: Chain;
  readonly #making: Making;
  readonly #own: Pick<ActivityHead, "subject" | "chain" | "key" | "writes" | "mark">;
  #head: ActivityHead | undefined;

  constructor(chain: Chain, making: Making) {
    const { head } = chain;
    this.#chain = chain;
    this.#making = making;
    this.#head = head;
    this.writes = (head?.writes ?? 0) + 1;
    this.#own = {
      subject: making.subject,
      chain: head?.chain ?? making.secret().slice(0, CHAIN_NAME),
      key: head?.key ?? making.secret(),
      writes: this.writes,
      mark: making.secret(),
    };
  }

  /** What a block begins with that comes next. */
  next(at: number) {
    // Later than the one before, whatever clocks say: blocks stand in the order of their chain.
    const begins = Math.max(at, this.#head === undefined ? 0 : timeOfBlock(this.#head.block) + 1);
    const { nameOf, witness } = this.#making;
    return { id: nameOf(begins), chain: this.#own.chain, head: this.#head, witness };
  }

  async close(block: ActivityBlock): Promise<void> {
    const { id, sequence, expiresAt } = block;
    this.blocks.push(block);
    const mac = await blockMac(this.#own.key, block);
    this.#head = { ...this.#own, sequence, block: id, mac, expiresAt };
  }

  done(open: OpenBlock | undefined, rest: Item[]): Grown {
    const chain = { ...this.#chain, head: this.#head!, open };
    return { chain, blocks: this.blocks, rest };
  }
}
