/**
 * `deno task audit --subject voice:user_123`: what was done for somebody, as
 * lines of JSON. With `--verify` it says instead whether all of it is there as
 * it was written; without a subject, of everybody.
 *
 * @module
 */

import { isOnDeploy } from "../broker/config/config.ts";
import { parseVaultConfig } from "../broker/config/vault.ts";
import { ANCHORS, DEPLOYMENT, LONGEST_ACTIVITY_PAGE } from "../broker/core/activity.ts";
import type { Subject } from "../broker/core/subject.ts";
import { createActivityReader } from "../audit/reader.ts";
import { lineOf } from "../routes/http/record_line.ts";
import { type Result, verifyAll, verifyOne } from "../audit/verify_all.ts";
import { ownEnv } from "../start/own_env.ts";
import { createActivityStore, recordedSubjects } from "../vault/activity_records.ts";
import { openRecords } from "../vault/deno_kv.ts";
import { importKeyRing } from "../vault/key_ring.ts";
import { failureOf } from "./failed.ts";
import { wordsOfResult } from "./audit_words.ts";

const USAGE = `Usage: deno task audit --subject <realm:id> [--since <day or time>]
       deno task audit --verify [--subject <realm:id>] [--anchor <number:code>] [--json]

A subject is the name of an API key or of a sign-in provider, a colon, and the user's id.
"deployment" is what operators have changed. --anchor is of a line "activity_anchored" of the log.`;

const WITH_VALUE = ["subject", "since", "anchor"];
const FLAGS = ["verify", "json"];

/** What is wanted. */
interface Wish {
  subject?: Subject | undefined;
  since: number;
  verify: boolean;
  json: boolean;
  logged?: { sequence: number; mac: string } | undefined;
}

/** Runs the task; returns the exit code. */
async function main(args: string[]): Promise<number> {
  const wish = wishOf(args);
  if (wish === undefined) {
    console.error(USAGE);
    return 2;
  }
  const env = await ownEnv();
  const { encryptionKeys, kvPath } = parseVaultConfig(env, isOnDeploy(env));
  const records = await openRecords(kvPath);
  try {
    const store = createActivityStore(records, await importKeyRing(encryptionKeys), Date);
    if (!wish.verify) return await print(createActivityReader(store, Date), wish);
    const { subject, logged } = wish;
    const all = subject === undefined
      ? verifyAll(store, { now: Date.now, subjects: () => recordedSubjects(records), logged })
      : [{ subject, verified: await verifyOne(store, subject, Date.now()) }];
    return await report(all, wish);
  } finally {
    records.close();
  }
}

/** Page by page, the newest first. */
async function print(
  reader: ReturnType<typeof createActivityReader>,
  { subject, since }: Wish,
): Promise<number> {
  let before: string | undefined;
  do {
    const page = await reader.page(subject!, { limit: LONGEST_ACTIVITY_PAGE, before, since });
    for (const entry of page.entries) {
      await say(JSON.stringify({ ...lineOf(entry), actor: entry.actor }));
    }
    before = page.next;
  } while (before !== undefined);
  return 0;
}

async function report(
  all: AsyncIterable<Result> | Iterable<Result>,
  { json, subject }: Wish,
): Promise<number> {
  let [subjects, blocks, unchained, faults] = [0, 0, 0, 0];
  for await (const result of all) {
    if ("verified" in result) {
      if (result.subject !== ANCHORS) subjects += 1;
      blocks += result.verified.blocks;
      unchained += result.verified.unchained;
    }
    for (const { line, data } of wordsOfResult(result)) {
      faults += 1;
      await say(json ? JSON.stringify(data) : line);
    }
  }
  const older = unchained === 0
    ? ""
    : ` ${unchained} blocks are of a version without chains: of those nobody can say whether they ` +
      `are all.`;
  const whole = faults === 0 ? "Nothing is missing, and nothing was changed." : `${faults} faults.`;
  const of = subject ?? `${subjects} subjects`;
  console.error(`${of}: ${blocks} blocks, each held against the next.${older} ${whole}`);
  return faults === 0 ? 0 : 1;
}

/** A line is out before the next is read: what reads them may be slow. */
async function say(line: string): Promise<void> {
  let bytes = new TextEncoder().encode(`${line}\n`);
  while (bytes.length > 0) bytes = bytes.subarray(await Deno.stdout.write(bytes));
}

function wishOf(args: string[]): Wish | undefined {
  const named = new Map<string, string>();
  for (let at = 0; at < args.length; at++) {
    const name = args[at]!.replace(/^--/, "");
    const value = FLAGS.includes(name) ? "" : args[++at];
    const isKnown = FLAGS.includes(name) || WITH_VALUE.includes(name);
    if (!isKnown || value === undefined || named.has(name)) return undefined;
    named.set(name, value);
  }
  const verify = named.has("verify");
  const subject = subjectIn(named.get("subject"));
  const since = timeIn(named.get("since"));
  const logged = anchorIn(named.get("anchor"));
  if (subject === null || since === null || logged === null) return undefined;
  if (subject === undefined && !verify) return undefined;
  if (logged !== undefined && (!verify || subject !== undefined)) return undefined;
  return { subject, since: since ?? 0, verify, json: named.has("json"), logged };
}

/** `null`: it is none. */
function subjectIn(text: string | undefined): Subject | null | undefined {
  if (text === "deployment") return DEPLOYMENT;
  if (text === "anchors") return ANCHORS;
  return text === undefined || text.includes(":") ? text as Subject | undefined : null;
}

function timeIn(text: string | undefined): number | null | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : time;
}

function anchorIn(text: string | undefined) {
  if (text === undefined) return undefined;
  const [, sequence, mac] = /^(\d{1,15}):([\w-]{43})$/.exec(text) ?? [];
  return sequence === undefined ? null : { sequence: Number(sequence), mac: mac! };
}

try {
  Deno.exit(await main(Deno.args));
} catch (error) {
  console.error(failureOf("read the record", error));
  Deno.exit(1);
}
