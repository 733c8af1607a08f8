import type { ProviderData } from "../bare_provider.ts";

export const yahoo: ProviderData = {
  name: "yahoo",
  title: "Yahoo",
  console: "https://developer.yahoo.com/apps/",
  authorizationEndpoint: "https://api.login.yahoo.com/oauth2/request_auth",
  tokenEndpoint: "https://api.login.yahoo.com/oauth2/get_token",
  clientAuthentication: "client_secret_basic_unencoded",
};
