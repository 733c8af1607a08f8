/**
 * How often what may be asked, at the HTTP edge: what a request is counted
 * against, and what its answer says of that, as draft-ietf-httpapi-ratelimit-headers-11
 * (May 2026) has it: `RateLimit-Policy: "subject";q=600;w=60` and
 * `RateLimit: "subject";r=42;t=17`.
 *
 * @module
 */

import type { Context } from "hono";
import type { ApiKey } from "../../broker/core/api_key.ts";
import type { Awaitable } from "../../broker/core/awaitable.ts";
import { lazily } from "../../broker/core/lazily.ts";
import { admit, type Counted, type Limits, type Standing } from "../../broker/core/limits.ts";
import { Refusal } from "../../broker/core/refusal.ts";
import type { Subject } from "../../broker/core/subject.ts";
import type { Asked } from "./asked.ts";
import type { AppDeps } from "./deps.ts";
import type { RequestEnv } from "./quick.ts";

/** The headers, for pages of other origins. */
export const LIMIT_HEADERS = ["RateLimit", "RateLimit-Policy", "Retry-After"];

/** Below this part of a limit it is said at the MCP endpoint. */
export const LOW = 1 / 5;

/**
 * Counts a request; its answer says how it stands with that.
 *
 * @throws {Refusal} `rate_limited`, thrown or rejected.
 */
export function count(
  { env }: Asked,
  limits: Limits,
  counted: readonly Counted[],
  units?: number,
): Awaitable<void> {
  const request = env as RequestEnv | undefined;
  // Of a batch the same is counted twice, and said once.
  if (request !== undefined && request.counted !== counted) {
    request.counted = request.counted === undefined ? counted : [...request.counted, ...counted];
  }
  return admit(limits, counted, units);
}

type AddressDeps = Pick<AppDeps, "secure"> & {
  gateway: Pick<AppDeps["gateway"], "session" | "limits">;
};

/** Cookies are nothing that a program brings. */
const sessionCookies = lazily(() => import("./session_cookie.ts"));

/**
 * Counts a request that brings neither key nor gateway token against its address. Who is signed in goes
 * on where others behind the same address have come too often, and is counted as themselves.
 *
 * @throws {Refusal} `rate_limited`.
 */
export async function countAddress(c: Context, deps: AddressDeps): Promise<void> {
  const { limits } = deps.gateway;
  const address = (c.env as RequestEnv | undefined)?.caller;
  if (address === undefined) return;
  try {
    await admit(limits, [{ name: "address", key: address }]);
  } catch (tooOften) {
    if (!(tooOften instanceof Refusal)) throw tooOften;
    const person = await (await sessionCookies()).personOf(c, deps);
    if (person === undefined) throw tooOften;
    await admit(limits, [ofSubject(person.session.subject, {})]);
  }
}

/** What a request with an API key is counted against; `also`: what it asks for. */
export function ofKey({ realm: key, limits }: ApiKey, also?: "token" | "link"): Counted[] {
  const all: Counted[] = [{ name: "api_key", key, size: limits?.api_key }];
  if (also !== undefined) all.unshift({ name: also, key, size: limits?.[also] });
  return all;
}

/** The same for one of its users. */
export function ofSubject(subject: Subject, { limits }: Pick<ApiKey, "limits">): Counted {
  return { name: "subject", key: subject, size: limits?.subject };
}

/** The headers of an answer; `undefined`: there is nothing to say. `low`: only where little is left. */
export function limitHeaders(
  env: unknown,
  limits: Limits,
  { low = false }: { low?: boolean } = {},
): Record<string, string> | undefined {
  const counted = (env as RequestEnv | undefined)?.counted;
  if (counted === undefined) return undefined;
  let [policy, standings] = ["", ""];
  for (const one of counted) {
    const standing = one.isShared === true ? undefined : limits.standing(one);
    if (standing === undefined || low && standing.left >= standing.size.limit * LOW) continue;
    policy += (policy && ", ") + policyOf(standing);
    standings += (standings && ", ") + standingOf(standing);
  }
  return policy === "" ? undefined : { "RateLimit-Policy": policy, RateLimit: standings };
}

function policyOf({ name, size: { limit, windowMs } }: Standing): string {
  return `"${name}";q=${limit};w=${Math.max(1, Math.round(windowMs / 1000))}`;
}

function standingOf({ name, left, resetMs }: Standing): string {
  return `"${name}";r=${Math.floor(left)};t=${Math.ceil(resetMs / 1000)}`;
}
