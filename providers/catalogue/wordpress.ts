import type { CatalogueEntry } from "../bare_provider.ts";

export const wordpress: CatalogueEntry = {
  name: "wordpress",
  title: "WordPress.com",
  console: "https://developer.wordpress.com/apps/",
  docs: [
    "https://developer.wordpress.com/docs/oauth2/",
    "https://developer.wordpress.com/docs/api/1.1/get/me/",
  ],
  docsRead: "2026-11-26",
  // The answer of /me was read in the vendor's own client for Android.
  verified: "documentation",
  authorizationEndpoint: "https://public-api.wordpress.com/oauth2/authorize",
  tokenEndpoint: "https://public-api.wordpress.com/oauth2/token",
  clientAuthentication: "client_secret_post",
  // There is no refresh token, and no revocation.
  tokensNeverEnd: true,
  // Without a scope: everything, at one blog. These two stand alone.
  scopeTitles: {
    auth: "See who you are",
    global: "See and change everything at all of your blogs",
    posts: "See and change your posts",
    comments: "See and change comments",
  },
  // The blog that the person chose, of perhaps several.
  extraMembers: { blog_id: "blog_id", blog_url: "blog_url" },
  accountParts: ["blog_id"],
  userinfo: {
    url: "https://public-api.wordpress.com/rest/v1.1/me/",
    id: "ID",
    label: "username",
  },
};
