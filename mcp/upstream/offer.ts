/**
 * What an upstream offers one caller beside its tools: prompts, resources and
 * resource templates, asked for page by page, bounded, and without what was
 * sent along.
 *
 * @module
 */

import { isRecord } from "../../broker/core/json.ts";
import type { UpstreamSpec } from "../../broker/core/upstream.ts";
import type { World } from "../../broker/core/world.ts";
import { withoutSecrets } from "../secrets_in.ts";
import { ABILITIES, type Ability, type FeatureKind } from "../abilities.ts";
import { type JudgedFeature, judgeFeature } from "./judge_features.ts";
import { UpstreamFault } from "./fault.ts";
import { METHOD_NOT_FOUND } from "./rpc.ts";
import type { UpstreamSession } from "./session.ts";

/** Of each kind, per upstream; what comes after them is not listed. */
export const MAX_FEATURES = 500;
/** All of an upstream's together, as JSON in UTF-8. */
export const MAX_OFFER_BYTES = 1024 * 1024;
/** More pages than so many features need. */
export const MAX_FEATURE_PAGES = 20;

/** What one caller is offered. */
export interface Offer {
  /** False where nobody has answered yet. */
  isKnown: boolean;
  abilities: ReadonlySet<Ability>;
  prompts: JudgedFeature[];
  resources: JudgedFeature[];
  resourceTemplates: JudgedFeature[];
  /** Of all that is listed. */
  bytes: number;
}

/** Nothing, for who is not connected, or is not answered. */
export const NO_OFFER: Offer = {
  isKnown: false,
  abilities: new Set(),
  prompts: [],
  resources: [],
  resourceTemplates: [],
  bytes: 0,
};

/** What asking needs. */
export interface OfferDeps {
  world: Pick<World, "log">;
  /** What the upstream was given, and must not say. */
  secrets: Iterable<string>;
}

const LISTS: Record<FeatureKind, { ability: Ability; method: string }> = {
  prompts: { ability: "prompts", method: "prompts/list" },
  resources: { ability: "resources", method: "resources/list" },
  resourceTemplates: { ability: "resources", method: "resources/templates/list" },
};

/** Asks for everything that the server says it has. */
export async function askOffer(
  session: UpstreamSession,
  spec: UpstreamSpec,
  deps: OfferDeps,
  signal: AbortSignal,
): Promise<Offer> {
  const abilities = new Set(ABILITIES.filter((name) => isRecord(session.capabilities[name])));
  const room = { left: MAX_OFFER_BYTES };
  const ask = async (kind: FeatureKind) => {
    const { ability, method } = LISTS[kind];
    if (!abilities.has(ability)) return [];
    const entries = await allPages(session, spec, { kind, method, signal });
    return judged(kind, entries, spec, deps, room);
  };
  // One after the other: the room that is left is counted in a fixed order.
  const prompts = await ask("prompts");
  const resources = await ask("resources");
  const resourceTemplates = await ask("resourceTemplates");
  const bytes = MAX_OFFER_BYTES - room.left;
  return { isKnown: true, abilities, prompts, resources, resourceTemplates, bytes };
}

async function allPages(
  session: UpstreamSession,
  { timeoutMs }: UpstreamSpec,
  { kind, method, signal }: { kind: FeatureKind; method: string; signal: AbortSignal },
): Promise<unknown[]> {
  const entries: unknown[] = [];
  const seen = new Set<unknown>();
  for (let cursor: unknown, pages = 0; pages < MAX_FEATURE_PAGES; pages++) {
    const params = typeof cursor === "string" ? { cursor } : {};
    const page = await session.request(method, params, { signal, timeoutMs }).catch(asNothing);
    const listed = page[kind];
    if (Array.isArray(listed)) entries.push(...listed.slice(0, MAX_FEATURES + 1));
    seen.add(cursor);
    cursor = page.nextCursor;
    // No cursor, or one that leads in a circle.
    if (typeof cursor !== "string" || cursor === "" || seen.has(cursor)) break;
    if (entries.length > MAX_FEATURES) break;
  }
  return entries;
}

/** Many servers say `resources` and have no templates, and answer that there is no such method. */
function asNothing(error: unknown): Record<string, unknown> {
  const why = error instanceof UpstreamFault ? error.why : undefined;
  if (why?.kind === "answered_error" && why.code === METHOD_NOT_FOUND) return {};
  throw error;
}

function judged(
  kind: FeatureKind,
  entries: unknown[],
  { name: upstream }: UpstreamSpec,
  { world, secrets }: OfferDeps,
  room: { left: number },
): JudgedFeature[] {
  const given = [...secrets];
  const byId = new Map<string, JudgedFeature>();
  let [leftOut, leaks] = [0, 0];
  for (const entry of entries) {
    const feature = judgeFeature(kind, entry);
    const bytes = new TextEncoder().encode(JSON.stringify(feature?.listed ?? null)).length;
    if (
      feature === undefined || byId.has(feature.id) || byId.size === MAX_FEATURES ||
      bytes > room.left
    ) {
      leftOut++;
      continue;
    }
    const searched = withoutSecrets(feature, given);
    // What it is asked for by must be its own, whole.
    if (searched.kind === "clean" && searched.value.id === feature.id) {
      byId.set(feature.id, searched.value);
      room.left -= bytes;
    } else leaks++;
  }
  // What none holds alone, several may hold in pieces.
  const all = [...byId.values()];
  const told = withoutSecrets(all, given).kind === "clean" ? all : [];
  leaks += all.length - told.length;
  // No names: the secret may be in one.
  const said = { upstream, what: kind };
  if (leftOut > 0) {
    world.log({ level: "warn", event: "upstream_features_left_out", ...said, count: leftOut });
  }
  if (leaks > 0) {
    world.log({ level: "error", event: "upstream_features_leak", ...said, count: leaks });
  }
  return told;
}
