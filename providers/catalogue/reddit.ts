import type { ProviderData } from "../bare_provider.ts";

export const reddit: ProviderData = {
  name: "reddit",
  title: "Reddit",
  console: "https://www.reddit.com/prefs/apps",
  authorizationEndpoint: "https://www.reddit.com/api/v1/authorize",
  tokenEndpoint: "https://www.reddit.com/api/v1/access_token",
  clientAuthentication: "client_secret_basic_unencoded",
  userinfo: {
    url: "https://oauth.reddit.com/api/v1/me",
    id: "id",
    label: "name",
  },
};
