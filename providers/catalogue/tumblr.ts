import type { ProviderData } from "../bare_provider.ts";

export const tumblr: ProviderData = {
  name: "tumblr",
  title: "Tumblr",
  console: "https://www.tumblr.com/oauth/apps",
  authorizationEndpoint: "https://www.tumblr.com/oauth2/authorize",
  tokenEndpoint: "https://api.tumblr.com/v2/oauth2/token",
  clientAuthentication: "client_secret_basic_unencoded",
};
