import type { CatalogueEntry } from "../bare_provider.ts";

export const atlassian: CatalogueEntry = {
  name: "atlassian",
  title: "Atlassian",
  console: "https://developer.atlassian.com/console/myapps/",
  docs: [
    "https://developer.atlassian.com/cloud/oauth/getting-started/implementing-oauth-3lo/",
    "https://developer.atlassian.com/cloud/oauth/getting-started/refresh-tokens/",
    "https://developer.atlassian.com/cloud/oauth/getting-started/making-calls-to-api/",
    "https://developer.atlassian.com/cloud/jira/platform/scopes-for-oauth-2-3LO-and-forge-apps/",
    "https://developer.atlassian.com/cloud/confluence/scopes-for-oauth-2-3LO-and-forge-apps/",
  ],
  docsRead: "2026-11-26",
  // `/me`, and the scopes of Confluence's second API, could not be read there.
  verified: "not verified",
  authorizationEndpoint: "https://auth.atlassian.com/authorize",
  tokenEndpoint: "https://auth.atlassian.com/oauth/token",
  clientAuthentication: "client_secret_post",
  tokenFormat: "json",
  authorizationParameters: {
    audience: "api.atlassian.com",
    prompt: "consent",
  },
  // 90 days in which nothing was refreshed; each refresh begins them anew (seen in the words of
  // Atlassian's developer support, community.developer.atlassian.com/t/60806).
  refreshIdleDays: 90,
  // offline_access: without it there is no refresh token.
  identityScopes: ["read:me", "offline_access"],
  services: [{
    name: "jira",
    title: "Jira",
    scopes: ["read:jira-work", "write:jira-work", "read:jira-user"],
    moreScopes: ["manage:jira-project", "manage:jira-configuration", "manage:jira-webhook"],
    apiUrl: "https://api.atlassian.com/ex/jira/{cloudid}",
  }, {
    name: "confluence",
    title: "Confluence",
    // Of its second API, which has these alone; search is in the first one only.
    scopes: [
      "read:page:confluence",
      "write:page:confluence",
      "read:space:confluence",
      "search:confluence",
    ],
    moreScopes: [
      "read:comment:confluence",
      "write:comment:confluence",
      "read:attachment:confluence",
      "read:confluence-content.all",
      "read:confluence-content.summary",
      "read:confluence-space.summary",
      "write:confluence-content",
      "write:confluence-space",
      "write:confluence-file",
    ],
    apiUrl: "https://api.atlassian.com/ex/confluence/{cloudid}",
  }],
  scopeTitles: {
    "read:jira-work": "Read your Jira projects and issues",
    "write:jira-work": "Create and change Jira issues",
    "read:jira-user": "See who works with you in Jira",
    "manage:jira-project": "Manage your Jira projects",
    "read:page:confluence": "Read your Confluence pages",
    "write:page:confluence": "Create and change Confluence pages",
    "read:space:confluence": "See your Confluence spaces",
    "search:confluence": "Search in Confluence",
    "read:confluence-content.all": "Read all of your Confluence content",
    "write:confluence-content": "Create and change Confluence content",
  },
  // Not with the 400 of RFC 6749; the second was seen in 2024.
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
  // All sites that the person has allowed, in no order; one of several products may be there twice.
  tenants: {
    url: "https://api.atlassian.com/oauth/token/accessible-resources",
    id: "id",
    label: "name",
    name: "cloudid",
    extraMembers: { site_url: "url" },
  },
  proxyHeaders: ["X-Atlassian-Token"],
};
