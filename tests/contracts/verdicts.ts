/**
 * What is wrong with what a tool says.
 *
 * @module
 */

import type { Case } from "./cases/case.ts";
import type { Play, Stage } from "./play.ts";
import type { Asked } from "./vendor.ts";

/** What no text may hold: a value that was not there, or was not what it was taken for. */
export const BROKEN = /\b(null|undefined|NaN|Infinity)\b|\[object \w+\]|Invalid Date/;
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

/** What is allowed of an answer. */
interface Allowed {
  mayRefuse: boolean;
  /** What was to be changed may be `null` in it. */
  mayBeNull: boolean;
}

/** What is wrong with a result, or an error, after an answer that its vendor describes. */
export function wrongIn(
  { text, error, thrown, mayBeDone }: Play,
  one: Case,
  { mayRefuse, mayBeNull }: Allowed,
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

/** Whether an error can be read aloud. */
export function sensible({ kind, message }: { kind: string; message: string }): string[] {
  if (!KINDS.includes(kind)) return [`has an error of no kind: ${kind}`];
  return /^["\p{Lu}]|^[a-z_]+ /u.test(message) && !/https?:/.test(message)
    ? []
    : [`does not speak in sentences: ${message}`];
}

/** Who changes something looks for one thing, and for no list. */
export function goesOn({ vendor, tool }: Stage): (asked: Asked) => boolean {
  return (asked) =>
    tool.hints.readOnly && asked.answered !== undefined && vendor.goesOn?.(asked) === true;
}

/** That more follows: in the data, or in words. Of what is listed, some may not be named: that is else. */
const SAID_SO = new RegExp(
  [
    '"(has_more|truncated|incomplete\\w*)":(true|\\["|\\{)',
    '"next_\\w+":|left_out|_complete":false',
    "There (are|may be) more|at least|or more|not all|not listed|older|later|only the first",
  ].join("|"),
  "i",
);

/** More follows, was not asked for, and nothing is said of it. */
export function leftOut(stage: Stage, { asked, said }: Play): string[] {
  if (said === undefined || SAID_SO.test(said)) return [];
  const cut = asked.filter(goesOn(stage)).filter((one) =>
    !asked.slice(asked.indexOf(one) + 1).some(({ operation }) => operation.id === one.operation.id)
  );
  return cut.map(({ operation }) =>
    `says nothing of what follows in ${operation.id}: ${said.slice(0, 200)}`
  );
}
