/**
 * The configuration, from env, parsed once before anything listens. Every
 * fault is told at once, with the variable, what is wrong, and an example.
 *
 * @module
 */

import { z } from "zod";
import { isLoopback } from "../core/addresses.ts";
import type { ApiKey } from "../core/api_key.ts";
import type { Receiver } from "../core/events.ts";
import { GRANT_DAYS, type GrantLifetimes, grantLifetimes } from "../core/grant.ts";
import type { Network } from "../core/ip_address.ts";
import type { OidcSettings } from "../core/oidc.ts";
import type { LimitSizes } from "../core/limits.ts";
import type { Quotas } from "../core/quotas.ts";
import type { Operator } from "../core/settings.ts";
import type { UpstreamSpec } from "../core/upstream.ts";
import { isQuoted, QUOTES } from "./client_text.ts";
import { appFaults, type ConfiguredApp, envApps, withApps } from "./apps.ts";
import { ConfigError, type Env, faultOf, givenOf, kvPathOf } from "./env.ts";
import { eventFaults, eventReceivers } from "./events.ts";
import { defaultReturn, handOffFaults, realm, withHandOff } from "./hand_off.ts";
import { limitEntry, limitSizes, quotaEntry, quotasOf } from "./limits.ts";
import { type KnownProvider, nameFaults } from "./names.ts";
import { oidcFaults, oidcIssuer, oidcOf, oidcScopes, oidcTitle, withOidc } from "./oidc.ts";
import { operator, operatorFaults } from "./operators.ts";
import {
  keyProviders,
  meantBy,
  type ProviderConfig,
  providerConfig,
  providersOf,
} from "./providers.ts";
import { windowsLineEnds } from "./texts.ts";
import { endOfSecret } from "./secret_ends.ts";
import {
  apiKey,
  appOrigin,
  days,
  DEFAULT_PORT,
  headerName,
  hostName,
  list,
  listenAddress,
  MAX_PINNED,
  MOST_DRAIN_SECONDS,
  onOrOff,
  type OperatorClient,
  operatorClients,
  pinnedTool,
  publicUrl,
  returnUrl,
  seconds,
  signInPattern,
  trustedProxy,
} from "./values.ts";
import { timelineWords, withPublicUrl } from "./timeline.ts";
import { parseUpstreams, type UpstreamsContext } from "./upstreams.ts";
import { KeyRing, KvPath, type VaultConfig } from "./vault.ts";

export { ConfigError, type Env, isOnDeploy } from "./env.ts";
export type { KnownProvider, ProviderConfig };

/** The parsed configuration. Holds secrets: never log it, and hand on single fields only. */
export interface Config extends VaultConfig {
  port: number;
  /** The address to listen on, where the operator says one. */
  host?: string | undefined;
  requestLog: RequestLogSetting;
  /** How long the end may take, in ms. */
  drain: { delayMs: number; graceMs: number };
  /** No slash at the end. */
  publicUrl: string;
  /** Where an app has two, both say the same of it. */
  apiKeys: ApiKey[];
  /** What people are shown of apps. */
  apps: ConfiguredApp[];
  /** Who changes settings in the console. They may sign in, whatever `signInAllow` says. */
  operators: Operator[];
  /** Where people sign in beside those providers, if anywhere. */
  oidc?: OidcSettings | undefined;
  /** By provider name; only those with credentials. */
  providers: Map<string, ProviderConfig>;
  returnUrls: string[];
  /** Host names beside the one of `publicUrl`. */
  allowedHosts: string[];
  /** Origins of desktop apps that may call the MCP endpoint. */
  allowedOrigins: string[];
  /** Tools that are listed where all others are looked up. */
  pinnedTools: string[];
  /** Who says in `trustedProxyHeader` for whom it asks. */
  trustedProxies: Network[];
  /** In lower case. */
  trustedProxyHeader: string;
  /** Who may sign in: `*@example.com`, addresses, or `*`. */
  signInAllow: string[];
  /** When grants and personal tokens end by themselves. */
  grantLifetimes: GrantLifetimes;
  /** How often what may be done. */
  limits: LimitSizes;
  /** How much one person may hold. */
  quotas: Quotas;
  upstreams: UpstreamSpec[];
  /** MCP clients that the operator set. */
  mcpClients: OperatorClient[];
  /** Where events of apps, and of people who sign in, are sent. */
  events: Receiver[];
  /** Whether MCP clients may be described by documents of their own, which are fetched. */
  clientDocuments: boolean;
}

/** Which requests leave a line in the log: none, those that were refused or failed, or all. */
const REQUEST_LOG_SETTINGS = ["off", "errors", "all"] as const;
export type RequestLogSetting = typeof REQUEST_LOG_SETTINGS[number];

/** A program that is told to end says so on `/health` and serves on, for so long. */
export const DRAIN_DELAY_MS = 3_000;
/** Then what runs has so long to finish. */
export const DRAIN_MS = 30_000;
/**
 * Deploy sends requests elsewhere before it tells a program to end, and ends it 5 s after. What
 * was on its way all the same is accepted; what runs can do so in both times.
 */
export const DEPLOY_DRAIN = { delayMs: 1_500, graceMs: 3_000 };

const DEFAULT_PROXY_HEADER = "x-forwarded-for";

/**
 * Reads the configuration. `users`: as whom local upstreams can run; absent, as nobody but this
 * process's own. `official`: servers that `UPSTREAMS` may name.
 *
 * @throws {ConfigError} with every fault, `otherFaults` included.
 */
export function parseConfig(
  env: Env,
  knownAlways: KnownProvider[],
  onDeploy: boolean,
  otherFaults: string[] = [],
  { users, official }: Pick<UpstreamsContext, "users" | "official"> = {},
): Config {
  const given = withPublicUrl(givenOf(env));
  const known = withOidc(knownAlways, given);
  const result = Schema.safeParse(given);
  const quoted = variables.filter((name) => isQuoted(given[name] ?? ""));
  const faults = [
    ...quoted.map((name) => faultOf(name, QUOTES)),
    ...(result.error?.issues ?? []).filter(({ path }) => !quoted.includes(String(path[0])))
      .map(({ path, message }) => unsetOr(faultOf(String(path[0]), message), path, given)),
    ...otherFaults,
  ];
  const timeline = given.PUBLIC_URL === undefined ? timelineWords(given) : undefined;
  if (timeline !== undefined) faults.push(faultOf("DENO_TIMELINE", timeline));
  const upstreams = upstreamsOf(given, { users, official, env: given }, faults);
  const providers = providersOf(known, (provider) => providerConfig(provider, given, faults));
  const named = alone(Schema.shape.KEY_SERVICES, given.KEY_SERVICES) ?? [];
  for (const [name, config] of keyProviders(known, named, given, faults)) {
    providers.set(name, config);
  }
  faults.push(...nameFaults({
    providers: known,
    configured: new Set(providers.keys()),
    upstreams,
    apiKeys: result.data?.API_KEYS ?? [],
  }));
  const apiKeys = alone(Schema.shape.API_KEYS, given.API_KEYS);
  const apps = alone(Schema.shape.APPS, given.APPS);
  faults.push(...handOffFaults({
    apiKeys,
    apps,
    defaults: alone(Schema.shape.RETURN_TO, given.RETURN_TO),
    handOffOnly: alone(Schema.shape.HAND_OFF_ONLY, given.HAND_OFF_ONLY),
    returnUrls: alone(Schema.shape.RETURN_URLS, given.RETURN_URLS),
  }));
  faults.push(...appFaults(apps, apiKeys));
  faults.push(...eventFaults(alone(Schema.shape.EVENTS, given.EVENTS), apiKeys, known));
  faults.push(...oidcFaults(given));
  faults.push(...operatorFaults(alone(Schema.shape.OPERATORS, given.OPERATORS), known));
  if (given.TRUSTED_PROXY_HEADER !== undefined && given.TRUSTED_PROXIES === undefined) {
    faults.push(faultOf("TRUSTED_PROXIES", "is not set, but TRUSTED_PROXY_HEADER is"));
  }
  for (const { kind, name } of upstreams) {
    if (kind !== "stdio" || !onDeploy) continue;
    faults.push(
      faultOf("UPSTREAMS", `${name} is a local process, and none starts on Deno Deploy`),
    );
  }
  if (!result.success || faults.length > 0) {
    const ends = windowsLineEnds(given, variables);
    throw new ConfigError(ends === undefined ? faults : [ends, ...faults]);
  }
  const parsed = result.data;
  return {
    port: parsed.PORT,
    host: onDeploy ? undefined : parsed.HOST,
    drain: onDeploy ? DEPLOY_DRAIN : {
      delayMs: parsed.DRAIN_DELAY_SECONDS ?? (isOwnMachine(parsed.PUBLIC_URL) ? 0 : DRAIN_DELAY_MS),
      graceMs: parsed.DRAIN_SECONDS ?? DRAIN_MS,
    },
    requestLog: parsed.REQUEST_LOG,
    publicUrl: parsed.PUBLIC_URL,
    encryptionKeys: parsed.ENCRYPTION_KEYS,
    encryptionKeysFile: parsed.ENCRYPTION_KEYS_FILE,
    apiKeys: withHandOff(withApps(parsed.API_KEYS, parsed.APPS), {
      defaults: parsed.RETURN_TO,
      handOffOnly: parsed.HAND_OFF_ONLY,
    }),
    apps: parsed.APPS,
    operators: parsed.OPERATORS,
    returnUrls: parsed.RETURN_URLS,
    allowedHosts: parsed.ALLOWED_HOSTS,
    allowedOrigins: parsed.ALLOWED_ORIGINS,
    pinnedTools: parsed.PINNED_TOOLS,
    trustedProxies: parsed.TRUSTED_PROXIES,
    trustedProxyHeader: parsed.TRUSTED_PROXY_HEADER,
    signInAllow: parsed.SIGN_IN_ALLOW,
    grantLifetimes: grantLifetimes(parsed.GRANT_IDLE_DAYS, parsed.GRANT_MAX_DAYS),
    limits: limitSizes(parsed.LIMITS),
    quotas: quotasOf(parsed.QUOTAS),
    mcpClients: parsed.MCP_CLIENTS,
    clientDocuments: parsed.MCP_CLIENT_DOCUMENTS,
    events: parsed.EVENTS,
    upstreams,
    oidc: oidcOf(parsed),
    providers,
    kvPath: kvPathOf(given, onDeploy),
  };
}

/** The upstreams; adds what is wrong to `faults`. */
function upstreamsOf(
  { UPSTREAMS }: Env,
  context: UpstreamsContext,
  faults: string[],
): UpstreamSpec[] {
  try {
    return parseUpstreams(UPSTREAMS ?? "[]", context);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    faults.push(faultOf("UPSTREAMS", error.message));
    return [];
  }
}

/** A variable that is not set may be there by a name that is misspelt. */
function unsetOr(fault: string, path: PropertyKey[], given: Env): string {
  const name = String(path[0]);
  if (given[name] !== undefined) return fault;
  const meant = meantBy(name, name, lacking(given)).trim();
  return meant === "" ? fault : fault.replace(": is not set.", `: is not set. ${meant}`);
}

/** Without those that have a meaning of their own. */
function lacking(given: Env): Env {
  return Object.fromEntries(Object.entries(given).filter(([name]) => !variables.includes(name)));
}

/** Nobody watches over what only this machine reaches. */
function isOwnMachine(publicUrl: string): boolean {
  return isLoopback(new URL(publicUrl).hostname);
}

/** One variable by itself, whatever is wrong with the others; `undefined` where it is at fault. */
function alone<T>(schema: z.ZodType<T>, text: string | undefined): T | undefined {
  return schema.safeParse(text).data;
}

const Schema = z.object({
  HOST: z.string().transform(listenAddress).optional(),
  PORT: z.string().default(DEFAULT_PORT).refine(
    (port) => /^\d{1,5}$/.test(port) && Number(port) <= 65535,
    "must be a port number from 0 to 65535",
  ).transform(Number),
  DRAIN_SECONDS: seconds(MOST_DRAIN_SECONDS),
  DRAIN_DELAY_SECONDS: seconds(MOST_DRAIN_SECONDS),
  REQUEST_LOG: z.enum(REQUEST_LOG_SETTINGS, `is none of ${REQUEST_LOG_SETTINGS.join(", ")}`)
    .default("all"),
  PUBLIC_URL: z.string({ error: "is not set" }).transform(publicUrl),
  ENCRYPTION_KEYS: KeyRing,
  ENCRYPTION_KEYS_FILE: z.string().optional(),
  API_KEYS: list(apiKey).refine(
    (keys) => new Set(keys.map(({ realm }) => realm)).size === keys.length,
    "two keys have the same name; a name is the realm of its users",
  ),
  RETURN_URLS: list(returnUrl),
  RETURN_TO: list(defaultReturn),
  HAND_OFF_ONLY: list(realm),
  APPS: z.string().default("{}").transform(envApps),
  EVENTS: z.string().default("{}").transform(eventReceivers),
  SIGN_IN_ALLOW: list(signInPattern),
  OPERATORS: list(operator),
  OIDC_ISSUER: z.string().transform(oidcIssuer).optional(),
  OIDC_CLIENT_ID: z.string().transform((text) => text.trim()).optional(),
  OIDC_CLIENT_SECRET: z.string().transform((text) => text.trim()).optional(),
  OIDC_CLIENT_SECRET_EXPIRES: z.string().transform(endOfSecret).optional(),
  OIDC_NAME: z.string().transform(oidcTitle).optional(),
  OIDC_SCOPES: z.string().transform(oidcScopes).optional(),
  OIDC_TRUST_EMAIL: onOrOff("off"),
  GRANT_IDLE_DAYS: days(GRANT_DAYS.idle),
  GRANT_MAX_DAYS: days(GRANT_DAYS.max),
  LIMITS: list(limitEntry).refine(
    (all) => new Set(all.map(({ name }) => name)).size === all.length,
    "say the same limit twice",
  ),
  QUOTAS: list(quotaEntry).refine(
    (all) => new Set(all.map(({ name }) => name)).size === all.length,
    "say the same quota twice",
  ),
  PROVIDERS: z.string().optional(), // read before the names of the providers are known
  KEY_SERVICES: list((name) => name),
  UPSTREAMS: z.string().optional(), // read by upstreamsOf()
  MCP_CLIENTS: z.string().default("[]").transform(operatorClients),
  MCP_CLIENT_DOCUMENTS: onOrOff("on"),
  ALLOWED_HOSTS: list(hostName),
  ALLOWED_ORIGINS: list(appOrigin),
  PINNED_TOOLS: list(pinnedTool).refine(
    (tools) => tools.length <= MAX_PINNED,
    `are more than ${MAX_PINNED}; what is not pinned is looked up`,
  ),
  TRUSTED_PROXIES: list(trustedProxy),
  TRUSTED_PROXY_HEADER: z.string().default(DEFAULT_PROXY_HEADER).transform(headerName),
  KV_PATH: KvPath, // put together by kvPathOf()
  DATA_DIR: z.string().optional(),
});

/** The variables that are no provider's. */
export const variables: string[] = Object.keys(Schema.shape);
