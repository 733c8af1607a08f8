/**
 * Reviews what an upstream says of itself against what is on record, and
 * records what is new.
 *
 * @module
 */

import type { UpstreamStore } from "../../broker/core/store.ts";
import type { OlderDefinition, OlderRecord } from "../../broker/core/upstream.ts";
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
  const isFirstList = await store.get(upstream) === null && older === null;
  const verdicts = new Map<string, Verdict>();
  const admitted = await withoutTooMany(deps, upstream, tools, older);
  for (let from = 0; from < admitted.length; from += AT_ONCE) {
    await Promise.all(
      admitted.slice(from, from + AT_ONCE).map(async (tool) => {
        const known = { older: olderOf(older, tool), isFirstList };
        verdicts.set(tool.tool, await reviewOne(deps, tool, known));
      }),
    );
  }
  const { isApproved } = await reviewOne(deps, instructions, { isFirstList });
  if (isApproved) return verdicts;
  world.log({ level: "error", event: "upstream_withheld", upstream, what: "instructions" });
  return new Map();
}

async function reviewOne(
  { store, world }: ApprovalDeps,
  current: Current,
  known: { older?: OlderDefinition | undefined; isFirstList: boolean },
): Promise<Verdict> {
  const { upstream, tool } = current;
  for (;;) {
    const stored = await store.get(upstream, tool);
    const verdict = review(current, { ...known, record: stored?.value });
    const { record, isNews } = verdict;
    const isLate = record !== undefined && !await store.put(record, stored?.version ?? null);
    // Another process reviewed at the same time: its record counts, too.
    if (isLate) continue;
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
  tools: Candidate[],
  older: OlderRecord | null,
): Promise<Candidate[]> {
  const found = await Promise.all(tools.map(({ tool }) => store.get(upstream, tool)));
  const isNew = (index: number) =>
    found[index] === null && olderOf(older, tools[index]!) === undefined;
  if (!tools.some((_tool, index) => isNew(index))) return tools;
  let free = MAX_ON_RECORD - await store.count(upstream);
  const admitted = tools.filter((_tool, index) => !isNew(index) || free-- > 0);
  const count = tools.length - admitted.length;
  if (count > 0) world.log({ level: "error", event: "upstream_too_many_tools", upstream, count });
  return admitted;
}
