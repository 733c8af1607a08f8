import type { ProviderData } from "../bare_provider.ts";

export const discord: ProviderData = {
  name: "discord",
  title: "Discord",
  console: "https://discord.com/developers/applications",
  authorizationEndpoint: "https://discord.com/oauth2/authorize",
  tokenEndpoint: "https://discord.com/api/oauth2/token",
  revocationEndpoint: "https://discord.com/api/oauth2/token/revoke",
  clientAuthentication: "client_secret_basic_unencoded",
  userinfo: {
    url: "https://discord.com/api/users/@me",
    id: "id",
    label: "username",
  },
  proxyHeaders: ["X-Audit-Log-Reason"],
};
