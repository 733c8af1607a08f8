import type { CatalogueEntry } from "../bare_provider.ts";

export const docusign: CatalogueEntry = {
  name: "docusign",
  title: "DocuSign",
  console: "https://apps.docusign.com/admin/apps-and-keys",
  docs: [
    "https://developers.docusign.com/platform/auth/confidential-authcode-get-token/",
    "https://developers.docusign.com/platform/auth/reference/user-info/",
    "https://github.com/docusign/docusign-esign-node-client",
    "https://github.com/docusign/code-examples-node",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://account.docusign.com/oauth/auth",
  tokenEndpoint: "https://account.docusign.com/oauth/token",
  clientAuthentication: "client_secret_basic_unencoded",
  // extended: a refresh token lives on when it is used. There is no revocation.
  identityScopes: ["signature", "extended"],
  scopeTitles: {
    signature: "See, send and sign your envelopes",
    extended: "Stay connected while you are away",
  },
  userinfo: {
    url: "https://account.docusign.com/oauth/userinfo",
    id: "sub",
    label: "email",
  },
  // A person may have several accounts, each with an API at a host that the same answer says.
  tenants: {
    list: "accounts",
    usual: "is_default",
    id: "account_id",
    label: "account_name",
    name: "account_id",
    extraMembers: { base_uri: "base_uri" },
  },
  hosts: ["*.docusign.net"],
  apiUrl: "{base_uri}/restapi",
};
