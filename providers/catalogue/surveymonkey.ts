import type { CatalogueEntry } from "../bare_provider.ts";

export const surveymonkey: CatalogueEntry = {
  name: "surveymonkey",
  title: "SurveyMonkey",
  console: "https://developer.surveymonkey.com/apps/",
  docs: [
    "https://api.surveymonkey.com/v3/docs",
    "https://github.com/SurveyMonkey/public_api_docs",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  // Scopes are set in the app's settings. "View Users" is needed to know whose account it is.
  authorizationEndpoint: "https://api.surveymonkey.com/oauth/authorize",
  tokenEndpoint: "https://api.surveymonkey.com/oauth/token",
  clientAuthentication: "client_secret_post",
  // Not in the documentation, and other brokers leave it out.
  pkce: false,
  // There is no refresh token, and no revocation.
  tokensNeverEnd: true,
  // Where the account's data are.
  extraMembers: { access_url: "access_url" },
  hosts: ["*.surveymonkey.com", "api.surveymonkey.ca"],
  userinfo: {
    url: "{access_url}/v3/users/me",
    id: "id",
    label: "email",
  },
  apiUrl: "{access_url}",
};
