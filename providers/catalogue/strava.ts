import type { CatalogueEntry } from "../bare_provider.ts";

export const strava: CatalogueEntry = {
  name: "strava",
  title: "Strava",
  console: "https://www.strava.com/settings/api",
  docs: ["https://developers.strava.com/docs/authentication/"],
  docsRead: "2026-11-26",
  verified: "not verified",
  authorizationEndpoint: "https://www.strava.com/oauth/authorize",
  tokenEndpoint: "https://www.strava.com/api/v3/oauth/token",
  // New in June 2026, and the only one from June 2027 on. By HTTP Basic, unlike the token endpoint.
  revocation: {
    url: "https://www.strava.com/oauth/revoke",
    shows: "form",
    token: "refresh",
    hint: true,
    client: "basic",
  },
  clientAuthentication: "client_secret_post",
  // Not a space, as RFC 6749 §3.3 has it.
  scopeSeparator: ",",
  identityScopes: ["read"],
  scopeTitles: {
    read_all: "See your private routes and segments",
    "activity:read": "See your activities that everyone may see",
    "activity:read_all": "See all your activities",
    "activity:write": "Add and change activities",
    "profile:read_all": "See all of your profile",
  },
  deadGrants: [{
    status: 400,
    member: "errors.0.field",
    equals: "refresh_token",
  }],
  userinfo: {
    url: "https://www.strava.com/api/v3/athlete",
    id: "id",
    label: "firstname",
  },
};
