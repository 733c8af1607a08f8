import type { CatalogueEntry } from "../bare_provider.ts";

export const supabase: CatalogueEntry = {
  name: "supabase",
  title: "Supabase",
  console: "https://supabase.com/dashboard/org/_/apps",
  docs: [
    "https://supabase.com/docs/guides/integrations/build-a-supabase-oauth-integration",
    "https://supabase.com/docs/reference/api/introduction",
    "https://github.com/supabase-community/supabase-management-js",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  // Scopes are set where the app is made. It needs Organizations: Read.
  authorizationEndpoint: "https://api.supabase.com/v1/oauth/authorize",
  tokenEndpoint: "https://api.supabase.com/v1/oauth/token",
  revocation: {
    url: "https://api.supabase.com/v1/oauth/revoke",
    shows: "json",
    parameter: "refresh_token",
    token: "refresh",
    client: "posted",
  },
  clientAuthentication: "client_secret_basic_unencoded",
  // The organization that the person chose.
  userinfo: {
    url: "https://api.supabase.com/v1/organizations",
    id: "0.slug",
    label: "0.name",
  },
};
