import type { CatalogueEntry } from "../bare_provider.ts";

export const tiltify: CatalogueEntry = {
  name: "tiltify",
  title: "Tiltify",
  console: "https://app.tiltify.com/developers",
  docs: ["https://developers.tiltify.com/docs/category/authentication"],
  docsRead: "2026-11-25",
  verified: "not verified",
  authorizationEndpoint: "https://v5api.tiltify.com/oauth/authorize",
  tokenEndpoint: "https://v5api.tiltify.com/oauth/token",
  clientAuthentication: "client_secret_post",
  identityScopes: ["public"],
  userinfo: {
    url: "https://v5api.tiltify.com/api/public/current-user",
    id: "data.id",
    label: "data.username",
  },
};
