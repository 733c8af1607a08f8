import type { CatalogueEntry } from "../bare_provider.ts";

export const auth0: CatalogueEntry = {
  name: "auth0",
  title: "Auth0",
  console: "https://manage.auth0.com",
  docs: [
    "https://auth0.com/docs/api/authentication",
    "https://github.com/auth0/docs",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://{tenant}/authorize",
  tokenEndpoint: "https://{tenant}/oauth/token",
  // The tenant decides whether the refresh token ends alone, or with the whole grant.
  revocation: {
    url: "https://{tenant}/oauth/revoke",
    shows: "json",
    token: "refresh",
  },
  clientAuthentication: "client_secret_post",
  identityScopes: ["openid", "profile", "offline_access"],
  scopeTitles: {
    openid: "See who you are",
    profile: "See your name and picture",
    email: "See your e-mail address",
    offline_access: "Stay connected while you are away",
  },
  params: {
    tenant: {
      title: "Auth0 domain, such as acme.eu.auth0.com",
      pattern: "[a-z0-9][a-z0-9-]*(\\.[a-z0-9]+)?\\.auth0\\.com",
    },
  },
  hosts: ["*.auth0.com"],
  userinfo: {
    url: "https://{tenant}/userinfo",
    id: "sub",
    label: "name",
  },
  apiUrl: "https://{tenant}",
};
