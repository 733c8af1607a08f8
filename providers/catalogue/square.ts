import type { CatalogueEntry } from "../bare_provider.ts";

export const square: CatalogueEntry = {
  name: "square",
  title: "Square",
  console: "https://developer.squareup.com/apps",
  docs: [
    "https://developer.squareup.com/docs/oauth-api/overview",
    "https://developer.squareup.com/reference/square/o-auth/obtain-token",
    "https://developer.squareup.com/reference/square/o-auth/revoke-token",
    "https://github.com/square/connect-api-specification",
    "https://github.com/square/connect-api-examples",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://connect.squareup.com/oauth2/authorize",
  tokenEndpoint: "https://connect.squareup.com/oauth2/token",
  tokenFormat: "json",
  // Ends all of the merchant's tokens for this app.
  revocation: {
    url: "https://connect.squareup.com/oauth2/revoke",
    shows: "json",
    parameter: "access_token",
    client: "scheme",
  },
  clientAuthentication: "client_secret_post",
  // It takes a secret, or PKCE from apps without one: then refresh tokens end after 90 days.
  pkce: false,
  // The person signs in, where another merchant is signed in already.
  authorizationParameters: {
    session: "false",
  },
  identityScopes: ["MERCHANT_PROFILE_READ"],
  scopeTitles: {
    MERCHANT_PROFILE_READ: "See your business",
    PAYMENTS_READ: "See your payments",
    PAYMENTS_WRITE: "Take payments",
    ORDERS_READ: "See your orders",
    ORDERS_WRITE: "Create and change orders",
    ITEMS_READ: "See your items",
    CUSTOMERS_READ: "See your customers",
  },
  userinfo: {
    url: "https://connect.squareup.com/v2/merchants/me",
    id: "merchant.id",
    label: "merchant.business_name",
  },
  proxyHeaders: ["Square-Version"],
};
