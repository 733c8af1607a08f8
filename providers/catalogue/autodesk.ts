import type { ProviderData } from "../bare_provider.ts";

export const autodesk: ProviderData = {
  name: "autodesk",
  title: "Autodesk",
  console: "https://aps.autodesk.com/myapps/",
  authorizationEndpoint: "https://developer.api.autodesk.com/authentication/v2/authorize",
  tokenEndpoint: "https://developer.api.autodesk.com/authentication/v2/token",
  revocationEndpoint: "https://developer.api.autodesk.com/authentication/v2/revoke",
  clientAuthentication: "client_secret_basic_unencoded",
};
