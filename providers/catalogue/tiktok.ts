import type { CatalogueEntry } from "../bare_provider.ts";

export const tiktok: CatalogueEntry = {
  name: "tiktok",
  title: "TikTok",
  console: "https://developers.tiktok.com/apps/",
  docs: [
    "https://developers.tiktok.com/doc/login-kit-web/",
    "https://developers.tiktok.com/doc/oauth-user-access-token-management",
    "https://developers.tiktok.com/docs/en/oauth-revoke-a-user-access-token",
    "https://developers.tiktok.com/doc/tiktok-api-v2-get-user-info/",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://www.tiktok.com/v2/auth/authorize/",
  tokenEndpoint: "https://open.tiktokapis.com/v2/oauth/token/",
  revocation: {
    url: "https://open.tiktokapis.com/v2/oauth/revoke/",
    shows: "form",
  },
  clientAuthentication: "client_secret_post",
  clientNames: { id: "client_key", secret: "client_secret" },
  // For apps on a desktop or a phone alone, and of an encoding of its own.
  pkce: false,
  // Not a space, as RFC 6749 §3.3 has it.
  scopeSeparator: ",",
  identityScopes: ["user.info.basic"],
  scopeTitles: {
    "user.info.basic": "See your name and picture",
    "user.info.profile": "See your profile",
    "user.info.stats": "See how many followers and likes you have",
    "video.list": "See your public videos",
    "video.upload": "Upload videos as drafts",
    "video.publish": "Publish videos",
  },
  // No field comes that is not asked for.
  userinfo: {
    url: "https://open.tiktokapis.com/v2/user/info/",
    query: {
      fields: "open_id,display_name",
    },
    id: "data.user.open_id",
    label: "data.user.display_name",
  },
};
