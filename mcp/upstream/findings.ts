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
  readonly #isPersonal: boolean;
  readonly #deps: FindingsDeps;
  /** By reason and tool, when each was noted. */
  #noted = new Map<string, number>();

  constructor(upstream: string, isPersonal: boolean, deps: FindingsDeps) {
    this.#upstream = upstream;
    this.#isPersonal = isPersonal;
    this.#deps = deps;
  }

  /** Takes what one list left out. */
  async note(all: NotListed[]): Promise<void> {
    const { world } = this.#deps;
    const upstream = this.#upstream;
    const now = world.now();
    const kept = all.slice(0, MAX_FINDINGS);
    const fresh = kept.filter((each) => !this.#noted.has(keyOf(each)));
    if (fresh.length > 0) this.#tell(all);
    const isOver = !this.#isPersonal && [...this.#noted.keys()].length !== kept.length;
    const isOld = kept.some((each) => now - (this.#noted.get(keyOf(each)) ?? 0) > NOTED_MS);
    if (!isOver && !isOld) return;
    const found = kept.map((each) => ({ ...each, at: now }));
    try {
      await this.#keep(found, now);
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

  async #keep(found: ListFinding[], now: number): Promise<void> {
    const { store } = this.#deps;
    const upstream = this.#upstream;
    const keys = new Set(found.map(keyOf));
    const before = this.#isPersonal ? (await store.report(upstream))?.findings ?? [] : [];
    const others = before.filter((each) => !keys.has(keyOf(each)) && now - each.at < FINDING_MS);
    const findings = [...found, ...others].slice(0, MAX_FINDINGS);
    await store.putReport({ upstream, findings });
    this.#noted = new Map(findings.map((each) => [keyOf(each), each.at]));
  }
}

function keyOf({ reason, what }: NotListed): string {
  return `${reason} ${what}`;
}
