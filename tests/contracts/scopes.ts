/**
 * Whether what a tool asks to be granted suffices for what it calls.
 *
 * @module
 */

import type { Json } from "../support/api.ts";
import type { Stage } from "./play.ts";
import type { Asked } from "./vendor.ts";

/** Of each alternative, what it does not suffice for. */
export function scopeFaults(
  { provider, tool }: Stage,
  args: Record<string, Json>,
  asked: Asked[],
): string[] {
  const operations = new Map(asked.map(({ operation }) => [operation.id, operation.scopes]));
  return alternativesOf(tool, args).flatMap((scopes) => {
    const granted = new Set(scopes.flatMap((scope) => withImplied(scope, provider.impliedScopes)));
    return [...operations].flatMap(([id, needed]) =>
      needed === undefined || needed.some((scope) => granted.has(scope))
        ? []
        : [`${scopes.join(" and ")} is not enough for ${id}`]
    );
  });
}

function alternativesOf(tool: Json, args: Record<string, Json>): string[][] {
  const scopes = tool.scopesFor?.(tool.input.parse(args)) ?? tool.scopes;
  return scopes.every((scope: Json) => typeof scope === "string") && scopes.length > 0
    ? [scopes]
    : scopes;
}

function withImplied(scope: string, implied: Record<string, string[]> = {}): string[] {
  return [scope, ...(implied[scope] ?? []).flatMap((one) => withImplied(one, implied))];
}
