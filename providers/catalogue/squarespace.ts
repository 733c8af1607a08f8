import type { CatalogueEntry } from "../bare_provider.ts";

export const squarespace: CatalogueEntry = {
  name: "squarespace",
  title: "Squarespace",
  console: "https://account.squarespace.com/developer-apps",
  docs: [
    "https://developers.squarespace.com/commerce-apis/oauth",
    "https://developers.squarespace.com/commerce-apis/authentication-and-permissions",
  ],
  docsRead: "2026-11-26",
  // Of the page, the authorization request alone could be read; the rest is as others have it.
  verified: "not verified",
  authorizationEndpoint: "https://login.squarespace.com/api/1/login/oauth/provider/authorize",
  tokenEndpoint: "https://login.squarespace.com/api/1/login/oauth/provider/tokens",
  tokenFormat: "json",
  clientAuthentication: "client_secret_basic_unencoded",
  // Without it there is no refresh token, which is good once, and for a week.
  authorizationParameters: {
    access_type: "offline",
  },
  // Not a space, as RFC 6749 §3.3 has it.
  scopeSeparator: ",",
  // One scope at least must be asked for.
  scopes: ["website.orders.read"],
  scopeTitles: {
    "website.orders.read": "See your orders",
    "website.orders": "See and change your orders",
    "website.products.read": "See your products",
    "website.products": "See and change your products",
    "website.inventory.read": "See your inventory",
    "website.inventory": "See and change your inventory",
    "website.transactions.read": "See your transactions",
  },
  // The website, which belongs to one account.
  userinfo: {
    url: "https://api.squarespace.com/1.0/authorization/website",
    headers: {
      "User-Agent": "switchboard",
    },
    id: "id",
    label: "title",
  },
};
