import type { CatalogueEntry } from "../bare_provider.ts";

export const coinbase: CatalogueEntry = {
  name: "coinbase",
  title: "Coinbase",
  console: "https://portal.cdp.coinbase.com/projects/api-keys/oauth",
  docs: [
    "https://docs.cdp.coinbase.com/coinbase-app/oauth2-integration/access-and-refresh-tokens",
    "https://docs.cdp.coinbase.com/coinbase-app/oauth2-integration/overview",
    "https://docs.cdp.coinbase.com/coinbase-app/oauth2-integration/integrations",
    "https://docs.cdp.coinbase.com/coinbase-app/oauth2-integration/reference",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://login.coinbase.com/oauth2/auth",
  tokenEndpoint: "https://login.coinbase.com/oauth2/token",
  revocationEndpoint: "https://login.coinbase.com/oauth2/revoke",
  clientAuthentication: "client_secret_post",
  // offline_access: without it there is no refresh token.
  identityScopes: ["wallet:user:read", "offline_access"],
  // A year and a half, and good once: a new one comes with each refresh.
  refreshIdleDays: 547,
  scopeTitles: {
    "wallet:accounts:read": "See your accounts and their balances",
    "wallet:transactions:read": "See your transactions",
  },
  userinfo: {
    url: "https://api.coinbase.com/v2/user",
    id: "data.id",
    label: "data.name",
  },
  proxyHeaders: ["CB-Version"],
};
