import type { CatalogueEntry } from "../bare_provider.ts";

export const zoom: CatalogueEntry = {
  name: "zoom",
  title: "Zoom",
  console: "https://marketplace.zoom.us/user/build",
  docs: [
    "https://developers.zoom.us/docs/integrations/oauth/",
    "https://github.com/zoom/zoom-oauth-sample-app",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://zoom.us/oauth/authorize",
  tokenEndpoint: "https://zoom.us/oauth/token",
  // Of an access token.
  revocation: {
    url: "https://zoom.us/oauth/revoke",
    shows: "form",
  },
  clientAuthentication: "client_secret_basic_unencoded",
  // The scopes of the app are granted, whatever is asked for. Its app needs user:read:user.
  scopeTitles: {
    "meeting:read:meeting": "See your meetings",
    "meeting:write:meeting": "Create and change your meetings",
  },
  deadGrants: [{
    member: "reason",
    equals: "Invalid Token!",
  }],
  userinfo: {
    url: "https://api.zoom.us/v2/users/me",
    id: "id",
    label: "email",
  },
};
