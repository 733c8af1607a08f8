/**
 * From a confirmed connect link over the provider and back: state, PKCE, the
 * browser's cookie, `iss`, single use, expiry. Everything is checked before
 * anything is used up, so a wrong answer changes nothing.
 *
 * @module
 */

import type { AuthorizationServer, OAuthFlow } from "../core/authorization_server.ts";
import type {
  Account,
  Connection,
  ConnectLink,
  PendingAuthorization,
  TokenSet,
} from "../core/connection.ts";
import { oauthFlowOf } from "../core/credential.ts";
import { unique } from "../core/lists.ts";
import { Refusal } from "../core/refusal.ts";
import { missingScopes } from "../core/scopes.ts";
import { digest } from "../core/secrets.ts";
import { find, type Found } from "../core/single_use.ts";
import { byPreference, isAccount } from "../tokens/choice.ts";
import { tokenSetOf } from "../tokens/freshness.ts";
import { linkOf, type LinkRequest, type PresentedLink, readLink } from "./link.ts";
import { type AuthorizationDeps, granted, serverOf, storeConnection } from "./new_connection.ts";

/** How long a person has at the provider. */
export const PENDING_LIFETIME_MS = 10 * 60 * 1000;
/** How long an app has to claim what its user connected. */
export const HANDOFF_LIFETIME_MS = 5 * 60 * 1000;

/**
 * The link was confirmed in a browser: uses it up and says where to go.
 *
 * @throws {Refusal} `link_invalid`, `link_changed`, `link_expired`,
 * `unknown_service` where its provider was taken out of the configuration,
 * `invalid_request` where it is not connected by a sign-in.
 */
export async function beginAuthorization(
  deps: AuthorizationDeps,
  presented: PresentedLink,
  browser: string,
): Promise<URL> {
  const link = await readLink(deps, presented);
  const trip = await tripOf(deps, link.value);
  if (!await link.take()) throw new Refusal({ code: "link_invalid" });
  return await sendOff(deps, trip, browser);
}

/**
 * A signed-in person pressed the button on their own page: no link is made,
 * and no page asks again.
 *
 * @throws {Refusal} `invalid_request`, `unknown_service`.
 */
export async function beginConnecting(
  deps: AuthorizationDeps,
  request: LinkRequest,
  browser: string,
): Promise<URL> {
  return await sendOff(deps, await tripOf(deps, linkOf(deps, request)), browser);
}

/**
 * Sends a browser to a provider to find out who it is: identity scopes only.
 *
 * @throws {Refusal} `unknown_service`, `invalid_request` where nobody signs in with it.
 */
export async function beginSignIn(
  deps: AuthorizationDeps,
  { provider, returnTo, browser }: { provider: string; returnTo: string; browser: string },
): Promise<URL> {
  const server = serverOf(deps.servers, provider);
  const { signInScopes: scopes } = server;
  if (scopes === undefined) {
    throw new Refusal({ code: "invalid_request", detail: `Nobody signs in with ${server.title}.` });
  }
  const flow = oauthFlowOf(server);
  return await sendOff(deps, { server, flow, services: [], scopes, returnTo }, browser);
}

/** Where a browser is sent, and what for. */
interface Trip
  extends Pick<PendingAuthorization, "subject" | "actor" | "services" | "scopes" | "returnTo"> {
  server: AuthorizationServer;
  flow: OAuthFlow;
  account?: string | undefined;
}

async function tripOf(deps: AuthorizationDeps, link: ConnectLink): Promise<Trip> {
  const { subject, actor, services, returnTo, account } = link;
  const server = serverOf(deps.servers, link.provider);
  const flow = oauthFlowOf(server);
  const scopes = await withEarlierScopes(deps, server, link);
  return { server, flow, subject, actor, services, scopes, returnTo, account };
}

/** Notes what was begun, and where to send the browser for it. */
async function sendOff(
  { store, world }: Pick<AuthorizationDeps, "store" | "world">,
  { server, flow, account, ...trip }: Trip,
  browser: string,
): Promise<URL> {
  const state = world.secret();
  const verifier = world.secret();
  await store.pending.put(digest(state), {
    ...trip,
    provider: server.name,
    verifier,
    browser: digest(browser),
    expiresAt: world.now() + PENDING_LIFETIME_MS,
  });
  return flow.authorizationUrl({ state, verifier, scopes: trip.scopes, account });
}

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
 * `service_mismatch`, `issuer_mismatch`, `invalid_request`, `access_denied`,
 * `provider_refused`, `unknown_service`.
 */
export async function completeAuthorization(
  deps: AuthorizationDeps,
  callback: Callback,
): Promise<Completed> {
  const { store, world } = deps;
  const found = await readPending(deps, callback);
  const { value: pending } = found;
  const server = serverOf(deps.servers, pending.provider);
  const flow = oauthFlowOf(server);
  requireIssuer(flow, callback.iss);
  const said = saidBy(callback);
  if (!await found.take()) throw new Refusal({ code: "state_invalid" });
  if ("error" in said) throw refusedBy(server, said.error);

  const answer = await flow.exchange(said.code, pending.verifier);
  if (answer.kind === "rejected") throw refusedBy(server, answer.code);
  if (answer.kind === "failed") throw refusedBy(server, "no usable answer");
  const tokens = tokenSetOf(answer.tokens, world.now(), { scopes: pending.scopes });
  const account = await identify(deps, server, tokens);

  const { subject, actor, services, returnTo } = pending;
  if (subject === undefined) {
    return { kind: "signed_in", server, account, returnTo: returnTo ?? "/" };
  }
  if (returnTo === undefined) {
    const at = { subject, actor, provider: server.name };
    const connection = await storeConnection(deps, { ...at, account, tokens });
    return { kind: "connected", connection, server, services: granted(server, services, tokens) };
  }
  const claimCode = world.secret();
  const expiresAt = world.now() + HANDOFF_LIFETIME_MS;
  await store.handoffs.put(digest(claimCode), {
    subject,
    actor,
    provider: server.name,
    services,
    account,
    tokens,
    expiresAt,
  });
  const redirectTo = new URL(returnTo);
  redirectTo.searchParams.set("code", claimCode);
  return { kind: "handed_off", redirectTo };
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
  if (pending.expiresAt <= world.now()) throw new Refusal({ code: "state_expired" });
  return found;
}

/** RFC 9207 §2.4: against mix-up. */
function requireIssuer({ issuer, sendsIssuer }: OAuthFlow, iss: string | undefined): void {
  const wrong = iss === undefined ? sendsIssuer === true : issuer !== undefined && iss !== issuer;
  if (wrong) throw new Refusal({ code: "issuer_mismatch" });
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
    return await server.identify(tokens);
  } catch (error) {
    const detail = error instanceof Error ? error.message : "unknown";
    world.log({ level: "error", event: "identify_failed", provider: server.name, detail });
    throw refusedBy(server, "account unknown");
  }
}

/**
 * Asks again for what the account has granted before, so that connecting mail
 * does not end the calendar: a new token set replaces the old one.
 */
async function withEarlierScopes(
  { store }: AuthorizationDeps,
  server: AuthorizationServer,
  { subject, scopes, account }: ConnectLink,
): Promise<string[]> {
  const all = await store.connections.list(subject, server.name);
  const [meant] = account === undefined
    ? byPreference(all)
    : all.filter(({ value }) => isAccount(value, account));
  const wanted = [...server.identityScopes, ...scopes];
  const earlier = meant === undefined
    ? []
    : missingScopes(server, wanted, meant.value.tokens.scopes);
  return unique([...wanted, ...earlier]);
}
