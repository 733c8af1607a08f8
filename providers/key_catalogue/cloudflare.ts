import type { KeyCatalogueEntry } from "../key_provider.ts";

export const cloudflare: KeyCatalogueEntry = {
  name: "cloudflare",
  title: "Cloudflare",
  keyPage: "https://dash.cloudflare.com/profile/api-tokens",
  how: "Choose Create Token, and allow it what your app is for.",
  docs: [
    "https://developers.cloudflare.com/fundamentals/api/get-started/create-token/",
    "https://developers.cloudflare.com/api/resources/user/subresources/tokens/methods/verify/",
    "https://github.com/cloudflare/cloudflare-typescript",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  pattern: "[\\w-]{20,200}",
  verify: {
    // It says which token it is, of a person's own; whose is for those to see that may.
    url: "https://api.cloudflare.com/client/v4/user/tokens/verify",
    id: "result.id",
    label: "result.id",
  },
  apiUrl: "https://api.cloudflare.com/client/v4",
};
