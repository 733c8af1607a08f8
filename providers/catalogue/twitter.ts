import type { CatalogueEntry } from "../bare_provider.ts";

export const twitter: CatalogueEntry = {
  name: "twitter",
  title: "X (Twitter)",
  console: "https://developer.x.com/en/portal/dashboard",
  docs: [
    "https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code",
    "https://docs.x.com/fundamentals/authentication/oauth-2-0/user-access-token",
  ],
  docsRead: "2026-11-25",
  verified: "documentation",
  authorizationEndpoint: "https://x.com/i/oauth2/authorize",
  tokenEndpoint: "https://api.x.com/2/oauth2/token",
  revocationEndpoint: "https://api.x.com/2/oauth2/revoke",
  clientAuthentication: "client_secret_basic_unencoded",
  // users/me wants both scopes; without offline.access there is no refresh token.
  identityScopes: ["users.read", "tweet.read", "offline.access"],
  scopeTitles: {
    "tweet.read": "See posts",
    "tweet.write": "Post in your name",
    "dm.read": "Read your messages",
    "dm.write": "Send messages in your name",
    "like.write": "Like posts in your name",
  },
  // With invalid_request, as it says of much else.
  deadGrants: [{
    status: 400,
    member: "error_description",
    contains: "Value passed for the token was invalid",
  }],
  userinfo: {
    url: "https://api.x.com/2/users/me",
    id: "data.id",
    label: "data.username",
  },
};
