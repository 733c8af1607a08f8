/**
 * What an MCP client says of itself, in a registration or in a document.
 *
 * @module
 */

import { z } from "zod";
import type { Reason } from "../../broker/core/refusal.ts";
import { isRecord } from "../../broker/core/json.ts";
import { isRedirectUri } from "./redirects.ts";

const RedirectUri = z.string().max(2000).refine(isRedirectUri, {
  message:
    "must be https, http on a loopback host, or an app's own scheme such as com.example.app, without fragment",
});

/** Some clients send the members that they leave out as `null`. */
const withoutNulls = (value: unknown) =>
  isRecord(value)
    ? Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null))
    : value;

const Members = z.object({
  client_name: z.string().max(200).optional(),
  redirect_uris: z.array(RedirectUri).min(1).max(20),
  grant_types: z.array(z.string()).max(20).optional(),
  response_types: z.array(z.string()).max(20).optional(),
  token_endpoint_auth_method: z.string().max(100).optional(),
  token_endpoint_auth_signing_alg: z.string().max(100).optional(),
  jwks_uri: z.string().max(2000).optional(),
  jwks: z.unknown().optional(),
  dpop_bound_access_tokens: z.boolean().optional(),
});

/** RFC 7591 §2, and the client id metadata document's members that matter here. */
export const Metadata = z.preprocess(withoutNulls, Members);

export const ClientDocument = z.preprocess(withoutNulls, Members.extend({ client_id: z.string() }));

/** What is wrong with it, in the reason's words. */
export function refusedMetadata(error: z.ZodError): Reason {
  const [issue] = error.issues;
  const detail = `${issue?.path.join(".") || "it"} ${issue?.message ?? "is malformed"}`;
  const about = issue?.path[0] === "redirect_uris" ? "redirect_uris" : "metadata";
  return { code: "client_document", detail, about };
}
