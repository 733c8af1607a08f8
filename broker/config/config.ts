/**
 * The configuration, from env, parsed once before anything listens. Every
 * fault is told at once, with the variable, what is wrong, and an example.
 *
 * @module
 */

import { z } from "zod";
import type { ApiKey } from "../../gateway/api_keys.ts";
import {
  apiKey,
  BaseUrl,
  encryptionKeys,
  hostName,
  list,
  type OperatorClient,
  operatorClients,
  publicUrl,
  returnUrl,
  type RingKey,
  signInPattern,
  upstreams,
} from "./values.ts";
import type { UpstreamSpec } from "./upstreams.ts";

export { isLoopback } from "./values.ts";

/** Env as a plain record; an empty value counts as unset. */
export type Env = Record<string, string | undefined>;

/** What the operator set for one provider. */
export interface ProviderConfig {
  clientId: string;
  clientSecret: string;
  baseUrl?: string;
  apiUrl?: string;
}

/** The parsed configuration. Holds secrets: never log it. */
export interface Config {
  port: number;
  /** No slash at the end. */
  publicUrl: string;
  encryptionKeys: RingKey[];
  /** Where they were read from, if that was a file: it is read again for a key that is unknown. */
  encryptionKeysFile?: string;
  apiKeys: ApiKey[];
  /** By provider name; only those with credentials. */
  providers: Map<string, ProviderConfig>;
  returnUrls: string[];
  /** Host names beside the one of `publicUrl`. */
  allowedHosts: string[];
  /** Who may sign in: `*@example.com`, addresses, or `*`. */
  signInAllow: string[];
  upstreams: UpstreamSpec[];
  /** MCP clients that the operator set. */
  mcpClients: OperatorClient[];
  /** `undefined`: the platform's own KV. */
  kvPath?: string;
}

/** All that is wrong with the configuration. The message is for the operator's terminal. */
export class ConfigError extends Error {
  constructor(readonly faults: string[]) {
    super(
      `Cannot start: the configuration has ${faults.length} fault(s).\n  ${faults.join("\n  ")}`,
    );
    this.name = "ConfigError";
  }
}

const EXAMPLES: Record<string, string> = {
  PORT: "8000",
  PUBLIC_URL: "https://switchboard.example.com",
  ENCRYPTION_KEYS: "k1:<32 bytes as base64url>, printed by `deno task key`",
  API_KEYS: "voice:sha256:<64 hex digits>, printed by `deno task key voice`",
  RETURN_URLS: "https://app.example.com/connected",
  SIGN_IN_ALLOW: "*@example.com,me@gmail.com",
  MCP_CLIENTS:
    '[{"client_id":"desk","client_name":"Desk","redirect_uris":["https://desk.example.com/cb"]}]',
  UPSTREAMS: '[{"name":"notes","url":"https://notes.example.com/mcp"}]',
  ALLOWED_HOSTS: "mcp.example.com,mcp.internal",
  BASE_URL: "https://github.example.com",
  CLIENT_ID: "the id of the OAuth app you registered",
};

/** Whether this runs on Deno Deploy, which sets these by itself. */
export function isOnDeploy(env: Env): boolean {
  return ["DENO_DEPLOYMENT_ID", "DENO_DEPLOY", "DENO_DEPLOY_ORG_ID"].some((name) => env[name]);
}

/** Reads the configuration for the given provider names. */
export function parseConfig(
  env: Env,
  providerNames: string[],
  onDeploy: boolean,
  otherFaults: string[] = [],
): Config {
  const given: Env = Object.fromEntries(Object.entries(env).filter(([, value]) => value));
  const schema = schemaFor(providerNames);
  const result = schema.safeParse(given);
  const faults = result.success ? [...otherFaults] : result.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    const key = /_(BASE_URL|API_URL)$/.test(name)
      ? "BASE_URL"
      : /_CLIENT_(ID|SECRET)$/.test(name)
      ? "CLIENT_ID"
      : name;
    return `${name}: ${issue.message}. Example: ${EXAMPLES[key]}`;
  });
  if (!result.success) faults.push(...otherFaults);
  const providers = new Map<string, ProviderConfig>();
  for (const name of providerNames) {
    const provider = providerConfig(name, given, faults);
    if (provider !== undefined) providers.set(name, provider);
  }
  for (const { realm } of result.success ? result.data.API_KEYS : []) {
    // Subjects of people who sign in begin with the provider's name.
    if (![...providerNames, "local"].includes(realm)) continue;
    faults.push(`API_KEYS: the name "${realm}" is taken. Example: ${EXAMPLES.API_KEYS}`);
  }
  for (const { kind, name } of result.success ? result.data.UPSTREAMS : []) {
    if (kind !== "stdio" || !onDeploy) continue;
    faults.push(
      `UPSTREAMS: ${name} is a local process, and none starts on Deno Deploy. ` +
        `Example: ${EXAMPLES.UPSTREAMS}`,
    );
  }
  if (!result.success || faults.length > 0) throw new ConfigError(faults);
  const parsed = result.data;
  const kvPath = kvPathOf(given, onDeploy);
  return {
    port: parsed.PORT,
    publicUrl: parsed.PUBLIC_URL,
    encryptionKeys: parsed.ENCRYPTION_KEYS,
    apiKeys: parsed.API_KEYS,
    returnUrls: parsed.RETURN_URLS,
    allowedHosts: parsed.ALLOWED_HOSTS,
    signInAllow: parsed.SIGN_IN_ALLOW,
    mcpClients: parsed.MCP_CLIENTS,
    upstreams: parsed.UPSTREAMS,
    providers,
    ...(kvPath === undefined ? {} : { kvPath }),
    ...(parsed.ENCRYPTION_KEYS_FILE === undefined
      ? {}
      : { encryptionKeysFile: parsed.ENCRYPTION_KEYS_FILE }),
  };
}

/** What a task needs that works on the store alone. */
export function parseVaultConfig(
  env: Env,
  onDeploy: boolean,
): Pick<Config, "encryptionKeys" | "kvPath"> {
  const kvPath = kvPathOf(env, onDeploy);
  return {
    encryptionKeys: parseKeyRing(env.ENCRYPTION_KEYS ?? ""),
    ...(kvPath === undefined ? {} : { kvPath }),
  };
}

/** Env, with the key ring put in from its file where it is in one. */
export async function readKeyFile(
  env: Env,
  readFile: (path: string) => Promise<string>,
): Promise<Env> {
  const file = env.ENCRYPTION_KEYS_FILE;
  if (!file || env.ENCRYPTION_KEYS) return env;
  try {
    return { ...env, ENCRYPTION_KEYS: await readFile(file) };
  } catch (error) {
    const reason = error instanceof Error ? error.name : "unknown";
    throw new ConfigError([`ENCRYPTION_KEYS_FILE: ${file} cannot be read (${reason})`]);
  }
}

/** Where the KV is: a file, a URL, or `undefined` for the platform's own. */
export function kvPathOf({ KV_PATH, DATA_DIR }: Env, onDeploy: boolean): string | undefined {
  return KV_PATH || (onDeploy ? undefined : `${DATA_DIR || ".data"}/switchboard.sqlite`);
}

/**
 * A key ring alone.
 *
 * @throws {ConfigError}
 */
export function parseKeyRing(text: string): Config["encryptionKeys"] {
  const result = KeyRing.safeParse(text.trim());
  if (result.success) return result.data;
  throw new ConfigError(result.error.issues.map(({ message }) => `ENCRYPTION_KEYS: ${message}`));
}

const KeyRing = z.string({ error: "is not set" }).transform(encryptionKeys);

function schemaFor(providerNames: string[]) {
  const providers = providerNames.flatMap((name) => [
    [variable(name, "BASE_URL"), BaseUrl.optional()],
    [variable(name, "API_URL"), BaseUrl.optional()],
  ]);
  return z.object({
    PORT: z.string().default("8000").refine(
      (port) => /^\d{1,5}$/.test(port) && Number(port) <= 65535,
      "must be a port number from 0 to 65535",
    ).transform(Number),
    PUBLIC_URL: z.string({ error: "is not set" }).transform(publicUrl),
    ENCRYPTION_KEYS: KeyRing,
    ENCRYPTION_KEYS_FILE: z.string().optional(),
    API_KEYS: list(apiKey).refine(
      (keys) => new Set(keys.map(({ realm }) => realm)).size === keys.length,
      "two keys have the same name; a name is the realm of its users",
    ),
    RETURN_URLS: list(returnUrl),
    SIGN_IN_ALLOW: list(signInPattern),
    PROVIDERS: z.string().optional(), // read before the names of the providers are known
    UPSTREAMS: z.string().default("[]").transform(upstreams),
    MCP_CLIENTS: z.string().default("[]").transform(operatorClients),
    ALLOWED_HOSTS: list(hostName),
    KV_PATH: z.string().optional(), // read by kvPathOf()
    DATA_DIR: z.string().optional(),
    ...Object.fromEntries(providers) as Record<never, never>,
  });
}

/** `github` → `GITHUB_CLIENT_ID`. */
function variable(provider: string, suffix: string): string {
  return `${provider.toUpperCase().replaceAll("-", "_")}_${suffix}`;
}

function providerConfig(name: string, env: Env, faults: string[]): ProviderConfig | undefined {
  const clientId = env[variable(name, "CLIENT_ID")];
  const clientSecret = env[variable(name, "CLIENT_SECRET")];
  if (clientId === undefined && clientSecret === undefined) return undefined;
  if (clientId === undefined || clientSecret === undefined) {
    const missing = variable(name, clientId === undefined ? "CLIENT_ID" : "CLIENT_SECRET");
    const other = variable(name, clientId === undefined ? "CLIENT_SECRET" : "CLIENT_ID");
    faults.push(`${missing}: is not set, but ${other} is. Example: ${EXAMPLES.CLIENT_ID}`);
    return undefined;
  }
  const baseUrl = env[variable(name, "BASE_URL")]?.replace(/\/+$/, "");
  const apiUrl = env[variable(name, "API_URL")]?.replace(/\/+$/, "");
  return {
    clientId,
    clientSecret,
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(apiUrl === undefined ? {} : { apiUrl }),
  };
}
