import type { ProviderData } from "../bare_provider.ts";

export const fortytwo: ProviderData = {
  name: "fortytwo",
  title: "42",
  console: "https://profile.intra.42.fr/oauth/applications",
  authorizationEndpoint: "https://api.intra.42.fr/oauth/authorize",
  tokenEndpoint: "https://api.intra.42.fr/oauth/token",
  clientAuthentication: "client_secret_post",
};
