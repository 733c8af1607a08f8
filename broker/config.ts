/**
 * The configuration, from env, parsed once before anything listens. Every
 * fault is told at once, with the variable, what is wrong, and an example.
 *
 * @module
 */

import { z } from "zod";
import type { ApiKey } from "./api_key.ts";
import { REALM } from "./subject.ts";
import { parseUpstreams, type UpstreamSpec } from "./upstream_spec.ts";

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
  encryptionKeys: { id: string; bytes: Uint8Array<ArrayBuffer> }[];
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

/** An MCP client as `MCP_CLIENTS` has it. */
export interface OperatorClient {
  id: string;
  name: string;
  redirectUris: string[];
  secretSha256?: string;
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
export function parseConfig(env: Env, providerNames: string[], onDeploy: boolean): Config {
  const given: Env = Object.fromEntries(Object.entries(env).filter(([, value]) => value));
  const schema = schemaFor(providerNames);
  const result = schema.safeParse(given);
  const faults = result.success ? [] : result.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    const key = /_(BASE_URL|API_URL)$/.test(name)
      ? "BASE_URL"
      : /_CLIENT_(ID|SECRET)$/.test(name)
      ? "CLIENT_ID"
      : name;
    return `${name}: ${issue.message}. Example: ${EXAMPLES[key]}`;
  });
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

type Context = z.core.$RefinementCtx<string>;

function fault(context: Context, message: string): never {
  context.issues.push({ code: "custom", message, input: "" });
  return z.NEVER;
}

/** A comma-separated list; unset is empty. */
function list<T>(parse: (item: string, context: Context) => T) {
  return z.string().default("").transform((text, context) =>
    text.split(",").map((item) => item.trim()).filter(Boolean).map((item) => parse(item, context))
  );
}

/** Whether a host name is this machine itself. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function isHttps(url: URL): boolean {
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname));
}

function publicUrl(text: string, context: Context): string {
  const url = parseUrl(text);
  if (url === undefined) return fault(context, "is not a URL");
  if (!isHttps(url)) return fault(context, "must be https (http for localhost only)");
  if (url.pathname !== "/" || url.search || url.hash || url.username || url.password) {
    return fault(context, "must have no path, query or user");
  }
  return url.origin;
}

const BaseUrl = z.string().refine((text) => {
  const url = parseUrl(text);
  return url !== undefined && isHttps(url) && !url.search && !url.hash && !url.username;
}, "must be an https URL (http for localhost only) without query or user");

function returnUrl(text: string, context: Context): string {
  const url = parseUrl(text);
  if (url === undefined || !isHttps(url) || url.hash || url.username) {
    return fault(context, "must be https URLs; one that ends in / allows all below it");
  }
  return url.href;
}

function signInPattern(text: string, context: Context): string {
  if (text === "*" || /^(\*|[^@\s*]+)@[^@\s*]+$/.test(text)) return text;
  return fault(context, "an entry is not an e-mail address, *@domain, or *");
}

function upstreams(text: string, context: Context): UpstreamSpec[] {
  try {
    return parseUpstreams(text);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return fault(context, error.message);
  }
}

const McpClients = z.array(z.strictObject({
  client_id: z.string().min(1).max(200),
  client_name: z.string().min(1).max(200),
  redirect_uris: z.array(z.url()).min(1),
  client_secret_sha256: z.string().regex(/^[0-9a-f]{64}$/).optional(),
}));

function operatorClients(text: string, context: Context): OperatorClient[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return fault(context, "is not JSON");
  }
  const result = McpClients.safeParse(json);
  if (!result.success) {
    const [issue] = result.error.issues;
    return fault(context, `${issue?.path.join(".")}: ${issue?.message}`);
  }
  return result.data.map((client) => ({
    id: client.client_id,
    name: client.client_name,
    redirectUris: client.redirect_uris,
    ...(client.client_secret_sha256 ? { secretSha256: client.client_secret_sha256 } : {}),
  }));
}

function hostName(text: string, context: Context): string {
  if (/^[a-z0-9.-]{1,253}$/i.test(text)) return text.toLowerCase();
  return fault(context, "must be host names without scheme and port");
}

function encryptionKeys(text: string, context: Context): Config["encryptionKeys"] {
  const keys = text.split(/[,\n]/).map((item) => item.trim()).filter(Boolean).map((item, index) => {
    const [, id, encoded] = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9_-]{43})=?$/.exec(item) ?? [];
    // The text is not quoted: it may be a key.
    if (id === undefined || encoded === undefined) {
      return fault(context, `entry ${index + 1} is not <id>:<32 bytes as base64url>`);
    }
    return { id, bytes: fromBase64Url(encoded) };
  });
  if (keys.length === 0) return fault(context, "holds no key");
  if (new Set(keys.map((key) => key?.id)).size < keys.length) {
    return fault(context, "two keys have the same id");
  }
  return keys;
}

function apiKey(item: string, context: Context): ApiKey {
  const [realm = "", kind, hex = "", services, more] = item.split(":");
  if (
    !REALM.test(realm) || kind !== "sha256" || !/^[0-9a-f]{64}$/i.test(hex) || more !== undefined
  ) {
    // Not quoted: somebody may have put the key itself here.
    return fault(context, "an entry is not <name>:sha256:<64 hex digits>[:service+service]");
  }
  return {
    realm,
    sha256: Uint8Array.from(hex.match(/../g)!, (byte) => parseInt(byte, 16)),
    ...(services === undefined ? {} : { services: services.split("+").filter(Boolean) }),
  };
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}
