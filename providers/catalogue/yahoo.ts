import type { CatalogueEntry } from "../bare_provider.ts";

export const yahoo: CatalogueEntry = {
  name: "yahoo",
  title: "Yahoo",
  console: "https://developer.yahoo.com/apps/",
  docs: [
    "https://developer.yahoo.com/oauth2/guide/flows_authcode/",
    "https://developer.yahoo.com/oauth2/guide/errors/",
    "https://developer.yahoo.com/sign-in-with-yahoo/",
  ],
  docsRead: "2026-11-26",
  verified: "not verified",
  authorizationEndpoint: "https://api.login.yahoo.com/oauth2/request_auth",
  tokenEndpoint: "https://api.login.yahoo.com/oauth2/get_token",
  clientAuthentication: "client_secret_basic_unencoded",
  identityScopes: ["openid"],
  scopeTitles: {
    email: "See your e-mail address",
    profile: "See your profile",
  },
  errorCodes: {
    INVALID_REFRESH_TOKEN: "invalid_grant",
    TOKEN_EXPIRED: "invalid_grant",
    ACCOUNT_NOT_AUTHORIZED: "invalid_grant",
  },
  userinfo: {
    url: "https://api.login.yahoo.com/openid/v1/userinfo",
    id: "sub",
    label: "email",
  },
};
