import type { ProviderData } from "../bare_provider.ts";

export const dropbox: ProviderData = {
  name: "dropbox",
  title: "Dropbox",
  console: "https://www.dropbox.com/developers/apps",
  authorizationEndpoint: "https://www.dropbox.com/oauth2/authorize",
  tokenEndpoint: "https://api.dropboxapi.com/oauth2/token",
  revocationEndpoint: "https://api.dropboxapi.com/2/auth/token/revoke",
  clientAuthentication: "client_secret_basic_unencoded",
  proxyHeaders: ["Dropbox-API-*"],
};
