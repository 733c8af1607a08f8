import type { KeyCatalogueEntry } from "../key_provider.ts";

export const netlifyKey: KeyCatalogueEntry = {
  name: "netlify_key",
  title: "Netlify",
  keyPage: "https://app.netlify.com/user/applications#personal-access-tokens",
  how: "Choose New access token.",
  docs: [
    "https://docs.netlify.com/api/get-started/",
    "https://open-api.netlify.com/#tag/user/operation/getCurrentUser",
    "https://github.com/netlify/open-api",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  pattern: "[\\w-]{20,200}",
  verify: {
    url: "https://api.netlify.com/api/v1/user",
    id: "id",
    label: "email",
  },
};
