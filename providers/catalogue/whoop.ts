import type { CatalogueEntry } from "../bare_provider.ts";

export const whoop: CatalogueEntry = {
  name: "whoop",
  title: "WHOOP",
  console: "https://developer-dashboard.whoop.com",
  docs: [
    "https://developer.whoop.com/docs/developing/oauth",
    "https://developer.whoop.com/api",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  // A refresh token is good once.
  authorizationEndpoint: "https://api.prod.whoop.com/oauth/oauth2/auth",
  tokenEndpoint: "https://api.prod.whoop.com/oauth/oauth2/token",
  revocation: {
    url: "https://api.prod.whoop.com/developer/v2/user/access",
    shows: "bearer",
    method: "DELETE",
  },
  clientAuthentication: "client_secret_post",
  // offline: without it there is no refresh token.
  identityScopes: ["read:profile", "offline"],
  scopeTitles: {
    "read:profile": "See your name and e-mail address",
    offline: "Stay connected while you are away",
    "read:recovery": "See how you recover",
    "read:cycles": "See your strain from day to day",
    "read:workout": "See your workouts",
    "read:sleep": "See how you sleep",
    "read:body_measurement": "See your height, weight and highest heart rate",
  },
  userinfo: {
    url: "https://api.prod.whoop.com/developer/v2/user/profile/basic",
    id: "user_id",
    label: "email",
  },
  apiUrl: "https://api.prod.whoop.com/developer",
};
