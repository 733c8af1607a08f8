import type { CatalogueEntry } from "../bare_provider.ts";

export const discord: CatalogueEntry = {
  name: "discord",
  title: "Discord",
  console: "https://discord.com/developers/applications",
  docs: [
    "https://discord.com/developers/docs/topics/oauth2",
    "https://discord.com/.well-known/oauth-authorization-server",
  ],
  docsRead: "2026-11-25",
  verified: "documentation",
  authorizationEndpoint: "https://discord.com/oauth2/authorize",
  tokenEndpoint: "https://discord.com/api/oauth2/token",
  revocationEndpoint: "https://discord.com/api/oauth2/token/revoke",
  clientAuthentication: "client_secret_basic_unencoded",
  issuer: "https://discord.com",
  sendsIssuer: true,
  identityScopes: ["identify"],
  scopeTitles: {
    email: "See your e-mail address",
    guilds: "See the servers you are in",
    connections: "See the accounts you have linked",
  },
  userinfo: {
    url: "https://discord.com/api/users/@me",
    id: "id",
    label: "username",
  },
  proxyHeaders: ["X-Audit-Log-Reason"],
};
