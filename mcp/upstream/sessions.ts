/**
 * Sessions that are kept while they are used: opened once for all who want the
 * same one, ended when nobody has wanted it for a while, or when there are too
 * many. A session belongs to its key, which names a subject: nobody gets
 * another's.
 *
 * @module
 */

import { until } from "../../broker/core/deadline.ts";
import type { World } from "../../broker/core/world.ts";
import { faultOfEnd, kindOfFault, notDone } from "./fault.ts";
import type { UpstreamSession } from "./session.ts";

/** A session with nobody in it ends after this. */
export const SESSION_IDLE_MS = 5 * 60_000;
/** Of one upstream; beyond them the one that was used the longest ago is ended. */
export const MAX_SESSIONS = 1_000;

/** A session as it is kept. */
export interface KeptSession {
  /** Resolves where it ends by itself. */
  readonly ended: Promise<void>;
  /** The session with this token; `undefined`: it has another one for good, and a new one is needed. */
  as(token: string | undefined): UpstreamSession | undefined;
  /** Ends it; does not throw. */
  close(): Promise<void>;
}

/** How many there may be, and for how long. */
export interface Keeping {
  most: number;
  /** `undefined`: for ever. */
  idleMs: number | undefined;
  /** Whether there are never more; else there are where all are in use. */
  isStrict: boolean;
}

interface Entry {
  opening: Promise<KeptSession>;
  users: number;
  /** Ends the wait for its end. One for all the time that it is kept: most sessions are used again. */
  idle: AbortController | undefined;
  /** When it was left the last time. */
  leftAt: number;
  isDropped: boolean;
  isClosed: boolean;
}

/** The sessions of one upstream. */
export class Sessions {
  readonly #world: Pick<World, "now" | "sleep">;
  readonly #keeping: Keeping;
  /** The one that was used the longest ago first. */
  readonly #entries = new Map<string, Entry>();
  /** What is being ended. */
  readonly #closing = new Set<Promise<void>>();
  #isClosed = false;

  constructor(world: Pick<World, "now" | "sleep">, keeping: Keeping) {
    this.#world = world;
    this.#keeping = keeping;
  }

  /** How many there are. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * Does something in the session of a key, which is opened where there is
   * none. Whoever waits for the opening may leave; it goes on for the others.
   */
  async use<T>(
    key: string,
    { token, signal, open }: {
      token: string | undefined;
      signal: AbortSignal;
      open: () => Promise<KeptSession>;
    },
    work: (session: UpstreamSession) => Promise<T>,
  ): Promise<T> {
    const entry = this.#entered(key, open);
    try {
      const session = (await opened(entry.opening, signal)).as(token);
      if (session !== undefined) return await work(session);
    } catch (error) {
      // Whoever comes next gets another one.
      if (kindOfFault(error) === "no_session") this.#drop(key, entry);
      throw error;
    } finally {
      this.#left(key, entry);
    }
    this.#drop(key, entry);
    return await this.use(key, { token, signal, open }, work);
  }

  /** Ends the one that nobody is in for the longest; false: there is none. */
  async endUnused(): Promise<boolean> {
    const isFound = this.#dropUnused();
    await Promise.all(this.#closing);
    return isFound;
  }

  /** Ends those sessions whose key fits: of a person who has disconnected. */
  async end(fits: (key: string) => boolean): Promise<void> {
    for (const [key, entry] of this.#entries) if (fits(key)) this.#drop(key, entry);
    await Promise.all(this.#closing);
  }

  /** Ends all of them, whoever is in one, and for good. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const [key, entry] of this.#entries) {
      this.#entries.delete(key);
      entry.isDropped = true;
      this.#close(entry);
    }
    await Promise.all(this.#closing);
  }

  #entered(key: string, open: () => Promise<KeptSession>): Entry {
    const entry = this.#entries.get(key) ?? this.#opened(key, open);
    entry.users += 1;
    // Back to the end of the row.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  #opened(key: string, open: () => Promise<KeptSession>): Entry {
    if (this.#isClosed) throw new Error("The upstream's sessions were ended");
    this.#makeRoom();
    const entry: Entry = {
      opening: open(),
      users: 0,
      idle: undefined,
      leftAt: 0,
      isDropped: false,
      isClosed: false,
    };
    const forget = () => this.#drop(key, entry);
    entry.opening.then((session) => session.ended.then(forget), forget);
    return entry;
  }

  #left(key: string, entry: Entry): void {
    entry.users -= 1;
    if (entry.users > 0) return;
    if (entry.isDropped) return this.#close(entry);
    const { idleMs } = this.#keeping;
    if (idleMs === undefined) return;
    entry.leftAt = this.#world.now();
    if (entry.idle === undefined) this.#waitFor(key, entry, idleMs);
  }

  #waitFor(key: string, entry: Entry, ms: number): void {
    const { idleMs = 0 } = this.#keeping;
    const idle = entry.idle = new AbortController();
    const over = () => {
      if (idle.signal.aborted) return;
      entry.idle = undefined;
      // Whoever is in it now leaves it once more.
      if (entry.users > 0) return;
      // A clock that was set back ends it at once.
      const left = Math.min(entry.leftAt + idleMs - this.#world.now(), idleMs);
      if (left > 0 && left < idleMs) this.#waitFor(key, entry, left);
      else this.#drop(key, entry);
    };
    // Without a clock nothing is kept.
    this.#world.sleep(ms, idle.signal).then(over, over);
  }

  /** The one that nobody is in for the longest makes room; where all are in use, there are more. */
  #makeRoom(): void {
    if (this.#entries.size < this.#keeping.most) return;
    if (this.#dropUnused() || !this.#keeping.isStrict) return;
    throw notDone({ kind: "no_place" });
  }

  #dropUnused(): boolean {
    const unused = this.#entries.entries().find(([, { users }]) => users === 0);
    if (unused !== undefined) this.#drop(...unused);
    return unused !== undefined;
  }

  #drop(key: string, entry: Entry): void {
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
    if (entry.isDropped) return;
    entry.isDropped = true;
    if (entry.users === 0) this.#close(entry);
  }

  #close(entry: Entry): void {
    entry.idle?.abort();
    if (entry.isClosed) return;
    entry.isClosed = true;
    const closed = entry.opening.then((session) => session.close(), () => {
      // It was never there.
    }).finally(() => this.#closing.delete(closed));
    this.#closing.add(closed);
  }
}

/** Nobody waits longer for a session than for all of a request, which was not sent by then. */
async function opened(opening: Promise<KeptSession>, signal: AbortSignal): Promise<KeptSession> {
  try {
    return await until(signal, opening);
  } catch (error) {
    throw signal.aborted ? notDone(faultOfEnd(signal).why, { cause: error }) : error;
  }
}
