import type { CatalogueEntry } from "../bare_provider.ts";

export const airtable: CatalogueEntry = {
  name: "airtable",
  title: "Airtable",
  console: "https://airtable.com/create/oauth",
  docs: [
    "https://airtable.com/developers/web/api/oauth-reference",
    "https://airtable.com/developers/web/api/get-user-id-scopes",
    "https://github.com/Airtable/oauth-example",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  // PKCE is required. A refresh token is good once, and for 60 days. There is no revocation.
  authorizationEndpoint: "https://airtable.com/oauth2/v1/authorize",
  tokenEndpoint: "https://airtable.com/oauth2/v1/token",
  clientAuthentication: "client_secret_basic_unencoded",
  // One scope at least must be asked for.
  identityScopes: ["user.email:read"],
  scopeTitles: {
    "user.email:read": "See your e-mail address",
    "data.records:read": "See the records in your bases",
    "data.records:write": "Create, change and delete records in your bases",
    "schema.bases:read": "See how your bases are built",
    "schema.bases:write": "Change how your bases are built",
    "data.recordComments:read": "See comments on records",
  },
  userinfo: {
    url: "https://api.airtable.com/v0/meta/whoami",
    id: "id",
    label: "email",
  },
};
