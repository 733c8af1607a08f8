import type { ProviderData } from "../bare_provider.ts";

export const linkedin: ProviderData = {
  name: "linkedin",
  title: "LinkedIn",
  console: "https://www.linkedin.com/developers/apps",
  authorizationEndpoint: "https://www.linkedin.com/oauth/v2/authorization",
  tokenEndpoint: "https://www.linkedin.com/oauth/v2/accessToken",
  // It does not take HTTP Basic.
  clientAuthentication: "client_secret_post",
  userinfo: {
    url: "https://api.linkedin.com/v2/userinfo",
    id: "sub",
    label: "name",
  },
  proxyHeaders: ["LinkedIn-Version", "X-RestLi-*"],
};
