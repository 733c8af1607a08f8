/**
 * The webhook of a GitHub App: GitHub tells that somebody has taken back what
 * they had authorized the App to.
 *
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads#github_app_authorization
 * https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Delivery, ProviderEvent } from "../../broker/core/provider_event.ts";
import { parseJson } from "../../broker/core/json.ts";
import { Refusal } from "../../broker/core/refusal.ts";

const Revoked = z.object({ action: z.literal("revoked"), sender: z.object({ id: z.number() }) });

/** Reads one delivery. A repeat has no name that is signed; an account is asked about once a minute. */
export function readGitHubEvent(secret: string, { headers, body }: Delivery): ProviderEvent {
  const given = /^sha256=([0-9a-f]{64})$/.exec(headers.get("X-Hub-Signature-256") ?? "")?.[1];
  const own = createHmac("sha256", secret).update(body).digest();
  if (given === undefined || !timingSafeEqual(own, Buffer.from(given, "hex"))) {
    throw new Refusal({
      code: "invalid_request",
      detail: "X-Hub-Signature-256 is not of this body, by the secret of GITHUB_WEBHOOK_SECRET.",
    });
  }
  // What kind it is stands in a header that nobody signs: the body itself has to look like it.
  const type = /^[a-z_]{1,60}$/.exec(headers.get("X-GitHub-Event") ?? "")?.[0] ?? "other";
  const said = type === "github_app_authorization"
    ? Revoked.safeParse(parsed(body)).data
    : undefined;
  if (said === undefined) return { type, about: { kind: "nothing" } };
  return { type, about: { kind: "account", account: String(said.sender.id) } };
}

function parsed(body: Uint8Array): unknown {
  try {
    return parseJson(new TextDecoder().decode(body));
  } catch {
    throw new Refusal({ code: "invalid_request", detail: "The body is not valid JSON." });
  }
}
