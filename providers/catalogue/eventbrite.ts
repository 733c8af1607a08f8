import type { CatalogueEntry } from "../bare_provider.ts";

export const eventbrite: CatalogueEntry = {
  name: "eventbrite",
  title: "Eventbrite",
  console: "https://www.eventbrite.com/account-settings/apps",
  docs: [
    "https://www.eventbrite.com/platform/api",
    "https://github.com/eventbrite/eventbrite-sdk-javascript",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  // There are no scopes, no refresh token and no revocation.
  authorizationEndpoint: "https://www.eventbrite.com/oauth/authorize",
  tokenEndpoint: "https://www.eventbrite.com/oauth/token",
  clientAuthentication: "client_secret_post",
  tokensNeverEnd: true,
  userinfo: {
    url: "https://www.eventbriteapi.com/v3/users/me/",
    id: "id",
    label: "name",
  },
};
