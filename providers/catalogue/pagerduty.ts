import type { CatalogueEntry } from "../bare_provider.ts";

export const pagerduty: CatalogueEntry = {
  name: "pagerduty",
  title: "PagerDuty",
  console: "https://app.pagerduty.com/developer/apps",
  docs: [
    "https://developer.pagerduty.com/docs/oauth-functionality",
    "https://github.com/PagerDuty/developer-docs",
    "https://github.com/PagerDuty/api-schema",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  // Of apps with "Classic User OAuth": what a scoped app asks for, its own account alone may grant.
  // An app cannot end one person's access.
  authorizationEndpoint: "https://identity.pagerduty.com/oauth/authorize",
  tokenEndpoint: "https://identity.pagerduty.com/oauth/token",
  clientAuthentication: "client_secret_post",
  identityScopes: ["read"],
  scopeTitles: {
    read: "See everything that you see at PagerDuty",
    write: "See and change everything that you may at PagerDuty",
  },
  userinfo: {
    url: "https://api.pagerduty.com/users/me",
    headers: {
      Accept: "application/vnd.pagerduty+json;version=2",
    },
    id: "user.id",
    label: "user.email",
  },
};
