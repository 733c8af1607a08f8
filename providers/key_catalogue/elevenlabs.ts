import type { KeyCatalogueEntry } from "../key_provider.ts";

export const elevenlabs: KeyCatalogueEntry = {
  name: "elevenlabs",
  title: "ElevenLabs",
  keyPage: "https://elevenlabs.io/app/settings/api-keys",
  how: "Choose Create Key, and allow it what your app is for, and to read User.",
  docs: [
    "https://elevenlabs.io/docs/api-reference/user/get",
    "https://github.com/elevenlabs/elevenlabs-python",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  pattern: "[\\w-]{20,200}",
  header: { name: "xi-api-key", value: "{key}" },
  verify: {
    url: "https://api.elevenlabs.io/v1/user",
    id: "user_id",
    label: "first_name",
  },
};
