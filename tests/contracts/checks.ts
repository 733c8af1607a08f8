/**
 * What is checked of each tool: the columns of the table.
 *
 * @module
 */

import type { Case } from "./cases/case.ts";
import { extremes } from "./extremes.ts";
import { STYLES } from "./made.ts";
import { type Manner, type Play, play, type Stage } from "./play.ts";
import { scopeFaults } from "./scopes.ts";
import type { Asked, Refusal } from "./vendor.ts";

const [ALL] = STYLES;
const MIXED = "mixed";
const MIXED_ROUNDS = 12;
/** So many requests of a call are refused; the others are like them. */
const MOST_REFUSED = 4;

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
    const mayBeNull = check === "nulls" || check === MIXED;
    note(check, faultsOf(played, one, mayRefuse, mayBeNull).map((fault) => fault + which));
    note("goes on", leftOut(stage, played), played.asked.some(goesOn(stage)) ? 1 : 0);
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
    for (const refused of refusals(stage, typical!)) {
      const played = await play(stage, one, { style: ALL!, seed, instead: refused });
      note("refusals", refusalFaults(played, refused.refusal));
    }
    for (const unread of unreadables(typical!)) {
      const played = await play(stage, one, { style: ALL!, seed, instead: unread });
      note("unreadable", unreadFaults(stage, played, unread));
    }
    for (const [at, { answered }] of typical!.asked.entries()) {
      for (const undone of answered === undefined ? [] : stage.vendor.undone?.(answered) ?? []) {
        const instead = { at, answer: () => Response.json(undone) };
        const { text, thrown } = await play(stage, one, { style: ALL!, seed, instead });
        const said = text ?? thrown?.message;
        note(
          "refusals",
          said === undefined ? [] : [`takes a change that was not made for one: ${said}`],
        );
      }
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

function faultsOf(
  { text, error, thrown, mayBeDone }: Play,
  one: Case,
  mayRefuse: boolean,
  mayBeNull: boolean,
): string[] {
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
  // Done or not, nothing is there to tell of: whoever asked is told to look.
  if (mayBeNull && mayBeDone) return sensible(error);
  if (UNREAD.test(said)) return [`cannot read a described answer: ${said}`];
  if (mayRefuse || one.refuses?.test(said)) return sensible(error);
  return [`refuses: ${said}`];
}

function sensible({ kind, message }: { kind: string; message: string }): string[] {
  if (!KINDS.includes(kind)) return [`has an error of no kind: ${kind}`];
  return /^["\p{Lu}]|^[a-z_]+ /u.test(message) && !/https?:/.test(message)
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

interface Refused {
  at: number;
  refusal: Refusal;
  answer: () => Response;
}

/** Each request of a call, refused in each way that the vendor describes. */
function refusals({ vendor }: Stage, { asked }: Play): Refused[] {
  return asked.slice(0, MOST_REFUSED).flatMap(({ operation }, at) => {
    const described = operation.answers.filter(({ status }) => MEANINGS[status] !== undefined);
    const any = vendor.statuses ?? [401, 403, 404, 429, 500];
    const statuses = [...new Set([...any, ...described.map((one) => one.status)])];
    const byStatus = statuses.map((status): Refusal => {
      const example = described.find((one) => one.status === status)?.examples[0];
      return { status, body: example ?? vendor.refusal(status), kinds: MEANINGS[status]! };
    });
    return [...byStatus, ...vendor.refusals ?? []].map((refusal) => {
      const { status, body, headers } = refusal;
      return { at, refusal, answer: () => Response.json(body, { status, headers: headers ?? {} }) };
    });
  });
}

function refusalFaults(
  { error, thrown, text }: Play,
  { status, body, kinds }: Refusal,
): string[] {
  const what = `${status} ${JSON.stringify(body).slice(0, 160)}`;
  if (thrown !== undefined) return [`throws at ${what}: ${thrown.message.slice(0, 300)}`];
  // It went on without what it could not get; its other checks judge what it says.
  if (error === undefined) {
    return BROKEN.test(text!) ? [`says after ${what}: ${text!.slice(0, 200)}`] : [];
  }
  if (!kinds.includes(error.kind)) return [`takes ${what} for ${error.kind}: ${error.message}`];
  if (BROKEN.test(error.message)) return [`says after ${what}: ${error.message}`];
  return sensible(error);
}

/** Who changes something looks for one thing, and for no list. */
function goesOn({ vendor, tool }: Stage): (asked: Asked) => boolean {
  return (asked) =>
    tool.hints.readOnly && asked.answered !== undefined && vendor.goesOn?.(asked) === true;
}

/** More follows, was not asked for, and nothing is said of it. */
function leftOut(stage: Stage, { asked, said }: Play): string[] {
  if (said === undefined || /\bmore\b|next_|left_out|truncated|others?\b/.test(said)) return [];
  const cut = asked.filter(goesOn(stage)).filter((one) =>
    !asked.slice(asked.indexOf(one) + 1).some(({ operation }) => operation.id === one.operation.id)
  );
  return cut.map(({ operation }) =>
    `says nothing of what follows in ${operation.id}: ${said.slice(0, 200)}`
  );
}

interface Unread {
  at: number;
  answer: () => Response;
}

/** What stands between a vendor and us answers in its own way. */
function unreadables({ asked }: Play): Unread[] {
  const pages = ["<html>Bad gateway</html>", '{"id": "cut o', "null"];
  return asked.slice(0, MOST_REFUSED).flatMap(({ answered }, at) =>
    // Of a file nobody knows what it should say.
    answered === undefined ? [] : pages.map((page) => ({
      at,
      answer: () => new Response(page, { headers: { "Content-Type": "application/json" } }),
    }))
  );
}

function unreadFaults({ vendor }: Stage, played: Play, { at }: Unread): string[] {
  const { asked, error, thrown, text, mayBeDone } = played;
  const { operation } = asked[at]!;
  if (thrown !== undefined) return [`throws: ${thrown.message.slice(0, 300)}`];
  const reads = vendor.reads ?? (({ method }) => method === "GET");
  const isChange = !reads(operation);
  if (error === undefined) {
    return isChange ? [`takes anything for a change that was made: ${text!.slice(0, 200)}`] : [];
  }
  if (BROKEN.test(error.message)) return [`says ${error.message}`];
  if (isChange && !mayBeDone) return [`does not say that ${operation.id} may have been done`];
  const wasChange = asked.slice(0, at + 1).some(({ operation }) => !reads(operation));
  if (!wasChange && mayBeDone) return [`says that ${operation.id} may have been done`];
  return sensible(error);
}
