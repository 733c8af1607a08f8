/**
 * Back from the provider: state, the browser's cookie, `iss`, single use,
 * expiry, and then the code for a token set. Everything is checked before
 * anything is used up, so a wrong answer changes nothing. What goes wrong after
 * the exchange is another matter: see `take_back.ts`.
 *
 * @module
 */

import { parseUrl } from "../core/addresses.ts";
import type { AuthorizationServer, OAuthFlow } from "../core/authorization_server.ts";
import type { Account, Connection, PendingAuthorization, TokenSet } from "../core/connection.ts";
import { isToCome } from "../core/clock.ts";
import { oauthFlowOf } from "../core/credential.ts";
import { inOwnWords, saidOf } from "../core/own_words.ts";
import { Refusal } from "../core/refusal.ts";
import type { Servers } from "../core/scopes.ts";
import { digest } from "../core/secrets.ts";
import { find, type Found } from "../core/single_use.ts";
import type { Subject } from "../core/subject.ts";
import { tokenSetOf } from "../tokens/freshness.ts";
import { requireKeepable } from "../tokens/size.ts";
import { keptAccount } from "./account.ts";
import { PENDING_LIFETIME_MS } from "./begin.ts";
import { type AuthorizationDeps, granted, serverOf, storeConnection } from "./new_connection.ts";
import { HANDOFF_LIFETIME_MS, UNCLAIMED_MS } from "./held.ts";
import { type Given, NotKeepable, patiently, takenBack } from "./take_back.ts";
import { requireWayIn } from "./way_in.ts";

/** What came back on a callback URL. */
export interface Callback {
  /** The provider in the path. */
  provider: string;
  state: string | undefined;
  code: string | undefined;
  error: string | undefined;
  /** RFC 9207. */
  iss: string | undefined;
  /** The browser's cookie. */
  browser: string | undefined;
  /** Who is signed in in that browser, if anybody is. */
  person: Subject | undefined;
}

/** How an authorization ended well. */
export type Completed =
  | { kind: "connected"; connection: Connection; server: AuthorizationServer; services: string[] }
  /** The app must claim it: the URL carries the one-time code. */
  | { kind: "handed_off"; redirectTo: URL }
  /** It was a sign-in. The provider's tokens are dropped. */
  | { kind: "signed_in"; server: AuthorizationServer; account: Account; returnTo: string };

/**
 * The provider sent the browser back. A wrong answer changes nothing.
 *
 * @throws {Refusal} `state_invalid`, `state_expired`, `browser_mismatch`,
 * `service_mismatch`, `issuer_mismatch`, `link_withdrawn`, `sign_in_needed`,
 * `other_person`, `invalid_request`, `access_denied`, `provider_refused`,
 * `unknown_service`, `not_stored`, `not_keepable`.
 */
export async function completeAuthorization(
  deps: AuthorizationDeps,
  callback: Callback,
): Promise<Completed> {
  const found = await readPending(deps, callback);
  const { value: pending } = found;
  const server = serverOf(deps.servers, pending.provider);
  const flow = oauthFlowOf(server);
  requireIssuer(flow, callback.iss, othersThan(server, deps.servers));
  const returnTo = wayBack(deps, pending, callback.person);
  const said = saidBy(callback);
  if (!await found.take()) throw new Refusal({ code: "state_invalid" });
  if ("error" in said) throw refusedBy(server, said.error);

  const answer = await flow.exchange(said.code, pending.verifier);
  if (answer.kind === "rejected") throw refusedBy(server, answer.code);
  if (answer.kind === "failed") throw refusedBy(server, "no usable answer");
  const tokens = tokenSetOf(answer.tokens, deps.world.now(), { scopes: pending.scopes });
  const { subject } = pending;
  if (subject === undefined) return await signIn(deps, server, tokens, returnTo ?? "/");
  const given: Given = { server, subject, tokens };
  try {
    requireKeepable(tokens);
    const account = await identify(deps, server, tokens);
    given.account = account.id;
    const keep = () =>
      keepFor(deps, { ...pending, returnTo }, { server, subject, account, tokens });
    return await patiently(deps.world, keep);
  } catch (error) {
    throw await takenBack(deps, given, error);
  }
}

async function signIn(
  deps: AuthorizationDeps,
  server: AuthorizationServer,
  tokens: TokenSet,
  returnTo: string,
): Promise<Completed> {
  try {
    const account = await identify(deps, server, tokens);
    return { kind: "signed_in", server, account, returnTo };
  } catch (error) {
    // Not taken back: people who sign in may have connections that hang on the same grant.
    if (error instanceof NotKeepable) throw refusedBy(server, "account unknown");
    throw error;
  }
}

/** Stores what was given, or keeps it for the app to claim. */
async function keepFor(
  deps: AuthorizationDeps,
  { actor, services, returnTo }: PendingAuthorization,
  { server, subject, account, tokens }: Omit<Given, "account"> & { account: Account },
): Promise<Completed> {
  const { store, world } = deps;
  const connected = { subject, actor, provider: server.name, account, tokens };
  if (returnTo === undefined) {
    const connection = await storeConnection(deps, connected);
    return { kind: "connected", connection, server, services: granted(server, services, tokens) };
  }
  const claimCode = world.secret();
  const usableUntil = world.now() + HANDOFF_LIFETIME_MS;
  const expiresAt = usableUntil + UNCLAIMED_MS;
  const handoff = { ...connected, services, usableUntil, expiresAt };
  await store.handoffs.put(digest(claimCode), handoff);
  const redirectTo = new URL(returnTo);
  redirectTo.searchParams.set("code", claimCode);
  return { kind: "handed_off", redirectTo };
}

/**
 * Where the browser goes on to; a page of our own where that is nowhere. By today's rules, and
 * before the code is exchanged: what may not come in is not even asked for, so that there is
 * nothing to be taken back, which could end what else the account has given.
 */
function wayBack(
  deps: AuthorizationDeps,
  pending: PendingAuthorization,
  person: Subject | undefined,
): string | undefined {
  const { subject } = pending;
  // A sign-in, whose `returnTo` is a path of ours.
  if (subject === undefined) return pending.returnTo;
  const way = requireWayIn(deps, { ...pending, subject }, person);
  return way.kind === "app" ? way.returnTo : undefined;
}

async function readPending(
  { store, world }: AuthorizationDeps,
  { provider, state, browser }: Callback,
): Promise<Found<PendingAuthorization>> {
  const found = await find(store.pending, state);
  if (found === null) throw new Refusal({ code: "state_invalid" });
  const { value: pending } = found;
  if (browser === undefined || digest(browser) !== pending.browser) {
    throw new Refusal({ code: "browser_mismatch" });
  }
  if (pending.provider !== provider) throw new Refusal({ code: "service_mismatch" });
  if (!isToCome(pending.expiresAt, world.now(), PENDING_LIFETIME_MS)) {
    throw new Refusal({ code: "state_expired" });
  }
  return found;
}

/**
 * RFC 9207 §2.4: against mix-up, beside a redirect URI of each provider's own.
 * An `iss` whose issuer nobody named cannot be compared, and a provider that
 * sends one unasked must go on working; but it is never taken where it is known
 * to be another provider's.
 */
function requireIssuer(flow: OAuthFlow, iss: string | undefined, others: OAuthFlow[]): void {
  const { issuer, sendsIssuer } = flow;
  const isRight = iss === undefined
    ? sendsIssuer !== true
    : issuer === undefined
    ? !others.some((other) => isAnothers(iss, flow, other))
    : iss === issuer;
  if (!isRight) throw new Refusal({ code: "issuer_mismatch" });
}

/** By its issuer, or, unless both are at one place, by where it sends people. */
function isAnothers(iss: string, own: OAuthFlow, other: OAuthFlow): boolean {
  if (iss === other.issuer) return true;
  const origin = parseUrl(iss)?.origin;
  if (origin === undefined || origin === own.origin) return false;
  return origin === other.origin || origin === parseUrl(other.issuer ?? "")?.origin;
}

function othersThan(server: AuthorizationServer, servers: Servers): OAuthFlow[] {
  return [...servers.values()].flatMap(({ name, credential }) =>
    name !== server.name && credential.kind === "oauth" ? [credential] : []
  );
}

/** A code, or the provider's error; refuses an answer that is neither, or both. */
function saidBy({ code, error }: Callback): { code: string } | { error: string } {
  if (error !== undefined && error !== "" && code === undefined) return { error };
  // A code goes into a form body as it is; a page of text is not one.
  const isCode = code !== undefined && code.length > 0 && code.length <= 2048;
  if (error === undefined && isCode) return { code };
  throw new Refusal({ code: "invalid_request", detail: "The answer carries no code." });
}

function refusedBy({ title }: AuthorizationServer, providerCode: string): Refusal {
  if (providerCode === "access_denied") return new Refusal({ code: "access_denied", title });
  const shown = /^[a-z_ ]{1,60}$/.test(providerCode) ? providerCode : "unknown error";
  return new Refusal({ code: "provider_refused", title, providerCode: shown });
}

async function identify(
  { world }: AuthorizationDeps,
  server: AuthorizationServer,
  tokens: TokenSet,
): Promise<Account> {
  try {
    const account = keptAccount(await server.identify(tokens));
    if (account !== null) return account;
    throw inOwnWords(new RangeError("The account's id is empty, too long, or no text"));
  } catch (error) {
    const detail = saidOf(error);
    world.log({ level: "error", event: "identify_failed", provider: server.name, detail });
    throw new NotKeepable("it did not say whose account it is", { cause: error });
  }
}
