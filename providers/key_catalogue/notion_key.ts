import type { KeyCatalogueEntry } from "../key_provider.ts";

export const notionKey: KeyCatalogueEntry = {
  name: "notion_key",
  title: "Notion",
  keyPage: "https://www.notion.so/profile/integrations",
  how: "Make an internal integration, share your pages with it, and copy its secret.",
  docs: [
    "https://developers.notion.com/reference/authentication",
    "https://developers.notion.com/changelog/retrieve-information-about-your-token",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  // Their form has changed more than once, and is not documented.
  pattern: "[\\w-]{20,200}",
  verify: {
    // The integration's own bot: one for each integration and workspace.
    url: "https://api.notion.com/v1/users/me",
    id: "id",
    label: "name",
  },
  apiHeaders: { "Notion-Version": "2025-09-03" },
  proxyHeaders: ["notion-version"],
};
