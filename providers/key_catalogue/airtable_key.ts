import type { KeyCatalogueEntry } from "../key_provider.ts";

export const airtableKey: KeyCatalogueEntry = {
  name: "airtable_key",
  title: "Airtable",
  keyPage: "https://airtable.com/create/tokens",
  how: "Create a personal access token, with the scopes and bases that your app is for.",
  docs: ["https://support.airtable.com/docs/creating-personal-access-tokens"],
  docsRead: "2026-11-26",
  // The page of /v0/meta/whoami could not be read; its answer is as others have it.
  verified: "not verified",
  pattern: "[\\w.-]{20,200}",
  verify: {
    url: "https://api.airtable.com/v0/meta/whoami",
    id: "id",
    // Where the token has the scope for it.
    label: "email",
  },
};
