/**
 * Our names for the upstreams' prompts: as tools' names are.
 *
 * @module
 */

import { ownsTool } from "../broker/core/upstream.ts";
import type { JudgedFeature } from "./upstream/judge_features.ts";
import { namedTools } from "./upstream/tool_name.ts";
import type { Upstream } from "./upstream/upstream.ts";

/** Whose a name can be: the one whose prefix it has, before who has none. */
export function ownersOfPrompt(upstreams: Upstream[], name: string): Upstream[] {
  const owner = upstreams.find(({ spec }) => ownsTool(spec, name));
  const keeper = upstreams.find(({ spec }) => spec.prefix === "");
  return [...new Set([owner, keeper])].filter((each) => each !== undefined);
}

/** An upstream's prompts by our names. */
export function namedPrompts(
  upstream: Upstream,
  prompts: JudgedFeature[],
  upstreams: Upstream[],
): Map<string, JudgedFeature> {
  const { name, prefix } = upstream.spec;
  const others = upstreams.filter((other) => other !== upstream);
  const taken = { has: (name: string) => others.some(({ spec }) => ownsTool(spec, name)) };
  const candidates = prompts.map((each) => ({ ...each, name: each.id }));
  return new Map(namedTools({ upstream: name, prefix }, candidates, taken).named);
}
