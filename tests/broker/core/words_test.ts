import { assert, assertEquals } from "@std/assert";
import type { Reason } from "../../../broker/core/refusal.ts";
import { wordsOf } from "../../../broker/core/words.ts";

const named = { service: "gmail", title: "Gmail" };

/** One of each; the compiler checks that none is missing. */
const REASONS: { [C in Reason["code"]]: Extract<Reason, { code: C }> } = {
  link_done: { code: "link_done", title: "Acme", label: "ada", handedOff: false },
  quota_exceeded: { code: "quota_exceeded", of: "connections", limit: 200 },
  user_deleted: { code: "user_deleted", retryAfter: 900 },
  invalid_request: { code: "invalid_request", detail: "x is missing" },
  invalid_client: { code: "invalid_client" },
  credential_missing: { code: "credential_missing" },
  service_not_allowed: { code: "service_not_allowed", service: "gmail" },
  tool_not_allowed: { code: "tool_not_allowed", tool: "gmail_send_message" },
  tools_only: { code: "tools_only" },
  settings_changed: { code: "settings_changed" },
  connection_not_allowed: {
    code: "connection_not_allowed",
    title: "Google",
    others: ["Google Drive"],
  },
  unknown_service: { code: "unknown_service", service: "x", known: ["gmail"] },
  unknown_account: { code: "unknown_account", service: "gmail", accounts: ["a"] },
  not_connected: { code: "not_connected", ...named, connectUrl: "https://x/" },
  insufficient_scope: {
    code: "insufficient_scope",
    ...named,
    scope: "s",
    allows: ["See it"],
    connectUrl: "https://x/",
  },
  reauthorization_required: { code: "reauthorization_required", ...named },
  provider_unavailable: { code: "provider_unavailable", title: "Google", retryAfter: 30 },
  vault_unavailable: { code: "vault_unavailable" },
  too_large: { code: "too_large" },
  store_unavailable: { code: "store_unavailable" },
  link_invalid: { code: "link_invalid" },
  link_changed: { code: "link_changed" },
  link_withdrawn: { code: "link_withdrawn" },
  link_expired: { code: "link_expired" },
  code_invalid: { code: "code_invalid" },
  browser_mismatch: { code: "browser_mismatch" },
  state_invalid: { code: "state_invalid" },
  state_missing: { code: "state_missing" },
  state_expired: { code: "state_expired" },
  service_mismatch: { code: "service_mismatch" },
  issuer_mismatch: { code: "issuer_mismatch" },
  access_denied: { code: "access_denied", title: "Google" },
  provider_refused: { code: "provider_refused", title: "Google", providerCode: "x" },
  key_refused: { code: "key_refused", title: "Acme", what: "api_key", why: "refused" },
  not_stored: { code: "not_stored", title: "Google", access: "not_taken_back" },
  not_keepable: {
    code: "not_keepable",
    title: "Google",
    detail: "it is too large",
    access: "taken_back",
  },
  sign_in_refused: { code: "sign_in_refused" },
  sign_in_needed: { code: "sign_in_needed" },
  other_person: { code: "other_person" },
  rate_limited: { code: "rate_limited", retryAfter: 60 },
  unknown_client: { code: "unknown_client" },
  client_document: { code: "client_document", detail: "it is too long", about: "metadata" },
  redirect_uri_mismatch: { code: "redirect_uri_mismatch" },
  invalid_gateway_token: { code: "invalid_gateway_token" },
  insufficient_gateway_scope: { code: "insufficient_gateway_scope", scope: "gmail" },
};

Deno.test("wordsOf() gives every reason a code and a sentence", () => {
  for (const reason of Object.values(REASONS)) {
    const { error, description } = wordsOf(reason);
    assert(/^[a-z_]+$/.test(error), error);
    assert(/^[A-Z].*\.$/.test(description) || reason.code === "invalid_request", description);
  }
});

Deno.test("wordsOf() hands on the link that cures, and the time to wait", () => {
  assertEquals(wordsOf(REASONS.not_connected).connectUrl, "https://x/");
  assertEquals(wordsOf(REASONS.insufficient_scope).connectUrl, "https://x/");
  assertEquals(wordsOf(REASONS.reauthorization_required).connectUrl, undefined);
  assertEquals(wordsOf(REASONS.rate_limited).retryAfter, 60);
  assertEquals(wordsOf(REASONS.provider_unavailable).retryAfter, 30);
});

Deno.test("what is not there is not said: no other account, no reason, no name", () => {
  const said = (reason: Reason) => wordsOf(reason).description;
  const accounts = (...accounts: string[]) =>
    said({ code: "unknown_account", service: "gmail", accounts });
  assert(accounts("a", "b").endsWith('"account" can be: a, b.'), accounts("a", "b"));
  assert(!accounts().includes("Connected:"), accounts());
  const over = (...others: string[]) =>
    said({ code: "reauthorization_required", ...named, others });
  assert(over("a", "b").endsWith('Or name another one as "account": a, b.'), over("a", "b"));
  assertEquals(over(), said({ code: "reauthorization_required", ...named }));
  const refused = (providerCode: string) =>
    said({ code: "provider_refused", title: "Google", providerCode } as Reason);
  // The operator's to mend, or the person's.
  assert(!refused("invalid_client").includes("refused to finish"), refused("invalid_client"));
  assert(refused("access_blocked").includes("refused to finish"), refused("access_blocked"));
});
