/**
 * Reviews what an upstream says of itself against what is on record, and
 * records what is new.
 *
 * @module
 */

import type { Stored, UpstreamStore } from "../../broker/core/store.ts";
import type { DefinitionRecord, OlderDefinition, OlderRecord } from "../../broker/core/upstream.ts";
import type { World } from "../../broker/core/world.ts";
import { type Current, review, type Verdict } from "./review.ts";
import { toolName } from "./tool_name.ts";

/** Tools of one upstream that are remembered; a server that makes up names must not fill the store. */
export const MAX_ON_RECORD = 1_000;
/** Records are written so many at a time. */
const AT_ONCE = 20;

/** What a review needs. */
export interface ApprovalDeps {
  world: Pick<World, "log">;
  store: UpstreamStore;
}

/** A tool to be reviewed. */
export type Candidate = Current & { tool: string };

/** What was decided of each tool; of none, where the server's instructions have changed. */
export async function reviewUpstream(
  deps: ApprovalDeps,
  instructions: Current,
  tools: Candidate[],
): Promise<Map<string, Verdict>> {
  const { store, world } = deps;
  const { upstream } = instructions;
  const older = await store.older(upstream);
  // They are written last of a first list: once they are there, all of it is.
  const before = await store.get(upstream);
  const isFirstList = before === null && older === null;
  const verdicts = new Map<string, Verdict>();
  const onRecord = await Promise.all(tools.map(async (current): Promise<OnRecord> => {
    const stored = await store.get(upstream, current.tool);
    return { current, stored, older: olderOf(older, current) };
  }));
  const admitted = await withoutTooMany(deps, upstream, onRecord);
  for (let from = 0; from < admitted.length; from += AT_ONCE) {
    await Promise.all(
      admitted.slice(from, from + AT_ONCE).map(async (tool) => {
        verdicts.set(tool.current.tool, await reviewOne(deps, tool, isFirstList));
      }),
    );
  }
  const whole = { current: instructions, stored: before };
  const { isApproved } = await reviewOne(deps, whole, isFirstList);
  if (isApproved) return verdicts;
  world.log({ level: "error", event: "upstream_withheld", upstream, what: "instructions" });
  return new Map();
}

/** A part of an upstream, and what is on record of it. */
interface OnRecord<T extends Current = Candidate> {
  current: T;
  stored: Stored<DefinitionRecord> | null;
  older?: OlderDefinition | undefined;
}

async function reviewOne(
  { store, world }: ApprovalDeps,
  { current, stored: first, older }: OnRecord<Current>,
  isFirstList: boolean,
): Promise<Verdict> {
  const { upstream, tool } = current;
  for (let stored = first;;) {
    const verdict = review(current, { older, isFirstList, record: stored?.value });
    const { record, isNews } = verdict;
    if (record !== undefined && !await store.put(record, stored?.version ?? null)) {
      // Another process reviewed at the same time: its record counts, too.
      stored = await store.get(upstream, tool);
      continue;
    }
    if (isNews) {
      world.log({
        level: "error",
        event: "upstream_changed",
        upstream,
        tool: tool ?? "instructions",
      });
    }
    return verdict;
  }
}

/** The older form has the upstream's own names, of which several may have become one. */
function olderOf(older: OlderRecord | null, { upstream, tool, olderDigest }: Candidate) {
  const claims = Object.entries(older?.approved ?? {})
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
