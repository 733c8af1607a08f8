/**
 * Where at a provider, for providers with a host per customer: said by the app
 * that makes a link, or by the person on the page behind it, and always of the
 * form that the provider's entry allows, since the program's own client secret
 * goes there.
 *
 * @module
 */

import type { AuthorizationServer } from "../core/authorization_server.ts";
import type { Extra } from "../core/connection.ts";
import { isKeepable } from "../core/extra.ts";
import { LONGEST_PARAM } from "../core/link_bounds.ts";
import { Refusal } from "../core/refusal.ts";

type Server = Pick<AuthorizationServer, "title" | "params" | "callbackMembers">;

/**
 * What was said, if all of it may be; not all must be there.
 *
 * @throws {Refusal} `invalid_request` that names the fault, and repeats no value.
 */
export function checkedParams({ title, params = {} }: Server, given: Extra): Extra {
  for (const [name, value] of Object.entries(given)) {
    const param = Object.hasOwn(params, name) ? params[name]! : undefined;
    if (param === undefined) throw invalid(`${title} has no parameter of that name.`);
    const fits = value.length <= LONGEST_PARAM && param.pattern.test(value);
    if (!fits) throw invalid(`This is no "${param.title}" of ${title}.`);
  }
  return given;
}

/** The names that nothing is known of yet. */
export function missingParams({ params = {} }: Server, given: Extra = {}): string[] {
  return Object.keys(params).filter((name) => !Object.hasOwn(given, name));
}

/** @throws {Refusal} `invalid_request` where something is missing, or not of its form. */
export function requireParams(server: Server, given: Extra): Extra | undefined {
  const [missing] = missingParams(server, given);
  if (missing !== undefined) {
    throw invalid(`"${server.params![missing]!.title}" of ${server.title} is missing.`);
  }
  const names = Object.keys(server.params ?? {});
  return names.length === 0 ? undefined : checkedParams(server, given);
}

/** Those that a connection was made with. */
export function paramsOf({ params = {} }: Server, extra: Extra = {}): Extra {
  return Object.fromEntries(
    Object.keys(params).filter((name) => Object.hasOwn(extra, name))
      .map((name) => [name, extra[name]!]),
  );
}

/** What a callback's query says that is kept. What cannot be kept was not said. */
export function saidOnCallback({ callbackMembers = [] }: Server, query: Extra): Extra {
  return Object.fromEntries(
    callbackMembers.filter((name) => Object.hasOwn(query, name) && isKeepable(query[name]!))
      .map((name) => [name, query[name]!]),
  );
}

function invalid(detail: string): Refusal {
  return new Refusal({ code: "invalid_request", detail });
}
