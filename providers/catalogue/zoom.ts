import type { ProviderData } from "../bare_provider.ts";

export const zoom: ProviderData = {
  name: "zoom",
  title: "Zoom",
  console: "https://marketplace.zoom.us/user/build",
  authorizationEndpoint: "https://zoom.us/oauth/authorize",
  tokenEndpoint: "https://zoom.us/oauth/token",
  revocationEndpoint: "https://zoom.us/oauth/revoke",
  clientAuthentication: "client_secret_basic_unencoded",
  userinfo: {
    url: "https://api.zoom.us/v2/users/me",
    id: "id",
    label: "email",
  },
};
