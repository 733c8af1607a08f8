import type { CatalogueEntry } from "../bare_provider.ts";

export const oura: CatalogueEntry = {
  name: "oura",
  title: "Oura",
  console: "https://cloud.ouraring.com/oauth/applications",
  docs: [
    "https://cloud.ouraring.com/docs/authentication",
    "https://cloud.ouraring.com/v2/docs",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://cloud.ouraring.com/oauth/authorize",
  tokenEndpoint: "https://api.ouraring.com/oauth/token",
  // The token alone is sent. In the body, since what stands in an address, where the documentation
  // has it, ends up in logs and traces.
  revocation: {
    url: "https://api.ouraring.com/oauth/revoke",
    shows: "form",
    parameter: "access_token",
    client: "nobody",
  },
  clientAuthentication: "client_secret_post",
  identityScopes: ["personal", "email"],
  scopeTitles: {
    personal: "See your age, height and weight",
    email: "See your e-mail address",
    daily: "See how you sleep, move and recover",
    heartrate: "See your heart rate",
    workout: "See your workouts",
    session: "See your sessions",
    tag: "See your tags",
  },
  userinfo: {
    url: "https://api.ouraring.com/v2/usercollection/personal_info",
    id: "id",
    label: "email",
  },
};
