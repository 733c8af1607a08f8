import type { ProviderData } from "../bare_provider.ts";

export const bungie: ProviderData = {
  name: "bungie",
  title: "Bungie",
  console: "https://www.bungie.net/en/Application",
  authorizationEndpoint: "https://www.bungie.net/en/oauth/authorize",
  tokenEndpoint: "https://www.bungie.net/platform/app/oauth/token",
  clientAuthentication: "client_secret_basic_unencoded",
};
