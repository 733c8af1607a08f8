import type { CatalogueEntry } from "../bare_provider.ts";

export const wrike: CatalogueEntry = {
  name: "wrike",
  title: "Wrike",
  console: "https://www.wrike.com/appconsole.htm",
  docs: [
    "https://developers.wrike.com/docs/oauth-20-authorization",
    "https://developers.wrike.com/docs/overview",
  ],
  docsRead: "2026-11-26",
  // Of the first page, the authorization request alone could be read.
  verified: "not verified",
  // There is no revocation.
  authorizationEndpoint: "https://login.wrike.com/oauth2/authorize/v4",
  tokenEndpoint: "https://login.wrike.com/oauth2/token",
  clientAuthentication: "client_secret_post",
  // Not a space, as RFC 6749 §3.3 has it.
  scopeSeparator: ",",
  identityScopes: ["wsReadOnly"],
  scopeTitles: {
    wsReadOnly: "See your tasks, folders and comments",
    wsReadWrite: "See and change your tasks, folders and comments",
    amReadOnlyUser: "See the users of your account",
    amReadOnlyGroup: "See the groups of your account",
    amReadOnlyWorkflow: "See the workflows of your account",
  },
  // The data center that the account is in.
  extraMembers: { host: "host" },
  hosts: ["*.wrike.com"],
  userinfo: {
    url: "https://{host}/api/v4/contacts",
    query: {
      me: "true",
    },
    id: "data.0.id",
    label: "data.0.firstName data.0.lastName",
  },
  apiUrl: "https://{host}/api/v4",
};
