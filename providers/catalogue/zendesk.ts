import type { CatalogueEntry } from "../bare_provider.ts";

export const zendesk: CatalogueEntry = {
  name: "zendesk",
  title: "Zendesk",
  console: "https://support.zendesk.com/hc/en-us/articles/4408845965210",
  docs: [
    "https://developer.zendesk.com/api-reference/ticketing/oauth/grant_type_tokens/",
    "https://developer.zendesk.com/documentation/api-basics/authentication/refresh-token",
    "https://developer.zendesk.com/documentation/api-basics/authentication/revoking-oauth-token",
    "https://developer.zendesk.com/api-reference/ticketing/users/users/",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://{subdomain}.zendesk.com/oauth/authorizations/new",
  tokenEndpoint: "https://{subdomain}.zendesk.com/oauth/tokens",
  revocation: {
    url: "https://{subdomain}.zendesk.com/api/v2/oauth/tokens/current.json",
    shows: "bearer",
    method: "DELETE",
  },
  clientAuthentication: "client_secret_post",
  tokenFormat: "json",
  scopes: ["read"],
  identityScopes: ["users:read"],
  scopeTitles: {
    "users:read": "See who you are",
    read: "See your tickets and everything else",
    write: "Create, change and delete tickets and everything else",
    "tickets:read": "See your tickets",
    "tickets:write": "Create, change and delete tickets",
  },
  params: {
    subdomain: { title: "Subdomain, as in subdomain.zendesk.com", pattern: "[a-z0-9][a-z0-9-]*" },
  },
  hosts: ["*.zendesk.com"],
  userinfo: {
    url: "https://{subdomain}.zendesk.com/api/v2/users/me.json",
    id: "user.id",
    label: "user.email",
  },
  apiUrl: "https://{subdomain}.zendesk.com",
};
