/**
 * From a confirmed connect link over the provider and back: state, PKCE, the
 * browser's cookie, `iss`, single use, expiry. Everything is checked before
 * anything is used up, so a wrong answer changes nothing.
 *
 * @module
 */

import { type PresentedLink, readLink } from "./link.ts";
import { byPreference, isAccount } from "../tokens/provider_token.ts";
import { type AuthorizationDeps, granted, serverOf, storeConnection } from "./new_connection.ts";
import { Refusal } from "../core/refusal.ts";
import { missingScopes, unique } from "../core/scopes.ts";
import { digest, isSecret } from "../core/secrets.ts";
import { tokenSetOf } from "../tokens/freshness.ts";
import type {
  Account,
  AuthorizationServer,
  Connection,
  ConnectLink,
  PendingAuthorization,
  Stored,
  TokenSet,
} from "../core/connection.ts";

/** How long a person has at the provider. */
export const PENDING_LIFETIME_MS = 10 * 60 * 1000;
/** How long an app has to claim what its user connected. */
export const HANDOFF_LIFETIME_MS = 5 * 60 * 1000;

/** The link was confirmed in a browser: uses it up and says where to go. */
export async function beginAuthorization(
  deps: AuthorizationDeps,
  presented: PresentedLink,
  browser: string,
): Promise<URL> {
  const { store } = deps;
  const { value: link, version } = await readLink(deps, presented);
  const server = serverOf(deps.servers, link.provider);
  const scopes = await withEarlierScopes(deps, server, link);
  if (!await store.links.take(digest(presented.secret!), version)) {
    throw new Refusal({ code: "link_invalid" });
  }
  const { subject, services, returnTo, account } = link;
  const trip = { subject, services, scopes, ...(returnTo === undefined ? {} : { returnTo }) };
  return await sendOff(deps, { server, trip, browser, account });
}

/** Sends a browser to a provider to find out who it is: identity scopes only. */
export async function beginSignIn(
  deps: AuthorizationDeps,
  { provider, returnTo, browser }: { provider: string; returnTo: string; browser: string },
): Promise<URL> {
  const server = serverOf(deps.servers, provider);
  const { signInScopes: scopes } = server;
  if (scopes === undefined) {
    throw new Refusal({ code: "invalid_request", detail: `Nobody signs in with ${server.title}.` });
  }
  return await sendOff(deps, {
    server,
    trip: { services: [], scopes, returnTo },
    browser,
    account: undefined,
  });
}

/** Notes what was begun, and where to send the browser for it. */
async function sendOff(
  { store, world }: Pick<AuthorizationDeps, "store" | "world">,
  { server, trip, browser, account }: {
    server: AuthorizationServer;
    trip: Pick<PendingAuthorization, "subject" | "services" | "scopes" | "returnTo">;
    browser: string;
    account: string | undefined;
  },
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
  const { scopes } = trip;
  return server.authorizationUrl({
    state,
    verifier,
    scopes,
    ...(account === undefined ? {} : { account }),
  });
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

/** A finished authorization. */
export type Completed =
  | { kind: "connected"; connection: Connection; server: AuthorizationServer; services: string[] }
  /** The app must claim it: the URL carries the one-time code. */
  | { kind: "handed_off"; redirectTo: URL }
  /** It was a sign-in. The provider's tokens are dropped. */
  | { kind: "signed_in"; server: AuthorizationServer; account: Account; returnTo: string };

/** The provider sent the browser back. */
export async function completeAuthorization(
  deps: AuthorizationDeps,
  callback: Callback,
): Promise<Completed> {
  const { store, world } = deps;
  const { value: pending, version } = await readPending(deps, callback);
  const server = serverOf(deps.servers, pending.provider);
  requireIssuer(server, callback.iss);
  const { code, error } = callback;
  if (error === undefined ? !isCode(code) : error === "" || code !== undefined) {
    throw new Refusal({ code: "invalid_request", detail: "The answer carries no code." });
  }
  if (!await store.pending.take(digest(callback.state!), version)) {
    throw new Refusal({ code: "state_invalid" });
  }
  if (error !== undefined) throw refusedBy(server, error);

  const answer = await server.exchange(code!, pending.verifier);
  if (answer.kind === "rejected") throw refusedBy(server, answer.code);
  if (answer.kind === "failed") throw refusedBy(server, "no usable answer");
  const tokens = tokenSetOf(answer.tokens, world.now(), { scopes: pending.scopes });
  const account = await identify(deps, server, tokens);

  const { subject, services, returnTo } = pending;
  if (subject === undefined) {
    return { kind: "signed_in", server, account, returnTo: returnTo ?? "/" };
  }
  if (returnTo === undefined) {
    const connection = await storeConnection(deps, {
      subject,
      provider: server.name,
      account,
      tokens,
    });
    return { kind: "connected", connection, server, services: granted(server, services, tokens) };
  }
  const claimCode = world.secret();
  const expiresAt = world.now() + HANDOFF_LIFETIME_MS;
  const handoff = { subject, provider: server.name, services, account, tokens, expiresAt };
  await store.handoffs.put(digest(claimCode), handoff);
  const redirectTo = new URL(returnTo);
  redirectTo.searchParams.set("code", claimCode);
  return { kind: "handed_off", redirectTo };
}

async function readPending(
  { store, world }: AuthorizationDeps,
  { provider, state, browser }: Callback,
): Promise<Stored<PendingAuthorization>> {
  const stored = isSecret(state) ? await store.pending.peek(digest(state)) : null;
  if (stored === null) throw new Refusal({ code: "state_invalid" });
  const { value: pending } = stored;
  if (browser === undefined || digest(browser) !== pending.browser) {
    throw new Refusal({ code: "browser_mismatch" });
  }
  if (pending.provider !== provider) throw new Refusal({ code: "service_mismatch" });
  if (pending.expiresAt <= world.now()) throw new Refusal({ code: "state_expired" });
  return stored;
}

/** RFC 9207 §2.4: against mix-up. */
function requireIssuer(
  { issuer, sendsIssuer }: AuthorizationServer,
  iss: string | undefined,
): void {
  const wrong = iss === undefined ? sendsIssuer === true : issuer !== undefined && iss !== issuer;
  if (wrong) throw new Refusal({ code: "issuer_mismatch" });
}

/** A code goes into a form body as it is; a page of text is not one. */
function isCode(code: string | undefined): code is string {
  return code !== undefined && code.length > 0 && code.length <= 2048;
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
  const all = (await store.connections.list(subject, server.name)).map(({ value }) => value);
  const [usual] = account === undefined ? byPreference(all) : all.filter(isAccount(account));
  const wanted = [...server.identityScopes, ...scopes];
  const earlier = usual === undefined ? [] : missingScopes(server, wanted, usual.tokens.scopes);
  return unique([...wanted, ...earlier]);
}
