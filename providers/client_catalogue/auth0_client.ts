import type { ClientCatalogueEntry } from "../client_provider.ts";

export const auth0Client: ClientCatalogueEntry = {
  name: "auth0_client",
  title: "Auth0",
  clientPage: "https://manage.auth0.com/#/applications",
  how: "Create a machine-to-machine application, and allow it the Management API.",
  docs: [
    "https://auth0.com/docs/secure/tokens/access-tokens/management-api-access-tokens/get-management-api-access-tokens-for-production",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  params: {
    domain: { title: "Auth0 domain", pattern: "[a-z0-9-]+(\\.[a-z0-9-]+)?\\.auth0\\.com" },
  },
  hosts: ["*.auth0.com"],
  tokenEndpoint: "https://{domain}/oauth/token",
  clientAuthentication: "client_secret_post",
  tokenParameters: { audience: "https://{domain}/api/v2/" },
  apiUrl: "https://{domain}",
};
