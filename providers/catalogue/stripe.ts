import type { CatalogueEntry } from "../bare_provider.ts";

export const stripe: CatalogueEntry = {
  name: "stripe",
  title: "Stripe",
  console: "https://dashboard.stripe.com/settings/connect/onboarding-options/oauth",
  docs: [
    "https://docs.stripe.com/connect/oauth-reference",
    "https://docs.stripe.com/connect/oauth-standard-accounts",
    "https://docs.stripe.com/api/accounts/retrieve",
    "https://github.com/stripe/stripe-node",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  authorizationEndpoint: "https://connect.stripe.com/oauth/authorize",
  // The client's secret is the platform's secret API key, of the same mode as the client's id.
  tokenEndpoint: "https://connect.stripe.com/oauth/token",
  clientAuthentication: "client_secret_post",
  // A refresh would revoke the access token before it, which does not end by itself.
  tokensNeverEnd: true,
  // Ends the account's connection to the platform, which is told of it by the key, not by a token.
  revocation: {
    url: "https://connect.stripe.com/oauth/deauthorize",
    shows: "form",
    account: "stripe_user_id",
    client: "bearer",
  },
  // Without it read_only is asked for, which only extensions may have.
  scopes: ["read_write"],
  scopeTitles: {
    read_only: "See your payments, customers and everything else in your Stripe account",
    read_write: "See and change everything in your Stripe account",
  },
  userinfo: {
    url: "https://api.stripe.com/v1/account",
    id: "id",
    label: "settings.dashboard.display_name",
  },
  extraMembers: { stripe_user_id: "stripe_user_id", livemode: "livemode" },
  proxyHeaders: ["Stripe-Version", "Idempotency-Key"],
};
