import type { CatalogueEntry } from "../bare_provider.ts";

export const kick: CatalogueEntry = {
  name: "kick",
  title: "Kick",
  console: "https://kick.com/settings/developer",
  docs: [
    "https://docs.kick.com/getting-started/generating-tokens-oauth2-flow",
    "https://docs.kick.com/apis/users",
  ],
  docsRead: "2026-11-25",
  verified: "documentation",
  authorizationEndpoint: "https://id.kick.com/oauth/authorize",
  tokenEndpoint: "https://id.kick.com/oauth/token",
  revocationEndpoint: "https://id.kick.com/oauth/revoke",
  // The token alone is sent: whoever has it may end it. In the body as RFC 7009 has it, since what
  // stands in an address, where the documentation has it, ends up in logs and traces.
  revokesWithoutClient: true,
  clientAuthentication: "client_secret_post",
  identityScopes: ["user:read"],
  scopeTitles: {
    "channel:read": "See your channel",
    "chat:write": "Write in chats",
  },
  userinfo: {
    url: "https://api.kick.com/public/v1/users",
    id: "data.0.user_id",
    label: "data.0.name",
  },
};
