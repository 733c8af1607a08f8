/**
 * What a start knows of providers: the names of all, and the code of those that
 * are set up.
 *
 * @module
 */

import type { KnownProvider } from "../broker/config/config.ts";
import { type Env, faultOf } from "../broker/config/env.ts";
import { withOidc } from "../broker/config/oidc.ts";
import { takenNames } from "../broker/config/names.ts";
import { variable } from "../broker/core/variable.ts";
import { knownModules } from "../providers/known.ts";
import type { ProviderModule } from "../providers/provider.ts";

/** Those that are known by name, and those of the operator. */
export interface Known {
  known: KnownProvider[];
  /** What is wrong with the operator's own. */
  faults: string[];
  /** The code of those that are named, in the order in which they are known. */
  load(names: ReadonlySet<string>): Promise<ProviderModule[]>;
}

/** Reads the operator's own, and loads nothing of the others but what judges their settings. */
export async function readKnown(specs: string, env: Env): Promise<Known> {
  const known = await Promise.all(knownModules.map(async (entry) => ({
    name: entry.name,
    yields: entry.yields,
    needs: entry.needs,
    services: entry.services,
    signsIn: entry.signsIn,
    privateKeyFault: entry.hasPrivateKey ? await keyFaultOf(entry, env) : undefined,
    takesWebhookSecret: entry.takesWebhookSecret,
    hasTestMode: entry.hasTestMode,
  })));
  const { own, faults } = await ownModules(specs, takenNames(known));
  return {
    known: withOidc([...known, ...own.map((module) => knownAs(module, false))], env),
    faults,
    async load(names) {
      const entries = knownModules.filter(({ name }) => names.has(name));
      const native = await Promise.all(entries.map((entry) => entry.load()));
      return [...native, ...own.filter(({ name }) => names.has(name))];
    },
  };
}

/** Says what is wrong with a private key; one that is not set is not looked at. */
async function keyFaultOf(
  { name, load }: { name: string; load(): Promise<ProviderModule> },
  env: Env,
): Promise<ProviderModule["privateKeyFault"]> {
  if (!env[variable(name, "PRIVATE_KEY")]) return () => undefined;
  return (await load()).privateKeyFault;
}

/** The operator's own providers; what reads them is loaded only where there are some. */
async function ownModules(
  specs: string,
  taken: Set<string>,
): Promise<{ own: ProviderModule[]; faults: string[] }> {
  if (specs.trim() === "[]") return { own: [], faults: [] };
  const { configuredModule, parseProviderSpecs } = await import("../providers/configured.ts");
  try {
    return { own: parseProviderSpecs(specs, [...taken]).map(configuredModule), faults: [] };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { own: [], faults: [faultOf("PROVIDERS", error.message)] };
  }
}

/** To see what a provider has; nothing is asked of it. */
export const NO_SETTINGS = { clientId: "", clientSecret: "", redirectUri: "", fetch };

/** What a module is called, and its services; `yields`: an upstream may have its name. */
export function knownAs(module: ProviderModule, yields: boolean): KnownProvider {
  const { services, signInScopes } = module.create(NO_SETTINGS);
  return {
    name: module.name,
    yields,
    needs: module.needs,
    privateKeyFault: module.privateKeyFault,
    signsIn: signInScopes === undefined ? undefined : true,
    services: services.map(({ name }) => name),
    takesWebhookSecret: module.takesWebhookSecret,
    hasTestMode: module.hasTestMode,
  };
}
