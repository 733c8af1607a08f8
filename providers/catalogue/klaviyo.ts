import type { CatalogueEntry } from "../bare_provider.ts";

export const klaviyo: CatalogueEntry = {
  name: "klaviyo",
  title: "Klaviyo",
  console: "https://www.klaviyo.com/manage-apps",
  docs: [
    "https://developers.klaviyo.com/en/docs/set_up_oauth",
    "https://developers.klaviyo.com/en/reference/get_accounts",
    "https://github.com/klaviyo-labs/node-integration-example",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  // PKCE is required.
  authorizationEndpoint: "https://www.klaviyo.com/oauth/authorize",
  tokenEndpoint: "https://a.klaviyo.com/oauth/token",
  revocation: {
    url: "https://a.klaviyo.com/oauth/revoke",
    shows: "form",
    token: "refresh",
    hint: true,
  },
  clientAuthentication: "client_secret_basic_unencoded",
  identityScopes: ["accounts:read"],
  scopeTitles: {
    "accounts:read": "See which account it is",
    "profiles:read": "See your profiles",
    "profiles:write": "Create and change profiles",
    "lists:read": "See your lists",
    "lists:write": "Create, change and delete lists",
    "campaigns:read": "See your campaigns",
    "events:read": "See events",
  },
  // The account that the app is installed in, not the person.
  userinfo: {
    url: "https://a.klaviyo.com/api/accounts",
    headers: {
      revision: "2026-10-15",
    },
    id: "data.0.id",
    label: "data.0.attributes.contact_information.organization_name",
  },
  proxyHeaders: ["revision"],
};
