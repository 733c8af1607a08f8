import type { CatalogueEntry } from "../bare_provider.ts";

export const reddit: CatalogueEntry = {
  name: "reddit",
  title: "Reddit",
  console: "https://www.reddit.com/prefs/apps",
  docs: [
    "https://github.com/reddit-archive/reddit/wiki/OAuth2",
    "https://github.com/reddit-archive/reddit/wiki/API",
    "https://github.com/reddit-archive/reddit/blob/master/r2/r2/controllers/oauth2.py",
  ],
  docsRead: "2026-11-26",
  // Read in the source, as it was published last, which is what the pages are about.
  verified: "documentation",
  authorizationEndpoint: "https://www.reddit.com/api/v1/authorize",
  tokenEndpoint: "https://www.reddit.com/api/v1/access_token",
  revocation: {
    url: "https://www.reddit.com/api/v1/revoke_token",
    shows: "form",
    token: "refresh",
    hint: true,
  },
  clientAuthentication: "client_secret_basic_unencoded",
  // Without it there is no refresh token.
  authorizationParameters: {
    duration: "permanent",
  },
  identityScopes: ["identity"],
  scopeTitles: {
    read: "Read posts and comments",
    submit: "Post in your name",
    vote: "Vote in your name",
    mysubreddits: "See your subreddits",
    history: "See what you have posted and voted on",
    privatemessages: "Read and send your messages",
  },
  // Requests without a User-Agent of their own are slowed down and refused.
  userinfo: {
    url: "https://oauth.reddit.com/api/v1/me",
    headers: {
      "User-Agent": "web:switchboard:0.2",
    },
    id: "id",
    label: "name",
  },
};
