import type { CatalogueEntry } from "../bare_provider.ts";

export const sentry: CatalogueEntry = {
  name: "sentry",
  title: "Sentry",
  console: "https://sentry.io/settings/account/api/applications/",
  docs: [
    "https://github.com/getsentry/sentry/blob/master/src/sentry/web/frontend/oauth_token.py",
    "https://github.com/getsentry/sentry/blob/master/src/sentry/web/frontend/oauth_revoke.py",
    "https://github.com/getsentry/sentry-mcp",
  ],
  docsRead: "2026-11-26",
  // Read in the source: there is no page for applications that are no integrations.
  verified: "documentation",
  authorizationEndpoint: "https://sentry.io/oauth/authorize/",
  tokenEndpoint: "https://sentry.io/oauth/token/",
  // Either token takes the other along.
  revocation: {
    url: "https://sentry.io/oauth/revoke/",
    shows: "form",
    token: "refresh",
    hint: true,
  },
  clientAuthentication: "client_secret_post",
  identityScopes: ["org:read"],
  scopeTitles: {
    "org:read": "See your organizations",
    "project:read": "See your projects",
    "project:write": "Change your projects",
    "team:read": "See your teams",
    "member:read": "See the members of your organizations",
    "event:read": "See issues and events",
    "event:write": "Change issues and events",
  },
  userinfo: {
    url: "https://sentry.io/api/0/auth/",
    id: "id",
    label: "email",
  },
};
