/**
 * An MCP client's side of OAuth for tests, over a {@linkcode Browser}: no SDK.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { randomSecret } from "../../broker/core/secrets.ts";
import { Browser, type Form, type Page } from "./browser.ts";
import { signInForm } from "./emulators.ts";
import type { Gateway } from "./gateway.ts";

/** A gateway as far as a client sees it; in this process or in another one. */
export type Reach = Pick<Gateway, "url" | "api">;

export const REDIRECT_URI = "http://127.0.0.1:33418/callback";

/** A registered client with a PKCE pair. */
export interface TestClient {
  id: string;
  redirectUri: string;
  verifier: string;
  challenge: string;
}

/** An answer of the token endpoint. */
export interface TokenAnswer {
  status: number;
  headers: Headers;
  // deno-lint-ignore no-explicit-any -- tests look where they know something stands
  json: any;
}

export async function register(gateway: Reach, more: Record<string, unknown> = {}) {
  const body = { client_name: "Test client", redirect_uris: [REDIRECT_URI], ...more };
  return await gateway.api("/oauth/register", { key: null, body });
}

export async function newClient(gateway: Reach, redirectUri = REDIRECT_URI): Promise<TestClient> {
  const { json } = await register(gateway, { redirect_uris: [redirectUri] });
  return { id: json.client_id, redirectUri, ...pkce() };
}

export function pkce(): { verifier: string; challenge: string } {
  const verifier = randomSecret();
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
}

/** The authorization request of a client; `undefined` leaves a parameter out. */
export function authorizeUrl(
  gateway: Pick<Reach, "url">,
  client: TestClient,
  more: Record<string, string | undefined> = {},
): string {
  const url = new URL("/oauth/authorize", gateway.url);
  const params: Record<string, string | undefined> = {
    response_type: "code",
    client_id: client.id,
    redirect_uri: client.redirectUri,
    code_challenge: client.challenge,
    code_challenge_method: "S256",
    state: "client-state",
    ...more,
  };
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url.href;
}

/** Signs a person in with an emulated provider, and follows on to where they wanted to go. */
export async function signIn(
  browser: Browser,
  page: Page,
  { provider = "github", account }: { provider?: string; account?: string } = {},
): Promise<Page> {
  const form = page.forms.find(({ action }) => action === `/sign-in/${provider}`);
  if (form === undefined) throw new Error(`No sign-in with ${provider} on ${page.url}`);
  const atProvider = await browser.submit(page, { form });
  return await browser.submit(atProvider, { form: signInForm(atProvider, account) });
}

/** How a person answers the consent page. */
export interface Consent {
  decision?: "allow" | "deny";
  /** All that are offered, where it does not say. */
  services?: string[] | undefined;
  /** All that is asked for, where it does not say. */
  access?: "full" | "read" | undefined;
  /** Services that the client asked to read, and that it may change as well. */
  changes?: string[];
}

/** What a person ticks on a form that gives access: all that is offered, where it does not say. */
export function ticked(
  { boxes }: Form,
  { services, access = "full" }: Pick<Consent, "services" | "access"> = {},
): [string, string][] {
  return boxes.filter(([name, value]) =>
    name === "service" ? services?.includes(value) ?? true : name === "access" && value === access
  );
}

/** Answers the consent page; the redirect to the client is not followed. */
export async function decide(
  browser: Browser,
  page: Page,
  { decision = "allow", services, access, changes = [] }: Consent = {},
): Promise<URL> {
  const [form] = page.forms;
  if (form === undefined) throw new Error(`No consent form on ${page.url}: ${page.html}`);
  const checked = ticked(form, { services, access });
  for (const service of changes) checked.push(["change", service]);
  const until = (url: string) => !url.startsWith(new URL(page.url).origin);
  const back = await browser.submit(page, { fields: { decision }, checked, until });
  return new URL(back.url);
}

/** What a client asks for that knows nothing better: all that the metadata names. */
async function scopesHere(gateway: Reach): Promise<string> {
  const { json } = await gateway.api("/.well-known/oauth-protected-resource/mcp", { key: null });
  return json.scopes_supported.join(" ");
}

/** The whole way to a code. `scope: undefined` in `params` leaves it out. */
export async function obtainCode(
  gateway: Reach,
  client: TestClient,
  { browser = new Browser(), params = {}, ...consent }:
    & { browser?: Browser; params?: Record<string, string | undefined> }
    & Consent = {},
): Promise<string> {
  const scope = "scope" in params ? params.scope : await scopesHere(gateway);
  let page = await browser.open(authorizeUrl(gateway, client, { ...params, scope }));
  if (page.url.includes("/sign-in")) page = await signIn(browser, page);
  const back = await decide(browser, page, consent);
  const code = back.searchParams.get("code");
  if (code === null) throw new Error(`No code in ${back}`);
  return code;
}

/** Posts a form to an endpoint of the authorization server. */
export async function post(
  gateway: Reach,
  path: string,
  form: Record<string, string | undefined>,
  headers: Record<string, string> = {},
): Promise<TokenAnswer> {
  const given = Object.entries(form).filter((pair): pair is [string, string] =>
    pair[1] !== undefined
  );
  const response = await fetch(gateway.url + path, {
    method: "POST",
    headers,
    body: new URLSearchParams(given),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    json: text === "" ? undefined : JSON.parse(text),
  };
}

/** What a client sends for a code. */
export function exchangeForm(client: TestClient, code: string): Record<string, string> {
  return {
    grant_type: "authorization_code",
    client_id: client.id,
    redirect_uri: client.redirectUri,
    code,
    code_verifier: client.verifier,
  };
}

export function exchange(
  gateway: Reach,
  client: TestClient,
  code: string,
  more: Record<string, string | undefined> = {},
): Promise<TokenAnswer> {
  return post(gateway, "/oauth/token", { ...exchangeForm(client, code), ...more });
}

export function refresh(
  gateway: Reach,
  client: TestClient,
  refreshToken: string,
  more: Record<string, string | undefined> = {},
): Promise<TokenAnswer> {
  return post(gateway, "/oauth/token", {
    grant_type: "refresh_token",
    client_id: client.id,
    refresh_token: refreshToken,
    ...more,
  });
}
