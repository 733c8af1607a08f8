/**
 * What is checked of each tool: the columns of the table.
 *
 * @module
 */

import type { Provider, Tool } from "../../providers/provider.ts";
import type { Json } from "../support/api.ts";
import type { Case } from "./cases/case.ts";
import { extremes } from "./extremes.ts";
import { STYLES } from "./made.ts";
import { type Manner, type Play, play, type Stage } from "./play.ts";
import { scopeFaults } from "./scopes.ts";

const [ALL] = STYLES;
const MIXED = "mixed";
const MIXED_ROUNDS = 12;

/** The columns. */
export const CHECKS = [
  "requests",
  "extremes",
  "examples",
  ...STYLES.map(({ name }) => name),
  "refusals",
  "scopes",
];

/** What a check found: how often it looked, and what is wrong. */
export interface Finding {
  looked: number;
  faults: string[];
}

/** All checks of one tool. */
export async function checkTool(stage: Stage, cases: Case[]): Promise<Map<string, Finding>> {
  const findings = new Map(CHECKS.map((name) => [name, { looked: 0, faults: [] as string[] }]));
  const note = (check: string, faults: string[], looked = 1) => {
    const finding = findings.get(check)!;
    finding.looked += looked;
    for (const fault of faults) if (!finding.faults.includes(fault)) finding.faults.push(fault);
  };
  const perform = async (check: string, one: Case, manner: Manner, mayRefuse: boolean) => {
    const played = await play(stage, one, manner);
    const which = manner.example === undefined ? "" : ` (example ${manner.example})`;
    note(check, faultsOf(played, one, mayRefuse).map((fault) => fault + which));
    // Some send back what they got: of what nobody describes, they may.
    note("requests", manner.style.unknown ? [] : played.faults, played.asked.length);
    note("scopes", scopeFaults(stage, one.args, played.asked), 0);
    return played;
  };

  for (const [index, one] of cases.entries()) {
    const seed = stage.tool.name.length * 1_000 + index * 100;
    let typical: Play | undefined;
    for (const style of STYLES) {
      const rounds = style.name === MIXED ? MIXED_ROUNDS : 1;
      for (let round = 0; round < rounds; round++) {
        const manner = { style, seed: seed + round };
        const played = await perform(style.name, one, manner, style !== ALL);
        typical ??= played;
      }
    }
    for (let example = 0; example < typical!.examples; example++) {
      await perform("examples", one, { style: ALL!, seed, example }, true);
    }
    for (const manner of refusals(stage, typical!, seed)) {
      const played = await play(stage, one, { style: ALL!, seed, instead: manner });
      note("refusals", refusalFaults(played, manner));
    }
    for (const args of extremes(stage.tool, one.args)) {
      await perform("extremes", { ...one, args }, { style: ALL!, seed }, true);
    }
    if (typical!.asked.length === 0 && one.refuses === undefined) {
      note("requests", ["asks for nothing"]);
    }
    note("scopes", [], typical!.asked.filter(({ operation }) => operation.scopes).length);
  }
  return findings;
}

/** What no text may hold: a value that was not there, or was not what it was taken for. */
const BROKEN = /\b(null|undefined|NaN|Infinity)\b|\[object \w+\]|Invalid Date/;
/** The answer was one that the vendor describes. */
const UNREAD = /makes no sense|not answering properly|may have been|broke off|too long/i;
const KINDS = [
  "not_found",
  "forbidden",
  "rate_limited",
  "invalid",
  "unavailable",
  "unauthorized",
  "conflict",
  "missing_scope",
];

function faultsOf({ text, error, thrown }: Play, one: Case, mayRefuse: boolean): string[] {
  if (thrown !== undefined) {
    return [`throws ${thrown.name}: ${thrown.message.slice(0, 300)}`];
  }
  const said = text ?? error!.message;
  const broken = BROKEN.exec(said);
  if (broken !== null) return [`says ${broken[0]}: ${said.slice(0, 200)}`];
  if (error === undefined) {
    if (one.refuses === undefined || mayRefuse) return [];
    return [`does not refuse: ${said.slice(0, 200)}`];
  }
  if (UNREAD.test(said)) return [`cannot read a described answer: ${said}`];
  if (mayRefuse || one.refuses?.test(said)) return sensible(error);
  return [`refuses: ${said}`];
}

function sensible({ kind, message }: { kind: string; message: string }): string[] {
  if (!KINDS.includes(kind)) return [`has an error of no kind: ${kind}`];
  return /^\p{Lu}|^[a-z_]+ /u.test(message) && !/https?:/.test(message)
    ? []
    : [`does not speak in sentences: ${message}`];
}

/** Which kinds of error a status may become. */
const MEANINGS: Record<number, string[]> = {
  400: ["invalid"],
  401: ["unauthorized"],
  403: ["forbidden", "rate_limited", "missing_scope", "unauthorized"],
  404: ["not_found"],
  409: ["conflict", "invalid", "unavailable"],
  410: ["not_found", "invalid", "forbidden"],
  422: ["invalid", "not_found", "forbidden", "conflict"],
  429: ["rate_limited"],
  500: ["unavailable"],
  503: ["unavailable"],
};

/** Each request of a call, refused in each way that the vendor describes. */
function refusals({ vendor }: Stage, { asked }: Play, seed: number) {
  return asked.slice(0, 4).flatMap(({ operation }, at) => {
    const described = operation.answers.filter(({ status }) => MEANINGS[status] !== undefined);
    const statuses = [...new Set([401, 403, 404, 429, 500, ...described.map((one) => one.status)])];
    return statuses.map((status) => {
      const example = described.find((one) => one.status === status)?.examples[0];
      const body: Json = example ?? vendor.refusal(status);
      return { at, status, seed, answer: () => Response.json(body, { status }) };
    });
  });
}

function refusalFaults({ error, thrown, text }: Play, { status }: { status: number }): string[] {
  if (thrown !== undefined) return [`throws at ${status}: ${thrown.message.slice(0, 300)}`];
  // It went on without what it could not get; its other checks judge what it says.
  if (error === undefined) {
    return BROKEN.test(text!) ? [`says after ${status}: ${text!.slice(0, 200)}`] : [];
  }
  if (!MEANINGS[status]!.includes(error.kind)) {
    return [`takes ${status} for ${error.kind}: ${error.message}`];
  }
  if (BROKEN.test(error.message)) return [`says after ${status}: ${error.message}`];
  return sensible(error);
}

/** A tool, whose it is. */
export interface Owned {
  tool: Tool;
  provider: Provider;
}
