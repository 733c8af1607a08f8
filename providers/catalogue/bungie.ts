import type { CatalogueEntry } from "../bare_provider.ts";

export const bungie: CatalogueEntry = {
  name: "bungie",
  title: "Bungie",
  console: "https://www.bungie.net/en/Application",
  docs: [
    "https://github.com/Bungie-net/api/wiki/OAuth-Documentation",
    "https://github.com/Bungie-net/api/blob/master/openapi.json",
  ],
  docsRead: "2026-11-26",
  verified: "not verified",
  authorizationEndpoint: "https://www.bungie.net/en/OAuth/Authorize",
  tokenEndpoint: "https://www.bungie.net/Platform/App/OAuth/token/",
  clientAuthentication: "client_secret_basic_unencoded",
  // Every request needs the app's X-API-Key beside the token, which is no part of the client's
  // credentials: so nobody is asked whose account it is, and there is one per user.
  apiUrl: "https://www.bungie.net",
};
