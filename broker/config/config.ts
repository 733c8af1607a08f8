/**
 * The configuration, from env, parsed once before anything listens. Every
 * fault is told at once, with the variable, what is wrong, and an example.
 *
 * @module
 */

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
import { appFaults, type ConfiguredApp, withApps } from "./apps.ts";
import { ConfigError, type Env, faultOf, givenOf, kvPathOf } from "./env.ts";
import { eventFaults } from "./events.ts";
import { defaultReturn, handOffFaults, realm, withHandOff } from "./hand_off.ts";
import { limitEntry, limitSizes, quotaEntry, quotasOf } from "./limits.ts";
import type { OperatorClient } from "./mcp_clients.ts";
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
import {
  asIs,
  fitting,
  list,
  loaded,
  optional,
  readAll,
  required,
  usually,
  type Values,
} from "./readers.ts";
import { endOfSecret } from "./secret_ends.ts";
import { windowsLineEnds } from "./texts.ts";
import {
  apiKey,
  appOrigin,
  days,
  DEFAULT_PORT,
  headerName,
  hostName,
  listenAddress,
  MAX_PINNED,
  MOST_DRAIN_SECONDS,
  onOrOff,
  pinnedTool,
  port,
  publicUrl,
  returnUrl,
  seconds,
  signInPattern,
  trustedProxy,
} from "./values.ts";
import { timelineWords, withPublicUrl } from "./timeline.ts";
import type { UpstreamsContext } from "./upstreams.ts";
import { ENCRYPTION_KEYS, KV_PATH, type VaultConfig } from "./vault.ts";

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
export async function parseConfig(
  env: Env,
  knownAlways: KnownProvider[],
  onDeploy: boolean,
  otherFaults: string[] = [],
  { users, official }: Pick<UpstreamsContext, "users" | "official"> = {},
): Promise<Config> {
  const given = withPublicUrl(givenOf(env));
  const known = withOidc(knownAlways, given);
  const read = await readAll(VARIABLES, given);
  const { values } = read;
  const quoted = variables.filter((name) => isQuoted(given[name] ?? ""));
  const faults = [
    ...quoted.map((name) => faultOf(name, QUOTES)),
    ...read.faults.filter(({ variable }) => !quoted.includes(variable))
      .map(({ variable, fault }) => unsetOr(faultOf(variable, fault), variable, given)),
    ...otherFaults,
  ];
  const timeline = given.PUBLIC_URL === undefined ? timelineWords(given) : undefined;
  if (timeline !== undefined) faults.push(faultOf("DENO_TIMELINE", timeline));
  const upstreams = await upstreamsOf(given, { users, official, env: given }, faults);
  const providers = providersOf(known, (provider) => providerConfig(provider, given, faults));
  const named = values.KEY_SERVICES ?? [];
  for (const [name, config] of keyProviders(known, named, given, faults)) {
    providers.set(name, config);
  }
  faults.push(...nameFaults({
    providers: known,
    configured: new Set(providers.keys()),
    upstreams,
    apiKeys: values.API_KEYS ?? [],
  }));
  const { API_KEYS: apiKeys, APPS: apps } = values;
  faults.push(...handOffFaults({
    apiKeys,
    apps,
    defaults: values.RETURN_TO,
    handOffOnly: values.HAND_OFF_ONLY,
    returnUrls: values.RETURN_URLS,
  }));
  faults.push(...appFaults(apps, apiKeys));
  faults.push(...eventFaults(values.EVENTS, apiKeys, known));
  faults.push(...oidcFaults(given));
  faults.push(...operatorFaults(values.OPERATORS, known));
  if (given.TRUSTED_PROXY_HEADER !== undefined && given.TRUSTED_PROXIES === undefined) {
    faults.push(faultOf("TRUSTED_PROXIES", "is not set, but TRUSTED_PROXY_HEADER is"));
  }
  for (const { kind, name } of upstreams) {
    if (kind !== "stdio" || !onDeploy) continue;
    faults.push(
      faultOf("UPSTREAMS", `${name} is a local process, and none starts on Deno Deploy`),
    );
  }
  if (!isWhole(values) || faults.length > 0) {
    const ends = windowsLineEnds(given, variables);
    throw new ConfigError(ends === undefined ? faults : [ends, ...faults]);
  }
  return {
    port: values.PORT,
    host: onDeploy ? undefined : values.HOST,
    drain: onDeploy ? DEPLOY_DRAIN : {
      delayMs: values.DRAIN_DELAY_SECONDS ?? (isOwnMachine(values.PUBLIC_URL) ? 0 : DRAIN_DELAY_MS),
      graceMs: values.DRAIN_SECONDS ?? DRAIN_MS,
    },
    requestLog: values.REQUEST_LOG,
    publicUrl: values.PUBLIC_URL,
    encryptionKeys: values.ENCRYPTION_KEYS,
    encryptionKeysFile: values.ENCRYPTION_KEYS_FILE,
    apiKeys: withHandOff(withApps(values.API_KEYS, values.APPS), {
      defaults: values.RETURN_TO,
      handOffOnly: values.HAND_OFF_ONLY,
    }),
    apps: values.APPS,
    operators: values.OPERATORS,
    returnUrls: values.RETURN_URLS,
    allowedHosts: values.ALLOWED_HOSTS,
    allowedOrigins: values.ALLOWED_ORIGINS,
    pinnedTools: values.PINNED_TOOLS,
    trustedProxies: values.TRUSTED_PROXIES,
    trustedProxyHeader: values.TRUSTED_PROXY_HEADER,
    signInAllow: values.SIGN_IN_ALLOW,
    grantLifetimes: grantLifetimes(values.GRANT_IDLE_DAYS, values.GRANT_MAX_DAYS),
    limits: limitSizes(values.LIMITS),
    quotas: quotasOf(values.QUOTAS),
    mcpClients: values.MCP_CLIENTS,
    clientDocuments: values.MCP_CLIENT_DOCUMENTS,
    events: values.EVENTS,
    upstreams,
    oidc: oidcOf(values),
    providers,
    kvPath: kvPathOf(given, onDeploy),
  };
}

/** The upstreams; adds what is wrong to `faults`. */
async function upstreamsOf(
  { UPSTREAMS }: Env,
  context: UpstreamsContext,
  faults: string[],
): Promise<UpstreamSpec[]> {
  if (UPSTREAMS === undefined) return [];
  const { parseUpstreams } = await import("./upstreams.ts");
  try {
    return parseUpstreams(UPSTREAMS, context);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    faults.push(faultOf("UPSTREAMS", error.message));
    return [];
  }
}

/** A variable that is not set may be there by a name that is misspelt. */
function unsetOr(fault: string, name: string, given: Env): string {
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

/** Whether there is a value for each that must have one. */
function isWhole(values: Values<typeof VARIABLES>): values is Required<Values<typeof VARIABLES>> {
  return variables.every((name) => name in values);
}

const isAlone = (all: { name: string }[]) =>
  new Set(all.map(({ name }) => name)).size === all.length;

const VARIABLES = {
  HOST: optional(listenAddress),
  PORT: usually(DEFAULT_PORT, port),
  DRAIN_SECONDS: seconds(MOST_DRAIN_SECONDS),
  DRAIN_DELAY_SECONDS: seconds(MOST_DRAIN_SECONDS),
  REQUEST_LOG: usually(
    "all",
    fitting(
      (text) => REQUEST_LOG_SETTINGS.some((setting) => setting === text),
      `is none of ${REQUEST_LOG_SETTINGS.join(", ")}`,
      (text) => text as RequestLogSetting,
    ),
  ),
  PUBLIC_URL: required(publicUrl),
  ENCRYPTION_KEYS,
  ENCRYPTION_KEYS_FILE: optional(asIs),
  API_KEYS: list(apiKey, [
    (keys) => new Set(keys.map(({ realm }) => realm)).size === keys.length,
    "two keys have the same name; a name is the realm of its users",
  ]),
  RETURN_URLS: list(returnUrl),
  RETURN_TO: list(defaultReturn),
  HAND_OFF_ONLY: list(realm),
  APPS: loaded<ConfiguredApp[]>([], async () => (await import("./app_entries.ts")).envApps),
  EVENTS: loaded<Receiver[]>([], async () => (await import("./event_entries.ts")).eventReceivers),
  SIGN_IN_ALLOW: list(signInPattern),
  OPERATORS: list(operator),
  OIDC_ISSUER: optional(oidcIssuer),
  OIDC_CLIENT_ID: optional((text) => text.trim()),
  OIDC_CLIENT_SECRET: optional((text) => text.trim()),
  OIDC_CLIENT_SECRET_EXPIRES: optional(endOfSecret),
  OIDC_NAME: optional(oidcTitle),
  OIDC_SCOPES: optional(oidcScopes),
  OIDC_TRUST_EMAIL: onOrOff("off"),
  GRANT_IDLE_DAYS: days(GRANT_DAYS.idle),
  GRANT_MAX_DAYS: days(GRANT_DAYS.max),
  LIMITS: list(limitEntry, [isAlone, "say the same limit twice"]),
  QUOTAS: list(quotaEntry, [isAlone, "say the same quota twice"]),
  PROVIDERS: optional(asIs), // read before the names of the providers are known
  KEY_SERVICES: list(asIs),
  UPSTREAMS: optional(asIs), // read by upstreamsOf()
  MCP_CLIENTS: loaded<OperatorClient[]>(
    [],
    async () => (await import("./mcp_clients.ts")).operatorClients,
  ),
  MCP_CLIENT_DOCUMENTS: onOrOff("on"),
  ALLOWED_HOSTS: list(hostName),
  ALLOWED_ORIGINS: list(appOrigin),
  PINNED_TOOLS: list(pinnedTool, [
    (tools) => tools.length <= MAX_PINNED,
    `are more than ${MAX_PINNED}; what is not pinned is looked up`,
  ]),
  TRUSTED_PROXIES: list(trustedProxy),
  TRUSTED_PROXY_HEADER: usually(DEFAULT_PROXY_HEADER, headerName),
  KV_PATH, // put together by kvPathOf()
  DATA_DIR: optional(asIs),
};

/** The variables that are no provider's. */
export const variables: string[] = Object.keys(VARIABLES);
