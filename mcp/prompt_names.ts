/**
 * Our names for the upstreams' prompts: as tools' names are.
 *
 * @module
 */

import { ownsTool } from "../broker/core/upstream.ts";
import type { JudgedFeature } from "./upstream/judge_features.ts";
import { namedTools } from "./upstream/tool_name.ts";
import type { Upstream } from "./upstream/upstream.ts";

/** Whether its names stay as they are where they are free. */
export function keepsNames({ spec }: Upstream): boolean {
  return (spec as { prefix?: string }).prefix === "";
}

/** Whether a name can be one of its prompts. */
export function mayOwnPrompt(upstream: Upstream, name: string): boolean {
  return keepsNames(upstream) || ownsTool(upstream.spec, name);
}

/** Whose a name is, as far as the name says. */
export function ownerOfPrompt(upstreams: Upstream[], name: string): Upstream | undefined {
  return upstreams.find(({ spec }) => ownsTool(spec, name)) ?? upstreams.find(keepsNames);
}

/** An upstream's prompts by our names. */
export function namedPrompts(
  upstream: Upstream,
  prompts: JudgedFeature[],
  upstreams: Upstream[],
): Map<string, JudgedFeature> {
  const isFree = (name: string) =>
    keepsNames(upstream) && /^[A-Za-z0-9_-]{1,64}$/.test(name) &&
    upstreams.find(keepsNames) === upstream &&
    !upstreams.some(({ spec }) => ownsTool(spec, name));
  const free = prompts.filter(({ id }) => isFree(id));
  const others = prompts.filter(({ id }) => !isFree(id)).map((each) => ({
    ...each,
    name: each.id,
  }));
  const { named } = namedTools(upstream.spec.name, others, new Set());
  return new Map([...free.map((each): [string, JudgedFeature] => [each.id, each]), ...named]);
}
