import type { CatalogueEntry } from "../bare_provider.ts";

export const typeform: CatalogueEntry = {
  name: "typeform",
  title: "Typeform",
  console: "https://admin.typeform.com/account#/section/developer-apps",
  docs: [
    "https://www.typeform.com/developers/get-started/applications/",
    "https://www.typeform.com/developers/get-started/scopes/",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://api.typeform.com/oauth/authorize",
  tokenEndpoint: "https://api.typeform.com/oauth/token",
  clientAuthentication: "client_secret_post",
  // It is not documented, and other brokers leave it out.
  pkce: false,
  // offline: without it there is no refresh token. There is no revocation.
  identityScopes: ["accounts:read", "offline"],
  scopeTitles: {
    "accounts:read": "See who you are",
    offline: "Stay connected while you are away",
    "forms:read": "See your forms",
    "forms:write": "Create and change forms",
    "responses:read": "See what was answered",
    "workspaces:read": "See your workspaces",
  },
  userinfo: {
    url: "https://api.typeform.com/me",
    id: "user_id",
    label: "email",
  },
};
