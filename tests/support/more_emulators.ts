/**
 * Slack and Linear, emulated, with what their emulators leave out put in front
 * of them; and the whole way from an emulated sign-in page to an API.
 *
 * @module
 */

import type { Emulator } from "emulate";
import type { IssuedTokens, TokenAnswer } from "../../broker/core/authorization_server.ts";
import type { TokenSet } from "../../broker/core/connection.ts";
import { oauthFlowOf } from "../../broker/core/credential.ts";
import { createApiClient } from "../../mcp/api_client.ts";
import { testWorld } from "./world.ts";
import type { ApiClient, Provider, ProviderModule } from "../../providers/provider.ts";
import { linearApi, type LinearExtras } from "./linear_emulator.ts";
import { Browser, type Form, type Page } from "./browser.ts";
import { startBehind } from "./emulator_front.ts";
import { freePort } from "./free_port.ts";
import { searchedSlack } from "./slack_emulator_search.ts";

/**
 * Slack, whose emulator takes only POST with a body, and can neither revoke nor search.
 * The real one reads by GET: https://docs.slack.dev/apis/web-api/#basics
 */
export function startSlackEmulator(
  seed: Record<string, unknown> = {},
  port = freePort(),
): Promise<Emulator> {
  const revoked = new Set<string>();
  const granted = new Map<string, string[]>();
  return startBehind("slack", seed, port, async (request, forward) => {
    const url = new URL(request.url);
    if (!url.pathname.startsWith("/api/")) return undefined;
    const token = request.headers.get("Authorization") ?? "";
    if (revoked.has(token)) return Response.json({ ok: false, error: "token_revoked" });
    if (url.pathname === "/api/auth.revoke") {
      revoked.add(token);
      return Response.json({ ok: true, revoked: true });
    }
    if (url.pathname === "/api/oauth.v2.access") {
      const answer = await (await forward(request)).json();
      const { access_token = "", scope = "" } = answer.authed_user ?? {};
      granted.set(`Bearer ${access_token}`, scope.split(","));
      return Response.json(answer);
    }
    if (/^\/api\/(assistant\.search\.context|search\.messages)$/.test(url.pathname)) {
      const ask = async (method: string, args: Record<string, string>) =>
        await (await forward(asForm(new URL(`/api/${method}`, url), request, args))).json();
      const args = request.method === "GET" ? url.searchParams : new URLSearchParams(
        Object.entries(await request.json()).map(([key, value]) => [
          key,
          String(value),
        ]),
      );
      const scopes = seed.strict_scopes ? granted.get(token) ?? [] : undefined;
      return Response.json(await searchedSlack(url.pathname.slice(5), args, ask, scopes));
    }
    if (request.method !== "GET") return undefined;
    const args = Object.fromEntries(url.searchParams);
    url.search = "";
    return asForm(url, request, args);
  });
}

function asForm(url: URL, { headers: own }: Request, args: Record<string, string>): Request {
  const headers = new Headers(own);
  headers.set("Content-Type", "application/x-www-form-urlencoded");
  return new Request(url, { method: "POST", headers, body: new URLSearchParams(args).toString() });
}

/** Linear, whose emulator knows less of its API than the tools ask for. */
export function startLinearEmulator(
  seed: Record<string, unknown> = {},
  port = freePort(),
  extras: LinearExtras = {},
): Promise<Emulator> {
  const answer = linearApi(extras);
  return startBehind("linear", seed, port, (request, forward) => {
    const isApi = new URL(request.url).pathname === "/graphql" && request.method === "POST";
    // Tests read past the code under test, and need no token for it.
    return isApi && request.headers.has("Authorization") ? answer(request, forward) : undefined;
  });
}

/** Seed for Linear: it knows its clients, where the others take anybody. */
export function linearClient(
  { clientId, clientSecret, redirectUri }: typeof CLIENT,
): Record<string, unknown> {
  return {
    oauth_apps: [{
      client_id: clientId,
      client_secret: clientSecret,
      name: "Switchboard",
      redirect_uris: [redirectUri],
      scopes: ["read", "write", "issues:create", "comments:create"],
      actor: "user",
    }],
  };
}

/** The form of the button that shows one of these logins or e-mail addresses. */
export function accountForm(page: Page, wanted: string[]): Form {
  const buttons = page.html.split(/<form\b/).slice(1).map((form) => form.split("</form>")[0] ?? "");
  // Whole words: octocat is not octocat2.
  const words = buttons.map((button) =>
    button.replace(/<input\b[^>]*>/g, " ").replace(/<[^>]*>/g, "\n").split(/[\s()]+/)
  );
  const form = page.forms[words.findIndex((shown) => wanted.some((name) => shown.includes(name)))];
  if (form === undefined) throw new Error(`No account ${wanted} on ${page.url}`);
  return form;
}

/** What comes back from a provider's sign-in page. */
export interface SignedIn {
  authorizationUrl: URL;
  code: string;
  state: string;
  verifier: string;
}

/** Signs in as one account at an emulated provider, as a browser does. */
export async function signIn(
  provider: Provider,
  account: string,
  scopes: string[],
): Promise<SignedIn> {
  const [state, verifier] = ["state-of-the-test", "v".repeat(64)];
  const authorizationUrl = await oauthFlowOf(provider).authorizationUrl({
    state,
    verifier,
    scopes,
  });
  const redirectUri = authorizationUrl.searchParams.get("redirect_uri") ?? "";
  const browser = new Browser();
  const page = await browser.open(authorizationUrl.href);
  const form = accountForm(page, [account]);
  const back = await browser.submit(page, { form, until: (url) => url.startsWith(redirectUri) });
  const answer = new URL(back.url).searchParams;
  return {
    authorizationUrl,
    code: answer.get("code") ?? "",
    state: answer.get("state") ?? "",
    verifier,
  };
}

/** The registered client of the tests. */
export const CLIENT = {
  clientId: "test-client",
  clientSecret: "test-secret",
  redirectUri: "http://localhost/callback",
};

/** An account that is connected to an emulator. */
export interface Connected extends AsyncDisposable {
  provider: Provider;
  signedIn: SignedIn;
  tokens: IssuedTokens;
  /** As the broker would keep them. */
  tokenSet: TokenSet;
  api: ApiClient;
}

/** Connects an account of an emulator: its sign-in page, and the code exchanged. */
export async function connect(
  module: ProviderModule,
  baseUrl: string,
  account: string,
  wanted?: string[],
): Promise<Connected> {
  const client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  const request: typeof fetch = (input, init) => fetch(input, { ...init, client });
  const provider = module.create({ ...CLIENT, baseUrl, fetch: request });
  const scopes = wanted ?? provider.services.flatMap((service) => service.scopes);
  const asked = new Set([...provider.identityScopes, ...scopes]);
  const signedIn = await signIn(provider, account, [...asked]);
  const tokens = issued(await oauthFlowOf(provider).exchange(signedIn.code, signedIn.verifier));
  const tokenSet = { ...tokens, issuedAt: 0, scopes: tokens.scopes ?? scopes };
  const api = createApiClient({
    world: testWorld(),
    provider,
    tokens: () => Promise.resolve(tokenSet),
    fetch: request,
    limit: new AbortController(),
  });
  return {
    provider,
    signedIn,
    tokens,
    tokenSet,
    api,
    [Symbol.asyncDispose]: () => Promise.resolve(client.close()),
  };
}

/** What was issued; anything else fails the test. */
export function issued(answer: TokenAnswer): IssuedTokens {
  if (answer.kind !== "issued") throw new Error(`Not issued: ${JSON.stringify(answer)}`);
  return answer.tokens;
}
