import type { ProviderData } from "../bare_provider.ts";

export const polar: ProviderData = {
  name: "polar",
  title: "Polar",
  console: "https://polar.sh/dashboard",
  authorizationEndpoint: "https://polar.sh/oauth2/authorize",
  tokenEndpoint: "https://api.polar.sh/v1/oauth2/token",
  revocationEndpoint: "https://api.polar.sh/v1/oauth2/revoke",
  // The token alone is sent: whoever has it may end it.
  revokesWithoutClient: true,
  clientAuthentication: "client_secret_post",
};
