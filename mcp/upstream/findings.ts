/**
 * What is not listed of an upstream, told once in the log, and kept for
 * `deno task upstreams`.
 *
 * @module
 */

import { kindOf } from "../../broker/core/own_words.ts";
import type { UpstreamStore } from "../../broker/core/store.ts";
import type { ListFinding } from "../../broker/core/upstream.ts";
import type { World } from "../../broker/core/world.ts";

/** Why something is not in a list, for the log and the operator. */
export interface NotListed {
  reason: string;
  /** A tool's own name, or how much of the list there is. */
  what: string;
}

/** Findings of one upstream that are kept and told; of more it is only said how many. */
export const MAX_FINDINGS = 200;
/** What was not found again for this long is over, where lists are people's own. */
export const FINDING_MS = 24 * 60 * 60_000;
/** What is found again is noted again after this. */
const NOTED_MS = 60 * 60_000;

/** The reason where it is the list that is not whole. */
export const CUT_OFF = "cut_off";
/** Findings of which is known that they were told. */
const MOST_TOLD = 10 * MAX_FINDINGS;
/** Names in one line of the log. */
const MAX_NAMES = 20;

/** What noting needs. */
export interface FindingsDeps {
  world: Pick<World, "log" | "now">;
  store: Pick<UpstreamStore, "report" | "putReport">;
}

/** The findings of one upstream. */
export class Findings {
  readonly #upstream: string;
  readonly #deps: FindingsDeps;
  /** By reason and tool. */
  #told = new Set<string>();
  /** When each was noted, as far as this process knows; not asked for yet: `undefined`. */
  #noted: Map<string, number> | undefined;

  constructor(upstream: string, deps: FindingsDeps) {
    this.#upstream = upstream;
    this.#deps = deps;
  }

  /** Takes what one list left out: of what everybody sees, or of what is one person's own. */
  async note(all: NotListed[], isPersonal: boolean): Promise<void> {
    const { world } = this.#deps;
    const upstream = this.#upstream;
    const now = world.now();
    const kept = all.slice(0, MAX_FINDINGS);
    if (kept.some((each) => !this.#told.has(keyOf(each)))) this.#tell(all);
    // What one person's list leaves out another's may not; told is told.
    const isMore = isPersonal && this.#told.size < MOST_TOLD;
    const current = new Set(kept.map(keyOf));
    this.#told = isMore ? this.#told.union(current) : current;
    const found = kept.map((each) => ({ ...each, at: now }));
    try {
      this.#noted ??= notedIn((await this.#deps.store.report(upstream))?.findings ?? []);
      const noted = this.#noted;
      const isOver = !isPersonal && noted.size !== current.size;
      const isOld = kept.some((each) => now - (noted.get(keyOf(each)) ?? 0) > NOTED_MS);
      if (isOver || isOld) await this.#keep(found, isPersonal);
    } catch (error) {
      // The log has them; the next list tries again.
      const detail = kindOf(error);
      world.log({ level: "warn", event: "upstream_report_not_kept", upstream, detail });
    }
  }

  /** A line per reason, with the names of the first of them. */
  #tell(all: NotListed[]): void {
    const { world } = this.#deps;
    const upstream = this.#upstream;
    for (const [reason, found] of Map.groupBy(all, ({ reason }) => reason)) {
      const names = found.map(({ what }) => what);
      if (reason === CUT_OFF) {
        const detail = names.join("; ");
        world.log({ level: "warn", event: "upstream_list_cut_off", upstream, detail });
        continue;
      }
      const [tool] = names;
      const tools = names.slice(0, MAX_NAMES).join(" ");
      const what = { upstream, reason, tool, tools, count: found.length };
      world.log({ level: "warn", event: "upstream_tools_left_out", ...what });
    }
  }

  async #keep(found: ListFinding[], isPersonal: boolean): Promise<void> {
    const { store, world } = this.#deps;
    const upstream = this.#upstream;
    const now = world.now();
    const keys = new Set(found.map(keyOf));
    const before = isPersonal ? (await store.report(upstream))?.findings ?? [] : [];
    const others = before.filter((each) => !keys.has(keyOf(each)) && now - each.at < FINDING_MS);
    const findings = [...found, ...others].slice(0, MAX_FINDINGS);
    await store.putReport({ upstream, findings });
    this.#noted = notedIn(findings);
  }
}

function notedIn(findings: ListFinding[]): Map<string, number> {
  return new Map(findings.map((each) => [keyOf(each), each.at]));
}

function keyOf({ reason, what }: NotListed): string {
  return `${reason} ${what}`;
}
