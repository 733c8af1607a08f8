/**
 * What the environment says, as a start would read it.
 *
 * @module
 */

import {
  type Config,
  ConfigError,
  type Env,
  isOnDeploy,
  parseConfig,
} from "../../broker/config/config.ts";
import { type Doubt, doubtsOf } from "../../broker/config/doubts/doubts.ts";
import { givenOf } from "../../broker/config/env.ts";
import type { SettingsContext } from "../../broker/config/merged.ts";
import { readKeyFile } from "../../broker/config/vault.ts";
import { officialServers } from "../../providers/discovered/official.ts";
import type { ProviderModule } from "../../providers/provider.ts";
import { allModules, knownProviders } from "../../start/all_providers.ts";
import { keyFileDoubt } from "../../start/key_file.ts";
import { requireMemoryLimits } from "../../start/configuration.ts";
import { providerSpecs, systemUsers } from "../../start/machine.ts";
import { doubtsOfFile, whereLooked } from "../../start/own_env.ts";
import type { Finding } from "./finding.ts";

const WHAT = "configuration";

/** What is known of it. */
export interface Configured {
  /** With the key ring of its file. */
  env: Env;
  modules: ProviderModule[];
  context: SettingsContext;
  /** Absent where it has faults. */
  config?: Config | undefined;
  findings: Finding[];
}

/** Reads it; what is wrong is a finding. `outside`: as it was set. */
export async function readConfigured(outside: Env): Promise<Configured> {
  const findings: Finding[] = [];
  const told = (error: unknown) => {
    if (!(error instanceof ConfigError)) throw error;
    const cure = whereLooked(error).trim().split("\n", 1)[0] || undefined;
    const last = error.faults.findLastIndex((found) => / is not set/.test(found));
    findings.push(...error.faults.map((found, at): Finding => ({
      ...{ what: WHAT, state: "fault", found },
      // Of several it is the same.
      cure: at === last ? cure : undefined,
    })));
  };
  const env = await readKeyFile(outside, Deno.readTextFile).catch((error) => {
    told(error);
    return outside;
  });
  const { modules, faults } = allModules(await providerSpecs(env));
  const known = knownProviders(modules);
  const context = { env: givenOf(env), known, official: officialServers };
  // What is wrong with the file of keys is said; that there are none follows from it.
  const stand = findings.length > 0 ? { ...env, ENCRYPTION_KEYS: STAND_IN } : env;
  let config: Config | undefined;
  try {
    config = await parseConfig(stand, known, isOnDeploy(env), faults, {
      users: await systemUsers(),
      official: officialServers,
    });
    requireMemoryLimits(config.upstreams);
  } catch (error) {
    told(error);
  }
  if (findings.length > 0) return { env, modules, context, findings };
  const names = [...config!.providers.keys()];
  const found = `no fault; ${names.length} providers: ${names.join(", ") || "none"}.`;
  return { env, modules, context, config, findings: [{ what: WHAT, state: "ok", found }] };
}

/** A ring that nothing is opened with. */
const STAND_IN = `x:${"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY"}`;

/** What is doubtful in all that counts, the settings of the console too. */
export async function doubtFindings(
  outside: Env,
  config: Config,
  { env, known }: SettingsContext,
): Promise<Finding[]> {
  const onDeploy = isOnDeploy(outside);
  const doubts = [
    ...doubtsOfFile(),
    ...doubtsOf({ env, config, known, onDeploy, now: Date.now() }),
    ...await keyFileDoubt(outside),
  ];
  return doubts.map(findingOf);
}

/** What is wrong with `.env` itself, where nothing more can be read. */
export function fileFindings(): Finding[] {
  return doubtsOfFile().map(findingOf);
}

function findingOf({ variable, found, cure, isFault }: Doubt): Finding {
  const state = isFault ? "fault" : "note";
  return { what: "settings", state, found: `${variable} ${found}`, cure };
}
