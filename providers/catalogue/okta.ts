import type { CatalogueEntry } from "../bare_provider.ts";

export const okta: CatalogueEntry = {
  name: "okta",
  title: "Okta",
  console: "https://login.okta.com",
  docs: [
    "https://developer.okta.com/docs/guides/implement-grant-type/authcode/main/",
    "https://developer.okta.com/docs/guides/refresh-tokens/main/",
    "https://developer.okta.com/docs/guides/revoke-tokens/main/",
    "https://developer.okta.com/docs/guides/find-your-domain/main/",
    "https://github.com/okta/okta-developer-docs",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  // The organization's own authorization server, which opens Okta's API; not a custom one.
  authorizationEndpoint: "https://{domain}/oauth2/v1/authorize",
  tokenEndpoint: "https://{domain}/oauth2/v1/token",
  // A refresh token takes its access tokens along.
  revocation: {
    url: "https://{domain}/oauth2/v1/revoke",
    shows: "form",
    token: "refresh",
    hint: true,
  },
  clientAuthentication: "client_secret_basic_unencoded",
  identityScopes: ["openid", "profile", "offline_access"],
  scopeTitles: {
    openid: "See who you are",
    profile: "See your name",
    email: "See your e-mail address",
    offline_access: "Stay connected while you are away",
    "okta.users.read": "See the people of your organization",
    "okta.groups.read": "See the groups of your organization",
  },
  params: {
    domain: {
      title: "Okta domain, such as acme.okta.com",
      pattern: "[a-z0-9][a-z0-9-]*\\.(okta|okta-emea|oktapreview)\\.com",
    },
  },
  hosts: ["*.okta.com", "*.okta-emea.com", "*.oktapreview.com"],
  userinfo: {
    url: "https://{domain}/oauth2/v1/userinfo",
    id: "sub",
    label: "preferred_username",
  },
  apiUrl: "https://{domain}",
};
