/**
 * What a storm found, and how it is printed.
 *
 * @module
 */

import { percentile } from "../callers.ts";
import { tableOf } from "../soak_report.ts";
import { judgeMemory, type MemorySeries, type MemoryVerdict } from "./memory.ts";
import type { Leak } from "./secrets.ts";

/** The honest callers alone; attackers beside them; what hits all. */
export const phases = ["calm", "storm", "upheaval"] as const;
export type Phase = typeof phases[number];

/** With fewer answers a p99 is one or two of them. */
const LEAST_JUDGED = 300;
const MOST_RATIO = 2;
const MEGABYTE = 1024 * 1024;

/** One thing that must not be. */
export interface Failure {
  phase: Phase;
  /** What was asked for. */
  deed: string;
  who: string;
  what: string;
}

/** Everything that was counted. */
export class Report {
  readonly waits: Record<Phase, Map<string, number[]>> = {
    calm: new Map(),
    storm: new Map(),
    upheaval: new Map(),
  };
  readonly failures: Failure[] = [];
  /** From then on the gateways end, and nobody is answered any more. */
  isOver = false;
  readonly leaks = new Map<string, Leak>();
  readonly faults = new Map<string, number>();
  /** Attacks that were cut off, by either side. */
  readonly unanswered = new Map<string, number>();
  /** Refusals that were told to come again, and connections that a dead process took along. */
  readonly healed = new Map<string, number>();
  /** What the gateways logged as a warning or an error, by event. */
  logged = new Map<string, number>();
  memory: MemorySeries[] = [];
  secretsKnown = 0;

  done(phase: Phase, deed: string, ms: number): void {
    const all = this.waits[phase].get(deed);
    if (all === undefined) this.waits[phase].set(deed, [ms]);
    else all.push(ms);
  }

  count(kind: "faults" | "unanswered" | "healed", name: string, count = 1): void {
    this[kind].set(name, (this[kind].get(name) ?? 0) + count);
  }

  leak(leaks: Leak[]): void {
    for (const leak of leaks) this.leaks.set(`${leak.where} ${leak.secret.text}`, leak);
  }

  answers(phase: Phase): number {
    return [...this.waits[phase].values()].reduce((sum, { length }) => sum + length, 0);
  }

  /** Deeds that became more than twice as slow, each in words. */
  slower(): string[] {
    return this.#rows().flatMap(({ deed, calm, storm }) => {
      if (Math.min(calm.length, storm.length) < LEAST_JUDGED) return [];
      const ratio = percentile(storm, 0.99) / percentile(calm, 0.99);
      return ratio <= MOST_RATIO ? [] : [`${deed}: p99 is ${ratio.toFixed(2)} times the control's`];
    });
  }

  memoryVerdicts(): MemoryVerdict[] {
    return this.memory.map(judgeMemory);
  }

  /** Whatever must not be, each in words. */
  verdicts(): string[] {
    const growing = this.memoryVerdicts().filter(({ verdict }) => verdict === "growing");
    return [
      ...this.failures.map((it) => `failed in ${it.phase}: ${it.who}, ${it.deed}: ${it.what}`),
      ...[...this.leaks.values()].map(({ secret, where, before }) =>
        `a secret in ${where}: ${secret.type} of ${secret.owner ?? "nobody"}, after ${
          JSON.stringify(before)
        }`
      ),
      ...this.slower(),
      ...growing.map(({ name }) => `memory of ${name} grows`),
    ];
  }

  #rows() {
    const { calm, storm, upheaval } = this.waits;
    const deeds = [...new Set(phases.flatMap((phase) => [...this.waits[phase].keys()]))].sort();
    const rows = deeds.map((deed) => ({
      deed,
      calm: calm.get(deed) ?? [],
      storm: storm.get(deed) ?? [],
      upheaval: upheaval.get(deed) ?? [],
    }));
    const all = (phase: Phase) => [...this.waits[phase].values()].flat();
    return [
      ...rows,
      { deed: "all", calm: all("calm"), storm: all("storm"), upheaval: all("upheaval") },
    ];
  }

  text(): string {
    const at = (values: number[], part: number) =>
      values.length === 0 ? "-" : String(Math.round(percentile(values, part)));
    const ratio = (a: number[], b: number[], part: number) =>
      a.length === 0 || b.length === 0
        ? "-"
        : (percentile(a, part) / percentile(b, part)).toFixed(2);
    const head = ["ms", "alone", "p50", "p99", "beside faults", "p50", "p99"];
    const deeds = this.#rows().map(({ deed, calm, storm, upheaval }) => [
      deed,
      String(calm.length),
      at(calm, 0.5),
      at(calm, 0.99),
      String(storm.length),
      at(storm, 0.5),
      at(storm, 0.99),
      ratio(storm, calm, 0.99),
      String(upheaval.length),
      at(upheaval, 0.99),
    ]);
    const list = (title: string, map: Map<string, number>) => [
      [title, ""],
      ...[...map].sort().map(([name, count]) => [`  ${name}`, String(count)]),
    ];
    const mb = (bytes: number) => String(Math.round(bytes / MEGABYTE));
    const memory = this.memoryVerdicts().map((it) => [
      it.name,
      mb(it.start),
      it.medians.map(mb).join(" "),
      mb(it.end),
      `${(it.growth * 100).toFixed(1)} %`,
      it.verdict,
    ]);
    return [
      tableOf([[...head, "p99 ratio", "upheaval", "p99"], ...deeds]),
      tableOf(list("faults", this.faults)),
      tableOf(list("of these cut off", this.unanswered)),
      tableOf(list("healed in upheaval", this.healed)),
      tableOf(list("warnings and errors in the logs", this.logged)),
      tableOf([["memory, MB", "start", "medians of tenths", "end", "growth", ""], ...memory]),
      tableOf([
        ["failures", String(this.failures.length)],
        ["secrets found", `${this.leaks.size} of ${this.secretsKnown}`],
      ]),
    ].join("\n\n");
  }
}
