/**
 * `OPERATORS`: who changes settings in the console. Named one by one, each with
 * the provider that says whose the address is: another provider may give the
 * same address to somebody else, and nobody is an operator by a pattern.
 *
 * @module
 */

import { nearest } from "../core/near.ts";
import type { Operator } from "../core/settings.ts";
import { faultOf } from "./env.ts";
import type { KnownProvider } from "./names.ts";
import { type Context, fault } from "./readers.ts";

/** The longest e-mail address (RFC 5321 §4.5.3.1). */
const LONGEST_ADDRESS = 254;

/** `github:me@example.com` */
export function operator(item: string, context: Context): Operator {
  if (item.includes("*")) return fault(context, "operators are named one by one, never by *");
  const [, provider = "", email = ""] =
    /^([a-z][a-z0-9_-]{0,31}):([^\s@:,]+@[^\s@:,]+)$/.exec(item) ??
      [];
  if (email === "" || email.length > LONGEST_ADDRESS) {
    return fault(context, "an entry is not <provider>:<e-mail address>");
  }
  return { provider, email };
}

/** Operators whose provider nobody knows could never sign in. */
export function operatorFaults(operators: Operator[] = [], known: KnownProvider[]): string[] {
  return operators.filter(({ provider }) => known.every(({ name }) => name !== provider))
    .map(({ provider }) =>
      faultOf("OPERATORS", `there is no provider "${provider}"${meant(provider, known)}`)
    );
}

function meant(provider: string, known: KnownProvider[]): string {
  const near = nearest(provider, known.map(({ name }) => name));
  return near === undefined ? "" : `, did you mean "${near}"?`;
}
