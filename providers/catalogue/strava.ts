import type { CatalogueEntry } from "../bare_provider.ts";

export const strava: CatalogueEntry = {
  name: "strava",
  title: "Strava",
  console: "https://www.strava.com/settings/api",
  docs: ["https://developers.strava.com/docs/authentication/"],
  docsRead: "2026-11-25",
  verified: "not verified",
  authorizationEndpoint: "https://www.strava.com/oauth/authorize",
  tokenEndpoint: "https://www.strava.com/api/v3/oauth/token",
  revocation: {
    url: "https://www.strava.com/oauth/deauthorize",
    shows: "form",
    parameter: "access_token",
    client: "nobody",
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
