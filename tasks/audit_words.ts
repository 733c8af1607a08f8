/**
 * What shows in the record, in words for an operator. Pure.
 *
 * @module
 */

import type { Finding } from "../audit/verify.ts";
import type { Result } from "../audit/verify_all.ts";
import { timeOfBlock } from "../audit/block_id.ts";
import type { RecordFault } from "../broker/core/activity.ts";

/** One thing that shows: as a line, and as data. */
export interface Said {
  line: string;
  data: Record<string, unknown>;
}

const FAULTS: Record<RecordFault, string> = {
  altered: "it was altered, or is another record that was put in its place",
  unknown_key: "it is sealed with a key that ENCRYPTION_KEYS does not list",
  end_altered: "its end beside the box is not the one in it: that was altered",
};

/** Everything that shows in it; nothing where all is as it was written. */
export function wordsOfResult(result: Result): Said[] {
  if ("gone" in result) {
    const { gone: chain, writes } = result;
    const line = `Chain ${chain}: everything of it is gone, head and blocks, and nobody was ` +
      `deleted whose it was. It had been written ${writes} times when it was last anchored.`;
    return [{ line, data: { kind: "chain_gone", chain, writes } }];
  }
  if ("unlogged" in result) {
    const { unlogged: number } = result;
    const line = `Anchor ${number} of the log is not there, or is another one: ` +
      `the database was put back to what it was before it, or to a copy.`;
    return [{ line, data: { kind: "anchor_not_there", number } }];
  }
  const { subject, verified: { findings } } = result;
  return findings.map((finding) => ({
    line: `${subject}: ${wordsOf(finding)}.`,
    data: { subject, ...finding },
  }));
}

function wordsOf(finding: Finding): string {
  switch (finding.kind) {
    case "head_missing":
      return "the head of the chain is missing: blocks are there, and nothing says whether they " +
        "are all";
    case "head_unreadable":
      return `the head of the chain: ${FAULTS[finding.fault]}`;
    case "head_outdated":
      return `the head of the chain is an older copy: it ends with block ${finding.says}, ` +
        `and ${named(finding)} is there, or is newer than it says`;
    case "block_unreadable":
      return `block ${finding.block} (${begun(finding.block)}): ${FAULTS[finding.fault]}`;
    case "block_replaced":
      return `${
        named(finding)
      } is not what was written there last: an older copy of it was put back`;
    case "blocks_missing":
      return missing(finding);
    case "block_stray":
      return `${named(finding)} hangs in no chain: its chain's head is gone, or was put back and ` +
        `has gone on without it`;
    case "rolled_back":
      return `the chain was put back as a whole: it was written ${finding.written} times, ` +
        `and ${finding.anchored} times when it was last anchored`;
    case "block_rewritten":
      return `${
        named(finding)
      } is not the one that was anchored: the chain was put back to before ` +
        `it, and has gone on since`;
    case "anchors_cut":
      return `${named(finding)} knows of a later anchor than is there: the anchors were put back`;
  }
}

function missing({ at, from, to }: Finding & { kind: "blocks_missing" }): string {
  const which = from === to ? `block ${from} is` : `blocks ${from} to ${to} are`;
  switch (at) {
    case "end":
      return `${which} missing: the end was cut off`;
    case "middle":
      return `${which} missing: taken out of the middle`;
    case "beginning":
      return `block ${to} is missing, with all before it: the beginning was cut off before it ended`;
  }
}

function named({ block, number }: { block: string; number: number }): string {
  return `block ${number} (${block}, ${begun(block)})`;
}

function begun(block: string): string {
  const time = timeOfBlock(block);
  return Number.isNaN(time) || time > 8.64e15 ? "no time" : new Date(time).toISOString();
}
