import type { CatalogueEntry } from "../bare_provider.ts";

export const calendly: CatalogueEntry = {
  name: "calendly",
  title: "Calendly",
  console: "https://developer.calendly.com/console/apps",
  docs: [
    "https://developer.calendly.com/api-docs/calendly-o-auth/o-auth/post-oauth-refresh-token",
    "https://developer.calendly.com/api-docs/calendly-o-auth/o-auth/post-oauth-revoke",
    "https://developer.calendly.com/docs/authentication/scopes",
  ],
  docsRead: "2026-11-25",
  verified: "documentation",
  authorizationEndpoint: "https://auth.calendly.com/oauth/authorize",
  tokenEndpoint: "https://auth.calendly.com/oauth/token",
  // With the client's secret in the body, unlike the token endpoint.
  revocation: {
    url: "https://auth.calendly.com/oauth/revoke",
    shows: "form",
    token: "refresh",
    client: "posted",
  },
  clientAuthentication: "client_secret_basic_unencoded",
  identityScopes: ["users:read"],
  scopeTitles: {
    "availability:read": "See when you are available",
    "event_types:read": "See your event types",
    "event_types:write": "Create and change event types",
    "scheduled_events:read": "See your meetings",
  },
  userinfo: {
    url: "https://api.calendly.com/users/me",
    id: "resource.uri",
    label: "resource.name",
  },
};
