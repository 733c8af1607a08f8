import type { CatalogueEntry } from "../bare_provider.ts";

export const tumblr: CatalogueEntry = {
  name: "tumblr",
  title: "Tumblr",
  console: "https://www.tumblr.com/oauth/apps",
  docs: [
    "https://www.tumblr.com/docs/en/api/v2#oauth2-authorization",
    "https://github.com/tumblr/docs/blob/master/api.md",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://www.tumblr.com/oauth2/authorize",
  tokenEndpoint: "https://api.tumblr.com/v2/oauth2/token",
  clientAuthentication: "client_secret_post",
  // offline_access: without it there is no refresh token.
  identityScopes: ["basic", "offline_access"],
  scopeTitles: {
    write: "Post, like and follow in your name",
  },
  // Names change, and people have no id there: their first blog has one.
  userinfo: {
    url: "https://api.tumblr.com/v2/user/info",
    id: "response.user.blogs.0.uuid",
    label: "response.user.name",
  },
};
