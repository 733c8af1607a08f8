/**
 * What a row of the table says.
 *
 * @module
 */

/** One line: ours beside its limit, or a figure of ours alone. */
export interface Finding {
  /** What was done, in words that stay the same from run to run. */
  what: string;
  /** Of `ours` and `limit`. */
  unit: "µs CPU" | "ms" | "MB" | "tokens" | "requests" | "reads";
  ours?: number | undefined;
  /** What it is held against, and its name. */
  limit?: { name: string; value: number } | undefined;
  /** How many times as much it may be, or how much by itself. */
  budget?: { times: number } | { most: number } | undefined;
  /** In the place of a division of the two medians: the median of the rounds' own. */
  ratio?: number | undefined;
  /** What users would pick instead, doing the same. */
  peers?: Peer[] | undefined;
  /** Why there is no figure, or what must be known to read it. */
  note?: string | undefined;
}

/** Another program that does the same. */
export interface Peer {
  name: string;
  /** In the unit of the finding; absent where it could not be measured. */
  value?: number | undefined;
  note?: string | undefined;
}

/** Ours by the limit. */
export function timesOf({ ours, limit, ratio }: Finding): number | undefined {
  if (ratio !== undefined) return ratio;
  return ours === undefined || limit === undefined ? undefined : ours / limit.value;
}

/** Whether the budget holds; undefined where there is none, or no figure. */
export function isMet(finding: Finding): boolean | undefined {
  const { budget, ours } = finding;
  if (budget === undefined) return undefined;
  const value = "times" in budget ? timesOf(finding) : ours;
  const most = "times" in budget ? budget.times : budget.most;
  return value === undefined ? undefined : value <= most;
}

/** Some lines of the table, and how they are found. */
export interface Row {
  /** As `--only` says it. */
  name: string;
  run(options: RowOptions): Promise<Finding[]>;
  /** Whether what the row asks is answered rightly; throws where it is not. Takes a second or so. */
  check?(): Promise<void>;
}

/** What the command line says. */
export interface RowOptions {
  rounds: number;
  /** Whether the others are measured too. */
  peers: boolean;
  /** How long the row under constant load lasts. */
  minutes: number;
  /** Whether what takes many minutes is done in full. */
  whole: boolean;
  /** Tells whoever waits what is being done. */
  say(text: string): void;
}
