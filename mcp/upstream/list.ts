/**
 * The tools of one upstream: asked for page by page, bounded, reviewed against
 * what was approved, and put under our names.
 *
 * @module
 */

// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/types"
import { ToolSchema } from "@modelcontextprotocol/sdk/types.js";
import { deadlineIn } from "../../broker/core/deadline.ts";
import { isPersonal, prefixesOf, type UpstreamSpec } from "../../broker/core/upstream.ts";
import type { World } from "../../broker/core/world.ts";
import { withoutSecrets } from "../secrets_in.ts";
import type { ListedTool, ToolCallResult } from "../wire.ts";
import { type ApprovalDeps, type Candidate, reviewUpstream } from "./approval.ts";
import type { Sender } from "./client.ts";
import { CUT_OFF, type NotListed } from "./findings.ts";
import type { Renamed } from "./flat_schema.ts";
import { type JudgedTool, judgeTools, MAX_TOOLS, nameOf, type RecentlyMended } from "./judge.ts";
import { definitionOf, olderDigestOf, type Policy } from "./review.ts";
import type { UpstreamSession } from "./session.ts";
import { connectName, namedTools, suffixedName, toolName } from "./tool_name.ts";

/** More pages than a server needs for its tools; what stands on others is not listed. */
export const MAX_PAGES = 90;
/** What is not judged any more. */
const MOST_ENTRIES = 2 * MAX_TOOLS;

/** A tool of an upstream under our name. */
export interface UpstreamTool {
  remoteName: string;
  listed: ListedTool;
  /** As approved. */
  readOnly: boolean;
  /** As approved: a call may be made twice. */
  idempotent: boolean;
  /** Properties of its arguments that are listed by other names. */
  renamed?: Renamed | undefined;
  /** Another name that means it, and nothing else: what it is called beside a namesake. */
  alias?: string | undefined;
  /** Where the answer is ours, and its upstream hears nothing of a call. */
  answer?: ((caller: Sender) => Promise<ToolCallResult>) | undefined;
}

/** A tool that was described to one person otherwise than was accepted, and not shown to them yet. */
export interface UnshownTool extends Pick<UpstreamTool, "remoteName"> {
  name: string;
  digest: string;
  raw: unknown;
}

/** What a server has said, without the secrets that were sent along. */
export interface RemoteList {
  tools: unknown[];
  instructions: unknown;
}

/** What listing needs: what was approved, and a log for what has changed since. */
export interface ListDeps extends Omit<ApprovalDeps, "policy"> {
  world: Pick<World, "log">;
  /** Names and aliases of our own tools, which no upstream's tool may have. */
  taken: ReadonlySet<string>;
  /** What was made of tools a moment ago. */
  mended?: RecentlyMended | undefined;
  /** The other upstreams, whose prefixes no tool of this one may have. */
  others?: UpstreamSpec[] | undefined;
}

/** All that a server lists, page by page; `notListed` hears of what is not asked for. */
export async function fetchList(
  session: UpstreamSession,
  { name: upstream, timeoutMs }: UpstreamSpec,
  { world, secrets, notListed }: {
    world: Pick<World, "log" | "sleep">;
    /** What the upstream was given, and must not put into a list for all to read. */
    secrets: Iterable<string>;
    notListed: (what: NotListed) => void;
  },
  /** Ends the asking; what was listed by then is listed. */
  time: AbortSignal,
): Promise<RemoteList> {
  const all = await allPages(world, session, timeoutMs, notListed, time);
  const given = [...secrets];
  const instructions = withoutSecrets(session.instructions ?? null, given);
  if (instructions.kind === "withheld") {
    world.log({ level: "error", event: "upstream_instructions_leak", upstream });
    return { tools: [], instructions: null };
  }
  const tools = withoutLeaks(all, given);
  const withheld = all.length - tools.length;
  // No names: the secret may be in one.
  if (withheld > 0) world.log({ level: "error", event: "upstream_tools_leak", upstream, withheld });
  return { tools, instructions: instructions.value };
}

/** What the upstream lists, as it is. */
async function allPages(
  world: Pick<World, "sleep">,
  session: UpstreamSession,
  timeoutMs: number,
  notListed: (what: NotListed) => void,
  time: AbortSignal,
): Promise<unknown[]> {
  const tools: unknown[] = [];
  const seen = new Set<string>();
  let cursor: string | undefined;
  const cutOff = (why: string, pages: number) => {
    notListed({
      reason: CUT_OFF,
      what: `${why}, after ${pages} pages and ${tools.length} tools`,
    });
    return tools;
  };
  for (let pages = 1;; pages++) {
    const params = cursor === undefined ? {} : { cursor };
    // Of our own, so that it is known why a page did not come.
    using late = deadlineIn(world, timeoutMs);
    const signal = AbortSignal.any([time, late.signal]);
    let page: Record<string, unknown>;
    try {
      page = await session.request("tools/list", params, { signal, timeoutMs: 2 * timeoutMs });
    } catch (error) {
      if (!signal.aborted || tools.length === 0) throw error;
      return cutOff("out of time", pages - 1);
    }
    if (!Array.isArray(page.tools)) {
      if (pages > 1) return cutOff("a page was none", pages - 1);
      throw new TypeError("A page without tools");
    }
    for (const tool of page.tools) tools.push(tool);
    const { nextCursor: next } = page;
    // An empty one is no cursor to some servers, and null none.
    if (typeof next !== "string" || next === "") return tools;
    if (tools.length > MOST_ENTRIES) return cutOff("too many tools", pages);
    // A cursor that comes again leads in a circle.
    if (seen.has(next)) return cutOff("a page came again", pages);
    if (pages === MAX_PAGES) return cutOff("too many pages", pages);
    seen.add(next);
    cursor = next;
  }
}

/**
 * Tools without the secrets that were sent along: removed where they stand as
 * they are, and the tool left out where one is hidden in it, or is its name.
 */
function withoutLeaks(tools: unknown[], given: string[]): unknown[] {
  const all = withoutSecrets(tools, given);
  // As nearly always: there is nothing, nowhere. What was not looked through may be nested too deep
  // for anything else.
  if (all.kind === "clean" && all.value === tools) return tools;
  if (all.kind === "clean" && JSON.stringify(all.value) === JSON.stringify(tools)) return tools;
  const clean = tools.flatMap((tool) => {
    const searched = withoutSecrets(tool, given);
    return searched.kind === "clean" && rawName(searched.value) === rawName(tool)
      ? [searched.value]
      : [];
  });
  // What no tool holds alone, several may hold in pieces.
  return withoutSecrets(clean, given).kind === "clean" ? clean : [];
}

function rawName(tool: unknown): unknown {
  return (tool as { name?: unknown } | null)?.name;
}

/** What of a list is let through, and what its person has to be shown first. */
export async function reviewedList(
  { tools, instructions }: RemoteList,
  spec: UpstreamSpec,
  deps: ListDeps,
  notListed: (what: NotListed) => void,
): Promise<{ tools: UpstreamTool[]; own: UnshownTool[] }> {
  const { name: upstream, prefix } = spec;
  const judged = judgeTools(tools, deps.mended);
  for (const { reason, tool } of judged.leftOut) notListed({ reason, what: tool });
  const { named, disputed } = namedTools({ upstream, prefix }, judged.tools, takenFor(spec, deps));
  for (const { raw } of disputed) notListed({ reason: "name_taken", what: nameOf(raw) });
  const candidates = named.map(([name, { name: remote, raw, definition }]): Candidate => ({
    upstream,
    tool: name,
    definition,
    otherNames: [toolName(upstream, remote, prefix), suffixedName(upstream, remote, prefix)]
      .filter((other) => other !== name),
    olderDigest: () => {
      const tool = ToolSchema.safeParse(raw).data;
      return tool && olderDigestOf(tool);
    },
  }));
  const current = { upstream, definition: definitionOf(instructions) };
  const verdicts = await reviewUpstream({ ...deps, policy: policyOf(spec) }, current, candidates);
  const through: UpstreamTool[] = [];
  const own: UnshownTool[] = [];
  for (const [at, [name, judged]] of named.entries()) {
    const { tool, raw } = judged;
    const verdict = verdicts.get(name);
    if (verdict?.isApproved) through.push(listedAs(spec, name, judged, verdict.areHintsBelieved));
    else if (verdict?.isOwn) {
      const { digest } = candidates[at]!.definition;
      own.push({ name, remoteName: tool.name, digest, raw });
    }
  }
  return { tools: through, own };
}

/** What the operator has said of an upstream. */
function policyOf(spec: UpstreamSpec): Policy {
  const personal = isPersonal(spec);
  return {
    isPersonal: personal,
    withholdsNew: spec.newTools === "withhold",
    differs: personal && spec.perPersonDefinitions === true,
  };
}

/** Names that are not an upstream's to give. */
function takenFor(spec: UpstreamSpec, { taken, others = [] }: Pick<ListDeps, "taken" | "others">) {
  const prefixes = others.flatMap(prefixesOf);
  const reserved = isPersonal(spec) ? connectName(spec.name) : undefined;
  return {
    has: (name: string) =>
      taken.has(name) || name === reserved || prefixes.some((prefix) => name.startsWith(prefix)),
  };
}

/** A tool as it is listed under our name. */
export function listedAs(
  { name: upstream, prefix }: UpstreamSpec,
  name: string,
  { tool, renamed }: Pick<JudgedTool, "tool" | "renamed">,
  areHintsBelieved: boolean,
): UpstreamTool {
  const { readOnlyHint = false, idempotentHint = false } = areHintsBelieved
    ? tool.annotations ?? {}
    : {};
  const { annotations } = tool;
  // Clients, too, may let a tool run unasked by its hints. Everything else goes through unchanged,
  // schemas above all.
  const believed = annotations && !areHintsBelieved
    ? { annotations: { ...annotations, readOnlyHint, idempotentHint } }
    : {};
  // What a tool answers is its server's business: clients throw an answer away that does not fit the
  // schema that was listed, or has no data where there is one, and so say of a call that was done
  // that it failed (the SDKs' 1.32 and 2.4).
  const { outputSchema: _theirs, ...told } = tool;
  const listed = { ...told, ...believed, name } as unknown as ListedTool;
  const suffixed = suffixedName(upstream, tool.name, prefix);
  return {
    remoteName: tool.name,
    readOnly: readOnlyHint,
    idempotent: idempotentHint,
    listed,
    renamed,
    alias: suffixed === name ? undefined : suffixed,
  };
}

/** A tool on record, from what is kept of its text. */
export function toolOfText(text: string): JudgedTool | undefined {
  return judgeTools([JSON.parse(text)]).tools[0];
}
