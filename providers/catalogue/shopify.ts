import type { CatalogueEntry } from "../bare_provider.ts";

export const shopify: CatalogueEntry = {
  name: "shopify",
  title: "Shopify",
  console: "https://dev.shopify.com/dashboard",
  docs: [
    "https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/authorization-code-grant",
    "https://shopify.dev/docs/api/usage/access-scopes",
    "https://github.com/Shopify/shopify-app-js",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://{shop}/admin/oauth/authorize",
  tokenEndpoint: "https://{shop}/admin/oauth/access_token",
  tokenFormat: "json",
  clientAuthentication: "client_secret_post",
  // Else a token lives for ever, which public apps may no longer ask for. There is no revocation.
  exchangeParameters: {
    expiring: "1",
  },
  scopeSeparator: ",",
  scopes: ["read_products"],
  scopeTitles: {
    read_products: "See your products",
    write_products: "Create and change products",
    read_orders: "See your orders",
    write_orders: "Create and change orders",
    read_customers: "See your customers",
  },
  params: {
    shop: {
      title: "Shop, such as my-shop.myshopify.com",
      pattern: "[a-z0-9][a-z0-9-]*\\.myshopify\\.com",
    },
  },
  hosts: ["*.myshopify.com"],
  // A token is the shop's, not a person's: the shop is the account.
  apiUrl: "https://{shop}/admin",
  tokenHeader: "X-Shopify-Access-Token",
};
