import type { CatalogueEntry } from "../bare_provider.ts";

export const hubspot: CatalogueEntry = {
  name: "hubspot",
  title: "HubSpot",
  console: "https://app.hubspot.com/developer-projects",
  docs: [
    "https://developers.hubspot.com/docs/api-reference/latest/authentication/manage-oauth-tokens",
    "https://developers.hubspot.com/docs/api-reference/latest/authentication/oauth-tokens/revoke-token",
    "https://developers.hubspot.com/docs/api-reference/latest/account/account-information/guide",
    "https://developers.hubspot.com/changelog/v1-oauth-api-deprecation",
  ],
  docsRead: "2026-11-25",
  verified: "documentation",
  authorizationEndpoint: "https://app.hubspot.com/oauth/authorize",
  tokenEndpoint: "https://api.hubapi.com/oauth/2026-03/token",
  // Of refresh tokens alone.
  revocation: {
    url: "https://api.hubapi.com/oauth/2026-03/token/revoke",
    shows: "form",
    token: "refresh",
    hint: true,
  },
  clientAuthentication: "client_secret_post",
  identityScopes: ["oauth"],
  scopeTitles: {
    "crm.objects.contacts.read": "See your contacts",
    "crm.objects.contacts.write": "Create and change contacts",
    "crm.objects.companies.read": "See your companies",
    "crm.objects.deals.read": "See your deals",
    "crm.objects.deals.write": "Create and change deals",
    tickets: "See and change tickets",
  },
  // Beside an error code that was not always invalid_grant.
  deadGrants: [{
    member: "status",
    equals: "BAD_REFRESH_TOKEN",
  }],
  // The account that the app is installed in, not the person.
  userinfo: {
    url: "https://api.hubapi.com/account-info/2026-03/details",
    id: "portalId",
    label: "portalId",
  },
};
