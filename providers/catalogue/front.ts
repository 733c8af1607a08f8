import type { CatalogueEntry } from "../bare_provider.ts";

export const front: CatalogueEntry = {
  name: "front",
  title: "Front",
  console: "https://dev.frontapp.com/docs/create-and-manage-apps",
  docs: [
    "https://dev.frontapp.com/docs/oauth",
    "https://dev.frontapp.com/reference/api-token-details",
    "https://github.com/frontapp/front-api-specs",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://app.frontapp.com/oauth/authorize",
  tokenEndpoint: "https://app.frontapp.com/oauth/token",
  clientAuthentication: "client_secret_basic_unencoded",
  // The scopes of the app are granted. A token is the company's, not a person's; there is no
  // revocation.
  userinfo: {
    url: "https://api2.frontapp.com/me",
    id: "id",
    label: "name",
  },
};
