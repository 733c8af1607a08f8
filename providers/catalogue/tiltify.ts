import type { ProviderData } from "../bare_provider.ts";

export const tiltify: ProviderData = {
  name: "tiltify",
  title: "Tiltify",
  console: "https://app.tiltify.com/developers",
  authorizationEndpoint: "https://v5api.tiltify.com/oauth/authorize",
  tokenEndpoint: "https://v5api.tiltify.com/oauth/token",
  clientAuthentication: "client_secret_post",
};
