import type { CatalogueEntry } from "../bare_provider.ts";

export const amazon: CatalogueEntry = {
  name: "amazon",
  title: "Amazon",
  console: "https://developer.amazon.com/loginwithamazon/console/site/lwa/overview.html",
  docs: [
    "https://developer.amazon.com/docs/login-with-amazon/authorization-code-grant.html",
    "https://developer.amazon.com/docs/login-with-amazon/obtain-customer-profile.html",
    "https://developer.amazon.com/docs/login-with-amazon/access-token.html",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  // Login with Amazon, and what else is behind it, such as the advertising API. There is no
  // revocation.
  authorizationEndpoint: "https://www.amazon.com/ap/oa",
  tokenEndpoint: "https://api.amazon.com/auth/o2/token",
  clientAuthentication: "client_secret_post",
  // One scope at least must be asked for.
  identityScopes: ["profile"],
  scopeTitles: {
    profile: "See your name and e-mail address",
    "profile:user_id": "See which account it is",
    postal_code: "See your postal code",
    "advertising::campaign_management": "See and change your advertising",
  },
  userinfo: {
    url: "https://api.amazon.com/user/profile",
    id: "user_id",
    label: "email",
  },
};
