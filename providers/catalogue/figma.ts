import type { CatalogueEntry } from "../bare_provider.ts";

export const figma: CatalogueEntry = {
  name: "figma",
  title: "Figma",
  console: "https://www.figma.com/developers/apps",
  docs: [
    "https://developers.figma.com/docs/rest-api/oauth-apps/",
    "https://developers.figma.com/docs/rest-api/scopes/",
    "https://github.com/figma/rest-api-spec",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://www.figma.com/oauth",
  tokenEndpoint: "https://api.figma.com/v1/oauth/token",
  // It does not take refresh tokens at the token endpoint.
  refreshEndpoint: "https://api.figma.com/v1/oauth/refresh",
  clientAuthentication: "client_secret_basic_unencoded",
  identityScopes: ["current_user:read"],
  scopeTitles: {
    "file_content:read": "Read your files",
    "file_metadata:read": "See the names of your files",
    "file_comments:read": "Read comments",
    "file_comments:write": "Write and delete comments",
  },
  userinfo: {
    url: "https://api.figma.com/v1/me",
    id: "id",
    label: "email",
  },
};
