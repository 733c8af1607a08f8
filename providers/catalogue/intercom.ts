import type { CatalogueEntry } from "../bare_provider.ts";

export const intercom: CatalogueEntry = {
  name: "intercom",
  title: "Intercom",
  console: "https://app.intercom.com/a/apps/_/developer-hub",
  docs: [
    "https://developers.intercom.com/docs/build-an-integration/learn-more/authentication/setting-up-oauth",
    "https://developers.intercom.com/docs/references/rest-api/api.intercom.io/admins/identifyadmin",
    "https://github.com/intercom/Intercom-OpenAPI",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://app.intercom.com/oauth",
  tokenEndpoint: "https://api.intercom.io/auth/eagle/token",
  clientAuthentication: "client_secret_post",
  // The permissions of the app are granted: there are no scopes, no refresh token, no revocation.
  // Teammates have the same id in several workspaces.
  userinfo: {
    url: "https://api.intercom.io/me",
    id: "app.id_code id",
    label: "email app.name",
  },
  proxyHeaders: ["Intercom-Version"],
};
