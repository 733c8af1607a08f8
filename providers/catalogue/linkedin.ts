import type { CatalogueEntry } from "../bare_provider.ts";

export const linkedin: CatalogueEntry = {
  name: "linkedin",
  title: "LinkedIn",
  console: "https://www.linkedin.com/developers/apps",
  docs: [
    "https://learn.microsoft.com/en-us/linkedin/shared/authentication/authorization-code-flow",
    "https://learn.microsoft.com/en-us/linkedin/consumer/integrations/self-serve/sign-in-with-linkedin-v2",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://www.linkedin.com/oauth/v2/authorization",
  tokenEndpoint: "https://www.linkedin.com/oauth/v2/accessToken",
  // It does not take HTTP Basic.
  clientAuthentication: "client_secret_post",
  // A token request with a code_verifier is answered with 401.
  pkce: false,
  identityScopes: ["openid", "profile"],
  scopeTitles: {
    email: "See your e-mail address",
    w_member_social: "Post, comment and react in your name",
  },
  userinfo: {
    url: "https://api.linkedin.com/v2/userinfo",
    id: "sub",
    label: "name",
  },
  proxyHeaders: ["LinkedIn-Version", "X-RestLi-*"],
};
