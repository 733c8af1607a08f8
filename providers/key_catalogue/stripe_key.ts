import type { KeyCatalogueEntry } from "../key_provider.ts";

export const stripeKey: KeyCatalogueEntry = {
  name: "stripe_key",
  title: "Stripe",
  keyPage: "https://dashboard.stripe.com/apikeys",
  how: "Create a restricted key, and allow it what your app is for, and to read the account.",
  docs: [
    "https://docs.stripe.com/keys",
    "https://docs.stripe.com/api/accounts/retrieve",
    "https://github.com/stripe/stripe-node",
  ],
  docsRead: "2026-11-26",
  verified: "documentation",
  // Secret and restricted ones, of either mode. A publishable one opens nothing.
  pattern: "(sk|rk)_(live|test)_\\w{10,240}",
  verify: {
    url: "https://api.stripe.com/v1/account",
    id: "id",
    label: "settings.dashboard.display_name",
  },
  proxyHeaders: ["stripe-version", "stripe-account", "idempotency-key"],
};
