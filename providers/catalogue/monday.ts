import type { CatalogueEntry } from "../bare_provider.ts";

export const monday: CatalogueEntry = {
  name: "monday",
  title: "monday.com",
  console: "https://monday.com/developers",
  docs: [
    "https://developer.monday.com/apps/docs/oauth",
    "https://developer.monday.com/apps/docs/migrating-to-the-new-oauth-flow",
    "https://developer.monday.com/api-reference/reference/me",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://auth.monday.com/oauth2/authorize",
  // Of its OAuth 2.1, which is switched on in the app. A refresh token is good once.
  tokenEndpoint: "https://auth.monday.com/oauth_ms/oauth/token",
  tokenFormat: "json",
  revocation: {
    url: "https://auth.monday.com/oauth_ms/oauth/revoke",
    shows: "json",
    token: "refresh",
    hint: true,
  },
  clientAuthentication: "client_secret_post",
  identityScopes: ["me:read"],
  scopeTitles: {
    "me:read": "See who you are",
    "boards:read": "See your boards",
    "boards:write": "Change your boards",
    "updates:read": "See updates and replies",
    "updates:write": "Post updates in your name",
    "docs:read": "See your docs",
    "users:read": "See who else is in your account",
    "workspaces:read": "See your workspaces",
  },
  userinfo: {
    url: "https://api.monday.com/v2",
    method: "POST",
    body: '{"query":"query { me { id name } }"}',
    id: "data.me.id",
    label: "data.me.name",
  },
  proxyHeaders: ["API-Version"],
};
