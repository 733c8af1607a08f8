import type { ProviderData } from "../bare_provider.ts";

export const epicgames: ProviderData = {
  name: "epicgames",
  title: "Epic Games",
  console: "https://dev.epicgames.com/portal",
  authorizationEndpoint: "https://www.epicgames.com/id/authorize",
  tokenEndpoint: "https://api.epicgames.dev/epic/oauth/v2/token",
  revocationEndpoint: "https://api.epicgames.dev/epic/oauth/v2/revoke",
  clientAuthentication: "client_secret_basic_unencoded",
};
