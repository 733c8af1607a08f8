import type { KeyCatalogueEntry } from "../key_provider.ts";

export const pagerdutyKey: KeyCatalogueEntry = {
  name: "pagerduty_key",
  title: "PagerDuty",
  keyPage: "https://support.pagerduty.com/main/docs/api-access-keys",
  how:
    "Open My Profile, User Settings, and choose Create API User Token. An account's key is not enough.",
  docs: [
    "https://developer.pagerduty.com/docs/authentication",
    "https://developer.pagerduty.com/api-reference/get-the-current-user",
    "https://github.com/PagerDuty/api-schema",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  pattern: "[\\w+-]{20,100}",
  header: { name: "Authorization", value: "Token token={key}" },
  verify: {
    url: "https://api.pagerduty.com/users/me",
    id: "user.id",
    label: "user.email",
  },
  apiHeaders: { Accept: "application/vnd.pagerduty+json;version=2" },
};
