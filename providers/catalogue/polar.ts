import type { CatalogueEntry } from "../bare_provider.ts";

export const polar: CatalogueEntry = {
  name: "polar",
  title: "Polar",
  console: "https://polar.sh/dashboard",
  docs: [
    "https://polar.sh/docs/integrate/oauth2/introduction",
    "https://polar.sh/docs/integrate/oauth2/connect",
  ],
  docsRead: "2026-11-25",
  verified: "documentation",
  authorizationEndpoint: "https://polar.sh/oauth2/authorize",
  tokenEndpoint: "https://api.polar.sh/v1/oauth2/token",
  revocationEndpoint: "https://api.polar.sh/v1/oauth2/revoke",
  clientAuthentication: "client_secret_post",
  identityScopes: ["openid", "email"],
  scopeTitles: {
    "products:read": "See your products",
    "orders:read": "See your orders",
    "subscriptions:read": "See your subscriptions",
  },
  userinfo: {
    url: "https://api.polar.sh/v1/oauth2/userinfo",
    id: "sub",
    label: "email",
  },
};
