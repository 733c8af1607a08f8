/**
 * Events of one process: who receives, what is done with what was written, and
 * what operators see of it. What sends is loaded with the first event.
 *
 * @module
 */

import { type Activity, DEPLOYMENT } from "../broker/core/activity.ts";
import type { Actor } from "../broker/core/actor.ts";
import {
  type EventListener,
  type EventPage,
  type EventRange,
  type EventsDesk,
  type EventStore,
  type Happened,
  type KeptEvent,
  MOST_REPLAYED,
  MOST_WAITING,
  OPERATOR,
  OWN_REALM,
  type Receiver,
  type ReceiverView,
  type Replayed,
  type ReplayFrom,
} from "../broker/core/events.ts";
import { lazily } from "../broker/core/lazily.ts";
import { kindOf } from "../broker/core/own_words.ts";
import type { World } from "../broker/core/world.ts";
import type { PostEvent } from "./deliverer.ts";
import { markOf, receiverOf } from "./receivers.ts";

/** What it is made of. */
export interface EventServiceOptions {
  events: EventStore;
  world: World;
  receivers: Receiver[];
  /** All providers that people could sign in with. */
  providers: string[];
  post: PostEvent;
  /** What of an event its app may see today; `undefined`: nothing. */
  shown(event: KeptEvent): Happened | undefined;
  /** Where is noted what operators do. */
  activity?: Activity | undefined;
}

/** Events shown of each receiver. */
const SHOWN = 20;

/** One for each process. */
export class EventService implements EventListener, EventsDesk {
  readonly #options: EventServiceOptions;
  readonly #deliverer = lazily(async () => {
    const { Deliverer } = await import("./deliverer.ts");
    return new Deliverer(this.#options);
  });
  #isEnding = false;
  readonly #loading = new Set<Promise<void>>();

  constructor(options: EventServiceOptions) {
    this.#options = options;
  }

  receiverOf(realm: string): string | undefined {
    return this.#receiverOf(realm)?.name;
  }

  isRead(realm: string): boolean {
    return this.receiverOf(realm) !== undefined || !this.#realmsOf(OPERATOR).includes(realm);
  }

  written(receiver: string): void {
    if (this.#isEnding) return;
    const { made } = this.#deliverer;
    if (made !== undefined) return made.kick(receiver);
    const loading = this.#deliverer().then((deliverer) => deliverer.kick(receiver))
      .catch((error) => {
        const detail = kindOf(error);
        this.#options.world.log({ level: "warn", event: "events_not_sent", detail });
      })
      .finally(() => this.#loading.delete(loading));
    this.#loading.add(loading);
  }

  /** Sends what is due. */
  async run(): Promise<void> {
    if (this.#options.receivers.length > 0 && !this.#isEnding) {
      await (await this.#deliverer()).run();
    }
  }

  /** Resolves when nothing is being sent in this process. */
  async idle(): Promise<void> {
    await Promise.all(this.#loading);
    await this.#deliverer.made?.idle();
  }

  /** Begins nothing more; other processes go on where this one stops. */
  stop(): void {
    this.#isEnding = true;
    this.#deliverer.made?.stop();
  }

  /** Cuts off what is being sent. */
  async close(): Promise<void> {
    this.stop();
    await Promise.all(this.#loading);
    await this.#deliverer.made?.close();
  }

  read(range: EventRange): Promise<EventPage> {
    return this.#options.events.read(range);
  }

  async receivers(): Promise<ReceiverView[]> {
    return await Promise.all(this.#options.receivers.map((each) => this.#view(each)));
  }

  async off(): Promise<string[]> {
    const all = await Promise.all(this.#options.receivers.map(async (receiver) => {
      const found = await this.#options.events.receiver(receiver.name);
      return isOf(receiver, found) && found.state.offSince !== undefined ? [receiver.name] : [];
    }));
    return all.flat();
  }

  async #view(receiver: Receiver): Promise<ReceiverView> {
    const { events } = this.#options;
    const { name, url } = receiver;
    const [found, all] = await Promise.all([
      events.receiver(name),
      Promise.all(
        this.#realmsOf(name).map(async (realm) => {
          const [waiting, latest] = await Promise.all([
            events.waiting(realm, MOST_WAITING),
            events.latest(realm, SHOWN),
          ]);
          return { waiting, latest: latest.map((event) => ({ ...event, realm })) };
        }),
      ),
    ]);
    const { mark: _, ...state } = isOf(receiver, found) ? found.state : { mark: "" };
    // The place says what was last: a clock may have been wrong.
    const latest = all.flatMap(({ latest }) => latest)
      .toSorted((a, b) => a.stamp < b.stamp ? 1 : -1).slice(0, SHOWN);
    const waiting = all.reduce((sum, { waiting }) => sum + waiting, 0);
    const { origin } = new URL(url);
    return { ...state, name, origin, waiting: Math.min(waiting, MOST_WAITING), latest };
  }

  async sendAgain(
    actor: Actor,
    { realm, stamp }: { realm: string; stamp: string },
  ): Promise<boolean> {
    const { events, world } = this.#options;
    const receiver = this.#receiverOf(realm);
    if (receiver === undefined) return false;
    if (!await events.sendAgain({ stamp }, realm, world.now())) return false;
    this.#note(actor, "event_sent_again", `${receiver.name} ${stamp}`);
    return true;
  }

  async replay(actor: Actor, name: string, from: ReplayFrom): Promise<Replayed | null> {
    const { events, world } = this.#options;
    if (this.#named(name) === undefined) return null;
    const done = await events.replay(this.#realmsOf(name), from, MOST_REPLAYED, world.now());
    this.#note(actor, "events_replayed", `${name} ${done.count}`);
    return done;
  }

  async switchOn(actor: Actor, name: string): Promise<boolean> {
    const { events } = this.#options;
    const receiver = this.#named(name);
    if (receiver === undefined) return false;
    for (;;) {
      const found = await events.receiver(name);
      if (await events.putReceiver(name, { mark: markOf(receiver) }, found?.version ?? null)) break;
    }
    this.#note(actor, "receiver_switched_on", name);
    this.written(name);
    return true;
  }

  #note(actor: Actor, change: string, about: string): void {
    const { world, activity } = this.#options;
    world.log({ level: "info", event: "settings_changed", change, about, by: actor.id });
    activity?.note({
      ...{ at: world.now(), what: "changed_by_operator", subject: DEPLOYMENT, actor },
      ...{ about: `${change} ${about}`, outcome: "ok" },
    });
  }

  #named(name: string): Receiver | undefined {
    return this.#options.receivers.find((each) => each.name === name);
  }

  #receiverOf(realm: string): Receiver | undefined {
    const own = this.#realmsOf(OPERATOR);
    return receiverOf(this.#options.receivers, (name) => own.includes(name), realm);
  }

  /** The operator's are those of people who sign in, and what is about nobody. */
  #realmsOf(name: string): string[] {
    return name === OPERATOR ? [...this.#options.providers, OWN_REALM] : [name];
  }
}

/** Whether what is kept is about this address. */
function isOf<T extends { state: { mark: string } }>(
  receiver: Receiver,
  found: T | null,
): found is T {
  return found?.state.mark === markOf(receiver);
}
