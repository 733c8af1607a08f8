/**
 * GitHub: OAuth apps and GitHub Apps (whose user tokens expire and refresh).
 *
 * https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps
 *
 * @module
 */

import type { Revocation, TokenAnswer } from "../../broker/core/authorization_server.ts";
import type { TokenSet } from "../../broker/core/connection.ts";
import { bearer, bearerHeaders } from "../authorize.ts";
import { OAuthClient, REVOCATION_TIMEOUT_MS } from "../oauth.ts";
import type { KnownTool, Provider, ProviderModule, ProviderSettings } from "../provider.ts";
import { parseRetryAfter } from "../retry_after.ts";
import { askWithin } from "../whose_account.ts";
import { apiErrorOf } from "./errors.ts";
import { servesLogs } from "./log_places.ts";
import { IMPLIED } from "./scopes.ts";

const API_VERSION = "2022-11-28";
/**
 * Not GitHub's word, and never sent there. User tokens of a GitHub App begin with `ghu_` and have
 * no scopes: what they may is what the app was installed with.
 * https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app
 */
const APP_PERMISSIONS = "github_app";

/** The `github` provider. */
export const github: ProviderModule = {
  name: "github",
  console: "https://github.com/settings/developers",
  takesWebhookSecret: true,
  laterTools: {
    known: async () =>
      (await import("../known_tools/github.json", { with: { type: "json" } }))
        .default as KnownTool[],
    load: async () => (await import("./tools.ts")).githubTools,
  },
  create(settings: ProviderSettings): Provider {
    const { site, api } = placesOf(settings);
    const client = clientOf(settings);
    return {
      name: "github",
      title: "GitHub",
      services: [{ name: "github", title: "GitHub", scopes: ["repo"] }],
      scopeNames: { github: ["repo"], repo: ["repo"], public_repo: ["public_repo"] },
      impliedScopes: IMPLIED,
      scopeTitles: {
        repo: "Read and write repositories, issues and pull requests, private ones too",
        public_repo: "Read and write public repositories, issues and pull requests",
        user: "Read and change your profile",
        "read:user": "Read your profile",
        "user:email": "Read your e-mail addresses",
        [APP_PERMISSIONS]: "Do what the GitHub App was installed for",
      },
      unjudgedScope: APP_PERMISSIONS,
      identityScopes: [],
      signInScopes: ["read:user", "user:email"],
      credential: {
        ...client.flow(),
        async authorizationUrl(request) {
          const scopes = request.scopes.filter((scope) => scope !== APP_PERMISSIONS);
          const url = await client.authorizationUrl({ ...request, scopes });
          if (request.account !== undefined) url.searchParams.set("login", request.account);
          // https://github.blog/changelog/2024-06-07-account-picker-updates-for-oauth-and-github-app-sign-in/
          if (request.another === true) url.searchParams.set("prompt", "select_account");
          return url;
        },
        exchange: async (code, verifier) => ofApp(await client.exchange(code, verifier)),
        refresh: async (refreshToken) => ofApp(await client.refresh(refreshToken)),
        revoke: (tokens) => revokeAt(settings, `${api}/applications/%/grant`, tokens),
        revokeAlone: (tokens) => revokeToken(settings, tokens),
      },
      events: settings.webhookSecret === undefined ? undefined : {
        async read(delivery) {
          const { readGitHubEvent } = await import("./events.ts");
          return readGitHubEvent(settings.webhookSecret!, delivery);
        },
      },
      acceptsScope: (scope) => /^[a-z][a-z_:]{0,40}$/.test(scope),
      async identify(tokens) {
        const ask = askWithin({ fetch: settings.fetch, title: "GitHub" });
        const get = (path: string) =>
          ask(path, { url: api + path, headers: bearerHeaders(tokens, apiHeaders) });
        const { Emails, User } = await import("./identity.ts");
        const { id, login } = User.parse(await get("/user"));
        const account = { id: String(id), label: login };
        const isOfApp = tokens.scopes.includes(APP_PERMISSIONS);
        const mayRead = ["user", "user:email"].some((scope) => tokens.scopes.includes(scope));
        if (!mayRead && !isOfApp) return account;
        // Of an app it is not known whether it may: one that may not vouches for no address.
        const answer = get("/user/emails");
        const emails = Emails.parse(await (isOfApp ? answer.catch(() => []) : answer));
        const primary = emails.find(({ primary, verified }) => primary && verified);
        return primary === undefined ? account : { ...account, verifiedEmail: primary.email };
      },
      tools: [],
      apiUrl: (path) => new URL(api + path),
      apiHeaders,
      proxyHeaders: ["X-GitHub-*", "X-OAuth-Scopes", "X-Accepted-*", "X-Poll-Interval"],
      authorize: bearer,
      apiError: apiErrorOf({ site, clientId: settings.clientId }),
      servesElsewhere: servesLogs,
    };
  },
};

/** Sent with every request to the API. */
export const apiHeaders = {
  "Accept": "application/vnd.github+json",
  "User-Agent": "switchboard",
  "X-GitHub-Api-Version": API_VERSION,
};

/** Where people sign in, and where the API is. */
export function placesOf({ baseUrl, apiUrl }: ProviderSettings): { site: string; api: string } {
  return {
    site: baseUrl ?? "https://github.com",
    api: apiUrl ?? baseUrl ?? "https://api.github.com",
  };
}

/** The registered client, of an OAuth app or of a GitHub App. */
export function clientOf(settings: ProviderSettings): OAuthClient {
  const { site } = placesOf(settings);
  return new OAuthClient({
    ...settings,
    authorizationEndpoint: `${site}/login/oauth/authorize`,
    tokenEndpoint: `${site}/login/oauth/access_token`,
    issuer: `${site}/login/oauth`,
    errorCodes: {
      bad_refresh_token: "invalid_grant",
      bad_verification_code: "invalid_grant",
      incorrect_client_credentials: "invalid_client",
    },
  });
}

/** Ends a person's token alone, and leaves what else they have granted. */
export async function revokeToken(
  settings: ProviderSettings,
  tokens: Pick<TokenSet, "accessToken">,
): Promise<Revocation> {
  return await revokeAt(settings, `${placesOf(settings).api}/applications/%/token`, tokens);
}

/** The answer, with the scope of a GitHub App's token. */
function ofApp(answer: TokenAnswer): TokenAnswer {
  if (answer.kind !== "issued" || !answer.tokens.accessToken.startsWith("ghu_")) return answer;
  return { ...answer, tokens: { ...answer.tokens, scopes: [APP_PERMISSIONS] } };
}

/**
 * Deletes the person's whole grant, so that no other token of it survives, or
 * this token alone, where another connection hangs on the grant.
 * https://docs.github.com/en/rest/apps/oauth-applications#delete-an-app-authorization
 * https://docs.github.com/en/rest/apps/oauth-applications#delete-an-app-token
 */
async function revokeAt(
  { clientId, clientSecret, fetch }: ProviderSettings,
  endpoint: string,
  { accessToken }: Pick<TokenSet, "accessToken">,
): Promise<Revocation> {
  try {
    const response = await fetch(endpoint.replace("%", encodeURIComponent(clientId)), {
      method: "DELETE",
      headers: {
        ...apiHeaders,
        "Authorization": `Basic ${btoa(`${clientId}:${clientSecret}`)}`,
        "Content-Type": "application/json",
      },
      body: JSON.stringify({ access_token: accessToken }),
      redirect: "manual",
      signal: AbortSignal.timeout(REVOCATION_TIMEOUT_MS),
    });
    await response.body?.cancel();
    if (response.status === 204) return { kind: "revoked" };
    const retryAfter = parseRetryAfter(response.headers);
    return { kind: "failed", reason: `GitHub answered with status ${response.status}`, retryAfter };
  } catch {
    return { kind: "failed", reason: "GitHub could not be reached" };
  }
}
