import type { CatalogueEntry } from "../bare_provider.ts";

export const mailchimp: CatalogueEntry = {
  name: "mailchimp",
  title: "Mailchimp",
  console: "https://admin.mailchimp.com/account/oauth2",
  docs: ["https://mailchimp.com/developer/marketing/guides/access-user-data-oauth-2/"],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://login.mailchimp.com/oauth2/authorize",
  tokenEndpoint: "https://login.mailchimp.com/oauth2/token",
  clientAuthentication: "client_secret_post",
  // And they open everything: there are no scopes.
  tokensNeverEnd: true,
  userinfo: {
    url: "https://login.mailchimp.com/oauth2/metadata",
    scheme: "OAuth",
    id: "user_id",
    label: "login.email",
    extraMembers: { dc: "dc" },
  },
  // The data center that the account is in.
  hosts: ["*.api.mailchimp.com"],
  apiUrl: "https://{dc}.api.mailchimp.com/3.0",
};
