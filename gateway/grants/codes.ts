/**
 * Authorization codes of the gateway (OAuth 2.1 §4.1.2): short-lived, bound to
 * a client, its redirect URI and a PKCE challenge, good for one exchange.
 *
 * @module
 */

import type { AuthorizationCode, Grant } from "../../broker/core/grant.ts";
import type { Client } from "../../broker/core/client.ts";
import { isOpen } from "../../broker/core/clock.ts";
import { digest } from "../../broker/core/secrets.ts";
import { find } from "../../broker/core/single_use.ts";
import type { GrantDeps } from "./access.ts";
import { type GatewayTokenSet, GrantError, issueTokens } from "./grants.ts";
import { type Proof, requireWanted } from "../dpop/proofs.ts";
import { requireGrantRoom } from "./room.ts";
import { isSameRedirect } from "../clients/redirects.ts";

/** OAuth 2.1 §4.1.2: short, and used once. */
export const CODE_MS = 60_000;
/** A code's record outlives the code, so that whoever comes with a used one is noticed. */
const CODE_RECORD_MS = 10 * CODE_MS;

/** A person said yes: the code for the client. @throws {Refusal} `quota_exceeded`, `rate_limited`. */
export async function issueCode(
  deps: GrantDeps,
  request: Omit<AuthorizationCode, "grantId" | "usableUntil" | "expiresAt" | "used" | "replayed">,
): Promise<string> {
  const { store, world } = deps;
  await requireGrantRoom(deps, request.subject, "clients");
  const code = world.secret();
  const now = world.now();
  await store.codes.put(digest(code), {
    ...request,
    grantId: world.secret(),
    usableUntil: now + CODE_MS,
    expiresAt: now + CODE_RECORD_MS,
  });
  return code;
}

/** What a client brings to exchange a code. */
export interface CodeExchange {
  client: Client;
  code: string | undefined;
  verifier: string | undefined;
  redirectUri: string | undefined;
  resource: string | undefined;
  /** Of a key that the tokens are to be bound to. */
  proof?: Proof | undefined;
}

/**
 * Code → tokens. A code that comes a second time ends what the first one gave.
 *
 * @throws {GrantError} `invalid_grant`, `invalid_target`.
 * @throws {ProofError} `invalid_dpop_proof`.
 */
export async function exchangeCode(
  deps: GrantDeps,
  exchange: CodeExchange,
): Promise<GatewayTokenSet> {
  const { store, world } = deps;
  const { client, code } = exchange;
  const found = await find(store.codes, code);
  if (found === null) throw new GrantError("invalid_grant", "unknown code");
  const { value } = found;
  if (value.used) return await endReplayed(deps, code);
  if (!await isOpen(store.clocks, value.usableUntil, world.now(), CODE_MS)) {
    throw new GrantError("invalid_grant", "code expired");
  }
  requireExchange(value, exchange);
  requireWanted(client, exchange.proof);
  if (!deps.rule.stillAdmits(value)) {
    throw new GrantError("invalid_grant", "its person may not sign in any more");
  }
  await exchange.proof?.claim();
  if (!await found.replace({ ...value, used: true })) return await endReplayed(deps, code);
  const { subject, email, grantId: id, name, scopes, resource } = value;
  const now = world.now();
  const grant: Grant = {
    subject,
    email,
    id,
    clientId: client.id,
    name,
    scopes,
    resource,
    byKeys: client.keys !== undefined,
    createdAt: now,
    usedAt: now,
  };
  await store.grants.put(grant, null);
  // Whoever came with the same code at this moment has left word of it; see endReplayed().
  if ((await find(store.codes, code))?.value.replayed) return await endReplayed(deps, code);
  return await issueTokens(deps, grant, client, exchange.proof);
}

/** Refuses an exchange that does not fit its code (OAuth 2.1 §4.1.3, RFC 8707 §2.2). */
function requireExchange(code: AuthorizationCode, exchange: CodeExchange): void {
  const { client, redirectUri, verifier, resource } = exchange;
  if (code.clientId !== client.id) throw new GrantError("invalid_grant", "code of another client");
  // OAuth 2.1 no longer wants it here; PKCE does its work.
  if (redirectUri !== undefined && !isSameRedirect(code.redirectUri, redirectUri)) {
    throw new GrantError("invalid_grant", "other redirect_uri");
  }
  if (!isVerifier(verifier) || digest(verifier) !== code.challenge) {
    throw new GrantError("invalid_grant", "PKCE verifier does not match");
  }
  // RFC 9449 §10: also where no proof is brought, which a thief of the code would leave out.
  if (code.jkt !== undefined && code.jkt !== exchange.proof?.jkt) {
    throw new GrantError("invalid_grant", "code bound to another key");
  }
  if (resource !== undefined && resource !== code.resource) {
    throw new GrantError("invalid_target", "other resource");
  }
}

/**
 * A code came twice: nobody keeps what it gave. First the word, then the end,
 * so that a grant that is being made at this moment is noticed by one of the two.
 */
async function endReplayed({ store }: GrantDeps, code: string | undefined): Promise<never> {
  for (;;) {
    const found = await find(store.codes, code);
    if (found === null) break;
    const { value } = found;
    if (!await found.replace({ ...value, replayed: true })) continue;
    await store.grants.delete(value.subject, value.grantId, { by: "code_replayed" });
    break;
  }
  throw new GrantError("invalid_grant", "code replayed, its grant was ended");
}

/** RFC 7636 §4.1. */
function isVerifier(text: string | undefined): text is string {
  return text !== undefined && /^[A-Za-z0-9._~-]{43,128}$/.test(text);
}
