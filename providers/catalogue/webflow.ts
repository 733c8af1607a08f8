import type { CatalogueEntry } from "../bare_provider.ts";

export const webflow: CatalogueEntry = {
  name: "webflow",
  title: "Webflow",
  console: "https://webflow.com/dashboard",
  docs: [
    "https://developers.webflow.com/data/reference/oauth-app",
    "https://developers.webflow.com/data/reference/token/authorized-by",
    "https://github.com/webflow/js-webflow-api",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  // There is no refresh token.
  authorizationEndpoint: "https://webflow.com/oauth/authorize",
  tokenEndpoint: "https://api.webflow.com/oauth/access_token",
  tokenFormat: "json",
  revocation: {
    url: "https://webflow.com/oauth/revoke_authorization",
    shows: "json",
    parameter: "access_token",
  },
  clientAuthentication: "client_secret_post",
  identityScopes: ["authorized_user:read"],
  scopeTitles: {
    "authorized_user:read": "See who you are",
    "sites:read": "See your sites",
    "sites:write": "Change and publish your sites",
    "cms:read": "See your collections and their items",
    "cms:write": "Create, change and delete collections and items",
    "pages:read": "See your pages",
    "forms:read": "See your forms and what was answered",
  },
  userinfo: {
    url: "https://api.webflow.com/v2/token/authorized_by",
    id: "id",
    label: "email",
  },
};
