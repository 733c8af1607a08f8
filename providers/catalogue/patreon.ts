import type { CatalogueEntry } from "../bare_provider.ts";

export const patreon: CatalogueEntry = {
  name: "patreon",
  title: "Patreon",
  console: "https://www.patreon.com/portal/registration/register-clients",
  docs: ["https://docs.patreon.com/#oauth", "https://docs.patreon.com/#apiv2-oauth"],
  docsRead: "2026-11-25",
  verified: "documentation",
  authorizationEndpoint: "https://www.patreon.com/oauth2/authorize",
  tokenEndpoint: "https://www.patreon.com/api/oauth2/token",
  clientAuthentication: "client_secret_post",
  identityScopes: ["identity"],
  scopeTitles: {
    "identity[email]": "See your e-mail address",
    "identity.memberships": "See whom you support",
    campaigns: "See your campaigns",
    "campaigns.members": "See your supporters",
  },
  // Requests without a User-Agent are dropped, and no field comes that is not asked for.
  userinfo: {
    url: "https://www.patreon.com/api/oauth2/v2/identity",
    query: {
      "fields[user]": "full_name",
    },
    headers: {
      "User-Agent": "switchboard",
    },
    id: "data.id",
    label: "data.attributes.full_name",
  },
};
