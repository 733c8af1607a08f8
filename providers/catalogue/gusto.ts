import type { CatalogueEntry } from "../bare_provider.ts";

export const gusto: CatalogueEntry = {
  name: "gusto",
  title: "Gusto",
  console: "https://dev.gusto.com",
  docs: [
    "https://docs.gusto.com/app-integrations/docs/oauth2",
    "https://docs.gusto.com/app-integrations/reference/refresh-access-token",
    "https://docs.gusto.com/app-integrations/reference/get-v1-token-info",
    "https://github.com/Gusto/gusto-typescript-client",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  // Scopes are the app's. There is no revocation.
  authorizationEndpoint: "https://api.gusto.com/oauth/authorize",
  tokenEndpoint: "https://api.gusto.com/oauth/token",
  tokenFormat: "json",
  clientAuthentication: "client_secret_post",
  refreshesWithRedirectUri: true,
  // One company, which the person chose, and the person; neither has a name here.
  userinfo: {
    url: "https://api.gusto.com/v1/token_info",
    id: "resource.uuid resource_owner.uuid",
    label: "resource.uuid",
  },
  proxyHeaders: ["X-Gusto-API-Version"],
};
