/**
 * The configuration of stdio: one person at one machine, most of it optional.
 *
 * @module
 */

import { z } from "zod";
import type { Subject } from "../core/subject.ts";
import { variable } from "../core/variable.ts";
import { ConfigError, type Env, faultOf, givenOf, kvPathOf } from "./env.ts";
import type { KnownProvider } from "./names.ts";
import { addressesOf, type ProviderConfig, providerConfig, providersOf } from "./providers.ts";
import { DEFAULT_PORT, publicUrl } from "./values.ts";
import { KeyRing, KvPath, type VaultConfig } from "./vault.ts";

/** The configuration of one person at one machine, over stdio. */
export interface LocalConfig {
  /** Of the gateway on the same machine, if there is one. No slash at the end. */
  publicUrl: string;
  subject: Subject;
  /** Those with a token or, where there is a vault, with credentials. */
  providers: Map<string, ProviderConfig>;
  /** Provider → access token. */
  tokens: Map<string, string>;
  vault?: VaultConfig | undefined;
}

const SUBJECT = /^[a-z][a-z0-9_-]{0,31}:[A-Za-z0-9._@|+-]{1,128}$/;

/**
 * Reads the configuration of stdio. A vault is used where there is a key ring.
 *
 * @throws {ConfigError} with every fault.
 */
export function parseLocalConfig(env: Env, known: KnownProvider[]): LocalConfig {
  const given = givenOf(env);
  const result = LocalSchema.safeParse(given);
  const faults = (result.error?.issues ?? [])
    .map(({ path, message }) => faultOf(String(path[0]), message));
  const tokens = new Map(known.flatMap(({ name }) => {
    const token = given[variable(name, "TOKEN")];
    return token === undefined ? [] : [[name, token]];
  }));
  const keys = result.data?.ENCRYPTION_KEYS;
  const providers = providersOf(known, (provider) => {
    const { name } = provider;
    if (given.ENCRYPTION_KEYS !== undefined) {
      const registered = providerConfig(provider, given, faults);
      if (registered !== undefined) return registered;
    }
    if (!tokens.has(name)) return undefined;
    return { clientId: "", clientSecret: "", ...addressesOf(name, given, faults) };
  });
  if (!result.success || faults.length > 0) throw new ConfigError([...new Set(faults)]);
  return {
    publicUrl: result.data.PUBLIC_URL,
    subject: result.data.SUBJECT as Subject,
    providers,
    tokens,
    vault: keys && {
      encryptionKeys: keys,
      encryptionKeysFile: given.ENCRYPTION_KEYS_FILE,
      kvPath: kvPathOf(given, false),
    },
  };
}

const LocalSchema = z.object({
  PUBLIC_URL: z.string().default(`http://localhost:${DEFAULT_PORT}`).transform(publicUrl),
  ENCRYPTION_KEYS: KeyRing.optional(),
  KV_PATH: KvPath,
  SUBJECT: z.string().default("local:me").refine(
    (subject) => SUBJECT.test(subject),
    "must be <realm>:<user id>",
  ),
});
