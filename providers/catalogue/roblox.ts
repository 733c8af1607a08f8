import type { CatalogueEntry } from "../bare_provider.ts";

export const roblox: CatalogueEntry = {
  name: "roblox",
  title: "Roblox",
  console: "https://create.roblox.com/dashboard/credentials",
  docs: ["https://create.roblox.com/docs/cloud/auth/oauth2-reference"],
  docsRead: "2026-11-25",
  verified: "documentation",
  authorizationEndpoint: "https://apis.roblox.com/oauth/v1/authorize",
  tokenEndpoint: "https://apis.roblox.com/oauth/v1/token",
  revocationEndpoint: "https://apis.roblox.com/oauth/v1/token/revoke",
  clientAuthentication: "client_secret_basic_unencoded",
  identityScopes: ["openid", "profile"],
  scopeTitles: {
    "group:read": "See your groups",
    "asset:read": "See your assets",
    "asset:write": "Create and change assets",
  },
  userinfo: {
    url: "https://apis.roblox.com/oauth/v1/userinfo",
    id: "sub",
    label: "preferred_username",
  },
};
