import type { CatalogueEntry } from "../bare_provider.ts";

export const vercel: CatalogueEntry = {
  name: "vercel",
  title: "Vercel",
  console: "https://vercel.com/dashboard/settings/apps",
  docs: [
    "https://vercel.com/docs/sign-in-with-vercel/authorization-server-api",
    "https://vercel.com/docs/sign-in-with-vercel/scopes-and-permissions",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  // "Sign in with Vercel", not an integration: that one's tokens come with an installation, and
  // there is nothing to refresh. PKCE is required.
  authorizationEndpoint: "https://vercel.com/oauth/authorize",
  tokenEndpoint: "https://api.vercel.com/login/oauth/token",
  clientAuthentication: "client_secret_post",
  // An access token takes its refresh token along.
  revocation: {
    url: "https://api.vercel.com/login/oauth/token/revoke",
    shows: "form",
    token: "refresh",
    client: "basic",
  },
  identityScopes: ["openid", "profile", "offline_access"],
  scopeTitles: {
    openid: "See who you are",
    profile: "See your name and picture",
    email: "See your e-mail address",
    offline_access: "Stay connected while you are away",
  },
  userinfo: {
    url: "https://api.vercel.com/login/oauth/userinfo",
    method: "POST",
    id: "sub",
    label: "preferred_username",
  },
  apiUrl: "https://api.vercel.com",
};
