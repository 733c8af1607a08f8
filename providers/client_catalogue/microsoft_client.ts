import type { ClientCatalogueEntry } from "../client_provider.ts";

export const microsoftClient: ClientCatalogueEntry = {
  name: "microsoft_client",
  title: "Microsoft",
  clientPage:
    "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade",
  how: "Register an application, give it application permissions, and add a client secret.",
  docs: ["https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow"],
  docsRead: "2026-11-26",
  verified: "documentation",
  params: {
    tenant: {
      title: "Directory (tenant) id or domain",
      pattern: "[A-Za-z0-9][A-Za-z0-9.-]{1,100}",
    },
  },
  tokenEndpoint: "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
  clientAuthentication: "client_secret_post",
  // All that an administrator has allowed it; the flow takes nothing else.
  scopes: ["https://graph.microsoft.com/.default"],
  scopeTitles: {
    "https://graph.microsoft.com/.default":
      "Do in Microsoft Graph what an administrator allowed it",
  },
  apiUrl: "https://graph.microsoft.com",
  proxyHeaders: ["ConsistencyLevel", "Prefer"],
};
