/**
 * Installations of a GitHub App as connections: the app acts as itself in the
 * repositories that it was installed for, and not in the name of a person. Who
 * connects one signs in, so that GitHub says which ones they may see; their own
 * token is ended at once.
 *
 * https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/authenticating-as-a-github-app-installation
 *
 * @module
 */

import type { OAuthFlow, TokenAnswer } from "../../broker/core/authorization_server.ts";
import type { Extra } from "../../broker/core/connection.ts";
import { inOwnWords, saidOf } from "../../broker/core/own_words.ts";
import { bearer } from "../authorize.ts";
import { OAuthClient } from "../oauth.ts";
import type { KnownTool, Provider, ProviderModule, ProviderSettings } from "../provider.ts";
import { apiErrorOf } from "./errors.ts";
import { apiHeaders, clientOf, placesOf, revokeToken } from "./github.ts";
import {
  type AppDeps,
  endToken,
  installationOf,
  installPage,
  issueToken,
  maySpeakFor,
  privateKeyFault,
} from "./installation.ts";
import { servesLogs } from "./log_places.ts";

/** Not GitHub's word, and never sent there: what it may is said where it is installed. */
const INSTALLED = "installation";
/** A login: of a user, or of an organization. */
const OWNER = /^[A-Za-z0-9][A-Za-z0-9_-]{0,38}$/;

/** The `github_app` provider. */
export const githubApp: ProviderModule = {
  name: "github_app",
  console: "https://github.com/settings/apps",
  privateKeyFault,
  laterTools: {
    known: async () =>
      (await import("../known_tools/github_app.json", { with: { type: "json" } }))
        .default as KnownTool[],
    load: async () => (await import("./app_tools.ts")).githubAppTools,
  },
  create(settings: ProviderSettings): Provider {
    const { site, api } = placesOf(settings);
    const deps: AppDeps = { settings, api, headers: apiHeaders };
    const client = clientOf(settings);
    return {
      name: "github_app",
      // People sign in there; what they connect is the app.
      title: "GitHub",
      services: [{ name: "github_app", title: "GitHub App", scopes: [INSTALLED] }],
      scopeNames: {},
      impliedScopes: {},
      scopeTitles: { [INSTALLED]: "Do in the repositories there what the app was installed for" },
      identityScopes: [],
      params: { owner: { title: "GitHub user or organization", pattern: OWNER } },
      credential: flowOf(client, deps),
      acceptsScope: () => false,
      identify({ renewal, extra = {} }) {
        if (renewal === undefined) throw inOwnWords(new Error("No installation is known"));
        const { account: label = renewal.id } = extra;
        return Promise.resolve({ id: renewal.id, label });
      },
      tools: [],
      apiUrl: (path) => new URL(api + path),
      apiHeaders,
      proxyHeaders: ["X-GitHub-*", "X-Accepted-*", "X-Poll-Interval"],
      authorize: bearer,
      apiError: apiErrorOf({ site, clientId: settings.clientId }),
      servesElsewhere: servesLogs,
    };
  },
};

function flowOf(client: OAuthClient, deps: AppDeps): OAuthFlow {
  const end: OAuthFlow["revoke"] = ({ accessToken }) => endToken(deps, accessToken);
  return {
    ...client.flow(),
    authorizationUrl: (request) => client.authorizationUrl({ ...request, scopes: [] }),
    async exchange(code, verifier, params = {}) {
      const answer = await client.exchange(code, verifier);
      if (answer.kind !== "issued") return answer;
      const { accessToken } = answer.tokens;
      const issued = await installed(deps, accessToken, params);
      // It has said whose installations its owner may see, and is for nothing else.
      await revokeToken(deps.settings, { accessToken });
      return issued;
    },
    // There is no refresh token.
    refresh: () => Promise.resolve({ kind: "rejected", code: "invalid_grant" }),
    reissue: ({ id }) => issueToken(deps, id),
    revoke: end,
    // Each of its tokens is one alone.
    revokeAlone: end,
  };
}

/** A token of the installation that was meant, if the person may see it. */
async function installed(
  deps: AppDeps,
  userToken: string,
  { owner = "" }: Extra,
): Promise<TokenAnswer> {
  try {
    const found = await installationOf(deps, userToken, owner);
    if (found === undefined) {
      const page = await installPage(deps);
      return { kind: "rejected", code: "not_installed", page };
    }
    const answer = await issueToken(deps, found.id);
    if (answer.kind !== "issued") return answer;
    const { accessToken } = answer.tokens;
    let may = false;
    try {
      may = await maySpeakFor(deps, userToken, found, accessToken);
    } finally {
      if (!may) await endToken(deps, accessToken);
    }
    if (!may) return { kind: "rejected", code: "not_its_owner" };
    const extra = { installation_id: found.id, account: found.owner };
    return { ...answer, tokens: { ...answer.tokens, scopes: [INSTALLED], extra } };
  } catch (error) {
    return { kind: "failed", reason: saidOf(error) };
  }
}
