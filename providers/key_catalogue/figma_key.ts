import type { KeyCatalogueEntry } from "../key_provider.ts";

export const figmaKey: KeyCatalogueEntry = {
  name: "figma_key",
  title: "Figma",
  keyPage: "https://www.figma.com/settings",
  how:
    "Open Security, generate a personal access token with the scopes that your app is for, and current_user:read.",
  docs: [
    "https://developers.figma.com/docs/rest-api/personal-access-tokens/",
    "https://github.com/figma/rest-api-spec",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  pattern: "[\\w-]{20,200}",
  header: { name: "X-Figma-Token", value: "{key}" },
  verify: {
    url: "https://api.figma.com/v1/me",
    id: "id",
    label: "email",
  },
};
