import type { CatalogueEntry } from "../bare_provider.ts";

export const helpscout: CatalogueEntry = {
  name: "helpscout",
  title: "Help Scout",
  console: "https://secure.helpscout.net/members/apps/",
  docs: [
    "https://developer.helpscout.com/mailbox-api/overview/authentication/",
    "https://developer.helpscout.com/mailbox-api/endpoints/users/me/",
    "https://github.com/helpscout/helpscout-api-php",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://secure.helpscout.net/authentication/authorizeClientApplication",
  tokenEndpoint: "https://api.helpscout.net/v2/oauth2/token",
  clientAuthentication: "client_secret_post",
  // There are no scopes, and no revocation.
  userinfo: {
    url: "https://api.helpscout.net/v2/users/me",
    id: "id",
    label: "email",
  },
};
