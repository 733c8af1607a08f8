/**
 * What people have connected, remembered for a minute: a list of tools should
 * not cost a read of the vault each time. What another process writes shows
 * when the minute is over, which is harmless: nothing is decided by this.
 *
 * @module
 */

import type { Accounts, HeldAccount, HeldAccounts } from "./core/accounts.ts";
import type { Acting, Actor } from "./core/actor.ts";
import { andThen, type Awaitable } from "./core/awaitable.ts";
import { isToCome } from "./core/clock.ts";
import { kindOf } from "./core/own_words.ts";
import type { ConnectionStore } from "./core/store.ts";
import type { Subject } from "./core/subject.ts";
import type { World } from "./core/world.ts";
import type { ConnectionView } from "./connect/list.ts";
import { isAccount } from "./tokens/choice.ts";

/** How long it is remembered what a person has connected, in ms. */
export const HELD_MS = 60_000;
/** People of whom it is remembered; beyond them whoever was not asked for the longest time is forgotten. */
export const MAX_PEOPLE = 5_000;
/** The same of their accounts, all together: one takes half a kilobyte, and up to two. */
export const MAX_HELD = 10_000;
/** Accounts of one person; nobody tells a model of more. */
const MAX_ACCOUNTS = 32;
/** Of a label, in characters: a longer one is no e-mail address. */
const LONGEST_LABEL = 320;

interface Remembered {
  /** A promise only as long as it is read. */
  held: Awaitable<HeldAccounts | undefined>;
  until: number;
  /** How many there are, as far as they were read. */
  count: number;
}

/** Most who are new have nothing, and that weighs nothing. */
const NOTHING: HeldAccounts = { accounts: [], several: new Set() };

/** What people have connected, as far as it was asked for. */
export class RememberedAccounts implements Accounts {
  readonly #world: Pick<World, "now" | "log">;
  readonly #list: (acting: Acting) => Promise<ConnectionView[]>;
  /** The one that was asked for last is the last. */
  readonly #people = new Map<Subject, Remembered>();
  #last: Remembered | undefined;
  #count = 0;

  constructor(
    world: Pick<World, "now" | "log">,
    list: (acting: Acting) => Promise<ConnectionView[]>,
  ) {
    this.#world = world;
    this.#list = list;
  }

  accounts(acting: Acting): Awaitable<HeldAccounts | undefined> {
    const { held } = this.#remembered(acting);
    const { actor } = acting;
    return actor.accounts === undefined
      ? held
      : andThen(held, (held) => held && allowedOf(held, actor));
  }

  /** Of how much it is remembered. */
  get size(): { people: number; accounts: number } {
    return { people: this.#people.size, accounts: this.#count };
  }

  /** The same store; of whom it writes, nothing is remembered any longer. */
  watched(store: ConnectionStore): ConnectionStore {
    return {
      ...store,
      put: (connection, version, also) =>
        store.put(connection, version, also).finally(() => this.#forget(connection.subject)),
      delete: (ref, version, deletion) =>
        store.delete(ref, version, deletion).finally(() => this.#forget(ref.subject)),
    };
  }

  #remembered(acting: Acting): Remembered {
    const { subject } = acting;
    const now = this.#world.now();
    const known = this.#people.get(subject);
    const isCurrent = known !== undefined && isToCome(known.until, now, HELD_MS);
    // Who asks again at once is the last already.
    if (isCurrent && known === this.#last) return known;
    this.#forget(subject);
    const current = isCurrent ? known : { held: undefined, until: now + HELD_MS, count: 0 };
    this.#last = current;
    this.#people.set(subject, current);
    this.#count += current.count;
    // Kept before it is read: what is written meanwhile throws it away.
    if (!isCurrent) current.held = this.#read(acting, current);
    this.#makeRoom(now);
    return current;
  }

  async #read(acting: Acting, current: Remembered): Promise<HeldAccounts | undefined> {
    const { subject } = acting;
    try {
      const all = await this.#list(acting);
      // Those that are used where none is named come first.
      const held = heldOf(
        all.toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault)).map(accountOf),
      );
      if (this.#people.get(subject) === current) {
        current.held = held;
        current.count = held.accounts.length;
        this.#count += current.count;
        this.#makeRoom(this.#world.now());
      }
      return held;
    } catch (error) {
      this.#forget(subject);
      this.#world.log({ level: "warn", event: "accounts_unread", detail: kindOf(error) });
      return undefined;
    }
  }

  #forget(subject: Subject): void {
    this.#count -= this.#people.get(subject)?.count ?? 0;
    this.#people.delete(subject);
  }

  /** What nobody asked for in its time goes as well, where others do. */
  #makeRoom(now: number): void {
    for (const [subject, { until }] of this.#people) {
      const isFull = this.#people.size > MAX_PEOPLE || this.#count > MAX_HELD;
      if (!isFull && isToCome(until, now, HELD_MS)) return;
      this.#forget(subject);
    }
  }
}

function accountOf({ provider, services, account, label, status }: ConnectionView): HeldAccount {
  const works = status === "active";
  const shown = label.slice(0, LONGEST_LABEL);
  return { provider, services, account, label: shown, works };
}

/** Accounts in the order in which they are used. */
export function heldOf(all: HeldAccount[]): HeldAccounts {
  if (all.length === 0) return NOTHING;
  const seen = new Set<string>();
  const several = new Set<string>();
  for (const service of all.flatMap(({ services }) => services)) {
    (seen.has(service) ? several : seen).add(service);
  }
  return { accounts: all.slice(0, MAX_ACCOUNTS), several };
}

function allowedOf({ accounts }: HeldAccounts, { accounts: allowed = [] }: Actor): HeldAccounts {
  return heldOf(accounts.filter((held) => allowed.some((name) => isAccount(held, name))));
}
