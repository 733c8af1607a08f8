import type { CatalogueEntry } from "../bare_provider.ts";

export const miro: CatalogueEntry = {
  name: "miro",
  title: "Miro",
  console: "https://miro.com/app/settings/user-profile/apps",
  docs: [
    "https://developers.miro.com/docs/getting-started-with-oauth",
    "https://developers.miro.com/reference/get-new-access-token-using-refresh-token",
    "https://developers.miro.com/reference/revoke-token-v2",
    "https://developers.miro.com/reference/get-access-token-context",
    "https://github.com/miroapp/api-clients",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  // A refresh token comes where the app has expiring tokens, and is good once, for 60 days.
  authorizationEndpoint: "https://miro.com/oauth/authorize",
  tokenEndpoint: "https://api.miro.com/v1/oauth/token",
  revocation: {
    url: "https://api.miro.com/v2/oauth/revoke",
    shows: "json",
    parameter: "accessToken",
    clientNames: { id: "clientId", secret: "clientSecret" },
  },
  clientAuthentication: "client_secret_post",
  refreshIdleDays: 60,
  // The scopes of the app are granted, whatever is asked for.
  scopeTitles: {
    "boards:read": "See your boards",
    "boards:write": "Create, change and delete boards",
  },
  // A token is for one team of the person's.
  userinfo: {
    url: "https://api.miro.com/v1/oauth-token",
    id: "team.id user.id",
    label: "user.name team.name",
  },
};
