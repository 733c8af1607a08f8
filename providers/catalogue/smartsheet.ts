import type { CatalogueEntry } from "../bare_provider.ts";

export const smartsheet: CatalogueEntry = {
  name: "smartsheet",
  title: "Smartsheet",
  console: "https://app.smartsheet.com/b/home",
  docs: [
    "https://developers.smartsheet.com/api/smartsheet/guides/advanced-topics/oauth",
    "https://developers.smartsheet.com/api/smartsheet/openapi/tokens/tokens-getorrefresh",
    "https://smartsheet.redoc.ly/tag/token",
    "https://github.com/smartsheet/smartsheet-java-sdk",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://app.smartsheet.com/b/authorize",
  tokenEndpoint: "https://api.smartsheet.com/2.0/token",
  // With all tokens of the person for this app: without that, it is the access token alone.
  revocation: {
    url: "https://api.smartsheet.com/2.0/token?deleteAllForApiClient=true",
    shows: "bearer",
    method: "DELETE",
  },
  // The secret, or a hash of it and what it is sent with.
  clientAuthentication: "client_secret_post",
  identityScopes: ["READ_USERS"],
  scopeTitles: {
    READ_USERS: "See who you are, and the users of your plan",
    READ_SHEETS: "See your sheets",
    WRITE_SHEETS: "Change your sheets",
    CREATE_SHEETS: "Create sheets",
    DELETE_SHEETS: "Delete sheets",
    SHARE_SHEETS: "Share your sheets",
    READ_CONTACTS: "See your contacts",
  },
  userinfo: {
    url: "https://api.smartsheet.com/2.0/users/me",
    id: "id",
    label: "email",
  },
};
