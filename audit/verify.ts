/**
 * Holds what is there of a subject's chain against what the chain says of
 * itself, the newest block first.
 *
 * @module
 */

import {
  type ActivityBlock,
  type ActivityHead,
  type ActivityStore,
  ANCHORS,
  type FoundBlock,
  type FoundHead,
  type RecordFault,
  type Witness,
} from "../broker/core/activity.ts";
import type { Subject } from "../broker/core/subject.ts";
import { blocksOf } from "./blocks_of.ts";
import { blockMac } from "./chain.ts";

/** What shows. Blocks are called by their names, and by their numbers in the chain. */
export type Finding =
  | { kind: "head_missing" }
  | { kind: "head_unreadable"; fault: RecordFault }
  /** The head is of before this block: an older copy of it was put back. */
  | { kind: "head_outdated"; says: number; block: string; number: number }
  /** It does not open where it stands: it was changed, or is another subject's or place's. */
  | { kind: "block_unreadable"; block: string; fault: RecordFault }
  /** It opens, and is not what the one behind it, or the head, says it was: an older copy of it. */
  | { kind: "block_replaced"; block: string; number: number }
  /** Blocks that have not ended and are not there. `at`: of the newest of them. */
  | { kind: "blocks_missing"; at: "end" | "middle" | "beginning"; from: number; to: number }
  /** It is of no chain that is known here, or its number is another's. */
  | { kind: "block_stray"; block: string; number: number }
  /** An anchor knows more of the chain: it was put back, as a whole, to what it was before. */
  | { kind: "rolled_back"; written: number; anchored: number }
  /** An anchor knows this block as another one: the chain was put back, and has gone on since. */
  | { kind: "block_rewritten"; block: string; number: number }
  /** A block knows more of the chain of anchors than is there of it. */
  | { kind: "anchors_cut"; block: string; number: number };

/** What was looked at, and what shows. */
export interface Verified {
  /** The names of all chains that were seen: its own, and those of blocks that are in none. */
  chains: Set<string>;
  /** Blocks that hang in the chain. */
  blocks: number;
  /** Of a version before there were chains: nobody can say of them whether they are all. */
  unchained: number;
  findings: Finding[];
}

/** No more findings are kept of one subject; the first say enough. */
export const MOST_FINDINGS = 1_000;

/** What the next block must be. */
interface Expected {
  sequence: number;
  mac: string;
  expiresAt: number;
}

/** What anchors know of a chain. */
export interface Anchored {
  /** How often it had been written. */
  writes: number;
  /** It may be gone from then on. */
  expiresAt: number;
  /** MACs of blocks that were closed, by their numbers. */
  macs: Map<number, string>;
}

/** What a chain is held against, beside itself. */
export interface Against {
  now: number;
  /** What is known of the chain of that name. */
  anchored?: ((chain: string) => Anchored | undefined) | undefined;
  /** The chain of anchors, where that is another one. */
  anchors?: Pick<ActivityHead, "chain" | "sequence"> | undefined;
}

/** It is looked at again where somebody has written it meanwhile, but not for ever. */
const MOST_LOOKS = 5;

/** Looks through all of a subject's blocks. */
export async function verifyChain(
  store: Pick<ActivityStore, "head" | "list">,
  subject: Subject,
  against: Against,
): Promise<Verified> {
  let { anchors } = against;
  for (let looks = 1;; looks++) {
    const head = await store.head(subject);
    const verified = await lookThrough(store, subject, new Look(head, { ...against, anchors }));
    if (verified.findings.length === 0 || looks === MOST_LOOKS) return verified;
    // An anchor may have come since that one was looked up.
    const latest = anchors && (await store.head(ANCHORS))?.head;
    if (latest !== undefined && latest.sequence !== anchors?.sequence) {
      anchors = latest;
      continue;
    }
    // It was written, or sealed anew, while it was read.
    if ((await store.head(subject))?.version === head?.version) return verified;
  }
}

async function lookThrough(
  store: Pick<ActivityStore, "list">,
  subject: Subject,
  look: Look,
): Promise<Verified> {
  for await (const found of blocksOf(store, subject)) await look.at(found);
  return look.end();
}

/** One way through a chain, from its head to its beginning. */
class Look {
  readonly #head: ActivityHead | undefined;
  readonly #against: Against;
  readonly #anchored: Anchored | undefined;
  readonly #verified: Verified = { chains: new Set(), blocks: 0, unchained: 0, findings: [] };
  readonly #hasHead: boolean;
  #expected: Expected | undefined;
  /** Those that could not be opened, since the last one that could. */
  #unread = 0;

  constructor(found: FoundHead | null, against: Against) {
    this.#against = against;
    this.#hasHead = found !== null;
    this.#head = found?.head;
    this.#expected = found?.head;
    if (found?.fault !== undefined) this.#find({ kind: "head_unreadable", fault: found.fault });
    if (found?.head === undefined) return;
    const { chain } = found.head;
    this.#verified.chains.add(chain);
    this.#anchored = against.anchored?.(chain);
  }

  async at({ id, block, fault }: FoundBlock): Promise<void> {
    if (fault !== undefined) this.#find({ kind: "block_unreadable", block: id, fault });
    if (block === undefined) this.#unread += 1;
    else if (block.link === undefined) this.#verified.unchained += 1;
    else await this.#linked(block);
  }

  end(): Verified {
    this.#missing(0);
    const [written = 0, anchored = 0] = [this.#head?.writes, this.#anchored?.writes];
    const isSaid = this.#verified.findings.some(({ kind }) => kind === "head_outdated");
    if (written < anchored && !isSaid) this.#find({ kind: "rolled_back", written, anchored });
    return this.#verified;
  }

  async #linked(block: ActivityBlock): Promise<void> {
    const { id, sequence: number } = block;
    if (this.#verified.chains.size < MOST_FINDINGS) this.#verified.chains.add(block.link!.chain);
    if (this.#head === undefined || block.link!.chain !== this.#head.chain) {
      if (!this.#hasHead && this.#verified.blocks === 0) this.#headless(block);
      if (!this.#hasHead) this.#verified.blocks += 1;
      else if (this.#head !== undefined) this.#find({ kind: "block_stray", block: id, number });
      return;
    }
    const expected = this.#expected;
    const mac = await blockMac(this.#head.key, block);
    if (expected === undefined || number > expected.sequence) {
      if (this.#verified.blocks > 0) return this.#find({ kind: "block_stray", block: id, number });
      this.#find({ kind: "head_outdated", says: this.#head.sequence, block: id, number });
    } else if (number < expected.sequence) {
      this.#missing(number);
    } else if (mac !== expected.mac) {
      // Of the latest one the head may be the older of the two.
      const isNewer = this.#verified.blocks === 0 && block.link!.writes > this.#head.writes;
      this.#find(
        isNewer
          ? { kind: "head_outdated", says: this.#head.sequence, block: id, number }
          : { kind: "block_replaced", block: id, number },
      );
    } else if ((this.#anchored?.macs.get(number) ?? mac) !== mac) {
      this.#find({ kind: "block_rewritten", block: id, number });
    }
    this.#unread = 0;
    this.#verified.blocks += 1;
    const { previous, witness } = block.link!;
    const { anchors } = this.#against;
    if (anchors !== undefined && witness !== undefined && !this.#isKnown(witness, anchors)) {
      this.#find({ kind: "anchors_cut", block: id, number });
    }
    this.#expected = previous && { ...previous, sequence: number - 1 };
  }

  #isKnown([chain, sequence, expiresAt]: Witness, anchors: NonNullable<Against["anchors"]>) {
    const isEnded = expiresAt <= this.#against.now;
    return isEnded || (chain === anchors.chain && sequence <= anchors.sequence);
  }

  /** The chain goes on with a block that is not the next one; 0: with none. */
  #missing(number: number): void {
    const { sequence: to, expiresAt } = this.#expected ?? { sequence: 0, expiresAt: 0 };
    const from = number + 1;
    // None ends before the one before it. Those that are there, and cannot be read, are named.
    if (to < from || expiresAt <= this.#against.now || to - number <= this.#unread) return;
    const at = this.#verified.blocks === 0 ? "end" : number === 0 ? "beginning" : "middle";
    this.#find({ kind: "blocks_missing", at, from, to });
  }

  #headless({ expiresAt }: ActivityBlock): void {
    // It ends with its latest block, and may be taken away a moment before.
    if (expiresAt > this.#against.now) this.#find({ kind: "head_missing" });
  }

  #find(finding: Finding): void {
    if (this.#verified.findings.length < MOST_FINDINGS) this.#verified.findings.push(finding);
  }
}
