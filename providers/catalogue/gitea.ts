import type { CatalogueEntry } from "../bare_provider.ts";

export const gitea: CatalogueEntry = {
  name: "gitea",
  title: "Gitea",
  console: "https://gitea.com/user/settings/applications",
  docs: [
    "https://docs.gitea.com/development/oauth2-provider",
    "https://github.com/go-gitea/gitea/blob/main/routers/web/auth/oauth2_provider.go",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  // Forgejo speaks the same. There is no revocation.
  authorizationEndpoint: "https://gitea.com/login/oauth/authorize",
  tokenEndpoint: "https://gitea.com/login/oauth/access_token",
  clientAuthentication: "client_secret_post",
  // Who is asked for no more than this allows everything.
  identityScopes: ["openid"],
  scopeTitles: {
    openid: "See who you are",
    "read:repository": "See your repositories",
    "write:repository": "Change your repositories",
    "read:issue": "See issues",
    "write:issue": "Create and change issues",
    "read:user": "See your profile",
    "read:organization": "See your organizations",
  },
  // With `unauthorized_client`, which it says of a client as well.
  deadGrants: [
    { member: "error_description", equals: "unable to parse refresh token" },
    { member: "error_description", equals: "token was already used" },
  ],
  userinfo: {
    url: "https://gitea.com/login/oauth/userinfo",
    id: "sub",
    label: "preferred_username",
  },
  apiUrl: "https://gitea.com",
};
