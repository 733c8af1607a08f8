/**
 * Variables that nobody reads, and that look like ours: whoever wrote them
 * meant another one.
 *
 * @module
 */

import { lookUp } from "../../core/lists.ts";
import { isSpeltLike, nearest } from "../../core/near.ts";
import { variable } from "../../core/variable.ts";
import { variables } from "../config.ts";
import type { Doubt, Doubted } from "./doubt.ts";

/** What every provider may have. */
const SUFFIXES = [
  "CLIENT_ID",
  "CLIENT_SECRET",
  "BASE_URL",
  "API_URL",
  "PRIVATE_KEY",
  "TOKEN",
  "CLIENT_SECRET_EXPIRES",
];
/** As others call them, or as consoles do. */
const ALSO: Record<string, string> = {
  ID: "CLIENT_ID",
  SECRET: "CLIENT_SECRET",
  KEY: "CLIENT_ID",
  APP_SECRET: "CLIENT_SECRET",
  CONSUMER_KEY: "CLIENT_ID",
  CONSUMER_SECRET: "CLIENT_SECRET",
  OAUTH_CLIENT_ID: "CLIENT_ID",
  OAUTH_CLIENT_SECRET: "CLIENT_SECRET",
  OAUTH2_CLIENT_ID: "CLIENT_ID",
  OAUTH2_CLIENT_SECRET: "CLIENT_SECRET",
};
/** Of stdio, and of `deno task doctor`. */
const OTHERS = ["SUBJECT", "SWITCHBOARD_API_KEY"];
/** Shorter ones are words of their own: `HOSTNAME`, `PATH`. */
const SHORTEST = 7;
/** Who can be told apart from others' variables by a single slip. */
const SURELY = 9;
const OWN_PREFIX = /^SWITCHBOARD_/i;

/** Those that are set, read by nobody, and near to one that is not set. */
export function unknownVariables({ env, config, known }: Doubted): Doubt[] {
  const owners = [...known, ...config.upstreams].map(({ name }) => name);
  const ofOwners = owners.flatMap((name) => SUFFIXES.map((suffix) => variable(name, suffix)));
  const ofSome = known.flatMap(({ name, hasTestMode }) =>
    hasTestMode === true ? [variable(name, "TESTING")] : []
  );
  const all = new Set([...variables, ...OTHERS, ...ofOwners, ...ofSome]);
  const unset = [...all].filter((name) => !env[name]);
  return Object.keys(env).flatMap((name) => {
    if (!env[name] || all.has(name) || isNamed(name, env)) return [];
    const meant = meantFor(name, unset, owners);
    return meant === undefined ? [] : [{
      variable: name,
      found: `is read by nobody; ${meant.name} is, and is not set.`,
      cure: `Set ${meant.name}, if that was meant.`,
      isFault: meant.isSure,
    }];
  });
}

/** A local upstream may be given it. */
function isNamed(name: string, { UPSTREAMS = "" }: Doubted["env"]): boolean {
  return UPSTREAMS.includes(`\${${name}}`);
}

/** The variable that was meant. */
function meantFor(
  name: string,
  unset: string[],
  owners: string[],
): { name: string; isSure: boolean } | undefined {
  const bare = name.replace(OWN_PREFIX, "");
  const spelt = unset.find((each) => isSpeltLike(each, bare));
  if (spelt !== undefined) return { name: spelt, isSure: true };
  const alias = aliasOf(bare.toUpperCase(), unset, owners);
  if (alias !== undefined) return { name: alias, isSure: false };
  if (bare.length < SHORTEST) return undefined;
  const near = nearest(bare, unset.filter((each) => each.length >= SHORTEST));
  return near === undefined ? undefined : { name: near, isSure: near.length >= SURELY };
}

/** `GITHUB_SECRET` */
function aliasOf(name: string, unset: string[], owners: string[]): string | undefined {
  for (const owner of owners) {
    const prefix = variable(owner, "");
    if (!name.startsWith(prefix)) continue;
    const rest = name.slice(prefix.length);
    const suffix = lookUp(ALSO, rest);
    const meant = suffix && variable(owner, suffix);
    if (meant !== undefined && unset.includes(meant)) return meant;
  }
  return undefined;
}
