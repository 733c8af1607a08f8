import { assert, assertEquals } from "@std/assert";
import { type Reason, toWire } from "../../../broker/core/refusal.ts";

const named = { service: "gmail", title: "Gmail" };

/** One of each; the compiler checks that none is missing. */
const REASONS: { [C in Reason["code"]]: Extract<Reason, { code: C }> } = {
  invalid_request: { code: "invalid_request", detail: "x is missing" },
  invalid_client: { code: "invalid_client" },
  service_not_allowed: { code: "service_not_allowed", service: "gmail" },
  unknown_service: { code: "unknown_service", service: "x", known: ["gmail"] },
  unknown_account: { code: "unknown_account", service: "gmail", accounts: ["a"] },
  not_connected: { code: "not_connected", ...named, connectUrl: "https://x/" },
  insufficient_scope: {
    code: "insufficient_scope",
    ...named,
    scope: "s",
    connectUrl: "https://x/",
  },
  reauthorization_required: { code: "reauthorization_required", ...named },
  provider_unavailable: { code: "provider_unavailable", title: "Google", retryAfter: 30 },
  vault_unavailable: { code: "vault_unavailable" },
  store_unavailable: { code: "store_unavailable" },
  link_invalid: { code: "link_invalid" },
  link_changed: { code: "link_changed" },
  link_expired: { code: "link_expired" },
  code_invalid: { code: "code_invalid" },
  cross_site: { code: "cross_site" },
  browser_mismatch: { code: "browser_mismatch" },
  state_invalid: { code: "state_invalid" },
  state_expired: { code: "state_expired" },
  service_mismatch: { code: "service_mismatch" },
  issuer_mismatch: { code: "issuer_mismatch" },
  access_denied: { code: "access_denied", title: "Google" },
  provider_refused: { code: "provider_refused", title: "Google", providerCode: "x" },
  sign_in_refused: { code: "sign_in_refused" },
  sign_in_needed: { code: "sign_in_needed" },
  other_person: { code: "other_person" },
  rate_limited: { code: "rate_limited", retryAfter: 60 },
  unknown_client: { code: "unknown_client" },
  client_document: { code: "client_document", detail: "it is too long" },
  redirect_uri_mismatch: { code: "redirect_uri_mismatch" },
  invalid_gateway_token: { code: "invalid_gateway_token" },
  insufficient_gateway_scope: { code: "insufficient_gateway_scope", scope: "gmail" },
  unsupported_media_type: { code: "unsupported_media_type" },
  payload_too_large: { code: "payload_too_large", limit: 1 },
  forbidden_host: { code: "forbidden_host" },
  forbidden_origin: { code: "forbidden_origin" },
  not_found: { code: "not_found" },
  method_not_allowed: { code: "method_not_allowed", allow: "POST" },
};

Deno.test("toWire() gives every reason a code and a sentence", () => {
  for (const reason of Object.values(REASONS)) {
    const { status, error, description } = toWire(reason);
    assert(status >= 400 && status < 600, error);
    assert(/^[a-z_]+$/.test(error), error);
    assert(/^[A-Z].*\.$/.test(description) || reason.code === "invalid_request", description);
  }
});

Deno.test("toWire() keeps the statuses that callers rely on", () => {
  const statuses = {
    invalid_request: 400,
    invalid_client: 401,
    insufficient_scope: 403,
    not_connected: 404,
    unknown_service: 404,
    reauthorization_required: 409,
    provider_unavailable: 503,
  } as const;
  for (const [code, status] of Object.entries(statuses)) {
    const wire = toWire(REASONS[code as keyof typeof statuses]);
    assertEquals([wire.error, wire.status], [code, status]);
  }
});
