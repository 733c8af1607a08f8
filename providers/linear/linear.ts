/**
 * Linear: issues of one workspace.
 *
 * https://linear.app/developers/oauth-2-0-authentication
 *
 * @module
 */

import { bearer, bearerHeaders } from "../authorize.ts";
import { OAuthClient } from "../oauth.ts";
import type { KnownTool, Provider, ProviderModule, ProviderSettings } from "../provider.ts";
import { askWithin } from "../whose_account.ts";
import { apiError, refusalIn } from "./faults.ts";

/** The `linear` provider. */
export const linear: ProviderModule = {
  name: "linear",
  console: "https://linear.app/settings/api/applications/new",
  laterTools: {
    known: async () =>
      (await import("../known_tools/linear.json", { with: { type: "json" } }))
        .default as KnownTool[],
    load: async () => (await import("./tools.ts")).linearTools,
  },
  create(settings: ProviderSettings): Provider {
    const site = settings.baseUrl ?? "https://linear.app";
    const host = settings.baseUrl ?? "https://api.linear.app";
    const api = settings.apiUrl ?? host;
    const client = new OAuthClient({
      ...settings,
      authorizationEndpoint: `${site}/oauth/authorize`,
      tokenEndpoint: `${host}/oauth/token`,
      revocationEndpoint: `${host}/oauth/revoke`,
      clientAuthentication: "client_secret_basic",
      scopeSeparator: ",",
      // Without it Linear sends a person who has consented once straight back, with the same account and
      // the same scopes.
      authorizationParameters: { prompt: "consent" },
    });
    return {
      name: "linear",
      title: "Linear",
      services: [{
        name: "linear",
        title: "Linear",
        scopes: ["read", "write"],
        readScopes: ["read"],
      }],
      scopeNames: {
        linear: ["read", "write"],
        "linear.create": ["read", "issues:create", "comments:create"],
        "linear.readonly": ["read"],
      },
      impliedScopes: {
        admin: ["write"],
        write: ["read", "issues:create", "comments:create"],
        // Linear gives it with every other one.
        "issues:create": ["read"],
        "comments:create": ["read"],
      },
      scopeTitles: {
        read: "See your workspace's issues, projects and people",
        write: "Create and change issues, projects and comments",
        "issues:create": "Create issues",
        "comments:create": "Comment on issues",
      },
      identityScopes: ["read"],
      credential: {
        ...client.flow(),
        revokeAlone: undefined,
        async revoke({ accessToken, refreshToken }) {
          // Linear does not say whether revoking one token ends the other: both are revoked.
          const tokens = refreshToken === undefined ? [accessToken] : [refreshToken, accessToken];
          const answers = await Promise.all(tokens.map((token) => client.revoke(token)));
          return answers.find(({ kind }) => kind !== "revoked") ?? { kind: "revoked" };
        },
      },
      acceptsScope: (scope) => /^[a-zA-Z]{1,30}(:[a-zA-Z]{1,30})?$/.test(scope),
      async identify(tokens) {
        const ask = askWithin({ fetch: settings.fetch, title: "Linear" });
        const answer = await ask("the viewer", {
          url: `${api}/graphql`,
          method: "POST",
          headers: bearerHeaders(tokens, {
            "Accept": "application/json",
            "Content-Type": "application/json",
          }),
          body: JSON.stringify({ query: "query Viewer { viewer { id name email } }" }),
        });
        const { Viewer } = await import("./identity.ts");
        const { id, name, email } = Viewer.parse(answer).data.viewer;
        return { id, label: email || name };
      },
      tools: [],
      apiUrl: (path) => new URL(api + path),
      apiHeaders: { Accept: "application/json" },
      proxyHeaders: ["Public-File-URLs-Expire-In", "X-Complexity"],
      authorize: bearer,
      apiError,
      refusalIn,
    };
  },
};
