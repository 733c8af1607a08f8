/**
 * What is checked of each tool: the columns of the table.
 *
 * @module
 */

import type { Case } from "./cases/case.ts";
import { extremes } from "./extremes.ts";
import { STYLES } from "./made.ts";
import { type Manner, type Play, play, type Stage } from "./play.ts";
import {
  refusalFaults,
  refusals,
  undoneFaults,
  undones,
  unreadables,
  unreadFaults,
} from "./refusing.ts";
import { scopeFaults } from "./scopes.ts";
import { goesOn, leftOut, wrongIn } from "./verdicts.ts";

const [ALL] = STYLES;
const MIXED = "mixed";
const MIXED_ROUNDS = 12;

/** The columns. */
export const CHECKS = [
  "requests",
  "extremes",
  "examples",
  ...STYLES.map(({ name }) => name),
  "goes on",
  "refusals",
  "unreadable",
  "scopes",
];

/** What a check found: how often it looked, and what is wrong. */
export interface Finding {
  looked: number;
  faults: string[];
}

/** What all checks found, by their names. */
export class Findings extends Map<string, Finding> {
  #known = new Set<string>();

  constructor() {
    super(CHECKS.map((name) => [name, { looked: 0, faults: [] }]));
  }

  /** A fault is told once, with what it was first found with. */
  note(check: string, faults: string[], looked: number, found: string): void {
    const finding = this.get(check)!;
    finding.looked += looked;
    for (const fault of faults) {
      const key = `${check}: ${fault}`;
      if (!this.#known.has(key)) finding.faults.push(`${fault} (${found.slice(0, 300)})`);
      this.#known.add(key);
    }
  }
}

/** All checks of one tool. */
export async function checkTool(stage: Stage, cases: Case[]): Promise<Findings> {
  const findings = new Findings();
  for (const [index, one] of cases.entries()) {
    const seed = stage.tool.name.length * 1_000 + index * 100;
    const typical = await answers(stage, one, seed, findings);
    await refused(stage, one, typical, findings);
    const found = JSON.stringify(one.args);
    if (typical.asked.length === 0 && one.refuses === undefined) {
      findings.note("requests", ["asks for nothing"], 0, found);
    }
    const judged = typical.asked.filter(({ operation }) => operation.scopes !== undefined);
    findings.note("scopes", [], judged.length, found);
  }
  for (const { call, args } of extremes(stage.tool, cases.map(({ args }) => args))) {
    const manner = { style: ALL!, seed: call };
    await perform(stage, { ...cases[call]!, args }, manner, "extremes", findings);
  }
  return findings;
}

/** Plays a call, and notes what is wrong with its requests and with what it says. */
async function perform(
  stage: Stage,
  one: Case,
  manner: Manner,
  check: string,
  findings: Findings,
): Promise<Play> {
  const played = await play(stage, one, manner);
  const example = manner.example === undefined ? "" : `, example ${manner.example}`;
  const found = JSON.stringify(one.args) + example;
  const wrong = wrongIn(played, one, {
    mayRefuse: check !== ALL!.name,
    mayBeNull: check === "nulls" || check === MIXED,
  });
  findings.note(check, wrong, 1, found);
  findings.note("goes on", leftOut(stage, played), played.asked.some(goesOn(stage)) ? 1 : 0, found);
  // Some send back what they got: of what nobody describes, they may.
  const asked = manner.style.unknown ? [] : played.faults;
  findings.note("requests", asked, played.asked.length, found);
  findings.note("scopes", scopeFaults(stage, one.args, played.asked), 0, found);
  return played;
}

/** In every style, and with the vendor's own examples; gives the play in the first style. */
async function answers(
  stage: Stage,
  one: Case,
  seed: number,
  findings: Findings,
): Promise<Play> {
  let typical: Play | undefined;
  for (const style of STYLES) {
    const rounds = style.name === MIXED ? MIXED_ROUNDS : 1;
    for (let round = 0; round < rounds; round++) {
      const manner = { style, seed: seed + round };
      const played = await perform(stage, one, manner, style.name, findings);
      typical ??= played;
    }
  }
  for (let example = 0; example < typical!.examples; example++) {
    await perform(stage, one, { style: ALL!, seed, example }, "examples", findings);
  }
  return typical!;
}

/** Each request of a call is refused, answered with what cannot be read, or not done. */
async function refused(
  stage: Stage,
  one: Case,
  typical: Play,
  findings: Findings,
): Promise<void> {
  const style = ALL!;
  const { seed } = typical;
  const found = JSON.stringify(one.args);
  for (const instead of refusals(stage, typical)) {
    const played = await play(stage, one, { style, seed, instead });
    findings.note("refusals", refusalFaults(stage, played, instead), 1, found);
  }
  for (const instead of undones(stage, typical)) {
    const played = await play(stage, one, { style, seed, instead });
    findings.note("refusals", undoneFaults(played), 1, found);
  }
  for (const instead of unreadables(typical)) {
    const played = await play(stage, one, { style, seed, instead });
    findings.note("unreadable", unreadFaults(stage, played, instead), 1, found);
  }
}
