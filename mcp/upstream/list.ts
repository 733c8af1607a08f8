/**
 * The tools of one upstream: asked for page by page, bounded, reviewed against
 * what was approved, and put under our names.
 *
 * @module
 */

import { z } from "zod";
import type { UpstreamStore } from "../../broker/core/store.ts";
import type { UpstreamSpec } from "../../broker/core/upstream.ts";
import type { World } from "../../broker/core/world.ts";
import { withoutSecrets } from "../secrets_in.ts";
import type { ListedTool } from "../wire.ts";
import { type Candidate, reviewUpstream } from "./approval.ts";
import { judgeTools, MAX_TOOLS, type RemoteTool } from "./judge.ts";
import { definitionOf, olderDigestOf, type Verdict } from "./review.ts";
import type { UpstreamSession } from "./session.ts";
import { namedTools } from "./tool_name.ts";

/** More pages than a server needs for its tools; what stands on others is not listed. */
export const MAX_PAGES = 20;

/** A tool of an upstream under our name. */
export interface UpstreamTool {
  remoteName: string;
  listed: ListedTool;
  /** As approved. */
  readOnly: boolean;
  /** As approved: a call may be made twice. */
  idempotent: boolean;
}

/** What listing needs: what was approved, and a log for what has changed since. */
export interface ListDeps {
  world: Pick<World, "log">;
  store: UpstreamStore;
  /** What the upstream was given, and must not put into a list for all to read. */
  secrets: Iterable<string>;
  /** Names and aliases of our own tools, which no upstream's tool may have. */
  taken: ReadonlySet<string>;
}

/**
 * One page. The SDK's own schema would throw the whole list away for one tool
 * that is not right.
 */
const Page = z.looseObject({ tools: z.array(z.unknown()), nextCursor: z.string().optional() });

/** All tools that are let through. */
export async function listTools(
  session: UpstreamSession,
  spec: UpstreamSpec,
  deps: ListDeps,
  signal: AbortSignal,
): Promise<UpstreamTool[]> {
  const listed = withoutLeaks(await allPages(session, spec, deps, signal), spec, deps);
  const { tools, leftOut } = judgeTools(listed);
  for (const { reason, first, count } of leftOut) {
    const what = { upstream: spec.name, reason, tool: first, count };
    deps.world.log({ level: "warn", event: "upstream_tools_left_out", ...what });
  }
  const { named, disputed } = namedTools(spec.name, tools, deps.taken);
  for (const tool of disputed) {
    deps.world.log({ level: "error", event: "upstream_name_disputed", upstream: spec.name, tool });
  }
  const verdicts = await reviewed(session, spec, deps, named);
  return named.flatMap(([name, { tool }]) => {
    const verdict = verdicts.get(name);
    return verdict?.isApproved === true ? [listedAs(name, tool, verdict)] : [];
  });
}

/** What was decided of each; of none, where the server's instructions may not be kept. */
async function reviewed(
  session: UpstreamSession,
  { name: upstream }: UpstreamSpec,
  deps: ListDeps,
  named: [string, { tool: RemoteTool; raw: unknown }][],
): Promise<Map<string, Verdict>> {
  const instructions = withoutSecrets(session.instructions ?? null, deps.secrets);
  if (instructions.kind === "withheld") {
    deps.world.log({ level: "error", event: "upstream_instructions_leak", upstream });
    return new Map();
  }
  const candidates = named.map(([name, { tool, raw }]): Candidate => ({
    upstream,
    tool: name,
    definition: definitionOf(raw),
    olderDigest: olderDigestOf(tool),
  }));
  const current = { upstream, definition: definitionOf(instructions.value) };
  return await reviewUpstream(deps, current, candidates);
}

/** What the upstream lists, as it is. */
async function allPages(
  session: UpstreamSession,
  { name: upstream, timeoutMs }: UpstreamSpec,
  { world }: ListDeps,
  signal: AbortSignal,
): Promise<unknown[]> {
  const tools: unknown[] = [];
  const seen = new Set<string>();
  let cursor: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const params = cursor === undefined ? {} : { cursor };
    const page = Page.parse(await session.request("tools/list", params, { signal, timeoutMs }));
    tools.push(...page.tools);
    cursor = page.nextCursor;
    // An empty one is no cursor to some servers.
    if (cursor === undefined || cursor === "" || tools.length > MAX_TOOLS) return tools;
    // A cursor that comes again leads in a circle.
    if (seen.has(cursor)) break;
    seen.add(cursor);
  }
  world.log({ level: "warn", event: "upstream_list_cut_off", upstream, pages: seen.size });
  return tools;
}

/**
 * Tools without the secrets that were sent along: removed where they stand as
 * they are, and the tool left out where one is hidden in it, or is its name.
 */
function withoutLeaks(
  tools: unknown[],
  { name: upstream }: UpstreamSpec,
  { secrets, world }: ListDeps,
): unknown[] {
  const given = [...secrets];
  const clean = tools.flatMap((tool) => {
    const searched = withoutSecrets(tool, given);
    return searched.kind === "clean" && nameOf(searched.value) === nameOf(tool)
      ? [searched.value]
      : [];
  });
  // What no tool holds alone, several may hold in pieces.
  const told = withoutSecrets(clean, given).kind === "clean" ? clean : [];
  const withheld = tools.length - told.length;
  // No names: the secret may be in one.
  if (withheld > 0) world.log({ level: "error", event: "upstream_tools_leak", upstream, withheld });
  return told;
}

function nameOf(tool: unknown): unknown {
  return (tool as { name?: unknown } | null)?.name;
}

function listedAs(name: string, tool: RemoteTool, { areHintsBelieved }: Verdict): UpstreamTool {
  const { readOnlyHint = false, idempotentHint = false } = areHintsBelieved
    ? tool.annotations ?? {}
    : {};
  const { annotations } = tool;
  // Clients, too, may let a tool run unasked by its hints. Everything else goes through unchanged,
  // schemas above all.
  const believed = annotations && !areHintsBelieved
    ? { annotations: { ...annotations, readOnlyHint, idempotentHint } }
    : {};
  const listed = { ...tool, ...believed, name } as unknown as ListedTool;
  return { remoteName: tool.name, readOnly: readOnlyHint, idempotent: idempotentHint, listed };
}
