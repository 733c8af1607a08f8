/**
 * What goes into a commit that makes an event true: the event itself, its place
 * among those of its realm, and, where somebody is to be told, that it waits.
 *
 * An event stands under its lane, which is whom it is about; so it is found with
 * everything else of that person's. Of somebody who is being deleted nothing new
 * is kept, so their last events have a lane of their own, which nobody can tell
 * them by.
 *
 * The place is the version of the commit, which the database gives: nobody who
 * reads on after one can miss another that was begun earlier and done later.
 *
 * @module
 */

import { DEPLOYMENT } from "../broker/core/activity.ts";
import {
  bounded,
  EVENT_KEPT_MS,
  type EventListener,
  FAREWELL_KEPT_MS,
  type Happened,
} from "../broker/core/events.ts";
import { randomSecret } from "../broker/core/random_secret.ts";
import { LOCAL_REALM, partsOf } from "../broker/core/subject.ts";
import type { World } from "../broker/core/world.ts";
import { eventKey, feedPrefix, outboxPrefix, wakeKeys } from "./keys.ts";
import type { KeyRing } from "./key_ring.ts";
import { isSomebody } from "./people_count.ts";
import { type CutBox, sealed } from "./pieces.ts";
import type { Change } from "./records.ts";

/** Characters of an id: 132 random bits. */
const ID_LENGTH = 22;

/** The stored value; see SCHEMA.md. */
export interface EventRecord extends CutBox {
  v: 1;
  /** Epoch ms. */
  expires_at: number;
  /** Its place, where the record has been written again since. */
  stamp?: string | undefined;
  delivery?: DeliveryRecord | undefined;
}

/** What came of sending it, in clear. */
export interface DeliveryRecord {
  state: "failing" | "delivered" | "gave_up";
  attempts: number;
  first_at: number;
  at: number;
  status?: number | undefined;
  fault?: string | undefined;
  next_at?: number | undefined;
}

/** The stored value of a place; see SCHEMA.md. */
export interface FeedRecord {
  lane: string;
  id: string;
  /** Epoch ms: when it happened. */
  at: number;
}

/** An event that is about to be written. */
export interface Writing {
  change: Change;
  receiver: string | undefined;
}

/** Of one process. */
export class EventOutbox {
  readonly #ring: KeyRing;
  readonly #clock: Pick<World, "now">;
  /** Who is told; until somebody listens what happens can be read. */
  listener: EventListener | undefined;

  constructor(ring: KeyRing, clock: Pick<World, "now">) {
    this.#ring = ring;
    this.#clock = clock;
  }

  /** Epoch ms. */
  now(): number {
    return this.#clock.now();
  }

  /** Its part of a commit; `undefined`: of this subject nobody is told. */
  async writing(happened: Happened): Promise<Writing | undefined> {
    const { subject, at } = happened;
    const { realm } = partsOf(subject);
    const isAbout = isSomebody(subject) || subject === DEPLOYMENT;
    if (!isAbout || realm === LOCAL_REALM) return undefined;
    if (this.listener?.isRead(realm) === false) return undefined;
    const id = `evt_${randomSecret().slice(0, ID_LENGTH)}`;
    const isFarewell = happened.reason === "user_deleted";
    // No user id has this character.
    const lane = isFarewell ? `${realm}:~${id}` : subject;
    const ends = { at: at + (isFarewell ? FAREWELL_KEPT_MS : EVENT_KEPT_MS), now: at };
    const { sets, deletes } = await sealed(this.#ring, {
      key: eventKey(lane, id),
      value: bounded(happened),
      clear: { expires_at: ends.at },
      before: null,
      ends,
    });
    const feed: FeedRecord = { lane, id, at };
    const stamped: NonNullable<Change["stamped"]> = [{ prefix: feedPrefix(realm), value: feed }];
    const receiver = this.listener?.receiverOf(realm);
    if (receiver !== undefined) {
      stamped.push({ prefix: outboxPrefix(lane), value: id });
      sets.push(...wakeKeys(receiver, at, lane).map((key) => ({ key, value: 1 })));
    }
    return { change: { sets, deletes, stamped }, receiver };
  }

  /** It was committed. */
  written(writing: Writing | undefined): void {
    if (writing?.receiver !== undefined) this.listener?.written(writing.receiver);
  }
}
