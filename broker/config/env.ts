/**
 * The environment, its faults, and how they are told.
 *
 * @module
 */

import { inOwnWords } from "../core/own_words.ts";

/** Env as a plain record; an empty value counts as unset. */
export type Env = Record<string, string | undefined>;

/** All that is wrong with the configuration. The message is for the operator's terminal. */
export class ConfigError extends Error {
  constructor(readonly faults: string[], options?: ErrorOptions) {
    super(
      `Cannot start: the configuration has ${faults.length} fault(s).\n  ${faults.join("\n  ")}`,
      options,
    );
    this.name = "ConfigError";
    // Its parsers never repeat a value.
    inOwnWords(this);
  }
}

/** By variable, or by its ending where every provider has one. */
export const EXAMPLES = {
  PORT: "8000",
  PUBLIC_URL: "https://switchboard.example.com",
  ENCRYPTION_KEYS: "k1:<32 bytes as base64url>, printed by `deno task key`",
  API_KEYS: "voice:sha256:<64 hex digits>, printed by `deno task key voice`",
  RETURN_URLS: "https://app.example.com/connected",
  RETURN_TO: "voice=https://app.example.com/connected",
  HAND_OFF_ONLY: "voice",
  APPS: '{"voice":{"name":"Voice","operator":"Example Inc.","privacy":"https://example.com/p"}}',
  EVENTS: '{"voice":{"url":"https://app.example.com/events","secret":"whsec_<base64>"}}',
  OPERATORS: "google:me@example.com,github:me@example.com",
  SIGN_IN_ALLOW: "*@example.com,me@gmail.com",
  OIDC_ISSUER: "https://login.example.com",
  OIDC_CLIENT_ID: "the id of the client you registered there",
  OIDC_SCOPES: "openid email",
  OIDC_TRUST_EMAIL: "off",
  GRANT_IDLE_DAYS: "30",
  GRANT_MAX_DAYS: "180",
  LIMITS: "subject=600/min,registration=20/h,link=off",
  QUOTAS: "connections=20,clients=20,personal_tokens=5",
  MCP_CLIENTS:
    '[{"client_id":"desk","client_name":"Desk","redirect_uris":["https://desk.example.com/cb"]}]',
  MCP_CLIENT_DOCUMENTS: "off",
  KEY_SERVICES: "sendgrid,notion_key",
  UPSTREAMS: 'notion_mcp,linear_mcp or [{"name":"notes","url":"https://notes.example.com/mcp"}]',
  PROVIDERS: '[{"name":"acme","authorization_endpoint":"https://…","token_endpoint":"https://…"}]',
  HOST: "127.0.0.1",
  DRAIN_SECONDS: "30",
  DRAIN_DELAY_SECONDS: "5",
  KV_PATH: "/var/lib/switchboard/kv.sqlite",
  ALLOWED_HOSTS: "mcp.example.com,mcp.internal",
  ALLOWED_ORIGINS: "app://-,vscode-file://vscode-app",
  PINNED_TOOLS: "calendar_list_events,gmail_search_messages",
  TRUSTED_PROXIES: "10.0.0.0/8,fd00::/8",
  TRUSTED_PROXY_HEADER: "x-forwarded-for",
  SUBJECT: "voice:user_123",
  BASE_URL: "https://github.example.com",
  CLIENT_ID: "the id of the OAuth app you registered",
  CLIENT_SECRET: "the secret of the OAuth app you registered",
  CLIENT_SECRET_EXPIRES: "2027-03-01",
  OIDC_CLIENT_SECRET_EXPIRES: "2027-03-01",
  TESTING: "on",
  WEBHOOK_SECRET: "what you typed in as the webhook's secret there",
  PRIVATE_KEY: "the file of the private key that you generated there",
} as const;

/** Says what is wrong with a variable, with an example where there is one. */
export function faultOf(variable: string, message: string): string {
  const example = Object.entries(EXAMPLES).find(([name]) => name === variable)?.[1];
  return `${variable}: ${message}.${example === undefined ? "" : ` Example: ${example}`}`;
}

/** Whether this runs on Deno Deploy, which sets these by itself. */
export function isOnDeploy(env: Env): boolean {
  return ["DENO_DEPLOYMENT_ID", "DENO_DEPLOY", "DENO_DEPLOY_ORG_ID"].some((name) => env[name]);
}

/** Where the KV is: a file, a URL, or `undefined` for the platform's own. */
export function kvPathOf({ KV_PATH, DATA_DIR }: Env, onDeploy: boolean): string | undefined {
  return KV_PATH || (onDeploy ? undefined : `${DATA_DIR || ".data"}/switchboard.sqlite`);
}

/** The variables that are set, without those that are there but empty. */
export function givenOf(env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value));
}
