/**
 * What Deno Deploy takes as variables, and what of a file it would not take
 * (docs.deno.com/deploy/reference/env_vars_and_contexts, read November 2026).
 *
 * @module
 */

import { ConfigError, parseConfig } from "../../broker/config/config.ts";
import type { Env } from "../../broker/config/env.ts";
import { readKnown } from "../../start/known_providers.ts";

const LONGEST_NAME_BYTES = 128;
const LONGEST_VALUE_BYTES = 16_384;
const FORBIDDEN_PREFIXES = ["DENO_", "LD_", "OTEL_"];
const ALLOWED = [
  "DENO_AUTH_TOKENS",
  "DENO_COMPAT",
  "DENO_CONDITIONS",
  "DENO_DEPLOY_ENDPOINT",
  "DENO_DEPLOY_TOKEN",
];
/** Those of its cloud connections. */
const TAKEN = [
  "AWS_ROLE_ARN",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "GCP_WORKLOAD_PROVIDER_ID",
  "GCP_SERVICE_ACCOUNT_EMAIL",
  "GCP_PROJECT_ID",
  "AZURE_CLIENT_ID",
  "AZURE_TENANT_ID",
  "AZURE_FEDERATED_TOKEN_FILE",
];
/** Of a machine's own: they mean nothing there, or something else. */
const LOCAL = ["KV_PATH", "DATA_DIR", "HOST", "PORT", "ENCRYPTION_KEYS_FILE"];

/** Why a variable of that name cannot be set there. */
export function deployNameFault(name: string): string | undefined {
  const bytes = new TextEncoder().encode(name).length;
  if (bytes > LONGEST_NAME_BYTES) return `is longer than ${LONGEST_NAME_BYTES} bytes`;
  if (ALLOWED.includes(name)) return undefined;
  const prefix = FORBIDDEN_PREFIXES.find((prefix) => name.startsWith(prefix));
  if (prefix !== undefined) return `begins with ${prefix}, which is the platform's own`;
  return TAKEN.includes(name) ? "is the platform's own" : undefined;
}

/** The app there, by the names of its URL. */
export interface App {
  org: string;
  app: string;
}

/** What is wrong with the variables of a file for an app: names and cures, never a value. */
export async function envFaults(env: Env, { org, app }: App): Promise<string[]> {
  const faults = Object.entries(env).flatMap(([name, value = ""]) => {
    const fault = deployNameFault(name);
    if (fault !== undefined) return [`${name}: ${fault}. Deploy does not take it.`];
    const bytes = new TextEncoder().encode(value).length;
    return bytes > LONGEST_VALUE_BYTES
      ? [`${name}: has ${bytes} bytes. Deploy takes ${LONGEST_VALUE_BYTES}.`]
      : [];
  });
  const local = LOCAL.filter((name) => env[name]);
  faults.push(...local.map((name) => `${name}: is for a machine of your own. Leave it out here.`));
  try {
    // As the program will read them there.
    const there = {
      ...env,
      DENO_DEPLOY: "true",
      DENO_DEPLOY_ORGANIZATION_SLUG: org,
      DENO_DEPLOY_APPLICATION_SLUG: app,
      DENO_TIMELINE: "production",
    };
    const { known, faults: others } = await readKnown(env.PROVIDERS || "[]", there);
    const { officialServers } = await import("../../providers/discovered/official.ts");
    await parseConfig(there, known, true, others, { official: officialServers });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    faults.push(...error.faults);
  }
  return faults;
}
