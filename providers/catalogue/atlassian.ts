import type { ProviderData } from "../bare_provider.ts";

export const atlassian: ProviderData = {
  name: "atlassian",
  title: "Atlassian",
  console: "https://developer.atlassian.com/console/myapps/",
  authorizationEndpoint: "https://auth.atlassian.com/authorize",
  tokenEndpoint: "https://auth.atlassian.com/oauth/token",
  clientAuthentication: "client_secret_post",
  authorizationParameters: { audience: "api.atlassian.com", prompt: "consent" },
  userinfo: {
    url: "https://api.atlassian.com/me",
    id: "account_id",
    label: "email",
  },
  proxyHeaders: ["X-Atlassian-Token"],
};
