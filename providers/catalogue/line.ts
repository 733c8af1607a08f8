import type { CatalogueEntry } from "../bare_provider.ts";

export const line: CatalogueEntry = {
  name: "line",
  title: "LINE",
  console: "https://developers.line.biz/console/",
  docs: [
    "https://developers.line.biz/en/reference/line-login/",
    "https://github.com/line/line-login-starter",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://access.line.me/oauth2/v2.1/authorize",
  tokenEndpoint: "https://api.line.me/oauth2/v2.1/token",
  revocation: {
    url: "https://api.line.me/oauth2/v2.1/revoke",
    shows: "form",
    parameter: "access_token",
  },
  clientAuthentication: "client_secret_post",
  identityScopes: ["profile"],
  scopeTitles: {
    email: "See your e-mail address",
  },
  userinfo: {
    url: "https://api.line.me/v2/profile",
    id: "userId",
    label: "displayName",
  },
};
