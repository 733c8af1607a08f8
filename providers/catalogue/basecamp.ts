import type { CatalogueEntry } from "../bare_provider.ts";

export const basecamp: CatalogueEntry = {
  name: "basecamp",
  title: "Basecamp",
  console: "https://launchpad.37signals.com/integrations",
  docs: [
    "https://github.com/basecamp/bc3-api/blob/master/sections/authentication.md",
    "https://github.com/basecamp/api/blob/master/sections/authentication.md",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  // There are no scopes, and there is no revocation.
  authorizationEndpoint: "https://launchpad.37signals.com/authorization/new",
  tokenEndpoint: "https://launchpad.37signals.com/authorization/token",
  clientAuthentication: "client_secret_post",
  // It lists the person's accounts, too: each has a path of its own at the API.
  userinfo: {
    url: "https://launchpad.37signals.com/authorization.json",
    id: "identity.id",
    label: "identity.email_address",
  },
  apiUrl: "https://3.basecampapi.com",
};
