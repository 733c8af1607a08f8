import type { CatalogueEntry } from "../bare_provider.ts";

export const autodesk: CatalogueEntry = {
  name: "autodesk",
  title: "Autodesk",
  console: "https://aps.autodesk.com/myapps/",
  docs: [
    "https://aps.autodesk.com/en/docs/oauth/v2/reference/http/gettoken-POST/",
    "https://aps.autodesk.com/en/docs/oauth/v2/reference/http/revoke-POST/",
  ],
  docsRead: "2026-11-25",
  verified: "documentation",
  authorizationEndpoint: "https://developer.api.autodesk.com/authentication/v2/authorize",
  tokenEndpoint: "https://developer.api.autodesk.com/authentication/v2/token",
  // The hint is required.
  revocation: {
    url: "https://developer.api.autodesk.com/authentication/v2/revoke",
    shows: "form",
    token: "refresh",
    hint: true,
  },
  clientAuthentication: "client_secret_basic_unencoded",
  // openid is wanted by the userinfo, and wants a nonce; the ID token is not used.
  authorizationParameters: {
    nonce: "unused",
  },
  identityScopes: ["openid", "user-profile:read"],
  scopeTitles: {
    "data:read": "Read your files and projects",
    "data:write": "Change your files and projects",
  },
  userinfo: {
    url: "https://api.aps.autodesk.com/userinfo",
    id: "sub",
    label: "email",
  },
  apiUrl: "https://developer.api.autodesk.com",
};
