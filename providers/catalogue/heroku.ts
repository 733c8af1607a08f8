import type { CatalogueEntry } from "../bare_provider.ts";

export const heroku: CatalogueEntry = {
  name: "heroku",
  title: "Heroku",
  console: "https://dashboard.heroku.com/account/applications",
  docs: [
    "https://devcenter.heroku.com/articles/oauth",
    "https://devcenter.heroku.com/articles/platform-api-reference#account",
    "https://github.com/heroku/node-heroku-bouncer",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://id.heroku.com/oauth/authorize",
  tokenEndpoint: "https://id.heroku.com/oauth/token",
  clientAuthentication: "client_secret_post",
  identityScopes: ["identity"],
  scopeTitles: {
    identity: "See who you are",
    read: "See your apps, without their secrets",
    write: "See and change your apps, without their secrets",
    "read-protected": "See your apps and their secrets",
    "write-protected": "See and change your apps and their secrets",
    global: "See and change all that you can at Heroku",
  },
  // The version that is spoken is a type.
  userinfo: {
    url: "https://api.heroku.com/account",
    headers: {
      Accept: "application/vnd.heroku+json; version=3",
    },
    id: "id",
    label: "email",
  },
};
