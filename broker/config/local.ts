/**
 * The configuration of stdio: one person at one machine, most of it optional.
 *
 * @module
 */

import type { Subject } from "../core/subject.ts";
import { variable } from "../core/variable.ts";
import { ConfigError, type Env, faultOf, givenOf, kvPathOf } from "./env.ts";
import type { KnownProvider } from "./names.ts";
import { addressesOf, type ProviderConfig, providerConfig, providersOf } from "./providers.ts";
import { fitting, optional, read, type Reader, usually } from "./readers.ts";
import { DEFAULT_PORT, encryptionKeys, publicUrl } from "./values.ts";
import { KV_PATH, type VaultConfig } from "./vault.ts";

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

const SUBJECT = fitting(
  (text) => /^[a-z][a-z0-9_-]{0,31}:[A-Za-z0-9._@|+-]{1,128}$/.test(text),
  "must be <realm>:<user id>",
  (text) => text as Subject,
);

/**
 * Reads the configuration of stdio. A vault is used where there is a key ring.
 *
 * @throws {ConfigError} with every fault.
 */
export function parseLocalConfig(env: Env, known: KnownProvider[]): LocalConfig {
  const given = givenOf(env);
  const faults: string[] = [];
  const valueOf = <T>(name: string, reader: Reader<T>): T | undefined => {
    const { value, faults: wrong } = read(reader, given[name]);
    faults.push(...wrong.map((fault) => faultOf(name, fault)));
    return value;
  };
  const ownUrl = valueOf("PUBLIC_URL", usually(`http://localhost:${DEFAULT_PORT}`, publicUrl));
  const keys = valueOf("ENCRYPTION_KEYS", optional(encryptionKeys));
  valueOf("KV_PATH", KV_PATH);
  const subject = valueOf("SUBJECT", usually("local:me", SUBJECT));
  const tokens = new Map(known.flatMap(({ name }) => {
    const token = given[variable(name, "TOKEN")];
    return token === undefined ? [] : [[name, token]];
  }));
  const providers = providersOf(known, (provider) => {
    const { name } = provider;
    if (given.ENCRYPTION_KEYS !== undefined) {
      const registered = providerConfig(provider, given, faults);
      if (registered !== undefined) return registered;
    }
    if (!tokens.has(name)) return undefined;
    return { clientId: "", clientSecret: "", ...addressesOf(name, given, faults) };
  });
  if (ownUrl === undefined || subject === undefined || faults.length > 0) {
    throw new ConfigError([...new Set(faults)]);
  }
  return {
    publicUrl: ownUrl,
    subject,
    providers,
    tokens,
    vault: keys && {
      encryptionKeys: keys,
      encryptionKeysFile: given.ENCRYPTION_KEYS_FILE,
      kvPath: kvPathOf(given, false),
    },
  };
}
