import type { KeyCatalogueEntry } from "../key_provider.ts";

export const deepgram: KeyCatalogueEntry = {
  name: "deepgram",
  title: "Deepgram",
  keyPage: "https://console.deepgram.com/",
  how: "Open API Keys in your project, and choose Create a New API Key.",
  docs: [
    "https://developers.deepgram.com/reference/manage/projects/list",
    "https://github.com/deepgram/deepgram-api-specs",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  pattern: "[\\w-]{20,200}",
  header: { name: "Authorization", value: "Token {key}" },
  verify: {
    // A key is made in a project, and is for that one.
    url: "https://api.deepgram.com/v1/projects",
    id: "projects.0.project_id",
    label: "projects.0.name",
  },
};
