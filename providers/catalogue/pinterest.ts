import type { CatalogueEntry } from "../bare_provider.ts";

export const pinterest: CatalogueEntry = {
  name: "pinterest",
  title: "Pinterest",
  console: "https://developers.pinterest.com/apps/",
  docs: [
    "https://developers.pinterest.com/docs/getting-started/set-up-authentication-and-authorization/",
    "https://developers.pinterest.com/docs/api/v5/oauth-token",
    "https://developers.pinterest.com/docs/api/v5/user_account-get",
    "https://github.com/pinterest/api-quickstart",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://www.pinterest.com/oauth/",
  tokenEndpoint: "https://api.pinterest.com/v5/oauth/token",
  clientAuthentication: "client_secret_basic_unencoded",
  // Not a space, as RFC 6749 §3.3 has it.
  scopeSeparator: ",",
  identityScopes: ["user_accounts:read"],
  scopeTitles: {
    "user_accounts:read": "See who you are",
    "boards:read": "See your boards",
    "boards:write": "Create, change and delete boards",
    "pins:read": "See your Pins",
    "pins:write": "Create, change and delete Pins",
    "ads:read": "See your ads",
  },
  // There is no revocation.
  userinfo: {
    url: "https://api.pinterest.com/v5/user_account",
    id: "id",
    label: "username",
  },
};
