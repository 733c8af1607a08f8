import type { ProviderData } from "../bare_provider.ts";

export const roblox: ProviderData = {
  name: "roblox",
  title: "Roblox",
  console: "https://create.roblox.com/dashboard/credentials",
  authorizationEndpoint: "https://apis.roblox.com/oauth/v1/authorize",
  tokenEndpoint: "https://apis.roblox.com/oauth/v1/token",
  revocationEndpoint: "https://apis.roblox.com/oauth/v1/token/revoke",
  clientAuthentication: "client_secret_basic_unencoded",
  userinfo: {
    url: "https://apis.roblox.com/oauth/v1/userinfo",
    id: "sub",
    label: "preferred_username",
  },
};
