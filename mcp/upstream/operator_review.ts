/**
 * What an operator sees of upstreams' definitions, and lets in: for the console
 * and for `deno task upstreams` alike.
 *
 * @module
 */

import type { UpstreamStore } from "../../broker/core/store.ts";
import type { DefinitionRecord, RecordedDefinition } from "../../broker/core/upstream.ts";
import type {
  Accepting,
  DiffLine,
  ReviewedUpstream,
  UpstreamReview,
  WaitingDefinition,
} from "../../broker/core/upstream_review.ts";
import { lineDiff, linesOf } from "./line_diff.ts";
import { accept } from "./review.ts";

/** The review of what a store keeps. */
export function createReview(store: UpstreamStore): UpstreamReview {
  return {
    all: () => all(store),
    async waiting() {
      const records = (await store.list()).map(({ value }) => value);
      const counts = new Map<string, number>();
      for (const record of records) {
        const count = formsOf(record).length;
        if (count > 0) counts.set(record.upstream, (counts.get(record.upstream) ?? 0) + count);
      }
      return counts;
    },
    accept: (accepting) => acceptOne(store, accepting),
  };
}

async function all(store: UpstreamStore): Promise<ReviewedUpstream[]> {
  const records = (await store.list()).map(({ value }) => value);
  const reports = new Map((await store.reports()).map((report) => [report.upstream, report]));
  const byUpstream = Map.groupBy(records, ({ upstream }) => upstream);
  const names = [...new Set([...byUpstream.keys(), ...reports.keys()])];
  return await Promise.all(names.map(async (upstream): Promise<ReviewedUpstream> => {
    const parts = byUpstream.get(upstream) ?? [];
    const waiting = await Promise.all(parts.map((part) => waitingOf(store, part)));
    return {
      upstream,
      approved: parts.filter(isApproved).length,
      waiting: waiting.flat(),
      findings: reports.get(upstream)?.findings ?? [],
    };
  }));
}

/** Whether a tool is listed as it is. */
export function isApproved({ tool, waiting }: DefinitionRecord): boolean {
  return tool !== undefined && waiting.length === 0;
}

/** A tool that came later: it can be called, and what it says of itself is not believed. */
export function isLate({ waiting, accepted: [newest] }: DefinitionRecord): boolean {
  return waiting.length === 0 && newest?.areHintsBelieved === false;
}

function formsOf(part: DefinitionRecord): RecordedDefinition[] {
  return isLate(part) ? part.accepted.slice(0, 1) : part.waiting;
}

async function waitingOf(
  store: UpstreamStore,
  part: DefinitionRecord,
): Promise<WaitingDefinition[]> {
  const late = isLate(part);
  const [newest] = late ? [] : part.accepted;
  const before = newest === undefined
    ? part.older?.description
    : await definitionText(store, part, newest);
  return await Promise.all(
    formsOf(part).map(async (form) => {
      const now = await definitionText(store, part, form);
      const lines = before === undefined
        ? linesOf(now).map((line) => `+ ${line}`)
        : lineDiff(before, now);
      const { tool } = part;
      return { tool, digest: form.digest, isNew: before === undefined, diff: lines.map(diffLine) };
    }),
  );
}

function diffLine(line: string): DiffLine {
  const sign = line[0] === "-" || line[0] === "+" ? line[0] : " ";
  return { sign, text: line.slice(2) };
}

/** What is not kept counts all the same: another rest is another line. */
export async function definitionText(
  store: UpstreamStore,
  part: DefinitionRecord,
  { digest, kept }: RecordedDefinition,
): Promise<string> {
  const found = kept ?? await store.text(part, digest);
  if (found === null) return `its text is not kept; SHA-256 ${digest}`;
  const { text, rest } = found;
  if (rest === undefined) return text;
  return `${text}\n… and ${rest.length} characters that are not kept, SHA-256 ${rest.digest}`;
}

/** Lets in what was looked at, and nothing that has come since. */
async function acceptOne(
  store: UpstreamStore,
  { upstream, tool, digest }: Accepting,
): Promise<boolean> {
  for (;;) {
    const stored = await store.get(upstream, tool);
    const next = stored && accept(stored.value, digest.toLowerCase());
    if (!stored || !next) return false;
    if (await store.put(next, stored.version)) return true;
  }
}
