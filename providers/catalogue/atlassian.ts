import type { CatalogueEntry } from "../bare_provider.ts";

export const atlassian: CatalogueEntry = {
  name: "atlassian",
  title: "Atlassian",
  console: "https://developer.atlassian.com/console/myapps/",
  docs: ["https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/"],
  docsRead: "2026-11-25",
  verified: "not verified",
  authorizationEndpoint: "https://auth.atlassian.com/authorize",
  tokenEndpoint: "https://auth.atlassian.com/oauth/token",
  clientAuthentication: "client_secret_post",
  authorizationParameters: {
    audience: "api.atlassian.com",
    prompt: "consent",
  },
  // offline_access: without it there is no refresh token.
  identityScopes: ["read:me", "offline_access"],
  scopeTitles: {
    "read:jira-work": "Read your Jira projects and issues",
    "write:jira-work": "Create and change Jira issues",
    "read:confluence-content.all": "Read your Confluence pages",
  },
  // Not with the 400 of RFC 6749.
  deadGrants: [{
    status: 403,
    member: "error",
    equals: "invalid_grant",
  }, {
    status: 403,
    member: "error_description",
    contains: "refresh_token is invalid",
  }],
  userinfo: {
    url: "https://api.atlassian.com/me",
    id: "account_id",
    label: "email",
  },
  proxyHeaders: ["X-Atlassian-Token"],
};
