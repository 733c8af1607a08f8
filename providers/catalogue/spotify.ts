import type { CatalogueEntry } from "../bare_provider.ts";

export const spotify: CatalogueEntry = {
  name: "spotify",
  title: "Spotify",
  console: "https://developer.spotify.com/dashboard",
  docs: [
    "https://developer.spotify.com/documentation/web-api/tutorials/code-flow",
    "https://developer.spotify.com/documentation/web-api/tutorials/refreshing-tokens",
    "https://github.com/spotify/web-api-examples",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://accounts.spotify.com/authorize",
  tokenEndpoint: "https://accounts.spotify.com/api/token",
  clientAuthentication: "client_secret_basic_unencoded",
  scopeTitles: {
    "user-read-email": "See your e-mail address",
    "user-read-private": "See your subscription",
    "playlist-read-private": "See your private playlists",
    "playlist-modify-private": "Change your private playlists",
    "user-library-read": "See your library",
    "user-modify-playback-state": "Control what is playing",
  },
  userinfo: {
    url: "https://api.spotify.com/v1/me",
    id: "id",
    label: "display_name",
  },
};
