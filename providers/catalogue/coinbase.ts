import type { ProviderData } from "../bare_provider.ts";

export const coinbase: ProviderData = {
  name: "coinbase",
  title: "Coinbase",
  console: "https://www.coinbase.com/settings/api",
  authorizationEndpoint: "https://www.coinbase.com/oauth/authorize",
  tokenEndpoint: "https://www.coinbase.com/oauth/token",
  revocationEndpoint: "https://api.coinbase.com/oauth/revoke",
  clientAuthentication: "client_secret_post",
  userinfo: {
    url: "https://api.coinbase.com/v2/user",
    id: "data.id",
    label: "data.name",
  },
  proxyHeaders: ["CB-Version"],
};
