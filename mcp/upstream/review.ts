/**
 * What of an upstream MCP server is let through. What was approved and has
 * changed since is withheld until the operator accepts it: a server that was
 * harmless yesterday may put other words before a model today.
 *
 * @module
 */

import { digest, digestHex } from "../../broker/core/secrets.ts";
import type { TextChanges } from "../../broker/core/store.ts";
import type {
  Definition,
  DefinitionRecord,
  OlderDefinition,
  RecordedDefinition,
} from "../../broker/core/upstream.ts";

/**
 * As much of a definition as is kept to be compared. It must fit into one value
 * of KV, which has 64 KiB and takes two bytes for a letter.
 */
export const MAX_KEPT = 28_000;
/** Other forms of one tool, as people see it, that wait to be accepted; the oldest make way. */
export const MAX_FORMS = 10;

/** What is known of a part of an upstream, before it is reviewed. */
export interface Known {
  record?: DefinitionRecord | undefined;
  /** From before 0.2.0; counts where there is no record yet. */
  older?: OlderDefinition | undefined;
  /** Of the same tool, under the name that it had until another one claimed it. */
  formerly?: DefinitionRecord | undefined;
  /** Whether this is the upstream's first list: the operator has just chosen this server. */
  isFirstList: boolean;
  policy?: Policy | undefined;
}

/** What the operator has said of an upstream. */
export interface Policy {
  /** Tools of a name not seen before wait for the operator. */
  withholdsNew?: boolean | undefined;
  /** Lists are people's own: what one of them is shown says nothing of the others'. */
  isPersonal?: boolean | undefined;
  /** It honestly differs per person. */
  differs?: boolean | undefined;
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
  /** What becomes of the texts on record. */
  texts?: TextChanges | undefined;
  /** A tool of this name was never seen. */
  isNew: boolean;
  /** It was not withheld in this form before. */
  isNews: boolean;
  /** It is another one than was accepted, for this person: they are shown it first. */
  isOwn: boolean;
}

/** Reviews a part of an upstream. What was never seen is approved, but see {@linkcode Policy}. */
export function review(current: Current, known: Known): Verdict {
  const { definition, olderDigest } = current;
  const { digest } = definition;
  const { policy = {} } = known;
  const record = known.record ?? firstRecord(current, known);
  const { older, accepted, waiting } = record;
  const isOlder = older !== undefined && accepted.length === 0 && older.digest === olderDigest;
  const form = isOlder
    ? { digest, areHintsBelieved: true }
    : accepted.find((each) => each.digest === digest);
  const isNew = known.record === undefined && older === undefined &&
    known.formerly?.accepted.some((each) => each.digest === digest) !== true;
  const verdict = { isNew, isNews: false, isOwn: false };
  if (form !== undefined) {
    const { areHintsBelieved } = form;
    // Another person's may still wait.
    const isOver = policy.isPersonal !== true && waiting.length > 0;
    if (known.record !== undefined && !isOlder && !isOver) {
      return { ...verdict, isApproved: true, areHintsBelieved };
    }
    const next = {
      ...record,
      accepted: isOlder ? [form] : accepted,
      waiting: isOver ? [] : waiting,
      older: undefined,
    };
    const isKept = known.record !== undefined && !isOlder;
    const keep = isKept ? undefined : definition;
    const texts = { keep, drop: isOver ? waiting.map(({ digest }) => digest) : [] };
    return { ...verdict, isApproved: true, areHintsBelieved, record: next, texts };
  }
  const withheld = { ...verdict, isApproved: false, areHintsBelieved: false };
  // What a person alone is told is not kept for the operator, and not for ever.
  if (policy.differs && known.record !== undefined) return { ...withheld, isOwn: true };
  if (known.record !== undefined && waiting.some((each) => each.digest === digest)) return withheld;
  // Where all see one list, what waited before is not there any more.
  const most = policy.isPersonal === true ? MAX_FORMS - 1 : 0;
  const drop = waiting.slice(most).map((each) => each.digest);
  const next = { ...record, waiting: [{ digest }, ...waiting.slice(0, most)] };
  return { ...withheld, record: next, texts: { keep: definition, drop }, isNews: true };
}

/**
 * A tool that comes later than its server's first list is let through, but not
 * what it says of itself: nobody has chosen a server for tools that it did not
 * have, and `readOnlyHint` alone would open it to callers that may only read.
 */
function firstRecord(
  { upstream, tool, definition: { digest } }: Current,
  { older, isFirstList, formerly, policy = {} }: Known,
): DefinitionRecord {
  const record = { upstream, tool, accepted: [], waiting: [] };
  if (older !== undefined) return { ...record, older };
  const before = formerly?.accepted.find((form) => form.digest === digest);
  if (before !== undefined) {
    return { ...record, accepted: [{ digest, areHintsBelieved: before.areHintsBelieved }] };
  }
  if (policy.withholdsNew && !isFirstList) return record;
  return { ...record, accepted: [{ digest, areHintsBelieved: isFirstList }] };
}

/** What the operator said yes to, by its digest. What was accepted before stays accepted. */
export function accept(record: DefinitionRecord, digest: string): DefinitionRecord | null {
  const { waiting, accepted, upstream, tool } = record;
  const meant = waiting.find((form) => isMeant(form, digest)) ??
    // A tool that came later: what it says of itself is now believed.
    accepted.find((form) => !form.areHintsBelieved && isMeant(form, digest));
  return meant === undefined ? null : {
    upstream,
    tool,
    accepted: [
      { ...meant, areHintsBelieved: true },
      ...accepted.filter((form) => form.digest !== meant.digest),
    ],
    waiting: waiting.filter((form) => form.digest !== meant.digest),
  };
}

/**
 * So many hexadecimal digits of a digest name what was looked at. With fewer, a
 * server could make two definitions that begin alike, and change them in between.
 */
export const LEAST_DIGITS = 32;

function isMeant(definition: RecordedDefinition, digest: string): boolean {
  return digest.length >= LEAST_DIGITS && definition.digest.startsWith(digest);
}

/** A definition, whole in its digest, and as much of its text as is kept: made where it is kept. */
export function definitionOf(raw: unknown): Definition {
  return {
    digest: digestHex(canonical(raw)),
    get text() {
      return textOf(raw).slice(0, MAX_KEPT);
    },
    get rest() {
      const rest = textOf(raw).slice(MAX_KEPT);
      return rest === "" ? undefined : { length: rest.length, digest: digestHex(rest) };
    },
  };
}

function textOf(raw: unknown): string {
  return JSON.stringify(sorted(raw), null, 2) ?? "null";
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
