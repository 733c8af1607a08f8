import type { ProviderData } from "../bare_provider.ts";

export const figma: ProviderData = {
  name: "figma",
  title: "Figma",
  console: "https://www.figma.com/developers/apps",
  authorizationEndpoint: "https://www.figma.com/oauth",
  tokenEndpoint: "https://api.figma.com/v1/oauth/token",
  // It does not take refresh tokens at the token endpoint.
  refreshEndpoint: "https://api.figma.com/v1/oauth/refresh",
  clientAuthentication: "client_secret_basic_unencoded",
  userinfo: {
    url: "https://api.figma.com/v1/me",
    id: "id",
    label: "email",
  },
};
