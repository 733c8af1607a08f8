/**
 * The tools of one upstream: asked for page by page, bounded, reviewed against
 * what was approved, and put under our names.
 *
 * @module
 */

import type { Client } from "@modelcontextprotocol/sdk/client";
import { z } from "zod";
import type { UpstreamStore } from "../../broker/core/store.ts";
import type { UpstreamSpec } from "../../broker/core/upstream.ts";
import type { World } from "../../broker/core/world.ts";
import { withoutSecrets } from "../secrets_in.ts";
import type { ListedTool } from "../wire.ts";
import { reviewTools, toolName } from "./review.ts";
import { judgeTools, MAX_TOOLS, type RemoteTool } from "./judge.ts";

/** More pages than a server needs for its tools; what stands on others is not listed. */
export const MAX_PAGES = 20;

/** A tool of an upstream under our name. */
export interface UpstreamTool {
  remoteName: string;
  listed: ListedTool;
  readOnly: boolean;
}

/** What listing needs: what was approved, and a log for what has changed since. */
export interface ListDeps {
  world: Pick<World, "log">;
  store: UpstreamStore;
  /** What the upstream was given, and must not put into a list for all to read. */
  secrets: Iterable<string>;
}

/**
 * One page. The SDK's own schema would throw the whole list away for one tool
 * that is not right.
 */
const Page = z.looseObject({ tools: z.array(z.unknown()), nextCursor: z.string().optional() });

/** All tools that are let through. */
export async function listTools(
  client: Client,
  spec: UpstreamSpec,
  deps: ListDeps,
  signal: AbortSignal,
): Promise<UpstreamTool[]> {
  const listed = withoutLeaks(await allPages(client, spec, deps, signal), spec, deps);
  const { tools, leftOut } = judgeTools(listed);
  for (const { reason, first, count } of leftOut) {
    const what = { upstream: spec.name, reason, tool: first, count };
    deps.world.log({ level: "warn", event: "upstream_tools_left_out", ...what });
  }
  return (await review(tools, spec, deps)).map((tool) => named(tool, spec));
}

/** What the upstream lists, as it is. */
async function allPages(
  client: Client,
  { name: upstream, timeoutMs: timeout }: UpstreamSpec,
  { world }: ListDeps,
  signal: AbortSignal,
): Promise<unknown[]> {
  const tools: unknown[] = [];
  const seen = new Set<string>();
  let cursor: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const params = cursor === undefined ? {} : { cursor };
    const request = { method: "tools/list" as const, params };
    const page = await client.request(request, Page, { timeout, signal });
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

/** Withholds what has changed since it was approved. */
async function review(
  tools: RemoteTool[],
  { name: upstream }: UpstreamSpec,
  { store, world }: ListDeps,
): Promise<RemoteTool[]> {
  for (;;) {
    const stored = await store.get(upstream);
    const { allowed, record, newlyWithheld } = reviewTools(tools, stored?.value);
    const stale = record !== undefined &&
      !await store.put(upstream, record, stored?.version ?? null);
    // Another process reviewed at the same time: its record counts, too.
    if (stale) continue;
    for (const tool of newlyWithheld) {
      world.log({ level: "error", event: "upstream_tool_changed", upstream, tool });
    }
    return allowed;
  }
}

function named(tool: RemoteTool, spec: UpstreamSpec): UpstreamTool {
  const name = toolName(spec.name, tool.name);
  const readOnly = tool.annotations?.readOnlyHint === true;
  // Everything else goes through unchanged, schemas above all.
  return { remoteName: tool.name, readOnly, listed: { ...tool, name } as unknown as ListedTool };
}
