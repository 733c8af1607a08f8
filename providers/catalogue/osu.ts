import type { CatalogueEntry } from "../bare_provider.ts";

export const osu: CatalogueEntry = {
  name: "osu",
  title: "osu!",
  console: "https://osu.ppy.sh/home/account/edit#oauth",
  docs: ["https://osu.ppy.sh/docs/"],
  docsRead: "2026-11-25",
  verified: "documentation",
  authorizationEndpoint: "https://osu.ppy.sh/oauth/authorize",
  tokenEndpoint: "https://osu.ppy.sh/oauth/token",
  revocation: {
    url: "https://osu.ppy.sh/api/v2/oauth/tokens/current",
    shows: "bearer",
    method: "DELETE",
  },
  clientAuthentication: "client_secret_post",
  identityScopes: ["identify"],
  scopeTitles: {
    public: "Read what is public",
    "friends.read": "See your friends",
    "chat.write": "Send messages in your name",
  },
  userinfo: {
    url: "https://osu.ppy.sh/api/v2/me",
    id: "id",
    label: "username",
  },
};
