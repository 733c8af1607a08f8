import type { ProviderData } from "../bare_provider.ts";

export const box: ProviderData = {
  name: "box",
  title: "Box",
  console: "https://app.box.com/developers/console",
  authorizationEndpoint: "https://account.box.com/api/oauth2/authorize",
  tokenEndpoint: "https://api.box.com/oauth2/token",
  revocationEndpoint: "https://api.box.com/oauth2/revoke",
  clientAuthentication: "client_secret_post",
  userinfo: {
    url: "https://api.box.com/2.0/users/me",
    id: "id",
    label: "login",
  },
  proxyHeaders: ["As-User", "BoxApi", "X-Rep-Hints"],
};
