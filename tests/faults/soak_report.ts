/**
 * What a soak found, and how it is printed.
 *
 * @module
 */

import { percentile, Sightings } from "./callers.ts";
import { killPoints, type Mode } from "./protocol.ts";

/** How a process came to its end. */
export const deaths = [...killPoints, "random"] as const;
export type Death = typeof deaths[number];

/** What was counted in one mode. */
export class Report {
  /** Rounds in which nobody was killed. */
  calmRounds = 0;
  killRounds = 0;
  /** Rounds on so slow a machine that the new tokens were stale before all were served. */
  overruns = 0;
  kills: Record<Death, number> = { before: 0, during: 0, after: 0, random: 0 };
  requests = 0;
  rotations = 0;
  takeovers = 0;
  unwinnable = 0;
  healed = 0;
  lost = 0;
  wrongTokens = 0;
  gaveUp = 0;
  readonly sightings = new Sightings();
  readonly calmWaits: number[] = [];
  readonly killWaits: number[] = [];
  /** In words, for whoever has to find the cause. */
  readonly violations: string[] = [];

  constructor(readonly mode: Mode, readonly callers: number, readonly processes: number) {}

  get killed(): number {
    return deaths.reduce((sum, death) => sum + this.kills[death], 0);
  }

  get failed(): boolean {
    const { lost, wrongTokens, gaveUp, sightings, violations } = this;
    return lost + wrongTokens + gaveUp + sightings.locked + violations.length > 0;
  }

  cells(): Record<string, string> {
    const { sightings, kills } = this;
    return {
      "mode": this.mode,
      "callers": String(this.callers),
      "processes": String(this.processes),
      "rounds": `${this.calmRounds + this.killRounds}, ${this.killRounds} with kills`,
      "rounds not judged": String(this.overruns),
      "kills": `${this.killed}: ${deaths.map((death) => `${kills[death]} ${death}`).join(", ")}`,
      "provider requests": String(this.requests),
      "rotations": String(this.rotations),
      "takeovers": String(this.takeovers),
      "unwinnable": `${this.unwinnable}, ${this.healed} healed by a reconnect`,
      "connections lost": String(this.lost),
      "wrong tokens": String(this.wrongTokens),
      "database locked": String(sightings.locked),
      "callers who gave up": String(this.gaveUp),
      "5xx answers": `${sightings.serverErrors}, ${sightings.withRetryAfter} with retry_after`,
      "broken connections": String(sightings.broken),
      "wait p50, p99 (ms)": waits(this.calmWaits),
      "with kills (ms)": waits(this.killWaits),
      "violations": String(this.violations.length),
    };
  }
}

function waits(all: number[]): string {
  return all.length === 0
    ? "-"
    : `${Math.round(percentile(all, 0.5))}, ${Math.round(percentile(all, 0.99))}`;
}

/** One column per mode. */
export function table(reports: Report[]): string {
  const columns = reports.map((report) => report.cells());
  const names = Object.keys(columns[0] ?? {});
  return tableOf(names.map((name) => [name, ...columns.map((cells) => cells[name] ?? "")]));
}

/** Rows of cells, each column as wide as its widest cell. */
export function tableOf(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0))
  );
  return rows.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column]!)).join("  ").trimEnd()
  )
    .join("\n");
}
