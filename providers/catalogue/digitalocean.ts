import type { CatalogueEntry } from "../bare_provider.ts";

export const digitalocean: CatalogueEntry = {
  name: "digitalocean",
  title: "DigitalOcean",
  console: "https://cloud.digitalocean.com/account/api/applications",
  docs: [
    "https://docs.digitalocean.com/reference/api/oauth/",
    "https://github.com/digitalocean/openapi/blob/main/specification/resources/account/account_get.yml",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://cloud.digitalocean.com/v1/oauth/authorize",
  tokenEndpoint: "https://cloud.digitalocean.com/v1/oauth/token",
  // The token stands in the header, too.
  revocation: {
    url: "https://cloud.digitalocean.com/v1/oauth/revoke",
    shows: "form",
    client: "token",
  },
  clientAuthentication: "client_secret_post",
  identityScopes: ["account:read"],
  scopeTitles: {
    "account:read": "See who you are, and in which team",
    read: "See all that is in your team",
    write: "Create, change and delete all that is in your team",
    "droplet:read": "See your Droplets",
    "domain:read": "See your domains",
  },
  // A token is for one team of the person's.
  userinfo: {
    url: "https://api.digitalocean.com/v2/account",
    id: "account.team.uuid account.uuid",
    label: "account.email account.team.name",
  },
};
