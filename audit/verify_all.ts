/**
 * Holds all chains against themselves and against the anchors, in as many passes
 * as it takes for no more than so many anchors to be in memory.
 *
 * @module
 */

import {
  type ActivityHead,
  type ActivityStore,
  ANCHORS,
  DEPLOYMENT,
} from "../broker/core/activity.ts";
import type { Subject } from "../broker/core/subject.ts";
import { blocksOf } from "./blocks_of.ts";
import { type Against, type Anchored, type Verified, verifyChain } from "./verify.ts";

/** What stands in one anchor of one chain; so many are held against their chains in one pass. */
export const ANCHORS_IN_A_PASS = 200_000;

type Reading = Pick<ActivityStore, "head" | "list">;

/** What is read, and what is looked for. */
export interface VerifyOptions {
  /** Asked for again with each subject: what ends meanwhile is not missed. */
  now(): number;
  /** Everybody of whom anything is there; asked for once in each pass. */
  subjects(): AsyncIterable<Subject>;
  /** A block of the chain of anchors, as the log has it: its number, and its MAC. */
  logged?: { sequence: number; mac: string } | undefined;
  /** @default ANCHORS_IN_A_PASS */
  inAPass?: number | undefined;
}

/** What was found of one subject; or of a chain of which nobody can say whose it was. */
export type Result =
  | { subject: Subject; verified: Verified }
  /** An anchor knows it, it has not ended, and nothing of it is there. */
  | { gone: string; writes: number }
  /** The log knows a block of the chain of anchors that is not there. */
  | { unlogged: number };

/** All of them, one after the other; those of the deployment come first. */
export async function* verifyAll(store: Reading, options: VerifyOptions): AsyncGenerator<Result> {
  const { now, subjects, inAPass = ANCHORS_IN_A_PASS } = options;
  const own = await verifyChain(store, ANCHORS, { now: now() });
  yield { subject: ANCHORS, verified: own };
  if (options.logged !== undefined && !await isThere(store, now(), options.logged)) {
    yield { unlogged: options.logged.sequence };
  }
  const anchors = await anchorsHead(store);
  let count = 0;
  for await (const _ of anchorsOf(store)) count += 1;
  const passes = Math.max(1, Math.ceil(count / inAPass));
  for (let pass = 0; pass < passes; pass++) {
    const known = await knownAnchors(store, (chain) => passOf(chain, passes) === pass);
    const against = (): Against => {
      return { now: now(), anchors, anchored: (chain) => known.get(chain) };
    };
    for await (const subject of subjects()) {
      if (subject === ANCHORS) {
        for (const chain of own.chains) known.delete(chain);
        continue;
      }
      // Which pass is its, its head says; what has none comes in the first.
      const { head } = await store.head(subject) ?? {};
      if ((head === undefined ? 0 : passOf(head.chain, passes)) !== pass) continue;
      const verified = await verifyChain(store, subject, against());
      for (const chain of verified.chains) known.delete(chain);
      yield { subject, verified };
    }
    yield* await gone(store, known, now());
  }
}

/** One subject alone, and what anchors know of it. */
export async function verifyOne(
  store: Reading,
  subject: Subject,
  now: number,
): Promise<Verified> {
  if (subject === ANCHORS) return await verifyChain(store, subject, { now });
  const { head } = await store.head(subject) ?? {};
  const known = await knownAnchors(store, (chain) => chain === head?.chain);
  const anchors = await anchorsHead(store);
  return await verifyChain(store, subject, { now, anchors, anchored: (chain) => known.get(chain) });
}

/** Where there never was any, a block that knows one knows more than is there. */
async function anchorsHead(store: Reading): Promise<Pick<ActivityHead, "chain" | "sequence">> {
  return (await store.head(ANCHORS))?.head ?? { chain: "", sequence: 0 };
}

async function* anchorsOf(store: Reading) {
  for await (const { block } of blocksOf(store, ANCHORS)) yield* block?.anchors ?? [];
}

async function knownAnchors(
  store: Reading,
  isWanted: (chain: string) => boolean,
): Promise<Map<string, Anchored>> {
  const known = new Map<string, Anchored>();
  for await (const [chain, sequence, mac, writes, expiresAt] of anchorsOf(store)) {
    if (!isWanted(chain)) continue;
    const one = known.get(chain) ?? { writes: 0, expiresAt: 0, macs: new Map<number, string>() };
    known.set(chain, one);
    one.writes = Math.max(one.writes, writes);
    one.expiresAt = Math.max(one.expiresAt, expiresAt);
    if (mac !== "") one.macs.set(sequence, mac);
  }
  return known;
}

/** Chains that nobody has any more, of people who were not deleted. */
async function gone(
  store: Reading,
  known: Map<string, Anchored>,
  now: number,
): Promise<Result[]> {
  for (const [chain, { expiresAt }] of known) if (expiresAt <= now) known.delete(chain);
  if (known.size > 0) { for await (const chain of deletedChains(store)) known.delete(chain); }
  return [...known].map(([chain, { writes }]) => ({ gone: chain, writes }));
}

async function* deletedChains(store: Reading): AsyncGenerator<string> {
  for await (const { block } of blocksOf(store, DEPLOYMENT)) {
    for (const { what, about } of block?.entries ?? []) {
      if (what === "user_deleted" && about !== undefined) yield about;
    }
  }
}

async function isThere(
  store: Reading,
  now: number,
  { sequence, mac }: { sequence: number; mac: string },
): Promise<boolean> {
  const anchored: Anchored = { writes: 0, expiresAt: 0, macs: new Map([[sequence, mac]]) };
  const { findings } = await verifyChain(store, ANCHORS, { now, anchored: () => anchored });
  const { head } = await store.head(ANCHORS) ?? {};
  return (head?.sequence ?? 0) >= sequence &&
    !findings.some(({ kind }) => kind === "block_rewritten");
}

/** Names of chains are random. */
function passOf(chain: string, passes: number): number {
  let sum = 0;
  for (let at = 0; at < 8; at++) sum = (sum * 31 + chain.charCodeAt(at)) >>> 0;
  return sum % passes;
}
