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
import type { Definition, DefinitionRecord } from "../broker/core/upstream.ts";
import { accept, LEAST_DIGITS } from "../mcp/upstream/review.ts";
import { openRecords } from "../vault/deno_kv.ts";
import { createUpstreamStore } from "../vault/upstream_records.ts";
import { failureOf } from "./failed.ts";
import { lineDiff, linesOf, visible } from "./line_diff.ts";

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
  const env = Deno.env.toObject();
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
  for (const [upstream, parts] of Map.groupBy(all, ({ upstream }) => upstream)) {
    const waiting = parts.filter((part) => part.waiting !== undefined);
    const late = parts.filter((part) => part.waiting === undefined && !part.areHintsBelieved);
    const approved = parts.filter((part) => part.tool !== undefined && part.waiting === undefined);
    console.log(`${upstream}: ${approved.length} approved, ${waiting.length} withheld`);
    for (const part of waiting) showChange(part, part.waiting!);
    for (const part of late) showLate(part, part.approved!);
  }
  return 0;
}

function showChange(part: DefinitionRecord, waiting: Definition): void {
  const { approved, older } = part;
  console.log(`\n  ${nameOf(part)} has changed since it was approved, and is withheld.`);
  const lines = approved === undefined ? [] : lineDiff(textOf(approved), textOf(waiting));
  if (approved === undefined) {
    console.log("  It was approved before 0.2.0; of its definition only this is known:");
    lines.push(...linesOf(older?.description ?? "").map((line) => `- ${line}`));
    lines.push(...linesOf(textOf(waiting)).map((line) => `+ ${line}`));
  }
  for (const line of lines) console.log(`    ${line}`);
  sayHow(part, waiting);
}

function showLate(part: DefinitionRecord, approved: Definition): void {
  console.log(
    `\n  ${nameOf(part)} came after its server's first list. It can be called, but is not`,
  );
  console.log("  taken for read-only or idempotent, whatever it says of itself:");
  for (const line of linesOf(textOf(approved))) console.log(`      ${line}`);
  sayHow(part, approved);
}

function sayHow({ upstream, tool = "--instructions" }: DefinitionRecord, { digest }: Definition) {
  console.log(`  To accept this: deno task upstreams accept ${upstream} ${tool} ${digest}`);
}

/** What is not kept counts all the same: another rest is another line. */
function textOf({ text, rest }: Definition): string {
  if (rest === undefined) return text;
  return `${text}\n… and ${rest.length} characters that are not kept, SHA-256 ${rest.digest}`;
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
  for (;;) {
    const stored = await find(store, upstream, tool);
    const next = stored && accept(stored.value, digest.toLowerCase());
    if (!stored || !next) {
      const what = visible(`${upstream} ${tool}`);
      console.error(`Nothing of ${what} with this digest waits to be accepted.`);
      console.error(
        "It may have changed again since: deno task upstreams shows what is there now.",
      );
      return 1;
    }
    if (await store.put(next, stored.version)) break;
  }
  console.log("Accepted. It is listed again within five minutes.");
  return 0;
}

/** By our name, or by the upstream's where that is the same without its prefix. */
async function find(store: UpstreamStore, upstream: string, tool: string) {
  if (tool === "--instructions") return await store.get(upstream);
  return await store.get(upstream, tool) ?? await store.get(upstream, `${upstream}_${tool}`);
}

if (import.meta.main) {
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    console.error(failureOf("look at upstreams", error));
    Deno.exit(1);
  }
}
