import type { CatalogueEntry } from "../bare_provider.ts";

export const bitbucket: CatalogueEntry = {
  name: "bitbucket",
  title: "Bitbucket",
  console: "https://support.atlassian.com/bitbucket-cloud/docs/use-oauth-on-bitbucket-cloud/",
  docs: [
    "https://developer.atlassian.com/cloud/bitbucket/oauth-2",
    "https://developer.atlassian.com/cloud/bitbucket/rest/api-group-users/",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://bitbucket.org/site/oauth2/authorize",
  tokenEndpoint: "https://bitbucket.org/site/oauth2/access_token",
  clientAuthentication: "client_secret_basic_unencoded",
  // The scopes of the consumer are granted, whatever is asked for. It needs "Account: Read".
  scopeTitles: {
    account: "See who you are",
    repository: "Read your repositories",
    "repository:write": "Read and change your repositories",
    pullrequest: "See pull requests and comment on them",
    "pullrequest:write": "Create, merge and decline pull requests",
  },
  userinfo: {
    url: "https://api.bitbucket.org/2.0/user",
    id: "account_id",
    label: "display_name",
  },
};
