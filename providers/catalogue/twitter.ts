import type { ProviderData } from "../bare_provider.ts";

export const twitter: ProviderData = {
  name: "twitter",
  title: "Twitter",
  console: "https://developer.x.com/en/portal/dashboard",
  authorizationEndpoint: "https://twitter.com/i/oauth2/authorize",
  tokenEndpoint: "https://api.twitter.com/2/oauth2/token",
  revocationEndpoint: "https://api.twitter.com/2/oauth2/revoke",
  clientAuthentication: "client_secret_basic_unencoded",
  userinfo: {
    url: "https://api.twitter.com/2/users/me",
    id: "data.id",
    label: "data.username",
  },
};
