import type { ProviderData } from "../bare_provider.ts";

export const intuit: ProviderData = {
  name: "intuit",
  title: "Intuit",
  console: "https://developer.intuit.com/app/developer/dashboard",
  authorizationEndpoint: "https://appcenter.intuit.com/connect/oauth2",
  tokenEndpoint: "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer",
  revocationEndpoint: "https://developer.api.intuit.com/v2/oauth2/tokens/revoke",
  clientAuthentication: "client_secret_basic_unencoded",
};
