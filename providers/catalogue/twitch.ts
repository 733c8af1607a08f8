import type { ProviderData } from "../bare_provider.ts";

export const twitch: ProviderData = {
  name: "twitch",
  title: "Twitch",
  console: "https://dev.twitch.tv/console/apps",
  authorizationEndpoint: "https://id.twitch.tv/oauth2/authorize",
  tokenEndpoint: "https://id.twitch.tv/oauth2/token",
  // It does not take HTTP Basic.
  clientAuthentication: "client_secret_post",
  proxyHeaders: ["Client-Id"],
};
