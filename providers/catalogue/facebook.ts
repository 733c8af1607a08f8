import type { CatalogueEntry } from "../bare_provider.ts";

export const facebook: CatalogueEntry = {
  name: "facebook",
  title: "Facebook",
  console: "https://developers.facebook.com/apps/",
  docs: [
    "https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow",
    "https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived",
    "https://developers.facebook.com/docs/graph-api/reference/user/permissions/",
  ],
  docsRead: "2026-11-26",
  // Of the first page, the authorization request alone could be read.
  verified: "not verified",
  authorizationEndpoint: "https://www.facebook.com/dialog/oauth",
  tokenEndpoint: "https://graph.facebook.com/oauth/access_token",
  clientAuthentication: "client_secret_post",
  // A token for an hour or two becomes one for 60 days. There are no refresh tokens: then the
  // person connects again.
  lengthensBy: "fb_exchange_token",
  // All that the person has allowed this app.
  revocation: {
    url: "https://graph.facebook.com/me/permissions",
    shows: "bearer",
    method: "DELETE",
  },
  // Not a space, as RFC 6749 §3.3 has it.
  scopeSeparator: ",",
  identityScopes: ["public_profile"],
  scopeTitles: {
    public_profile: "See your name and picture",
    email: "See your e-mail address",
    pages_show_list: "See which pages you manage",
    pages_manage_posts: "Post on pages that you manage",
    pages_read_engagement: "See what is on pages that you manage",
    instagram_basic: "See your Instagram profile and posts",
    instagram_content_publish: "Post on your Instagram account",
    ads_read: "See your advertising",
  },
  userinfo: {
    url: "https://graph.facebook.com/me",
    query: {
      fields: "id,name",
    },
    id: "id",
    label: "name",
  },
  apiUrl: "https://graph.facebook.com",
};
