/**
 * Off to the provider: what is asked for there, and what is noted here so that
 * the answer can be checked (state, PKCE, the browser's cookie).
 *
 * @module
 */

import type { AuthorizationServer, OAuthFlow } from "../core/authorization_server.ts";
import type { ConnectLink, Extra, MeantAccount, PendingAuthorization } from "../core/connection.ts";
import { flowToday, isFor, isSignIn } from "../core/credential.ts";
import { PENDING_LIFETIME_MS } from "../core/link_bounds.ts";
import type { Popup } from "../core/popup.ts";
import { unique } from "../core/lists.ts";
import { reachesAll, reachOf, scopesBeyond } from "../core/reach.ts";
import { Refusal } from "../core/refusal.ts";
import { missingScopes } from "../core/scopes.ts";
import { digest } from "../core/secrets.ts";
import { byPreference, isAccount } from "../tokens/choice.ts";
import { popupOf } from "./ending.ts";
import {
  createLink,
  linkOf,
  type LinkRequest,
  type PresentedLink,
  readLink,
  type Visitor,
} from "./link.ts";
import { confirmLink } from "./link_use.ts";
import { type AuthorizationDeps, serverOf } from "./new_connection.ts";
import { newTrail, noteStep } from "./trail.ts";
import { missingParams, paramsOf, requireParams } from "./params.ts";

/**
 * The link was confirmed in a browser: keeps it for that browser, and says where to go.
 *
 * @throws {Refusal} as {@linkcode readLink}, and `unknown_service` where its provider was taken out of the configuration,
 * `invalid_request` where it is not connected by a sign-in.
 */
export async function beginAuthorization(
  deps: AuthorizationDeps,
  presented: PresentedLink,
  visitor: Visitor & { browser: string },
): Promise<URL> {
  const trip = await confirmLink(
    deps,
    presented,
    visitor,
    (link) => tripOf(deps, link, presented.params),
  );
  return await sendOff(deps, { ...trip, link: presented.secret }, visitor.browser);
}

/**
 * What the page behind a link shows: whom it is for, and all that confirming it would ask for.
 *
 * @throws {Refusal} as {@linkcode readLink}, and `unknown_service`.
 */
export async function openLink(
  deps: AuthorizationDeps,
  presented: PresentedLink,
  visitor: Visitor,
): Promise<OpenedLink> {
  const { value: link } = await readLink(deps, presented, visitor);
  const server = serverOf(deps.servers, link.provider);
  const { params, ...asked } = await askedBy(deps, server, link);
  noteStep(deps, link, "link_opened");
  const { origin } = link;
  return {
    link,
    server,
    ...asked,
    params,
    missing: missingParams(server, params),
    popup: origin === undefined ? undefined : popupOf(origin, presented.secret),
  };
}

/** A link that was opened. */
export interface OpenedLink {
  link: ConnectLink;
  server: AuthorizationServer;
  /** All that would be asked for. */
  scopes: string[];
  /** The connected account that it is about, where that is one in particular. */
  meant: MeantAccount | undefined;
  /** Where at the provider, as far as that is known. */
  params: Extra;
  /** Names of what the person must say before. */
  missing: string[];
  /** An app's page shows it in a pop-up. */
  popup: Popup | undefined;
}

/** What a signed-in person connects for themselves. */
export interface OwnRequest extends LinkRequest {
  /** Another account beside those that are connected. */
  another?: boolean | undefined;
}

/**
 * A signed-in person pressed the button on their own page: no page asks again,
 * unless something must be known first.
 *
 * @throws {Refusal} `invalid_request`, `unknown_service`, `link_withdrawn`.
 */
export async function beginConnecting(
  deps: AuthorizationDeps,
  { another, ...request }: OwnRequest,
  browser: string,
): Promise<URL> {
  const link = linkOf(deps, request);
  if (await needsPage(deps, link)) return new URL((await createLink(deps, request)).url);
  return await sendOff(deps, { ...await tripOf(deps, link), another }, browser);
}

/** Whether something must be said on the page behind a link: a key, or where at the provider. */
async function needsPage(deps: AuthorizationDeps, link: ConnectLink): Promise<boolean> {
  const server = serverOf(deps.servers, link.provider);
  if (!isSignIn(server)) return true;
  if (server.params === undefined) return false;
  const { params } = await askedBy(deps, server, link);
  return missingParams(server, params).length > 0;
}

/**
 * Sends a browser to a provider to find out who it is: identity scopes only.
 *
 * @throws {Refusal} `unknown_service`, `invalid_request` where nobody signs in with it.
 */
export async function beginSignIn(
  deps: AuthorizationDeps,
  { provider, returnTo, browser, another }: {
    provider: string;
    returnTo: string;
    browser: string;
    another?: boolean | undefined;
  },
): Promise<URL> {
  const server = serverOf(deps.servers, provider);
  const { signInScopes: scopes } = server;
  if (scopes === undefined) {
    throw new Refusal({ code: "invalid_request", detail: `Nobody signs in with ${server.title}.` });
  }
  const { flow, via } = await flowToday(server, scopes);
  return await sendOff(
    deps,
    { server, flow, via, services: [], scopes, returnTo, another, trail: newTrail(deps.world) },
    browser,
  );
}

/** Where a browser is sent, and what for. */
interface Trip extends
  Pick<
    PendingAuthorization,
    | "subject"
    | "actor"
    | "trail"
    | "service"
    | "services"
    | "scopes"
    | "returnTo"
    | "origin"
    | "meant"
    | "link"
    | "params"
    | "account"
    | "via"
  > {
  server: AuthorizationServer;
  flow: OAuthFlow;
  /** What the provider is told of the account that is meant. */
  hint?: string | undefined;
  /** As {@linkcode AuthorizationRequest.alone}. */
  alone?: boolean | undefined;
  /** As {@linkcode AuthorizationRequest.another}. */
  another?: boolean | undefined;
}

async function tripOf(
  deps: AuthorizationDeps,
  link: ConnectLink,
  said: Extra = {},
): Promise<Trip> {
  const { subject, actor, trail, service, services, returnTo, origin } = link;
  const server = serverOf(deps.servers, link.provider);
  const { params: known, ...asked } = await askedBy(deps, server, link);
  // What the link says is not asked for, and a form cannot change it.
  const params = requireParams(server, { ...said, ...known });
  // The provider knows accounts by the names that people know them by, and not by our ids.
  const hint = asked.meant?.label ?? link.account;
  const alone = !reachesAll(server, reachOf(deps.apps, subject));
  const { flow, via } = await flowToday(server, asked.scopes);
  return {
    server,
    flow,
    via,
    subject,
    actor,
    trail,
    service,
    services,
    ...asked,
    params,
    returnTo,
    origin,
    account: link.account,
    hint,
    alone,
  };
}

/** Notes what was begun, and where to send the browser for it. */
async function sendOff(
  { store, world, activity }: Pick<AuthorizationDeps, "store" | "world" | "activity">,
  { server, flow, hint, alone, another, ...trip }: Trip,
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
  noteStep({ world, activity }, { ...trip, provider: server.name }, "set_out");
  const { scopes, params } = trip;
  const asked = { state, verifier, scopes, params, account: hint, alone, another };
  return await flow.authorizationUrl(asked);
}

/**
 * Asks again for what the account has granted before, so that connecting mail
 * does not end the calendar: a new token set replaces the old one. Not for what an app
 * may not use any more: its link asks for no more than it may have today.
 */
export async function askedBy(
  { store, apps }: AuthorizationDeps,
  server: AuthorizationServer,
  { subject, scopes, account, params }: ConnectLink,
): Promise<Pick<OpenedLink, "scopes" | "meant" | "params">> {
  // What an account granted that cannot be opened is not known: it asks for what is wanted now.
  const { opened } = await store.connections.survey(subject, server.name);
  const all = opened.filter(({ value: { tokens } }) => isFor(server, tokens));
  const [meant] = account === undefined
    ? byPreference(all)
    : all.filter(({ value }) => isAccount(value, account));
  const wanted = [...server.identityScopes, ...scopes];
  const earlier = meant === undefined
    ? []
    : missingScopes(server, wanted, meant.value.tokens.scopes);
  const beyond = scopesBeyond(server, reachOf(apps, subject), earlier);
  return {
    scopes: unique([...wanted, ...earlier.filter((scope) => !beyond.includes(scope))]),
    meant: account === undefined || meant === undefined
      ? undefined
      : { account: meant.value.account, label: meant.value.label },
    params: params ?? (account === undefined ? {} : paramsOf(server, meant?.value.tokens.extra)),
  };
}
