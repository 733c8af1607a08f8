import type { CatalogueEntry } from "../bare_provider.ts";

export const close: CatalogueEntry = {
  name: "close",
  title: "Close",
  console: "https://app.close.com/settings/developer/",
  docs: [
    "https://developer.close.com/api/overview/oauth-authentication",
    "https://developer.close.com/integrations/create-an-oauth-app",
    "https://developer.close.com/api/resources/users/get-me",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://app.close.com/oauth2/authorize/",
  tokenEndpoint: "https://api.close.com/oauth2/token/",
  revocationEndpoint: "https://api.close.com/oauth2/revoke/",
  clientAuthentication: "client_secret_post",
  scopes: ["all.full_access"],
  // offline_access: without it there is no refresh token.
  identityScopes: ["offline_access"],
  scopeTitles: {
    "all.full_access": "See and change all that you can at Close",
    offline_access: "Stay connected while you are away",
  },
  // A person chooses one organization of several.
  extraMembers: { organization_id: "organization_id" },
  accountParts: ["organization_id"],
  userinfo: {
    url: "https://api.close.com/api/v1/me/",
    id: "id",
    label: "email",
  },
};
