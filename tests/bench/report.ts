/**
 * Findings as a table.
 *
 * @module
 */

import { type Finding, isMet, timesOf } from "./finding.ts";

const HEAD = ["what", "ours", "the limit", "ratio", "budget", "met"];

/** Three digits that count. */
function digits(value: number): string {
  return Math.abs(value) >= 100
    ? Math.round(value).toLocaleString("en")
    : String(Number(value.toPrecision(3)));
}

function amount(value: number | undefined, unit: string): string {
  return value === undefined ? "" : `${digits(value)} ${unit}`;
}

function budgetOf({ budget, unit }: Finding): string {
  if (budget === undefined) return "";
  return "times" in budget ? `≤ ${budget.times} ×` : `≤ ${amount(budget.most, unit)}`;
}

function verdict(finding: Finding): string {
  const met = isMet(finding);
  if (met === undefined) return finding.budget === undefined ? "" : "not measured";
  return met ? "yes" : "**no**";
}

function lineOf(finding: Finding): string[] {
  const { what, unit, ours, limit, note } = finding;
  const times = timesOf(finding);
  return [
    note === undefined ? what : `${what} (${note})`,
    amount(ours, unit),
    limit === undefined ? "" : `${amount(limit.value, unit)}, ${limit.name}`,
    times === undefined ? "" : `${times.toFixed(2)} ×`,
    budgetOf(finding),
    verdict(finding),
  ];
}

/** Ours beside its limits. */
export function table(findings: Finding[]): string {
  return markdown([HEAD, ...findings.map(lineOf)]);
}

/** What others need for the same, and how much that is by ours. */
export function peerTable(findings: Finding[]): string {
  const lines = findings.flatMap(({ what, unit, ours, peers = [] }) =>
    peers.map(({ name, value, note }) => [
      what,
      note === undefined ? name : `${name} (${note})`,
      amount(value, unit),
      value === undefined || ours === undefined ? "" : `${digits(value / ours)} ×`,
    ])
  );
  if (lines.length === 0) return "";
  return markdown([["what", "who", "theirs", "theirs by ours"], ...lines]);
}

function markdown([head = [], ...lines]: string[][]): string {
  const row = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [row(head), row(head.map(() => "---")), ...lines.map(row)].join("\n");
}
