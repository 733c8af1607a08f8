/**
 * Slack: reading and writing in a person's own name, with a user token.
 *
 * https://docs.slack.dev/authentication/installing-with-oauth
 *
 * @module
 */

import type { Revocation } from "../../broker/core/authorization_server.ts";
import type { TokenSet } from "../../broker/core/connection.ts";
import { inOwnWords } from "../../broker/core/own_words.ts";
import { bearer, bearerHeaders } from "../authorize.ts";
import { OAuthClient, REVOCATION_TIMEOUT_MS } from "../oauth.ts";
import type { KnownTool, Provider, ProviderModule, ProviderSettings } from "../provider.ts";
import { type Ask, askWithin } from "../whose_account.ts";
import { apiError, refusalIn } from "./faults.ts";
import { DEFAULT, MORE, READ, SCOPE_NAMES, SCOPE_TITLES } from "./scopes.ts";

/** Refusals of a token request that are over by themselves. */
const PASSING = [
  "fatal_error",
  "internal_error",
  "org_login_required",
  "rate_limited",
  "ratelimited",
  "request_timeout",
  "service_unavailable",
  "team_added_to_org",
];

/** The `slack` provider. */
export const slack: ProviderModule = {
  name: "slack",
  console: "https://api.slack.com/apps",
  laterTools: {
    known: async () =>
      (await import("../known_tools/slack.json", { with: { type: "json" } }))
        .default as KnownTool[],
    load: async () => (await import("./tools.ts")).slackTools,
  },
  create(settings: ProviderSettings): Provider {
    const site = settings.baseUrl ?? "https://slack.com";
    const api = settings.apiUrl ?? `${site}/api`;
    const client = new OAuthClient({
      ...settings,
      authorizationEndpoint: `${site}/oauth/v2/authorize`,
      tokenEndpoint: `${site}/api/oauth.v2.access`,
      // For a token of the person's. Slack takes `scope` as a request for a bot's.
      scopeParameter: "user_scope",
      scopeSeparator: ",",
      liftAnswer: personsAnswer,
      errorCodes: {
        bad_client_secret: "invalid_client",
        invalid_client_id: "invalid_client",
        code_already_used: "invalid_grant",
        invalid_code: "invalid_grant",
        invalid_refresh_token: "invalid_grant",
        token_expired: "invalid_grant",
        token_revoked: "invalid_grant",
        ...Object.fromEntries(PASSING.map((code) => [code, "temporarily_unavailable"])),
      },
    });
    return {
      name: "slack",
      title: "Slack",
      services: [
        { name: "slack", title: "Slack", scopes: DEFAULT, moreScopes: MORE, readScopes: READ },
      ],
      scopeNames: SCOPE_NAMES,
      impliedScopes: {},
      scopeTitles: SCOPE_TITLES,
      identityScopes: [],
      credential: {
        ...client.flow(),
        // Of one token, says Slack; but without token rotation a person has one and the same for all.
        revokeAlone: undefined,
        async revoke(tokens) {
          const timeoutMs = REVOCATION_TIMEOUT_MS;
          const ask = askWithin({ fetch: settings.fetch, title: "Slack", timeoutMs });
          const revocation = await revokeToken(ask, api, tokens);
          if (revocation !== "expired") return revocation;
          const { refreshToken } = tokens;
          // Its tokens are for nothing but to be revoked: it need not outlive the person's patience.
          const renewed = refreshToken && await client.refresh(refreshToken, timeoutMs);
          const last = renewed && renewed.kind === "issued"
            ? await revokeToken(ask, api, renewed.tokens)
            : "expired";
          if (last !== "expired") return last;
          // With an expired token, and a refresh token that Slack does not take, nothing is left to revoke.
          const isOver = !renewed ||
            (renewed.kind === "rejected" && renewed.code === "invalid_grant");
          return isOver ? { kind: "revoked" } : { kind: "failed", reason: "Slack refused" };
        },
      },
      acceptsScope: (scope) => /^[a-z][a-z.:_]{0,60}$/.test(scope),
      async identify(tokens) {
        const ask = askWithin({ fetch: settings.fetch, title: "Slack" });
        const { AuthTest } = await import("./identity.ts");
        const answer = AuthTest.safeParse(await post(ask, `${api}/auth.test`, tokens));
        if (!answer.success) throw inOwnWords(new Error("Slack did not say who this is"));
        const { team_id, user_id, team, user } = answer.data;
        return { id: `${team_id}.${user_id}`, label: `${user} (${team})` };
      },
      tools: [],
      apiUrl: (path) => new URL(api + path),
      apiHeaders: { Accept: "application/json" },
      proxyHeaders: ["X-OAuth-Scopes", "X-Accepted-*"],
      authorize: bearer,
      apiError,
      refusalIn,
    };
  },
};

/**
 * The person's token from an answer that puts the bot's first. A refresh has it
 * at the top, and says so.
 *
 * https://docs.slack.dev/reference/methods/oauth.v2.access
 */
function personsAnswer(wire: Record<string, unknown>): Record<string, unknown> {
  const { authed_user, token_type } = wire;
  const person = typeof authed_user === "object" && authed_user !== null
    ? authed_user as Record<string, unknown>
    : {};
  const answer = token_type === "user" ? wire : person;
  // Slack calls the type "user", and wants the token as "Bearer".
  return { ...answer, token_type: "Bearer" };
}

function post(ask: Ask, url: string, tokens: Pick<TokenSet, "accessToken">): Promise<unknown> {
  const headers = bearerHeaders(tokens, { Accept: "application/json" });
  return ask(new URL(url).pathname, { url, method: "POST", headers });
}

/**
 * Revokes an access token. Slack refuses to revoke one that has expired, while
 * its refresh token lives on: that is the caller's to handle.
 *
 * https://docs.slack.dev/reference/methods/auth.revoke
 */
async function revokeToken(
  ask: Ask,
  api: string,
  tokens: Pick<TokenSet, "accessToken">,
): Promise<Revocation | "expired"> {
  try {
    const { Revoked } = await import("./identity.ts");
    const answer = Revoked.parse(await post(ask, `${api}/auth.revoke`, tokens));
    if (answer.ok && answer.revoked !== false) return { kind: "revoked" };
    if (answer.error === "token_expired") return "expired";
    const over = ["token_revoked", "invalid_auth", "account_inactive"];
    if (over.includes(answer.error ?? "")) return { kind: "revoked" };
    return { kind: "failed", reason: "Slack refused" };
  } catch {
    return { kind: "failed", reason: "Slack could not be reached" };
  }
}
