/**
 * `deno task upstreams`: what of upstream servers has changed since it was
 * approved, line by line, and `deno task upstreams accept <upstream> <tool>
 * <digest>` to let in what was looked at, one thing at a time.
 *
 * @module
 */

import { isOnDeploy } from "../broker/config/config.ts";
import { parseKvPath } from "../broker/config/vault.ts";
import type { UpstreamStore } from "../broker/core/store.ts";
import type { DefinitionRecord, ListFinding, RecordedDefinition } from "../broker/core/upstream.ts";
import { lineDiff, linesOf, visible } from "../mcp/upstream/line_diff.ts";
import {
  createReview,
  definitionText,
  isApproved,
  isLate,
} from "../mcp/upstream/operator_review.ts";
import { LEAST_DIGITS } from "../mcp/upstream/review.ts";
import { ownVariables } from "../start/own_env.ts";
import { openRecords } from "../vault/deno_kv.ts";
import { createUpstreamStore } from "../vault/upstream_records.ts";
import { failureOf } from "./failed.ts";

const USAGE = `Usage: deno task upstreams
       deno task upstreams accept <upstream> <tool> <digest>
       deno task upstreams accept <upstream> --instructions <digest>

A digest may be cut to ${LEAST_DIGITS} digits or more.`;

async function main(args: string[]): Promise<number> {
  const [verb, upstream = "", tool = "", digest = ""] = args;
  const isComplete = verb === "accept" && args.length === 4;
  if (args.length > 0 && !isComplete) {
    console.error(USAGE);
    return 2;
  }
  const env = await ownVariables();
  const records = await openRecords(parseKvPath(env, isOnDeploy(env)));
  try {
    const store = createUpstreamStore(records);
    return isComplete ? await acceptOne(store, upstream, tool, digest) : await show(store);
  } finally {
    records.close();
  }
}

async function show(store: UpstreamStore): Promise<number> {
  const all = (await store.list()).map(({ value }) => value);
  const reports = new Map((await store.reports()).map((report) => [report.upstream, report]));
  const byUpstream = Map.groupBy(all, ({ upstream }) => upstream);
  for (const upstream of new Set([...byUpstream.keys(), ...reports.keys()])) {
    const parts = byUpstream.get(upstream) ?? [];
    const waiting = parts.filter((part) => part.waiting.length > 0);
    const late = parts.filter(isLate);
    const approved = parts.filter(isApproved);
    const { findings = [] } = reports.get(upstream) ?? {};
    const left = findings.length === 0 ? "" : `, ${findings.length} left out`;
    console.log(`${upstream}: ${approved.length} approved, ${waiting.length} withheld${left}`);
    for (const part of waiting) await showChange(store, part);
    for (const part of late) await showLate(store, part);
    if (findings.length > 0) console.log("\n  Not listed, with the server's own names:");
    for (const finding of findings) showFinding(finding);
  }
  return 0;
}

async function showChange(store: UpstreamStore, part: DefinitionRecord): Promise<void> {
  const { accepted: [newest], waiting, older } = part;
  const before = newest === undefined ? undefined : await definitionText(store, part, newest);
  for (const form of waiting) {
    const now = await definitionText(store, part, form);
    const lines = before === undefined ? [] : lineDiff(before, now);
    if (before !== undefined) {
      console.log(`\n  ${nameOf(part)} has changed since it was approved, and is withheld.`);
    } else if (older !== undefined) {
      console.log(`\n  ${nameOf(part)} has changed since it was approved, and is withheld.`);
      console.log("  It was approved before 0.2.0; of its definition only this is known:");
      lines.push(...linesOf(older.description).map((line) => `- ${line}`));
    } else {
      console.log(`\n  ${nameOf(part)} came after its server's first list, and is withheld.`);
    }
    if (before === undefined) lines.push(...linesOf(now).map((line) => `+ ${line}`));
    for (const line of lines) console.log(`    ${line}`);
    sayHow(part, form);
  }
}

async function showLate(store: UpstreamStore, part: DefinitionRecord): Promise<void> {
  const newest = part.accepted[0]!;
  console.log(
    `\n  ${nameOf(part)} came after its server's first list. It can be called, but is not`,
  );
  console.log("  taken for read-only or idempotent, whatever it says of itself:");
  for (const line of linesOf(await definitionText(store, part, newest))) {
    console.log(`      ${line}`);
  }
  sayHow(part, newest);
}

function showFinding({ reason, what, at }: ListFinding): void {
  const when = new Date(at).toISOString();
  console.log(`    ${visible(what)}: ${visible(reason)} (last seen ${when})`);
}

function sayHow(
  { upstream, tool = "--instructions" }: DefinitionRecord,
  { digest }: RecordedDefinition,
): void {
  console.log(`  To accept this: deno task upstreams accept ${upstream} ${tool} ${digest}`);
}

function nameOf({ tool }: DefinitionRecord): string {
  return tool ?? "The server's instructions";
}

async function acceptOne(
  store: UpstreamStore,
  upstream: string,
  tool: string,
  digest: string,
): Promise<number> {
  const review = createReview(store);
  for (const name of namesOf(upstream, tool)) {
    if (!await review.accept({ upstream, tool: name, digest })) continue;
    console.log("Accepted. It is listed again within five minutes.");
    return 0;
  }
  const what = visible(`${upstream} ${tool}`);
  console.error(`Nothing of ${what} with this digest waits to be accepted.`);
  console.error("It may have changed again since: deno task upstreams shows what is there now.");
  return 1;
}

/** By our name, or by the upstream's where that is the same without its prefix. */
function namesOf(upstream: string, tool: string): (string | undefined)[] {
  return tool === "--instructions" ? [undefined] : [tool, `${upstream}_${tool}`];
}

if (import.meta.main) {
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    console.error(failureOf("look at upstreams", error));
    Deno.exit(1);
  }
}
