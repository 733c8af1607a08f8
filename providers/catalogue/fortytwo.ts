import type { CatalogueEntry } from "../bare_provider.ts";

export const fortytwo: CatalogueEntry = {
  name: "fortytwo",
  title: "42",
  console: "https://profile.intra.42.fr/oauth/applications",
  docs: ["https://api.intra.42.fr/apidoc/guides/web_application_flow"],
  docsRead: "2026-11-25",
  verified: "not verified",
  authorizationEndpoint: "https://api.intra.42.fr/oauth/authorize",
  tokenEndpoint: "https://api.intra.42.fr/oauth/token",
  clientAuthentication: "client_secret_post",
  identityScopes: ["public"],
  scopeTitles: {
    projects: "See and change your projects",
    profile: "See and change your profile",
  },
  // Not /v2/me, which holds all that a person has ever done there.
  userinfo: {
    url: "https://api.intra.42.fr/oauth/token/info",
    id: "resource_owner_id",
    label: "resource_owner_id",
  },
};
