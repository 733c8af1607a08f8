import type { CatalogueEntry } from "../bare_provider.ts";

export const attio: CatalogueEntry = {
  name: "attio",
  title: "Attio",
  console: "https://build.attio.com",
  docs: [
    "https://docs.attio.com/docs/oauth/authorize",
    "https://docs.attio.com/docs/oauth/token",
    "https://docs.attio.com/docs/oauth/introspect",
    "https://docs.attio.com/rest-api/endpoint-reference/meta/identify",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://app.attio.com/authorize",
  tokenEndpoint: "https://app.attio.com/oauth/token",
  clientAuthentication: "client_secret_post",
  // The scopes of the app are granted: there is no parameter for them, and no refresh token.
  userinfo: {
    url: "https://api.attio.com/v2/self",
    id: "workspace_id authorized_by_workspace_member_id",
    label: "workspace_name",
  },
};
