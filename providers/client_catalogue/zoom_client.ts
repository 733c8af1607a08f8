import type { ClientCatalogueEntry } from "../client_provider.ts";

export const zoomClient: ClientCatalogueEntry = {
  name: "zoom_client",
  title: "Zoom",
  clientPage: "https://marketplace.zoom.us/develop/create",
  how: "Create a server-to-server OAuth app; its credentials are on its page.",
  docs: ["https://developers.zoom.us/docs/internal-apps/s2s-oauth/"],
  docsRead: "2026-11-26",
  verified: "documentation",
  params: {
    account_id: { title: "Account id", pattern: "[A-Za-z0-9_-]{1,100}" },
  },
  tokenEndpoint: "https://zoom.us/oauth/token",
  clientAuthentication: "client_secret_basic_unencoded",
  grantType: "account_credentials",
  tokenParameters: { account_id: "{account_id}" },
  apiUrl: "https://api.zoom.us",
};
