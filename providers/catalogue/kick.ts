import type { ProviderData } from "../bare_provider.ts";

export const kick: ProviderData = {
  name: "kick",
  title: "Kick",
  console: "https://kick.com/settings/developer",
  authorizationEndpoint: "https://id.kick.com/oauth/authorize",
  tokenEndpoint: "https://id.kick.com/oauth/token",
  revocationEndpoint: "https://id.kick.com/oauth/revoke",
  // The token alone is sent: whoever has it may end it.
  revokesWithoutClient: true,
  clientAuthentication: "client_secret_post",
};
