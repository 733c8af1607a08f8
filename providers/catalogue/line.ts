import type { ProviderData } from "../bare_provider.ts";

export const line: ProviderData = {
  name: "line",
  title: "LINE",
  console: "https://developers.line.biz/console/",
  authorizationEndpoint: "https://access.line.me/oauth2/v2.1/authorize",
  tokenEndpoint: "https://api.line.me/oauth2/v2.1/token",
  clientAuthentication: "client_secret_post",
  userinfo: {
    url: "https://api.line.me/v2/profile",
    id: "userId",
    label: "displayName",
  },
};
