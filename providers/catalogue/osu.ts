import type { ProviderData } from "../bare_provider.ts";

export const osu: ProviderData = {
  name: "osu",
  title: "osu!",
  console: "https://osu.ppy.sh/home/account/edit#oauth",
  authorizationEndpoint: "https://osu.ppy.sh/oauth/authorize",
  tokenEndpoint: "https://osu.ppy.sh/oauth/token",
  clientAuthentication: "client_secret_post",
  userinfo: {
    url: "https://osu.ppy.sh/api/v2/me",
    id: "id",
    label: "username",
  },
};
