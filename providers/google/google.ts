/**
 * Google: Gmail, Calendar and Drive on one connection.
 *
 * https://developers.google.com/identity/protocols/oauth2/web-server
 *
 * @module
 */

import type { KnownEnds } from "../../broker/core/authorization_server.ts";
import { bearer, bearerHeaders } from "../authorize.ts";
import { OAuthClient } from "../oauth.ts";
import type { KnownTool, Provider, ProviderModule, ProviderSettings } from "../provider.ts";
import { askWithin } from "../whose_account.ts";
import { apiError, refusalIn } from "./api_error.ts";
import type { GoogleEvents } from "./events.ts";
import { acceptsScope, impliedScopes, scopeNames, scopeTitles, services } from "./scopes.ts";

const DAY_MS = 24 * 60 * 60_000;
/**
 * "The refresh token has not been used for six months", and of an app in testing: it "is issued a
 * refresh token expiring in 7 days, unless the only OAuth scopes requested are a subset of name,
 * email address, and user profile". A grant for a limited time is said by the token answer.
 *
 * https://developers.google.com/identity/protocols/oauth2#expiration
 */
const UNUSED: KnownEnds = { idleMs: 180 * DAY_MS };
const TESTED: KnownEnds = {
  max: {
    ms: 7 * DAY_MS,
    reason: "test_mode",
    spares: [
      ...["openid", "email", "profile"],
      "https://www.googleapis.com/auth/userinfo.email",
      "https://www.googleapis.com/auth/userinfo.profile",
    ],
  },
};

/** The `google` provider. */
export const google: ProviderModule = {
  name: "google",
  console: "https://console.cloud.google.com/apis/credentials",
  hasTestMode: true,
  laterTools: {
    known: async () =>
      (await import("../known_tools/google.json", { with: { type: "json" } }))
        .default as KnownTool[],
    load: async () => (await import("./tools.ts")).googleTools,
  },
  create(settings: ProviderSettings): Provider {
    const base = settings.baseUrl;
    const api = settings.apiUrl ?? base;
    const client = new OAuthClient({
      ...settings,
      authorizationEndpoint: `${base ?? "https://accounts.google.com"}/o/oauth2/v2/auth`,
      tokenEndpoint: base ? `${base}/oauth2/token` : "https://oauth2.googleapis.com/token",
      revocationEndpoint: base ? `${base}/oauth2/revoke` : "https://oauth2.googleapis.com/revoke",
      authorizationParameters: {
        // Without these two Google sends no refresh token the second time (seen November 2026).
        access_type: "offline",
        prompt: "consent",
      },
      issuer: base ?? "https://accounts.google.com",
    });
    // Its code is loaded with the first delivery.
    let told: GoogleEvents | undefined;
    return {
      name: "google",
      title: "Google",
      services,
      scopeNames,
      impliedScopes,
      scopeTitles,
      identityScopes: ["openid", "email"],
      signInScopes: ["openid", "email"],
      knownEnds: settings.isTesting ? { ...UNUSED, ...TESTED } : UNUSED,
      credential: {
        ...client.flow(),
        async authorizationUrl(request) {
          const url = await client.authorizationUrl(request);
          // What was granted earlier stays in the new token, so that a second service can be added.
          if (request.alone !== true) url.searchParams.set("include_granted_scopes", "true");
          if (request.another === true) url.searchParams.set("prompt", "select_account consent");
          if (request.account !== undefined) url.searchParams.set("login_hint", request.account);
          return url;
        },
      },
      events: {
        async read(delivery) {
          const { GoogleEvents } = await import("./events.ts");
          const origin = base ?? "https://accounts.google.com";
          const { clientId, fetch } = settings;
          told ??= new GoogleEvents({ origin, clientId, fetch });
          return await told.read(delivery);
        },
      },
      acceptsScope,
      async identify(tokens) {
        const url = `${api ?? "https://www.googleapis.com"}/oauth2/v2/userinfo`;
        const ask = askWithin({ fetch: settings.fetch, title: "Google" });
        const { UserInfo } = await import("./identity.ts");
        return UserInfo.parse(await ask("userinfo", { url, headers: bearerHeaders(tokens) }));
      },
      tools: [],
      apiUrl: (path) => new URL((api ?? hostOf(path)) + path),
      apiHosts: [...new Set(["/", "/gmail/"].map((path) => new URL(api ?? hostOf(path)).host))],
      apiHeaders: { Accept: "application/json" },
      proxyHeaders: [
        "X-Goog-FieldMask",
        "X-Goog-Upload-*",
        "X-Goog-User-Project",
        "X-Upload-Content-*",
      ],
      authorize: bearer,
      apiError,
      refusalIn,
    };
  },
};

function hostOf(path: string): string {
  return /^\/(upload\/)?gmail\//.test(path)
    ? "https://gmail.googleapis.com"
    : "https://www.googleapis.com";
}
