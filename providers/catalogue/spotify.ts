import type { ProviderData } from "../bare_provider.ts";

export const spotify: ProviderData = {
  name: "spotify",
  title: "Spotify",
  console: "https://developer.spotify.com/dashboard",
  authorizationEndpoint: "https://accounts.spotify.com/authorize",
  tokenEndpoint: "https://accounts.spotify.com/api/token",
  clientAuthentication: "client_secret_basic_unencoded",
  userinfo: {
    url: "https://api.spotify.com/v1/me",
    id: "id",
    label: "display_name",
  },
};
