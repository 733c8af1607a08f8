import type { CatalogueEntry } from "../bare_provider.ts";

export const dropbox: CatalogueEntry = {
  name: "dropbox",
  title: "Dropbox",
  console: "https://www.dropbox.com/developers/apps",
  docs: [
    "https://developers.dropbox.com/oauth-guide",
    "https://dropbox.tech/developers/using-oauth-2-0-with-offline-access",
    "https://www.dropbox.com/developers/documentation/http/documentation",
    "https://github.com/dropbox/dropbox-api-spec",
    "https://github.com/dropbox/dropbox-sdk-python",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://www.dropbox.com/oauth2/authorize",
  tokenEndpoint: "https://api.dropboxapi.com/oauth2/token",
  revocation: {
    url: "https://api.dropboxapi.com/2/auth/token/revoke",
    shows: "bearer",
    // The access token, its refresh token, and what else that one was good for.
    alone: true,
  },
  clientAuthentication: "client_secret_basic_unencoded",
  // Without it there is no refresh token.
  authorizationParameters: {
    token_access_type: "offline",
  },
  // A token has no scope but those that were asked for.
  scopes: ["files.metadata.read", "files.content.read"],
  identityScopes: ["account_info.read"],
  scopeTitles: {
    "files.metadata.read": "See the names of your files and folders",
    "files.content.read": "Read your files",
    "files.content.write": "Add, change and delete your files",
    "sharing.write": "Share your files",
  },
  // An API call without arguments is a POST of null.
  userinfo: {
    url: "https://api.dropboxapi.com/2/users/get_current_account",
    method: "POST",
    body: "null",
    id: "account_id",
    label: "email",
  },
  proxyHeaders: ["Dropbox-API-*"],
};
