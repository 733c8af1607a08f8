/**
 * Memory over a run: samples, their medians, and whether they still grow.
 *
 * @module
 */

import { percentile } from "../callers.ts";

/** A shorter run ends before a process has settled. */
export const SHORTEST_JUDGED_MS = 10 * 60_000;
/** What the second half may grow by, as a share of its beginning, by a straight line through it. */
const MOST_GROWTH = 0.1;
/** The last tenth against the second: in the first one, code is still being compiled. */
const MOST_RISE = 1.5;
const TENTHS = 10;

/** One process's resident bytes, in order. */
export interface MemorySeries {
  name: string;
  bytes: number[];
  ms: number;
}

/** What is said of a series. */
export interface MemoryVerdict {
  name: string;
  start: number;
  /** The median of each tenth. */
  medians: number[];
  end: number;
  /** Of the line through the second half, from its beginning to its end, as a share. */
  growth: number;
  verdict: "flat" | "growing" | "too short to judge";
}

/** Judges a series. */
export function judgeMemory({ name, bytes, ms }: MemorySeries): MemoryVerdict {
  const medians = Array.from({ length: TENTHS }, (_, tenth) => {
    const edge = (n: number) => Math.floor(bytes.length * n / TENTHS);
    return percentile(bytes.slice(edge(tenth), Math.max(edge(tenth + 1), edge(tenth) + 1)), 0.5);
  });
  const growth = growthOf(medians.slice(TENTHS / 2));
  const flat = growth <= MOST_GROWTH && medians.at(-1)! <= MOST_RISE * medians[1]!;
  const verdict = ms < SHORTEST_JUDGED_MS ? "too short to judge" : flat ? "flat" : "growing";
  return { name, start: bytes[0] ?? 0, medians, end: bytes.at(-1) ?? 0, growth, verdict };
}

/** By least squares: how much the line rises over the values, as a share of where it begins. */
export function growthOf(values: number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const over = values.reduce((sum, value, x) => sum + (x - middle) * (value - mean), 0);
  const under = values.reduce((sum, _, x) => sum + (x - middle) ** 2, 0);
  const slope = over / under;
  const first = mean - slope * middle;
  return slope * (values.length - 1) / first;
}
