/**
 * Events: what backends are told of their users' connections though they do not
 * ask. One is written in the very commit that makes it true, so that no process
 * that dies loses one or invents one. Times are epoch ms.
 *
 * @module
 */

import { DEPLOYMENT } from "./activity.ts";
import type { Actor } from "./actor.ts";
import type { Connection, ConnectionRef } from "./connection.ts";
import type { DeadReason } from "./counts.ts";
import { partsOf, type Subject } from "./subject.ts";

/** What can happen, as it is called on the wire. */
export const EVENT_TYPES = [
  "connection.created",
  "connection.reauthorization_required",
  "connection.recovered",
  "connection.expiring",
  "connection.deleted",
  "session.revoked",
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** So long an event is kept, and can be read or sent again. */
export const EVENT_KEPT_MS = 30 * 24 * 60 * 60_000;
/** And so long one of somebody who was deleted. It is also how long delivery is tried. */
export const FAREWELL_KEPT_MS = 3 * 24 * 60 * 60_000;
/** Scopes and services of one event, in characters: what is beyond is not told. */
export const MOST_TOLD = 12_000;
/** The longest text in one, in characters. */
export const LONGEST_TOLD = 320;

/** Why, where a word says more than the type. */
export type EventReason =
  /** Of `connection.created`: this account was connected before, and works on. */
  | "connected_again"
  /** Of `connection.reauthorization_required`. */
  | Exclude<DeadReason, "moved">
  /** Of `connection.expiring`. */
  | EndReason
  /** Of `connection.deleted` and `session.revoked`: who did it. */
  | "app"
  | "client"
  | "person"
  | "operator"
  /** Its authorization code came a second time: somebody else has it. */
  | "code_replayed"
  /** All of the user was deleted. */
  | "user_deleted";

/** Which kind of end is near. */
export type EndReason =
  /** The provider has said when its refresh token ends. */
  | "refresh_token_expires"
  /** There is no refresh token, and its access token ends. */
  | "access_token_expires"
  /** The client is in the provider's test mode, which ends connections so long after the sign-in. */
  | "test_mode"
  /** The provider ends connections so long after the sign-in, whatever is refreshed. */
  | "sign_in_expires"
  /** It was not refreshed for so long that the provider ends it, and is not kept alive any more. */
  | "unused"
  /** The secret of this program's client ends, and with it all that was issued to that client. */
  | "client_secret_expires";

/** What has ended, of `session.revoked`. */
export interface EndedSession {
  id: string;
  kind: "session_token" | "grant";
  /** Of the MCP client. */
  name?: string | undefined;
}

/** What happened. Holds no secret. */
export interface Happened {
  type: EventType;
  subject: Subject;
  /** When it became true. */
  at: number;
  provider?: string | undefined;
  /** Names of services, as far as they are known. */
  services?: string[] | undefined;
  account?: string | undefined;
  label?: string | undefined;
  scopes?: string[] | undefined;
  reason?: EventReason | undefined;
  session?: EndedSession | undefined;
  /** Of `connection.expiring`. */
  endsAt?: number | undefined;
}

/** An event as it is kept. `id` is the `webhook-id`. */
export interface KeptEvent extends Happened {
  id: string;
  /** Its place among all of its realm, in the order of their commits: a cursor. */
  stamp: string;
  delivery?: Delivery | undefined;
}

/** What came of sending it. */
export interface Delivery {
  state: "failing" | "delivered" | "gave_up";
  attempts: number;
  /** Of the first and of the last attempt. */
  firstAt: number;
  at: number;
  /** Of the last answer; absent where there was none. */
  status?: number | undefined;
  /** Why it failed, in our own words. */
  fault?: string | undefined;
  /** When it is tried again. */
  nextAt?: number | undefined;
}

/** That somebody's events wait to be sent from a time on. */
export interface Wake {
  receiver: string;
  at: number;
  lane: string;
  version: string;
}

/** The timed right to send somebody's events: one at a time, in their order. */
export interface LaneLease {
  lane: string;
  owner: string;
  version: string;
}

/** What is known of a receiver, for all processes. */
export interface ReceiverState {
  /** Of its address: another address is another receiver, and nothing is held against it. */
  mark: string;
  /** It answered 410, or an operator has switched it off. */
  offSince?: number | undefined;
  /** Since when nothing got through. */
  failingSince?: number | undefined;
  failures?: number | undefined;
  /** Nothing is sent before. */
  pausedUntil?: number | undefined;
  /** When it took something again after it had failed. */
  recoveredAt?: number | undefined;
  lastStatus?: number | undefined;
  lastFault?: string | undefined;
  lastAt?: number | undefined;
}

/** Which events are wanted. */
export interface EventRange {
  realm: string;
  /** The cursor of the last one that is known; absent: from the first on. */
  after?: string | undefined;
  limit: number;
}

/** A page of events. */
export interface EventPage {
  events: KeptEvent[];
  /** For the next page; absent where none was there yet. */
  cursor?: string | undefined;
  hasMore: boolean;
}

/** Who is told of what is written. */
export interface EventListener {
  /** Where the events of a realm go; absent: nowhere, they can be read. */
  receiverOf(realm: string): string | undefined;
  /** Whether anybody may read them: of people who sign in it is the operator's receiver alone. */
  isRead(realm: string): boolean;
  /** Something is waiting for this receiver. Does not throw. */
  written(receiver: string): void;
}

/** Events at rest. They are written by the stores of what they are about. */
export interface EventStore {
  listen(listener: EventListener): Promise<void>;
  /** In the order of their commits: who goes on after a cursor misses none. */
  read(range: EventRange): Promise<EventPage>;
  /** The latest first. */
  latest(realm: string, limit: number): Promise<KeptEvent[]>;
  /** Whether anything waits for a receiver. */
  waits(receiver: string, until: number): Promise<boolean>;
  /** How many of a realm wait to be sent; it counts no further than `most`. */
  waiting(realm: string, most: number): Promise<number>;
  /** Whose events wait, the longest overdue first. */
  due(receiver: string, until: number, limit: number, after?: Wake): Promise<Wake[]>;
  /** `null`: another process has it. */
  takeLane(lane: string, owner: string, times: { now: number; until: number }): Promise<
    LaneLease | null
  >;
  /** The first that waits; `null`: none does. */
  head(lane: string): Promise<KeptEvent | null>;
  /**
   * Notes an attempt; what was delivered or given up waits no more. `null`: the lease was lost, and
   * nothing was noted.
   */
  attempted(
    lease: LaneLease,
    event: KeptEvent,
    delivery: Delivery,
    until: number,
  ): Promise<LaneLease | null>;
  /**
   * Gives the lease back, and takes the wakes off that were seen, each only as it was. `again`: the
   * lane is woken then.
   */
  leave(lease: LaneLease, seen: Wake[], again?: { receiver: string; at: number }): Promise<void>;
  receiver(name: string): Promise<{ state: ReceiverState; version: string } | null>;
  /** `false`: somebody wrote first. */
  putReceiver(name: string, state: ReceiverState, version: string | null): Promise<boolean>;
  /**
   * Has one sent once more, after those of the same person that wait; one that waits itself is tried
   * at once, where it stands. `false`: it is not there.
   */
  sendAgain(event: Pick<KeptEvent, "stamp">, realm: string, now: number): Promise<boolean>;
  /** The same for all of these realms since then, the oldest first, at most so many. */
  replay(realms: string[], from: ReplayFrom, limit: number, now: number): Promise<Replayed>;
}

/** From when on events are sent once more. */
export type ReplayFrom =
  /** Epoch ms: what happened then or later. */
  | { since: number }
  /** A cursor of `GET /events`: what was committed after it. */
  | { after: string };

/** What is a cursor: a version of the database's. */
export const CURSOR = /^[0-9a-f]{20}$/;

/** What came of it. */
export interface Replayed {
  count: number;
  /** Where to go on, if there are more. */
  next?: string | undefined;
}

/** What was known of a connection before it was written. */
export interface BeforePut {
  /** There was none. */
  isNew: boolean;
  /** Why it had to be connected again; absent where it worked. */
  dead?: DeadReason | "unknown" | undefined;
}

/** What whoever writes it knows of why. */
export interface PutCause {
  /** A person has just signed in, or shown a key. */
  signedIn?: boolean | undefined;
  /** Its end is near, which its app is told of. */
  expiring?: { endsAt: number; reason: EndReason } | undefined;
  /** Its deletion follows, and is told. */
  ending?: boolean | undefined;
  /** As it was, where whoever writes it may have ended it or healed it. */
  before?: Connection | undefined;
}

/** What the write of a connection means to its app; `undefined`: nothing. Pure. */
export function meaningOf(
  before: BeforePut,
  dead: DeadReason | undefined,
  { signedIn = false, ending = false, expiring }: PutCause,
): Pick<Happened, "type" | "reason" | "endsAt"> | undefined {
  if (expiring !== undefined) {
    return { type: "connection.expiring", ...expiring };
  }
  if (dead === "moved" || ending) return undefined;
  if (dead !== undefined) {
    // Whoever does not know what it was has not changed that.
    const isTold = before.isNew || (before.dead !== undefined && before.dead !== "moved");
    return isTold ? undefined : { type: "connection.reauthorization_required", reason: dead };
  }
  if (before.dead === "moved" && signedIn) return { type: "connection.created" };
  if (before.dead !== undefined && before.dead !== "unknown") {
    return { type: "connection.recovered" };
  }
  // What an app imports it is told of by the answer.
  if (!signedIn) return undefined;
  return before.isNew
    ? { type: "connection.created" }
    : { type: "connection.created", reason: "connected_again" };
}

/** What is told of a connection: nothing that opens it. */
export function toldOf(
  { provider, account, label, tokens }: Connection,
  services: string[] | undefined,
): Pick<Happened, "provider" | "account" | "label" | "scopes" | "services"> {
  return { provider, account, label, scopes: tokens.scopes, services };
}

/** A deletion, as whoever does it knows it. */
export interface Deletion {
  /** Who did it. */
  by: EventReason;
  /** Absent where it cannot be opened. */
  connection?: Connection | undefined;
  /** What it was for, by names. */
  services?: string[] | undefined;
}

/** What a deletion tells: of somebody who is deleted, as little as there must be. */
export function farewellOf(
  { subject, provider, account }: ConnectionRef,
  { by, connection, services }: Deletion,
  at: number,
): Happened {
  const type = "connection.deleted";
  if (by === "user_deleted") return { type, subject, at, provider, services, reason: by };
  const told = connection === undefined ? { provider, account, services } : toldOf(
    connection,
    services,
  );
  return { type, subject, at, ...told, reason: by };
}

/** No larger than it must be: what a provider calls things may be of any length. */
export function bounded(event: Happened): Happened {
  const short = (text: string | undefined) => text?.slice(0, LONGEST_TOLD);
  const some = (list: string[] | undefined) => {
    let left = MOST_TOLD;
    return list?.filter((text) => (left -= text.length + 1) >= 0);
  };
  return {
    ...event,
    label: short(event.label),
    scopes: some(event.scopes),
    services: some(event.services),
  };
}

/** One event as it is told: by a receiver's body, and by `GET /events`. */
export function wireOfEvent({ type, at, subject, ...event }: Happened, isOperators: boolean) {
  const colon = subject.indexOf(":");
  return {
    type,
    timestamp: new Date(at).toISOString(),
    data: {
      user_id: subject.slice(colon + 1),
      // An app's users are all of its own realm.
      realm: isOperators ? subject.slice(0, colon) : undefined,
      provider: event.provider,
      services: event.services,
      account: event.account,
      account_label: event.label,
      scope: event.scopes?.join(" "),
      reason: event.reason,
      ends_at: event.endsAt === undefined ? undefined : new Date(event.endsAt).toISOString(),
      session: event.session,
    },
  };
}

/** What a receiver gets. What is about the deployment itself goes to the operator's, and names nobody. */
export function bodyOfEvent(event: Happened, isOperators: boolean) {
  const wire = wireOfEvent(event, isOperators);
  if (event.subject !== DEPLOYMENT) return wire;
  const { user_id: _user, realm: _realm, ...data } = wire.data;
  return { ...wire, data };
}

/** Where events of one app go, or those of signed-in people. */
export interface Receiver {
  /** The app's name, or {@linkcode OPERATOR}. */
  name: string;
  url: string;
  /** `whsec_…`; two while one is being replaced. */
  secrets: string[];
  /** It is in a network of the operator's own. */
  isPrivate: boolean;
}

/** The name of the receiver of what happens to people who sign in. */
export const OPERATOR = "operator";
/** The realm of what is about the deployment itself; it goes to the operator's receiver, too. */
export const OWN_REALM = partsOf(DEPLOYMENT).realm;

/** A receiver as an operator sees it. Holds no secret. */
export interface ReceiverView extends Omit<ReceiverState, "mark"> {
  name: string;
  /** Of its address, the origin alone: the rest may be a secret. */
  origin: string;
  /** So many events wait for it; {@linkcode MOST_WAITING} stands for that many or more. */
  waiting: number;
  /** The latest first. `realm` and `stamp` name one. */
  latest: (KeptEvent & { realm: string })[];
}

/** What the API and the pages of operators read of events, and do with them. */
export interface EventsDesk {
  read(range: EventRange): Promise<EventPage>;
  receivers(): Promise<ReceiverView[]>;
  /** Names of those that are switched off. */
  off(): Promise<string[]>;
  /** Has one sent once more; `false`: it is not there any more. */
  sendAgain(actor: Actor, event: { realm: string; stamp: string }): Promise<boolean>;
  /** The same for all of a receiver; `null`: there is no such receiver. */
  replay(actor: Actor, receiver: string, from: ReplayFrom): Promise<Replayed | null>;
  /** After a 410; `false`: there is no such receiver. */
  switchOn(actor: Actor, receiver: string): Promise<boolean>;
}

/** So many are sent once more by one press of the button. */
export const MOST_REPLAYED = 2_000;

/** So far it is counted how many wait. */
export const MOST_WAITING = 1_000;
