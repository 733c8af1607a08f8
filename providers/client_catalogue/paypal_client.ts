import type { ClientCatalogueEntry } from "../client_provider.ts";

export const paypalClient: ClientCatalogueEntry = {
  name: "paypal_client",
  title: "PayPal",
  clientPage: "https://developer.paypal.com/dashboard/applications/live",
  how: "Open an app of your business account under Apps & Credentials, and copy its id and secret.",
  docs: ["https://developer.paypal.com/api/rest/authentication/"],
  docsRead: "2026-11-26",
  verified: "documentation",
  tokenEndpoint: "https://api-m.paypal.com/v1/oauth2/token",
  clientAuthentication: "client_secret_basic_unencoded",
  apiUrl: "https://api-m.paypal.com",
  proxyHeaders: ["PayPal-*", "Prefer"],
};
