/**
 * The tools of one upstream: asked for page by page, reviewed against what was
 * approved, and put under our names.
 *
 * @module
 */

import type { Client } from "@modelcontextprotocol/sdk/client";
import type { UpstreamStore } from "../../broker/core/store.ts";
import type { UpstreamSpec } from "../../broker/core/upstream.ts";
import type { World } from "../../broker/core/world.ts";
import type { ListedTool } from "../wire.ts";
import { reviewTools, toolName } from "./review.ts";

/** More tools than any model can choose from; what comes after them is not listed. */
export const MAX_TOOLS = 200;

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
}

type RemoteTool = Awaited<ReturnType<Client["listTools"]>>["tools"][number];

/** All tools that are let through. */
export async function listTools(
  client: Client,
  spec: UpstreamSpec,
  deps: ListDeps,
): Promise<UpstreamTool[]> {
  const remote = await allPages(client, spec.timeoutMs);
  return (await review(remote, spec, deps)).map((tool) => named(tool, spec));
}

async function allPages(client: Client, timeout: number): Promise<RemoteTool[]> {
  const tools: RemoteTool[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.listTools(cursor === undefined ? {} : { cursor }, { timeout });
    tools.push(...page.tools);
    cursor = page.nextCursor;
  } while (cursor !== undefined && tools.length < MAX_TOOLS);
  return tools.slice(0, MAX_TOOLS);
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
