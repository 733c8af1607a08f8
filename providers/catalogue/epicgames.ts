import type { CatalogueEntry } from "../bare_provider.ts";

export const epicgames: CatalogueEntry = {
  name: "epicgames",
  title: "Epic Games",
  console: "https://dev.epicgames.com/portal",
  docs: ["https://dev.epicgames.com/docs/web-api-ref/authentication"],
  docsRead: "2026-11-25",
  verified: "not verified",
  authorizationEndpoint: "https://www.epicgames.com/id/authorize",
  tokenEndpoint: "https://api.epicgames.dev/epic/oauth/v2/token",
  revocationEndpoint: "https://api.epicgames.dev/epic/oauth/v2/revoke",
  clientAuthentication: "client_secret_basic_unencoded",
  identityScopes: ["basic_profile"],
  scopeTitles: {
    friends_list: "See your friends",
    presence: "See whether your friends are online",
  },
  deadGrants: [{
    member: "errorCode",
    contains: "invalid_refresh_token",
  }],
  userinfo: {
    url: "https://api.epicgames.dev/epic/oauth/v2/userInfo",
    id: "sub",
    label: "preferred_username",
  },
};
