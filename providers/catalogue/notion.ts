import type { CatalogueEntry } from "../bare_provider.ts";

export const notion: CatalogueEntry = {
  name: "notion",
  title: "Notion",
  console: "https://www.notion.so/developers/connections",
  docs: [
    "https://developers.notion.com/guides/get-started/authorization",
    "https://developers.notion.com/reference/create-a-token",
    "https://developers.notion.com/reference/refresh-a-token",
    "https://developers.notion.com/reference/revoke-token",
    "https://developers.notion.com/reference/get-self",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://api.notion.com/v1/oauth/authorize",
  tokenEndpoint: "https://api.notion.com/v1/oauth/token",
  tokenFormat: "json",
  revocation: {
    url: "https://api.notion.com/v1/oauth/revoke",
    shows: "json",
  },
  clientAuthentication: "client_secret_basic_unencoded",
  requestHeaders: {
    "Notion-Version": "2025-09-03",
  },
  authorizationParameters: {
    owner: "user",
  },
  // The person chooses pages: there are no scopes. The bot stands for one person in one workspace.
  userinfo: {
    url: "https://api.notion.com/v1/users/me",
    headers: {
      "Notion-Version": "2025-09-03",
    },
    id: "id",
    label: "bot.workspace_name bot.owner.user.name",
  },
  proxyHeaders: ["Notion-Version"],
};
