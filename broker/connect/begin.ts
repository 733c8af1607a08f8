/**
 * Off to the provider: what is asked for there, and what is noted here so that
 * the answer can be checked (state, PKCE, the browser's cookie).
 *
 * @module
 */

import type { AuthorizationServer, OAuthFlow } from "../core/authorization_server.ts";
import type { ConnectLink, PendingAuthorization } from "../core/connection.ts";
import { oauthFlowOf } from "../core/credential.ts";
import { unique } from "../core/lists.ts";
import { reachesAll, reachOf, scopesBeyond } from "../core/reach.ts";
import { Refusal } from "../core/refusal.ts";
import { missingScopes } from "../core/scopes.ts";
import { digest } from "../core/secrets.ts";
import type { Subject } from "../core/subject.ts";
import { byPreference, isAccount } from "../tokens/choice.ts";
import { linkOf, type LinkRequest, type PresentedLink, readLink } from "./link.ts";
import { type AuthorizationDeps, serverOf } from "./new_connection.ts";

/** How long a person has at the provider. */
export const PENDING_LIFETIME_MS = 10 * 60 * 1000;

/** Who uses a link. */
export interface Visitor {
  /** The browser's cookie. */
  browser: string;
  /** Who is signed in there, if anybody is. */
  person: Subject | undefined;
}

/**
 * The link was confirmed in a browser: uses it up and says where to go.
 *
 * @throws {Refusal} as {@linkcode readLink}, and `unknown_service` where its provider was taken out of the configuration,
 * `invalid_request` where it is not connected by a sign-in.
 */
export async function beginAuthorization(
  deps: AuthorizationDeps,
  presented: PresentedLink,
  { browser, person }: Visitor,
): Promise<URL> {
  const link = await readLink(deps, presented, person);
  const trip = await tripOf(deps, link.value);
  if (!await link.take()) throw new Refusal({ code: "link_invalid" });
  return await sendOff(deps, trip, browser);
}

/**
 * A signed-in person pressed the button on their own page: no link is made,
 * and no page asks again.
 *
 * @throws {Refusal} `invalid_request`, `unknown_service`, `link_withdrawn`.
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
  /** As {@linkcode AuthorizationRequest.alone}. */
  alone?: boolean | undefined;
}

async function tripOf(deps: AuthorizationDeps, link: ConnectLink): Promise<Trip> {
  const { subject, actor, services, returnTo, account } = link;
  const server = serverOf(deps.servers, link.provider);
  const flow = oauthFlowOf(server);
  const scopes = await withEarlierScopes(deps, server, link);
  const alone = !reachesAll(server, reachOf(deps.apps, subject));
  return { server, flow, subject, actor, services, scopes, returnTo, account, alone };
}

/** Notes what was begun, and where to send the browser for it. */
async function sendOff(
  { store, world }: Pick<AuthorizationDeps, "store" | "world">,
  { server, flow, account, alone, ...trip }: Trip,
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
  return flow.authorizationUrl({ state, verifier, scopes: trip.scopes, account, alone });
}

/**
 * Asks again for what the account has granted before, so that connecting mail
 * does not end the calendar: a new token set replaces the old one. Not for what an app
 * may not use any more: its link asks for no more than it may have today.
 */
async function withEarlierScopes(
  { store, apps }: AuthorizationDeps,
  server: AuthorizationServer,
  { subject, scopes, account }: ConnectLink,
): Promise<string[]> {
  // What an account granted that cannot be opened is not known: it asks for what is wanted now.
  const { opened: all } = await store.connections.survey(subject, server.name);
  const [meant] = account === undefined
    ? byPreference(all)
    : all.filter(({ value }) => isAccount(value, account));
  const wanted = [...server.identityScopes, ...scopes];
  const earlier = meant === undefined
    ? []
    : missingScopes(server, wanted, meant.value.tokens.scopes);
  const beyond = scopesBeyond(server, reachOf(apps, subject), earlier);
  return unique([...wanted, ...earlier.filter((scope) => !beyond.includes(scope))]);
}
