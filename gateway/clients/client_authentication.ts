/**
 * Who an MCP client is at the token endpoint: a public one says it, one with a
 * secret or with keys proves it. A request that brings an assertion, of
 * whatever kind, is nobody's unless it is right.
 *
 * @module
 */

import type { Client, ClientKeys } from "../../broker/core/client.ts";
import { Refusal } from "../../broker/core/refusal.ts";
import { lazily } from "../../broker/core/lazily.ts";
import { digest } from "../../broker/core/secrets.ts";
import type { Store } from "../../broker/core/store.ts";
import type { World } from "../../broker/core/world.ts";
import type { Assertion } from "./client_assertion.ts";
import { requireClientSecret } from "./client_secrets.ts";
import type { Doors } from "../doors.ts";
import type { Guesses } from "../guesses.ts";
import type { KeySets } from "./key_sets.ts";

/** Loaded with the first assertion. */
const assertions = lazily(() => import("./client_assertion.ts"));

/** What a request brings to prove who makes it. */
export interface Credentials {
  secret?: string | undefined;
  /** `client_assertion`, also where it is empty. */
  assertion?: string | undefined;
  /** `client_assertion_type`, also where it is empty. */
  assertionType?: string | undefined;
  address?: string | undefined;
}

/** What is needed to find out. */
export interface AuthenticationDeps {
  store: Pick<Store, "proofs">;
  world: World;
  keySets: Pick<KeySets, "find" | "renew">;
  guesses: Guesses;
  doors: Doors;
  /** Whether somebody has agreed to a client. */
  isAgreed(client: Client): Promise<boolean>;
  /** What an assertion may be for: the issuer, and the token endpoint. */
  audiences: string[];
}

/**
 * Lets public clients pass, and others that prove who they are.
 *
 * @throws {Refusal} `unknown_client`, `client_document`, `invalid_request`, `rate_limited`.
 */
export async function authenticateClient(
  deps: AuthenticationDeps,
  client: Client,
  credentials: Credentials,
): Promise<void> {
  const { secret, address } = credentials;
  const { keys } = client;
  if (!bringsAssertion(credentials)) {
    if (keys !== undefined) throw unproven("it brings no assertion");
    return requireClientSecret(deps.guesses, { client, secret, address });
  }
  requireOneWay(credentials);
  if (keys === undefined) throw unproven("the client has no keys");
  const assertion = await verified(deps, { client, keys, address }, credentials);
  await claim(deps, client, assertion);
}

/** RFC 6749 §2.3: one way of proving it in one request. @throws {Refusal} `invalid_request`. */
export function requireOneWay(credentials: Credentials): void {
  if (!bringsAssertion(credentials) || credentials.secret === undefined) return;
  const detail = "A client proves who it is in one way: by a secret or by an assertion.";
  throw new Refusal({ code: "invalid_request", detail });
}

/** Whose an assertion says to be: where a request does not name its client (RFC 7521 §4.2). */
export async function claimedClient(assertion: string | undefined): Promise<string | undefined> {
  if (assertion === undefined) return undefined;
  const { readAssertion } = await assertions();
  const sub = readAssertion(assertion)?.claims.sub;
  return typeof sub === "string" ? sub : undefined;
}

function bringsAssertion({ assertion, assertionType }: Credentials): boolean {
  return assertion !== undefined || assertionType !== undefined;
}

async function verified(
  { world, keySets, audiences }: AuthenticationDeps,
  wanted: { client: Client; keys: ClientKeys; address: string | undefined },
  { assertion: text = "", assertionType }: Credentials,
): Promise<Assertion> {
  const { ASSERTION_TYPE, assertionFault, readAssertion, signedBy } = await assertions();
  if (assertionType !== ASSERTION_TYPE) throw unproven("client_assertion_type is another one");
  const assertion = readAssertion(text);
  if (assertion === undefined) throw unproven("the assertion is no JWT");
  const { client: { id: clientId }, keys } = wanted;
  // First what costs nothing: nobody's keys are fetched for an assertion that is refused anyway.
  const fault = assertionFault(assertion, { clientId, keys, audiences, now: world.now() });
  if (fault !== undefined) throw unproven(fault);
  let found = await signedBy(await keySets.find(wanted), assertion, keys);
  if (found === "unknown_key") {
    const renewed = await keySets.renew(wanted);
    if (renewed !== undefined) found = await signedBy(renewed, assertion, keys);
  }
  if (found === "unknown_key") throw unproven("none of the client's keys is the one it names");
  if (found === "wrong") throw unproven("the client's key did not sign it");
  return assertion;
}

/** An assertion is good once, in all processes: one atomic add. */
async function claim(
  { store, world, doors, isAgreed }: AuthenticationDeps,
  client: Client,
  assertion: Assertion,
): Promise<void> {
  const { id } = client;
  // Only whoever has the client's keys comes so far, so nobody else uses this up. Keys of their own
  // strangers have without end: they write no more together than one client may.
  await doors.enter("assertion", await isAgreed(client) ? id : "clients that nobody has agreed to");
  const key = digest(JSON.stringify(["assertion", id, assertion.claims.jti]));
  const expiresAt = (await assertions()).endOfAssertion(assertion);
  if (await store.proofs.add(key, { expiresAt }, world.now()) === null) {
    throw unproven("the assertion was used before");
  }
}

function unproven(detail: string): Refusal {
  return new Refusal({ code: "unknown_client", detail });
}
