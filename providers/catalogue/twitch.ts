import type { CatalogueEntry } from "../bare_provider.ts";

export const twitch: CatalogueEntry = {
  name: "twitch",
  title: "Twitch",
  console: "https://dev.twitch.tv/console/apps",
  docs: [
    "https://dev.twitch.tv/docs/authentication/getting-tokens-oauth/",
    "https://dev.twitch.tv/docs/authentication/refresh-tokens/",
    "https://dev.twitch.tv/docs/authentication/revoke-tokens/",
  ],
  docsRead: "2026-11-25",
  verified: "documentation",
  authorizationEndpoint: "https://id.twitch.tv/oauth2/authorize",
  tokenEndpoint: "https://id.twitch.tv/oauth2/token",
  revocation: {
    url: "https://id.twitch.tv/oauth2/revoke",
    shows: "form",
    client: "id",
  },
  // It does not take HTTP Basic.
  clientAuthentication: "client_secret_post",
  scopeTitles: {
    "user:read:email": "See your e-mail address",
    "user:read:follows": "See whom you follow",
    "chat:read": "Read chats",
    "chat:edit": "Write in chats",
    "channel:read:subscriptions": "See your subscribers",
  },
  deadGrants: [{
    member: "message",
    equals: "Invalid refresh token",
  }],
  userinfo: {
    url: "https://api.twitch.tv/helix/users",
    clientIdHeader: "Client-Id",
    id: "data.0.id",
    label: "data.0.display_name",
  },
  proxyHeaders: ["Client-Id"],
};
