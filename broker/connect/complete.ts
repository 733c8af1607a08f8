/**
 * Back from the provider: state, the browser's cookie, `iss`, single use,
 * expiry, and then the code for a token set. Everything is checked before
 * anything is used up, so a wrong answer changes nothing. What goes wrong after
 * the exchange is another matter: see `take_back.ts`.
 *
 * @module
 */

import type { AuthorizationServer, OAuthFlow } from "../core/authorization_server.ts";
import type { Account, Connection, Done, PendingAuthorization } from "../core/connection.ts";
import { flowOf } from "../core/credential.ts";
import { saidOf } from "../core/own_words.ts";
import type { Ending } from "../core/popup.ts";
import { Refusal } from "../core/refusal.ts";
import { friendlyScopes } from "../core/scopes.ts";
import { digest } from "../core/secrets.ts";
import type { Found } from "../core/single_use.ts";
import type { Subject } from "../core/subject.ts";
import { withSaid } from "../core/tenants.ts";
import { requireKeepable } from "../tokens/size.ts";
import { type Callback, readPending, type Said, saidBy } from "./callback.ts";
import { type AuthorizationDeps, granted, serverOf, storeConnection } from "./new_connection.ts";
import { type CompletionDeps, type Exchanged, exchanged, identify } from "./exchange.ts";
import { HANDOFF_LIFETIME_MS, UNCLAIMED_MS } from "../tokens/held.ts";
import { othersThan, requireIssuer } from "./issuer.ts";
import { type Back, endingOf, inPopup } from "./ending.ts";
import { againUrl, useLink } from "./link_use.ts";
import { type Shortfall, shortfall } from "./shortfall.ts";
import { type Given, NotKeepable, patiently, takenBack } from "./take_back.ts";
import { refusedBy, toldOf, turnedBackEvent, withAgain } from "./turned_back.ts";
import { noteFailure, noteStep } from "./trail.ts";
import { requireWayIn } from "./way_in.ts";

/** How an authorization ended. */
export type Completed =
  | Connected
  | HandedOff
  /** It came to nothing, and the app hears of that: it is told an error. */
  | { kind: "turned_back"; server: AuthorizationServer; ending: Ending }
  /** The same browser came back before, and it worked then. */
  | {
    kind: "done_before";
    server: AuthorizationServer;
    services: string[];
    label: string;
    handedOff: boolean;
  }
  /** It was a sign-in. The provider's tokens are dropped. */
  | { kind: "signed_in"; server: AuthorizationServer; account: Account; returnTo: string };

/** It stands. */
export interface Connected extends Shortfall {
  kind: "connected";
  connection: Connection;
  label: string;
  server: AuthorizationServer;
  /** What was asked for and is open now. */
  services: string[];
  /** Where the same person can try again; only where something is missing, or another account came. */
  againUrl?: string | undefined;
  /** Somebody came by a link; else a person pressed the button on their own page. */
  byLink: boolean;
}

/**
 * The provider sent the browser back. A wrong answer changes nothing. What came to nothing and
 * has an app to go back to is no refusal, but `turned_back`.
 *
 * @throws {Refusal} `state_missing`, `state_invalid`, `state_expired`, `browser_mismatch`,
 * `service_mismatch`, `issuer_mismatch`, `link_withdrawn`, `sign_in_needed`,
 * `other_person`, `invalid_request`, `access_denied`, `provider_refused`,
 * `unknown_service`, `not_stored`, `not_keepable`.
 */
export async function completeAuthorization(
  deps: CompletionDeps,
  callback: Callback,
): Promise<Completed> {
  const found = await readPending(deps, callback);
  try {
    return await completeFound(deps, found, callback);
  } catch (error) {
    noteFailure(deps, found.value, error);
    const { subject } = found.value;
    if (subject === undefined) throw error;
    throw inPopup(deps, { ...found.value, subject }, error, { ends: false });
  }
}

async function completeFound(
  deps: CompletionDeps,
  found: Found<PendingAuthorization>,
  callback: Callback,
): Promise<Completed> {
  const { value: pending } = found;
  const server = serverOf(deps.servers, pending.provider);
  const flow = await flowOf(server, pending.via);
  // Its authorization server is another one now: the code is of no use there, and nobody's business.
  if (flow === undefined) throw new Refusal({ code: "state_invalid" });
  requireIssuer(flow, callback, othersThan(server, deps.servers));
  const back = wayBack(deps, pending, callback.person);
  if (pending.done !== undefined) return { kind: "done_before", server, ...pending.done };
  const said = saidBy(callback);
  if (!await found.take()) throw new Refusal({ code: "state_invalid" });
  noteStep(deps, pending, "came_back");
  const { subject } = pending;
  if (subject === undefined) {
    return await signIn(
      deps,
      server,
      await exchanged(deps, { server, flow, pending }, said, callback),
      back.returnTo,
    );
  }
  const trip: Trip = { server, flow, pending: { ...pending, subject, ...back } };
  try {
    const completed = await comeHome(deps, trip, said, callback);
    noteKept(deps, trip.pending, completed);
    await noteDone(deps, found.record.digest, pending, completed);
    return completed;
  } catch (error) {
    const told = toldOf(pending, error);
    const ending = told === undefined ? undefined : endingOf(trip.pending, told);
    if (ending === undefined) throw withAgain(error, await againUrl(deps, pending));
    noteFailure(deps, pending, error);
    deps.world.log(turnedBackEvent(server, error));
    return { kind: "turned_back", server, ending };
  }
}

/** It stands, or waits to be claimed; with less than was asked for, where the person left something out. */
function noteKept(deps: AuthorizationDeps, pending: PendingAuthorization, kept: Kept): void {
  if (kept.kind === "handed_off") return noteStep(deps, pending, "handed_off");
  const { missing, withheld } = kept;
  noteStep(deps, pending, "connected", {
    scopes_missing: missing.length === 0 ? undefined : missing.length,
    services_missing: withheld.length === 0 ? undefined : withheld.length,
  });
}

/** A sign-in that came back, and is the only one that did. */
interface Trip {
  server: AuthorizationServer;
  flow: OAuthFlow;
  pending: PendingAuthorization & { subject: Subject };
}

/**
 * From what the provider said to what is kept. The link is used up by what is whole; by what came
 * to nothing, by half of what was asked for and by somebody else's account it is not.
 */
async function comeHome(
  deps: CompletionDeps,
  trip: Trip,
  said: Said,
  callback: Callback,
): Promise<Kept> {
  const { server, pending } = trip;
  if ("error" in said) throw refusedBy(server, said.error);
  const used = await useLink(deps, pending);
  try {
    const kept = await keepGiven(deps, trip, await exchanged(deps, trip, said, callback));
    const isWhole = kept.kind === "handed_off" ||
      (kept.missing.length === 0 && kept.meant === undefined);
    if (isWhole) {
      await used.noteDone(doneOf(kept));
      return kept;
    }
    await used.giveBack();
    return { ...kept, againUrl: used.againUrl() };
  } catch (error) {
    await used.giveBack();
    throw error;
  }
}

async function keepGiven(
  deps: AuthorizationDeps,
  { server, pending }: Trip,
  exchanged: Exchanged,
): Promise<Kept> {
  const { subject } = pending;
  const { tokens } = exchanged;
  const given: Given = { server, subject, tokens };
  try {
    requireKeepable(tokens);
    const account = await identify(deps, server, exchanged);
    given.account = account.id;
    const whole = withSaid(tokens, account);
    requireKeepable(whole);
    const keep = () => keepFor(deps, pending, { server, subject, account, tokens: whole });
    return await patiently(deps.world, keep);
  } catch (error) {
    throw await takenBack(deps, given, error);
  }
}

/**
 * Browsers load an address again when they are opened again, or when somebody pulls the page
 * down. It must not look as if it had failed. The code and the verifier are not kept for it.
 */
async function noteDone(
  { store, world }: AuthorizationDeps,
  key: string,
  pending: PendingAuthorization,
  completed: Kept,
): Promise<void> {
  try {
    const done = doneOf(completed);
    const rest = { ...pending, verifier: "", link: undefined, scopes: [], done };
    await store.pending.add(key, rest, world.now());
  } catch (error) {
    // It is connected all the same: a reload will be told that it was finished already.
    world.log({ level: "warn", event: "done_not_noted", detail: saidOf(error) });
  }
}

/** What there is to say of it, when its addresses are opened again. */
export function doneOf({ kind, services, label }: Kept): Done {
  return { services, label, handedOff: kind === "handed_off" };
}

async function signIn(
  deps: AuthorizationDeps,
  server: AuthorizationServer,
  exchanged: Exchanged,
  returnTo = "/",
): Promise<Completed> {
  try {
    const account = await identify(deps, server, exchanged);
    return { kind: "signed_in", server, account, returnTo };
  } catch (error) {
    // Not taken back: people who sign in may have connections that hang on the same grant.
    if (error instanceof NotKeepable) throw refusedBy(server, "account unknown");
    throw error;
  }
}

/** What is kept, or kept aside. */
type Kept = Connected | HandedOff;

/** The app must claim it: it is told the one-time code. */
export interface HandedOff {
  kind: "handed_off";
  server: AuthorizationServer;
  ending: Ending;
  services: string[];
  label: string;
}

/** Stores what was given, or keeps it for the app to claim. */
export async function keepFor(
  deps: AuthorizationDeps,
  pending: Pick<
    PendingAuthorization,
    "trail" | "actor" | "service" | "services" | "scopes" | "meant" | "link" | "returnTo" | "origin"
  >,
  { server, subject, account, tokens }: Omit<Given, "account"> & { account: Account },
): Promise<Kept> {
  const { store, world } = deps;
  const { actor, services, trail, service = server.name } = pending;
  const connected = { subject, actor, provider: server.name, account, tokens };
  const open = granted(server, services, tokens);
  const short = shortfall(server, pending, account, tokens);
  const claimCode = world.secret();
  const ending = endingOf(pending, { code: claimCode, service });
  if (ending === undefined) {
    const connection = await storeConnection(deps, connected);
    const { label } = connection;
    const byLink = pending.link !== undefined;
    return { kind: "connected", connection, label, server, services: open, byLink, ...short };
  }
  const usableUntil = world.now() + HANDOFF_LIFETIME_MS;
  const expiresAt = usableUntil + UNCLAIMED_MS;
  const handoff = {
    ...connected,
    services,
    trail,
    missing: friendlyScopes(server, short.missing).split(" ").filter(Boolean),
    meant: short.meant,
    usableUntil,
    expiresAt,
  };
  await store.handoffs.put(digest(claimCode), handoff);
  return { kind: "handed_off", server, ending, services: open, label: account.label };
}

/**
 * Where the browser goes on to, and who is told; a page of our own where that is nowhere. By today's rules, and
 * before the code is exchanged: what may not come in is not even asked for, so that there is
 * nothing to be taken back, which could end what else the account has given.
 */
function wayBack(
  deps: AuthorizationDeps,
  pending: PendingAuthorization,
  person: Subject | undefined,
): Back {
  const { subject } = pending;
  // A sign-in, whose `returnTo` is a path of ours.
  if (subject === undefined) return { returnTo: pending.returnTo };
  const way = requireWayIn(deps, { ...pending, subject }, person);
  const { returnTo, origin } = way.kind === "app" ? way : {};
  return { returnTo, origin };
}
