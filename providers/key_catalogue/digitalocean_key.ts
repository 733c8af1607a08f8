import type { KeyCatalogueEntry } from "../key_provider.ts";

export const digitaloceanKey: KeyCatalogueEntry = {
  name: "digitalocean_key",
  title: "DigitalOcean",
  keyPage: "https://cloud.digitalocean.com/account/api/tokens",
  how: "Choose Generate New Token, with the scopes that your app is for, and account:read.",
  docs: [
    "https://docs.digitalocean.com/reference/api/digitalocean/#operation/account_get",
    "https://github.com/digitalocean/openapi",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  pattern: "[\\w-]{20,200}",
  verify: {
    url: "https://api.digitalocean.com/v2/account",
    id: "account.uuid",
    label: "account.email",
  },
};
