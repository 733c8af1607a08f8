import type { CatalogueEntry } from "../bare_provider.ts";

export const clickup: CatalogueEntry = {
  name: "clickup",
  title: "ClickUp",
  console: "https://app.clickup.com/settings/apps",
  docs: [
    "https://developer.clickup.com/docs/authentication",
    "https://developer.clickup.com/reference/getaccesstoken",
    "https://developer.clickup.com/reference/getauthorizeduser",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://app.clickup.com/api",
  tokenEndpoint: "https://api.clickup.com/api/v2/oauth/token",
  clientAuthentication: "client_secret_post",
  // The person chooses workspaces: there are no scopes, and no refresh token.
  userinfo: {
    url: "https://api.clickup.com/api/v2/user",
    id: "user.id",
    label: "user.username",
  },
};
