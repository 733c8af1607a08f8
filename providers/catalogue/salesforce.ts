import type { CatalogueEntry } from "../bare_provider.ts";

export const salesforce: CatalogueEntry = {
  name: "salesforce",
  title: "Salesforce",
  console: "https://login.salesforce.com",
  docs: [
    "https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_web_server_flow.htm",
    "https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_using_userinfo_endpoint.htm",
    "https://developer.salesforce.com/docs/platform/mobile-sdk/guide/oauth-revoking-tokens.html",
    "https://developer.salesforce.com/docs/atlas.en-us.chatterapi.meta/chatterapi/intro_oauth_tokens.htm",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://login.salesforce.com/services/oauth2/authorize",
  tokenEndpoint: "https://login.salesforce.com/services/oauth2/token",
  revocationEndpoint: "https://login.salesforce.com/services/oauth2/revoke",
  revokesWithoutClient: true,
  clientAuthentication: "client_secret_post",
  scopes: ["api"],
  identityScopes: ["openid", "refresh_token"],
  scopeTitles: {
    openid: "See who you are",
    refresh_token: "Stay connected while you are away",
    api: "See and change your Salesforce data",
  },
  userinfo: {
    url: "https://login.salesforce.com/services/oauth2/userinfo",
    id: "user_id",
    label: "preferred_username",
  },
  // Where the organization is; it can move.
  extraMembers: { instance_url: "instance_url" },
  hosts: ["*.salesforce.com"],
  apiUrl: "{instance_url}",
};
