import type { CatalogueEntry } from "../bare_provider.ts";

export const intuit: CatalogueEntry = {
  name: "intuit",
  title: "Intuit",
  console: "https://developer.intuit.com/app/developer/dashboard",
  docs: [
    "https://developer.intuit.com/app/developer/qbo/docs/develop/authentication-and-authorization/oauth-2.0",
    "https://developer.api.intuit.com/.well-known/openid_configuration",
    "https://github.com/intuit/oauth-jsclient",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://appcenter.intuit.com/connect/oauth2",
  tokenEndpoint: "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer",
  revocation: {
    url: "https://developer.api.intuit.com/v2/oauth2/tokens/revoke",
    shows: "json",
    token: "refresh",
  },
  clientAuthentication: "client_secret_basic_unencoded",
  // The company, which a person may have several of.
  callbackMembers: ["realmId"],
  accountParts: ["realmId"],
  scopes: ["com.intuit.quickbooks.accounting"],
  identityScopes: ["openid", "email"],
  scopeTitles: {
    "com.intuit.quickbooks.accounting": "Read and change your QuickBooks accounting",
    "com.intuit.quickbooks.payment": "Take payments with QuickBooks",
  },
  userinfo: {
    url: "https://accounts.platform.intuit.com/v1/openid_connect/userinfo",
    id: "sub",
    label: "email",
  },
  apiUrl: "https://quickbooks.api.intuit.com",
};
