/**
 * What a broker knows in memory, and must not forget because an operator has
 * changed a setting: which refreshes and calls run, what was begun and by
 * whom, how a provider answered last. One for each process; every broker that
 * is put together in it works with the same, so that two of them never ask a
 * provider for one refresh twice, and a flood counts on from where it was.
 *
 * @module
 */

import { type ActivityLog, NO_ACTIVITY } from "./core/activity.ts";
import type { InNameOf } from "./core/callers.ts";
import type { ServicesOf } from "./core/counts.ts";
import type { Limits } from "./core/limits.ts";
import type { ConnectionStore, Store } from "./core/store.ts";
import type { Subject } from "./core/subject.ts";
import { Turns } from "./core/turns.ts";
import type { World } from "./core/world.ts";
import type { ConnectionView } from "./connect/list.ts";
import { Heeding } from "./connect/heed.ts";
import { Outstanding } from "./connect/outstanding.ts";
import { RememberedAccounts } from "./held_accounts.ts";
import { Courtesy } from "./moving/courtesy.ts";
import { RememberedCalls } from "./remembered_calls.ts";
import { ProviderNotes } from "./tokens/provider_notes.ts";
import { Refresher } from "./tokens/refresher.ts";

/** What one process remembers. */
export class BrokerMemory {
  /** The store; who writes a connection makes what is remembered of its person be forgotten. */
  readonly store: Store;
  readonly remembered: RememberedAccounts;
  readonly notes: ProviderNotes;
  readonly refresher: Refresher;
  readonly calls: RememberedCalls;
  readonly outstanding: Outstanding;
  readonly courtesy: Courtesy;
  readonly heeding: Heeding;
  readonly turns = new Turns();
  /** Where is noted what is done. */
  readonly activity: ActivityLog;
  /** How connections are listed today: by the broker that was made last. */
  list: (subject: Subject) => Promise<ConnectionView[]> = () => Promise.resolve([]);

  /** What a connection is for today, as it is counted. */
  servicesOf: ServicesOf = () => [];

  constructor(
    { store: plain, world, activity = NO_ACTIVITY, inNameOf = (_actor, work) => work(), limits }: {
      store: Store;
      world: World;
      activity?: ActivityLog | undefined;
      /** Absent: there is one caller. */
      inNameOf?: InNameOf | undefined;
      /** Of all processes; absent: there are none. */
      limits?: Limits | undefined;
    },
  ) {
    this.activity = activity;
    this.remembered = new RememberedAccounts(
      world,
      ({ subject, actor }) => inNameOf(actor, () => this.list(subject)),
    );
    const { connections } = plain;
    const counted: ConnectionStore = {
      ...connections,
      put: (connection, version, also) =>
        connections.put(connection, version, { ...also, services: this.servicesOf(connection) }),
      delete: (ref, version, deletion) => {
        const { connection } = deletion ?? {};
        const services = connection && this.servicesOf(connection);
        return connections.delete(ref, version, deletion && { ...deletion, services });
      },
    };
    const store = { ...plain, connections: this.remembered.watched(counted) };
    this.store = store;
    this.notes = new ProviderNotes({ store, world });
    this.refresher = new Refresher({ store, world, notes: this.notes, activity });
    this.calls = new RememberedCalls({ store, world });
    this.outstanding = new Outstanding(store, world, limits);
    this.courtesy = new Courtesy(world);
    const { notes, refresher } = this;
    this.heeding = new Heeding({ store, world, notes, refresher, activity });
  }
}
