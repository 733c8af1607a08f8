/**
 * Names are unique: a provider, a service, an upstream and an API key's realm
 * are told apart by nothing else, and a grant for one must not open another.
 *
 * @module
 */

import type { ApiKey } from "../core/api_key.ts";
import { nearest } from "../core/near.ts";
import { LOCAL_REALM } from "../core/subject.ts";
import { prefixesOf, type UpstreamSpec } from "../core/upstream.ts";
import { faultOf } from "./env.ts";

/** A provider that the program knows, set up or not. */
export interface KnownProvider {
  name: string;
  /** Names of its services. */
  services: string[];
  /** It has no tools: an upstream may have its name while it is not set up. */
  yields?: boolean | undefined;
  /** What an operator sets for it; see `ProviderModule`. */
  needs?: "client" | "name" | "nothing" | "issuer" | undefined;
  /** People sign in with it. */
  signsIn?: boolean | undefined;
  /** It needs a private key; see `ProviderModule`. */
  privateKeyFault?: ((text: string) => string | undefined) | undefined;
  /** It may sign what it tells by itself; see `ProviderModule`. */
  takesWebhookSecret?: boolean | undefined;
  /** It has a test mode in which connections end; see `ProviderModule`. */
  hasTestMode?: boolean | undefined;
}

/** What `/mcp/{service}` means besides services; see `gateway/resources.ts`. */
const OWN_NAMES = ["sse"];

/** All names of the providers and their services, once each. */
export function takenNames(providers: KnownProvider[]): Set<string> {
  return new Set([...OWN_NAMES, ...providers.flatMap(({ name, services }) => [name, ...services])]);
}

/** What is held against each other. */
export interface NamedUpstreams {
  providers: KnownProvider[];
  /** Of the providers, those with credentials. */
  configured: Set<string>;
  upstreams: UpstreamSpec[];
}

/** Which names are there twice, or mean nothing. */
export function nameFaults(
  { apiKeys, ...named }: NamedUpstreams & { apiKeys: ApiKey[] },
): string[] {
  return [
    ...upstreamFaults(named).map((why) => faultOf("UPSTREAMS", why)),
    ...apiKeys.filter(({ realm }) => isTakenRealm(realm, named.providers))
      .map(({ realm }) => faultOf("API_KEYS", `the name "${realm}" is taken`)),
  ];
}

/** Taken are those of people who sign in, and the one of the person at the machine. */
export function isTakenRealm(realm: string, providers: KnownProvider[]): boolean {
  return realm === LOCAL_REALM || providers.some(({ name }) => name === realm);
}

/** What is wrong with the names of upstreams. */
export function upstreamFaults({ providers, configured, upstreams }: NamedUpstreams): string[] {
  const faults: string[] = [];
  // Never both: where it is set up later, one of them must get another name.
  const taken = takenNames(
    providers.filter(({ name, yields }) => configured.has(name) || yields !== true),
  );
  for (const spec of upstreams) {
    const { name } = spec;
    if (taken.has(name)) faults.push(`the name "${name}" is taken by a service or an upstream`);
    taken.add(name);
    faults.push(...prefixFaults(spec, upstreams));
    if (spec.provider === undefined) continue;
    const { provider } = spec;
    const owner = providers.find((known) =>
      known.name === provider || known.services.includes(provider)
    );
    if (owner !== undefined && configured.has(owner.name)) continue;
    faults.push(
      owner === undefined
        ? `the provider of ${name} is unknown${meant(provider, takenNames(providers))}`
        : `the provider "${owner.name}" of ${name} has no client id and secret`,
    );
  }
  return faults;
}

/** Not what was written: it may be a secret that was pasted there. */
function meant(provider: string, known: Iterable<string>): string {
  const near = nearest(provider, known);
  return near === undefined ? "" : `, did you mean "${near}"?`;
}

/**
 * `sh` with `x_foo` and `sh_x` with `foo` are one tool's name: whose it is must not depend on which
 * of the two answers first.
 */
function prefixFaults(spec: UpstreamSpec, upstreams: UpstreamSpec[]): string[] {
  const faults: string[] = [];
  for (const other of upstreams.filter(({ name }) => name !== spec.name)) {
    for (const prefix of prefixesOf(spec)) {
      const its = prefixesOf(other).find((its) => its.startsWith(prefix));
      if (its === undefined) continue;
      const what = its === `${other.name}_` ? `name "${other.name}"` : `prefix "${its}"`;
      faults.push(`the ${what} begins with "${prefix}", the prefix of another's tools`);
    }
  }
  const bare = upstreams.filter(({ prefix }) => prefix === "");
  if (bare.length > 1 && bare[0] === spec) {
    const names = bare.map(({ name }) => `"${name}"`).join(" and ");
    faults.push(`only one may have the prefix "", and ${names} have it`);
  }
  return faults;
}
