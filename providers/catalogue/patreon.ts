import type { ProviderData } from "../bare_provider.ts";

export const patreon: ProviderData = {
  name: "patreon",
  title: "Patreon",
  console: "https://www.patreon.com/portal/registration/register-clients",
  authorizationEndpoint: "https://www.patreon.com/oauth2/authorize",
  tokenEndpoint: "https://www.patreon.com/api/oauth2/token",
  clientAuthentication: "client_secret_post",
  userinfo: {
    url: "https://www.patreon.com/api/oauth2/v2/identity",
    id: "data.id",
    label: "data.id",
  },
};
