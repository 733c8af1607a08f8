import type { CatalogueEntry } from "../bare_provider.ts";

export const canva: CatalogueEntry = {
  name: "canva",
  title: "Canva",
  console: "https://www.canva.com/developers/integrations",
  docs: [
    "https://www.canva.dev/docs/connect/authentication/",
    "https://www.canva.dev/docs/connect/api-reference/authentication/generate-access-token/",
    "https://www.canva.dev/docs/connect/api-reference/authentication/revoke-token/",
    "https://www.canva.dev/docs/connect/api-reference/users/users-me/",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  // PKCE is required. A refresh token is good once.
  authorizationEndpoint: "https://www.canva.com/api/oauth/authorize",
  tokenEndpoint: "https://api.canva.com/rest/v1/oauth/token",
  revocationEndpoint: "https://api.canva.com/rest/v1/oauth/revoke",
  clientAuthentication: "client_secret_basic_unencoded",
  identityScopes: ["profile:read"],
  scopeTitles: {
    "profile:read": "See who you are",
    "design:meta:read": "See the names of your designs",
    "design:content:read": "See your designs",
    "design:content:write": "Create designs",
    "asset:read": "See what you have uploaded",
    "asset:write": "Upload, change and delete pictures and videos",
    "folder:read": "See your folders",
    "comment:read": "See comments on your designs",
  },
  // Its API has no name of a person beside the ids.
  userinfo: {
    url: "https://api.canva.com/rest/v1/users/me",
    id: "team_user.team_id team_user.user_id",
    label: "team_user.user_id",
  },
};
