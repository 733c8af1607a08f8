import type { CatalogueEntry } from "../bare_provider.ts";

export const freshbooks: CatalogueEntry = {
  name: "freshbooks",
  title: "FreshBooks",
  console: "https://my.freshbooks.com/#/developer",
  docs: [
    "https://www.freshbooks.com/api/authentication",
    "https://www.freshbooks.com/api/me_endpoint",
    "https://github.com/freshbooks/freshbooks-nodejs-sdk",
  ],
  docsRead: "2026-11-26",
  // The page of the revocation could not be read; it is as other brokers have it.
  verified: "not verified",
  authorizationEndpoint: "https://auth.freshbooks.com/oauth/authorize",
  tokenEndpoint: "https://api.freshbooks.com/auth/oauth/token",
  tokenFormat: "json",
  refreshesWithRedirectUri: true,
  revocation: {
    url: "https://api.freshbooks.com/auth/oauth/revoke",
    shows: "json",
    token: "refresh",
  },
  clientAuthentication: "client_secret_post",
  identityScopes: ["user:profile:read"],
  scopeTitles: {
    "user:profile:read": "See who you are",
    "user:clients:read": "See your clients",
    "user:clients:write": "Create, change and delete clients",
    "user:invoices:read": "See your invoices",
    "user:invoices:write": "Create, change and delete invoices",
    "user:expenses:read": "See your expenses",
  },
  userinfo: {
    url: "https://api.freshbooks.com/auth/api/v1/users/me",
    id: "response.id",
    label: "response.email",
  },
};
