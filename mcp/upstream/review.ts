/**
 * What of an upstream MCP server is let through. What was approved and has
 * changed since is withheld until the operator accepts it: a server that was
 * harmless yesterday may put other words before a model today.
 *
 * @module
 */

import { digest, digestHex } from "../../broker/core/secrets.ts";
import type { Definition, DefinitionRecord, OlderDefinition } from "../../broker/core/upstream.ts";

/**
 * As much of a definition as is kept to be compared. Two of them must fit into
 * one value of KV, which has 64 KiB and takes two bytes for a letter.
 */
export const MAX_KEPT = 14_000;

/** What is known of a part of an upstream, before it is reviewed. */
export interface Known {
  record?: DefinitionRecord | undefined;
  /** From before 0.2.0; counts where there is no record yet. */
  older?: OlderDefinition | undefined;
  /** Whether this is the upstream's first list: the operator has just chosen this server. */
  isFirstList: boolean;
}

/** A part of an upstream as it is now. */
export interface Current {
  upstream: string;
  /** Our name for the tool; absent for the server's instructions. */
  tool?: string | undefined;
  definition: Definition;
  /** As it was computed before 0.2.0. */
  olderDigest?: string | undefined;
}

/** What comes of it. */
export interface Verdict {
  isApproved: boolean;
  /** Whether what a tool says of itself (read-only, idempotent) is believed. */
  areHintsBelieved: boolean;
  /** What is on record from now on; absent where nothing changes. */
  record?: DefinitionRecord | undefined;
  /** It was not withheld in this form before. */
  isNews: boolean;
}

/** Reviews a part of an upstream. What was never seen is approved, but see {@linkcode Verdict}. */
export function review(current: Current, known: Known): Verdict {
  const { definition, olderDigest } = current;
  const record = known.record ?? firstRecord(current, known);
  const { approved, older, waiting, areHintsBelieved } = record;
  const isApproved = approved === undefined
    ? older !== undefined && older.digest === olderDigest
    : approved.digest === definition.digest;
  if (isApproved) {
    const isChanged = known.record?.approved === undefined || waiting !== undefined;
    const next = { ...record, approved: definition, waiting: undefined, older: undefined };
    return { isApproved, areHintsBelieved, record: isChanged ? next : undefined, isNews: false };
  }
  const isNews = waiting?.digest !== definition.digest;
  const next = isNews ? { ...record, waiting: definition } : undefined;
  return { isApproved, areHintsBelieved, record: next, isNews };
}

/**
 * A tool that comes later than its server's first list is let through, but not
 * what it says of itself: nobody has chosen a server for tools that it did not
 * have, and `readOnlyHint` alone would open it to callers that may only read.
 */
function firstRecord(
  { upstream, tool, definition }: Current,
  { older, isFirstList }: Known,
): DefinitionRecord {
  return older === undefined
    ? { upstream, tool, approved: definition, areHintsBelieved: isFirstList }
    : { upstream, tool, older, areHintsBelieved: true };
}

/** What the operator said yes to, by its digest. */
export function accept(record: DefinitionRecord, digest: string): DefinitionRecord | null {
  const { waiting, approved, upstream, tool } = record;
  const accepted = isMeant(waiting, digest)
    ? waiting
    // A tool that came later: what it says of itself is now believed.
    : waiting === undefined && !record.areHintsBelieved && isMeant(approved, digest)
    ? approved
    : undefined;
  return accepted === undefined
    ? null
    : { upstream, tool, approved: accepted, areHintsBelieved: true };
}

/**
 * So many hexadecimal digits of a digest name what was looked at. With fewer, a
 * server could make two definitions that begin alike, and change them in between.
 */
export const LEAST_DIGITS = 32;

function isMeant(definition: Definition | undefined, digest: string): boolean {
  return digest.length >= LEAST_DIGITS && definition?.digest.startsWith(digest) === true;
}

/** A definition, whole in its digest, and as much of its text as is kept. */
export function definitionOf(raw: unknown): Definition {
  const whole = digestHex(canonical(raw));
  const text = JSON.stringify(sorted(raw), null, 2) ?? "null";
  if (text.length <= MAX_KEPT) return { digest: whole, text };
  const rest = text.slice(MAX_KEPT);
  return {
    digest: whole,
    text: text.slice(0, MAX_KEPT),
    rest: { length: rest.length, digest: digestHex(rest) },
  };
}

/** A tool's digest as it was before 0.2.0, of those members that the SDK knows. */
export function olderDigestOf({ description = "", ...tool }: { description?: string | undefined }) {
  return digest(canonical({ ...tool, description }));
}

/** JSON with sorted members, so that their order does not count. */
function canonical(value: unknown): string {
  return JSON.stringify(sorted(value)) ?? "null";
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1);
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]));
}
