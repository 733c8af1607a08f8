import type { ProviderData } from "../bare_provider.ts";

export const strava: ProviderData = {
  name: "strava",
  title: "Strava",
  console: "https://www.strava.com/settings/api",
  authorizationEndpoint: "https://www.strava.com/oauth/authorize",
  tokenEndpoint: "https://www.strava.com/api/v3/oauth/token",
  clientAuthentication: "client_secret_post",
  // Not a space, as RFC 6749 §3.3 has it.
  scopeSeparator: ",",
  userinfo: {
    url: "https://www.strava.com/api/v3/athlete",
    id: "id",
    label: "username",
  },
};
