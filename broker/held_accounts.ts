/**
 * What people have connected, remembered for a minute: a list of tools should
 * not cost a read of the vault each time. What another process writes shows
 * when the minute is over, which is harmless: nothing is decided by this.
 *
 * @module
 */

import type { Accounts, HeldAccount, HeldAccounts } from "./core/accounts.ts";
import type { Acting, Actor } from "./core/actor.ts";
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
/** Accounts of one person; nobody tells a model of more. */
const MAX_ACCOUNTS = 32;
/** Of a label, in characters: a longer one is no e-mail address. */
const LONGEST_LABEL = 320;

interface Remembered {
  held: Promise<HeldAccounts | undefined>;
  until: number;
}

/** What people have connected, as far as it was asked for. */
export class RememberedAccounts implements Accounts {
  readonly #world: Pick<World, "now" | "log">;
  readonly #list: (subject: Subject) => Promise<ConnectionView[]>;
  /** The one that was asked for last is the last. */
  readonly #people = new Map<Subject, Remembered>();

  constructor(
    world: Pick<World, "now" | "log">,
    list: (subject: Subject) => Promise<ConnectionView[]>,
  ) {
    this.#world = world;
    this.#list = list;
  }

  async accounts({ subject, actor }: Acting): Promise<HeldAccounts | undefined> {
    const held = await this.#remembered(subject).held;
    return held && (actor.accounts === undefined ? held : allowedOf(held, actor));
  }

  /** The same store; of whom it writes, nothing is remembered any longer. */
  watched(store: ConnectionStore): ConnectionStore {
    return {
      ...store,
      put: (connection, version, also) =>
        store.put(connection, version, also).finally(() => this.#people.delete(connection.subject)),
      delete: (ref, version) =>
        store.delete(ref, version).finally(() => this.#people.delete(ref.subject)),
    };
  }

  #remembered(subject: Subject): Remembered {
    const now = this.#world.now();
    const known = this.#people.get(subject);
    const current = known !== undefined && known.until > now
      ? known
      // Kept before it is read: what is written meanwhile throws it away.
      : { held: this.#read(subject), until: now + HELD_MS };
    this.#people.delete(subject);
    this.#people.set(subject, current);
    if (this.#people.size > MAX_PEOPLE) this.#people.delete(this.#people.keys().next().value!);
    return current;
  }

  async #read(subject: Subject): Promise<HeldAccounts | undefined> {
    try {
      const all = await this.#list(subject);
      // Those that are used where none is named come first.
      return heldOf(
        all.toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault)).map(accountOf),
      );
    } catch (error) {
      this.#people.delete(subject);
      this.#world.log({ level: "warn", event: "accounts_unread", detail: kindOf(error) });
      return undefined;
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
