import type { KeyCatalogueEntry } from "../key_provider.ts";

export const vercelKey: KeyCatalogueEntry = {
  name: "vercel_key",
  title: "Vercel",
  keyPage: "https://vercel.com/account/settings/tokens",
  how: "Create a token, with the scope of the team that your app is for.",
  docs: [
    "https://vercel.com/docs/rest-api/user/get-the-user",
    "https://github.com/vercel/sdk",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  pattern: "[\\w-]{20,200}",
  verify: {
    url: "https://api.vercel.com/v2/user",
    id: "user.id",
    label: "user.username",
  },
};
