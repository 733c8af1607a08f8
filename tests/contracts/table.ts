/**
 * The table of tools and checks.
 *
 * @module
 */

import { CHECKS, type Finding } from "./checks.ts";

/** A row per tool: how often each check looked, `–` where there was nothing to look at. */
export function tableOf(rows: Map<string, Map<string, Finding>>): string {
  const cells = [
    ["tool", ...CHECKS],
    ...[...rows].sort(([one], [other]) => one < other ? -1 : 1).map(([tool, findings]) => [
      tool,
      ...CHECKS.map((check) => cellOf(findings.get(check)!)),
    ]),
  ];
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  return cells.map((row) =>
    row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)
    ).join("  ")
  ).join("\n");
}

function cellOf({ looked, faults }: Finding): string {
  if (faults.length > 0) return `${faults.length} of ${looked}`;
  return looked === 0 ? "–" : String(looked);
}
