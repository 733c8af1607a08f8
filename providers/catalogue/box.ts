import type { CatalogueEntry } from "../bare_provider.ts";

export const box: CatalogueEntry = {
  name: "box",
  title: "Box",
  console: "https://app.box.com/developers/console",
  docs: [
    "https://developer.box.com/guides/authentication/oauth2/",
    "https://developer.box.com/guides/authentication/tokens/refresh",
    "https://developer.box.com/guides/authentication/tokens/revoke/",
    "https://developer.box.com/reference/post-oauth2-revoke/",
    "https://github.com/box/box-openapi",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://account.box.com/api/oauth2/authorize",
  tokenEndpoint: "https://api.box.com/oauth2/token",
  revocationEndpoint: "https://api.box.com/oauth2/revoke",
  clientAuthentication: "client_secret_post",
  // Good once, and for 60 days; a new one comes with each refresh (tokens/refresh).
  refreshIdleDays: 60,
  // The app's own scopes are asked for where none is named.
  scopeTitles: {
    root_readonly: "Read all files and folders",
    root_readwrite: "Read and change all files and folders",
  },
  userinfo: {
    url: "https://api.box.com/2.0/users/me",
    id: "id",
    label: "login",
  },
  proxyHeaders: ["As-User", "BoxApi", "X-Rep-Hints"],
};
