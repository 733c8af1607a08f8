import type { KeyCatalogueEntry } from "../key_provider.ts";

export const sendgrid: KeyCatalogueEntry = {
  name: "sendgrid",
  title: "SendGrid",
  keyPage: "https://app.sendgrid.com/settings/api_keys",
  how: "Choose Create API Key, and allow it what your app is for, and to read User Account.",
  docs: [
    "https://www.twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/authentication",
    "https://www.twilio.com/docs/sendgrid/api-reference/api-keys/create-api-keys",
    "https://www.twilio.com/docs/sendgrid/api-reference/users-api/retrieve-your-username",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  // Always 69 characters; what they begin with is not documented.
  pattern: "\\S{69}",
  verify: {
    url: "https://api.sendgrid.com/v3/user/username",
    id: "user_id",
    label: "username",
  },
};
