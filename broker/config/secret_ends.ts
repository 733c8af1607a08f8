/**
 * When secrets of this program's clients end, as the operator has noted it:
 * `MICROSOFT_CLIENT_SECRET_EXPIRES=2027-03-01`. No provider says it by itself.
 *
 * @module
 */

import { OIDC } from "../core/oidc.ts";
import { variable } from "../core/variable.ts";
import { type Context, fault } from "./readers.ts";

/** The end of one. */
export interface SecretEnd {
  /** Whose client it is, or `oidc`. */
  provider: string;
  variable: string;
  /** Epoch ms. */
  at: number;
}

interface Noted {
  secretEndsAt?: number | undefined;
}

/** Those that are noted. Pure. */
export function secretEndsOf(
  { providers, oidc }: { providers: ReadonlyMap<string, Noted>; oidc?: Noted | undefined },
): SecretEnd[] {
  const ends = [...providers].map(([name, { secretEndsAt }]) => ({ name, secretEndsAt }));
  return [...ends, { name: OIDC, secretEndsAt: oidc?.secretEndsAt }]
    .flatMap(({ name, secretEndsAt: at }) =>
      at === undefined
        ? []
        : [{ provider: name, variable: variable(name, "CLIENT_SECRET_EXPIRES"), at }]
    );
}

/** A day, which begins at midnight UTC: whoever notes the last day is told rather early. */
export function endOfSecret(text: string, context: Context): number {
  const at = dayAt(text.trim());
  return at ?? fault(context, "must be a day, as 2027-03-01");
}

/** Epoch ms of its beginning; `undefined`: it is no day. */
export function dayAt(text: string): number | undefined {
  if (!/^20\d\d-\d\d-\d\d$/.test(text)) return undefined;
  const at = Date.parse(`${text}T00:00:00Z`);
  // February has no 30th, though some parsers take it for a day of March.
  return Number.isNaN(at) || dayOf(at) !== text ? undefined : at;
}

/** As {@linkcode dayAt} reads it. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
