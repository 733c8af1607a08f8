/**
 * Providers that arctic knows and that need no code of their own: broker only,
 * there as soon as `<NAME>_CLIENT_ID` and `<NAME>_CLIENT_SECRET` are set.
 *
 * @module
 */

import { createHash } from "node:crypto";
import * as arctic from "arctic";
import type { OAuth2Tokens } from "arctic";
import type { OAuthFlow, TokenAnswer } from "../broker/core/authorization_server.ts";
import { bareProvider, type Userinfo } from "./bare_provider.ts";
import { Exchange, EXCHANGE_TIMEOUT_MS, REVOCATION_TIMEOUT_MS } from "./exchange.ts";
import type { ProviderModule, ProviderSettings } from "./provider.ts";

/** arctic's class, our title, and where the API tells who the account is. */
type Entry = [className: keyof typeof arctic, title: string, userinfo?: Userinfo];

/** By the name in paths. Without a userinfo there is one account per user. */
const ENTRIES: Record<string, Entry> = {
  atlassian: ["Atlassian", "Atlassian", {
    url: "https://api.atlassian.com/me",
    id: "account_id",
    label: "email",
  }],
  autodesk: ["Autodesk", "Autodesk"],
  box: ["Box", "Box", { url: "https://api.box.com/2.0/users/me", id: "id", label: "login" }],
  bungie: ["Bungie", "Bungie"],
  coinbase: ["Coinbase", "Coinbase", {
    url: "https://api.coinbase.com/v2/user",
    id: "data.id",
    label: "data.name",
  }],
  discord: ["Discord", "Discord", {
    url: "https://discord.com/api/users/@me",
    id: "id",
    label: "username",
  }],
  dropbox: ["Dropbox", "Dropbox"],
  epicgames: ["EpicGames", "Epic Games"],
  figma: ["Figma", "Figma", { url: "https://api.figma.com/v1/me", id: "id", label: "email" }],
  fortytwo: ["FortyTwo", "42"],
  intuit: ["Intuit", "Intuit"],
  kakao: ["Kakao", "Kakao"],
  kick: ["Kick", "Kick"],
  line: ["Line", "LINE", {
    url: "https://api.line.me/v2/profile",
    id: "userId",
    label: "displayName",
  }],
  linkedin: ["LinkedIn", "LinkedIn", {
    url: "https://api.linkedin.com/v2/userinfo",
    id: "sub",
    label: "name",
  }],
  osu: ["Osu", "osu!", { url: "https://osu.ppy.sh/api/v2/me", id: "id", label: "username" }],
  patreon: ["Patreon", "Patreon", {
    url: "https://www.patreon.com/api/oauth2/v2/identity",
    id: "data.id",
    label: "data.id",
  }],
  polar: ["Polar", "Polar"],
  reddit: ["Reddit", "Reddit", {
    url: "https://oauth.reddit.com/api/v1/me",
    id: "id",
    label: "name",
  }],
  roblox: ["Roblox", "Roblox", {
    url: "https://apis.roblox.com/oauth/v1/userinfo",
    id: "sub",
    label: "preferred_username",
  }],
  spotify: ["Spotify", "Spotify", {
    url: "https://api.spotify.com/v1/me",
    id: "id",
    label: "display_name",
  }],
  strava: ["Strava", "Strava", {
    url: "https://www.strava.com/api/v3/athlete",
    id: "id",
    label: "username",
  }],
  tiltify: ["Tiltify", "Tiltify"],
  tumblr: ["Tumblr", "Tumblr"],
  twitch: ["Twitch", "Twitch"],
  twitter: ["Twitter", "Twitter", {
    url: "https://api.twitter.com/2/users/me",
    id: "data.id",
    label: "data.username",
  }],
  yahoo: ["Yahoo", "Yahoo"],
  yandex: ["Yandex", "Yandex", { url: "https://login.yandex.ru/info", id: "id", label: "login" }],
  zoom: ["Zoom", "Zoom", { url: "https://api.zoom.us/v2/users/me", id: "id", label: "email" }],
};

/** One module per entry. */
export const arcticModules: ProviderModule[] = Object.entries(ENTRIES).map(
  ([name, [className, title, userinfo]]) => ({
    name,
    console: `arctic's ${className}`,
    create: (settings) =>
      bareProvider({
        name,
        title,
        flow: arcticFlow(className, settings),
        scopes: [],
        fetch: settings.fetch,
        apiUrl: settings.apiUrl ?? settings.baseUrl ?? (userinfo && new URL(userinfo.url).origin),
        ...(userinfo === undefined ? {} : { userinfo }),
      }),
  }),
);

/** What arctic's classes have in common; how many arguments they take tells who knows PKCE. */
interface ArcticClient {
  createAuthorizationURL(...args: unknown[]): URL;
  validateAuthorizationCode(...args: unknown[]): Promise<OAuth2Tokens>;
  refreshAccessToken(refreshToken: string): Promise<OAuth2Tokens>;
  revokeToken?(token: string): Promise<void>;
}

function arcticFlow(
  className: keyof typeof arctic,
  { clientId, clientSecret, redirectUri, fetch }: ProviderSettings,
): OAuthFlow {
  const Class = arctic[className] as unknown as new (...args: string[]) => ArcticClient;
  const client = new Class(clientId, clientSecret, redirectUri);
  const exchangeWith = (extra: Record<string, string>, timeoutMs?: number) =>
    new Exchange({
      fetch,
      prepare(_headers, body) {
        for (const [name, value] of Object.entries(extra)) body.set(name, value);
      },
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
  return {
    kind: "oauth",
    authorizationUrl({ state, verifier, scopes }) {
      const url = client.createAuthorizationURL.length > 2
        ? client.createAuthorizationURL(state, verifier, scopes)
        : client.createAuthorizationURL(state, scopes);
      // Always, even where a provider ignores it (RFC 7636 §4.2).
      const challenge = createHash("sha256").update(verifier).digest("base64url");
      url.searchParams.set("code_challenge", challenge);
      url.searchParams.set("code_challenge_method", "S256");
      return url;
    },
    exchange(code, verifier): Promise<TokenAnswer> {
      const args = client.validateAuthorizationCode.length > 1 ? [code, verifier] : [code];
      return exchangeWith({ code_verifier: verifier }, EXCHANGE_TIMEOUT_MS)
        .ask(() => client.validateAuthorizationCode(...args));
    },
    refresh: (refreshToken) => exchangeWith({}).ask(() => client.refreshAccessToken(refreshToken)),
    async revoke({ refreshToken, accessToken }) {
      if (client.revokeToken === undefined) return { kind: "unsupported" };
      const token = refreshToken ?? accessToken;
      return await exchangeWith({}, REVOCATION_TIMEOUT_MS).revoke(() => client.revokeToken!(token));
    },
  };
}
