/**
 * Reviews what an upstream says of itself against what is on record, and
 * records what is new.
 *
 * @module
 */

import type { Stored, UpstreamStore } from "../../broker/core/store.ts";
import type { DefinitionRecord, OlderDefinition, OlderRecord } from "../../broker/core/upstream.ts";
import type { World } from "../../broker/core/world.ts";
import { type Current, type Policy, review, type Verdict } from "./review.ts";
import { toolName } from "./tool_name.ts";

/** Tools of one upstream that are remembered; a server that makes up names must not fill the store. */
export const MAX_ON_RECORD = 5_000;
/** Records are written so many at a time. */
const AT_ONCE = 20;
/** More are read in one go. */
const ONE_BY_ONE = 20;

/** What a review needs. */
export interface ApprovalDeps {
  world: Pick<World, "log">;
  store: UpstreamStore;
  policy?: Policy | undefined;
  /** What was approved a moment ago need not be read again. */
  recent?: RecentlyApproved | undefined;
}

/** Approved definitions by tool and digest, with whether their hints are believed. */
export type RecentlyApproved = Map<string, boolean>;

/** A tool to be reviewed. */
export type Candidate = Omit<Current, "olderDigest"> & {
  tool: string;
  /** What the same tool may have been called, before or after another one claimed its name. */
  otherNames?: string[] | undefined;
  /** As it was computed before 0.2.0. */
  olderDigest?: (() => string | undefined) | undefined;
};

/** What was decided of each tool; of none, where the server's instructions have changed. */
export async function reviewUpstream(
  deps: ApprovalDeps,
  instructions: Current,
  tools: Candidate[],
): Promise<Map<string, Verdict>> {
  const { world, store, recent } = deps;
  const { upstream } = instructions;
  const verdicts = new Map<string, Verdict>();
  const unknown = tools.filter((tool) => {
    const believed = recent?.get(keyOf(tool));
    if (believed !== undefined) verdicts.set(tool.tool, approved(believed));
    return believed === undefined;
  });
  if (unknown.length === 0 && recent?.has(keyOf(instructions))) return verdicts;
  const older = await store.older(upstream);
  // They are written last of a first list: once they are there, all of it is.
  const before = await store.get(upstream);
  const isFirstList = before === null && older === null;
  const read = await reader(store, upstream, unknown);
  const onRecord = await Promise.all(unknown.map(async (current): Promise<OnRecord> => {
    const stored = await read(current.tool);
    const others = stored === null
      ? await Promise.all((current.otherNames ?? []).map((name) => read(name)))
      : [];
    const formerly = others.find((other) =>
      other?.value.accepted.some(({ digest }) => digest === current.definition.digest)
    )?.value;
    return { current: { ...current, olderDigest: undefined }, stored, formerly, older: undefined };
  }));
  if (older !== null) {
    for (const [at, tool] of onRecord.entries()) {
      const olderDigest = unknown[at]!.olderDigest?.();
      tool.current = { ...tool.current, olderDigest };
      tool.older = olderOf(older, { ...tool.current, olderDigest });
    }
  }
  const admitted = await withoutTooMany(deps, upstream, onRecord);
  for (let from = 0; from < admitted.length; from += AT_ONCE) {
    await Promise.all(
      admitted.slice(from, from + AT_ONCE).map(async (tool) => {
        verdicts.set(tool.current.tool!, await reviewOne(deps, tool, isFirstList));
      }),
    );
  }
  const whole = { current: instructions, stored: before };
  const { isApproved, isOwn } = await reviewOne(deps, whole, isFirstList);
  // Nobody is told a server's instructions: where they honestly differ, nothing hangs on them.
  if (isApproved || isOwn) {
    return verdicts;
  }
  world.log({ level: "error", event: "upstream_withheld", upstream, what: "instructions" });
  return new Map();
}

/** A part of an upstream, and what is on record of it. */
interface OnRecord {
  current: Current;
  stored: Stored<DefinitionRecord> | null;
  formerly?: DefinitionRecord | undefined;
  older?: OlderDefinition | undefined;
}

async function reviewOne(
  { store, world, policy, recent }: ApprovalDeps,
  { current, stored: first, older, formerly }: OnRecord,
  isFirstList: boolean,
): Promise<Verdict> {
  const { upstream, tool } = current;
  for (let stored = first;;) {
    const known = { older, formerly, isFirstList, policy, record: stored?.value };
    const verdict = review(current, known);
    const { record, texts, isNew, isNews, isApproved, areHintsBelieved } = verdict;
    if (record !== undefined && !await store.put(record, stored?.version ?? null, texts)) {
      // Another process reviewed at the same time: its record counts, too.
      stored = await store.get(upstream, tool);
      continue;
    }
    if (isNew && !isFirstList && tool !== undefined) {
      const what = isApproved ? "adopted" : "withheld";
      world.log({ level: "warn", event: "upstream_tool_new", upstream, tool, what });
    } else if (isNews) {
      const hint = policy?.isPersonal
        ? 'one that honestly differs per person can be marked "per_person_definitions": true'
        : undefined;
      const what = tool ?? "instructions";
      world.log({ level: "error", event: "upstream_changed", upstream, tool: what, hint });
    }
    if (isApproved) recent?.set(keyOf(current), areHintsBelieved);
    return verdict;
  }
}

function keyOf({ tool = "", definition }: Pick<Current, "tool" | "definition">): string {
  return `${tool} ${definition.digest}`;
}

function approved(areHintsBelieved: boolean): Verdict {
  return { isApproved: true, areHintsBelieved, isNew: false, isNews: false, isOwn: false };
}

/** Reads records one by one, or all at once where many are asked for. */
async function reader(
  store: UpstreamStore,
  upstream: string,
  tools: Candidate[],
): Promise<(tool: string) => Promise<Stored<DefinitionRecord> | null>> {
  if (tools.length <= ONE_BY_ONE) return (tool) => store.get(upstream, tool);
  const all = new Map((await store.list(upstream)).map((stored) => [stored.value.tool, stored]));
  return (tool) => Promise.resolve(all.get(tool) ?? null);
}

/** The older form has the upstream's own names, of which several may have become one. */
function olderOf(older: OlderRecord, { upstream, tool, olderDigest }: Current) {
  const claims = Object.entries(older.approved)
    .filter(([name]) => toolName(upstream, name) === tool).map(([, definition]) => definition);
  return claims.find(({ digest }) => digest === olderDigest) ?? claims[0];
}

/** Leaves out new tools where there are too many on record. */
async function withoutTooMany(
  { store, world }: ApprovalDeps,
  upstream: string,
  tools: OnRecord[],
): Promise<OnRecord[]> {
  const isNew = ({ stored, older }: OnRecord) => stored === null && older === undefined;
  if (!tools.some(isNew)) return tools;
  let free = MAX_ON_RECORD - await store.count(upstream);
  const admitted = tools.filter((tool) => !isNew(tool) || free-- > 0);
  const count = tools.length - admitted.length;
  if (count > 0) world.log({ level: "error", event: "upstream_too_many_tools", upstream, count });
  return admitted;
}
