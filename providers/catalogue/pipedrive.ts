import type { CatalogueEntry } from "../bare_provider.ts";

export const pipedrive: CatalogueEntry = {
  name: "pipedrive",
  title: "Pipedrive",
  console: "https://app.pipedrive.com/developer-hub",
  docs: [
    "https://pipedrive.readme.io/docs/marketplace-oauth-authorization",
    "https://developers.pipedrive.com/docs/api/v1/Oauth",
    "https://pipedrive.readme.io/docs/marketplace-getting-user-data",
    "https://github.com/pipedrive/client-nodejs",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://oauth.pipedrive.com/oauth/authorize",
  tokenEndpoint: "https://oauth.pipedrive.com/oauth/token",
  // Of a refresh token it uninstalls the app.
  revocation: {
    url: "https://oauth.pipedrive.com/oauth/revoke",
    shows: "form",
    token: "refresh",
    hint: true,
  },
  clientAuthentication: "client_secret_basic_unencoded",
  // 60 days in which it was not used; each use begins them anew (api/v1/Oauth).
  refreshIdleDays: 60,
  // It is not documented, and other brokers leave it out.
  pkce: false,
  // The scopes of the app are granted. A person's number is that of several companies.
  userinfo: {
    url: "https://api.pipedrive.com/v1/users/me",
    id: "data.company_id data.id",
    label: "data.name data.company_name",
  },
  // Where the company is.
  extraMembers: { api_domain: "api_domain" },
  hosts: ["*.pipedrive.com"],
  apiUrl: "{api_domain}",
};
