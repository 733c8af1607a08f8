/**
 * Requests that are refused, not done, or answered by something else.
 *
 * @module
 */

import type { Operation } from "./description.ts";
import type { Play, Stage } from "./play.ts";
import type { Refusal, Vendor } from "./vendor.ts";
import { BROKEN, sensible } from "./verdicts.ts";

/** So many requests of a call are refused; the others are like them. */
const MOST_REFUSED = 4;

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

interface Refused extends Instead {
  refusal: Refusal;
}

/** Each request of a call, refused in each way that the vendor describes. */
export function refusals({ vendor }: Stage, { asked }: Play): Refused[] {
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

/** What is wrong with what is said after a refusal. */
export function refusalFaults(
  { vendor }: Stage,
  { error, thrown, text, asked }: Play,
  { refusal: { status, body, kinds }, at }: Refused,
): string[] {
  const what = `${status} ${JSON.stringify(body).slice(0, 160)}`;
  if (thrown !== undefined) return [`throws at ${what}: ${thrown.message.slice(0, 300)}`];
  if (error === undefined) {
    const changes = asked.filter(({ operation }) => !reads(vendor, operation));
    if (changes.length === 1 && changes[0] === asked[at]) {
      return [`takes ${what} for a change that was made: ${text!.slice(0, 200)}`];
    }
    // It went on without what it could not get; its other checks judge what it says.
    return BROKEN.test(text!) ? [`says after ${what}: ${text!.slice(0, 200)}`] : [];
  }
  if (!kinds.includes(error.kind)) return [`takes ${what} for ${error.kind}: ${error.message}`];
  if (BROKEN.test(error.message)) return [`says after ${what}: ${error.message}`];
  return sensible(error);
}

interface Instead {
  at: number;
  answer: () => Response;
}

/** Answers to a change that say that it was not made. */
export function undones({ vendor }: Stage, { asked }: Play): Instead[] {
  return asked.flatMap(({ answered }, at) =>
    (answered === undefined ? [] : vendor.undone?.(answered) ?? [])
      .map((undone) => ({ at, answer: () => Response.json(undone) }))
  );
}

/** Only an error is right after one of these. */
export function undoneFaults({ text, thrown }: Play): string[] {
  const said = text ?? thrown?.message;
  return said === undefined ? [] : [`takes a change that was not made for one: ${said}`];
}

/** What stands between a vendor and us answers in its own way. */
export function unreadables({ asked }: Play): Instead[] {
  const pages = ["<html>Bad gateway</html>", '{"id": "cut o', "null"];
  return asked.slice(0, MOST_REFUSED).flatMap(({ answered }, at) =>
    // Of a file nobody knows what it should say.
    answered === undefined ? [] : pages.map((page) => ({
      at,
      answer: () => new Response(page, { headers: { "Content-Type": "application/json" } }),
    }))
  );
}

/** Done or not: of a change nobody knows, of nothing else is it said. */
export function unreadFaults({ vendor }: Stage, played: Play, { at }: Instead): string[] {
  const { asked, error, thrown, text, mayBeDone } = played;
  const { operation } = asked[at]!;
  if (thrown !== undefined) return [`throws: ${thrown.message.slice(0, 300)}`];
  const isChange = !reads(vendor, operation);
  if (error === undefined) {
    // What came before was done, and of this it says that nobody knows.
    const saysSo = /\bwhether\b|\bmay have been\b/.test(text!);
    return isChange && !saysSo
      ? [`takes anything for a change that was made: ${text!.slice(0, 200)}`]
      : [];
  }
  if (BROKEN.test(error.message)) return [`says ${error.message}`];
  if (isChange && !mayBeDone) return [`does not say that ${operation.id} may have been done`];
  const wasChange = asked.slice(0, at + 1).some(({ operation }) => !reads(vendor, operation));
  if (!wasChange && mayBeDone) return [`says that ${operation.id} may have been done`];
  return sensible(error);
}

function reads(vendor: Vendor, operation: Operation): boolean {
  return vendor.reads?.(operation) ?? operation.method === "GET";
}
