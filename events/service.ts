/**
 * Events of one process: who receives, what is done with what was written, and
 * what operators see of it. What sends is loaded with the first event.
 *
 * @module
 */

import {
  type EventListener,
  type EventPage,
  type EventRange,
  type EventsDesk,
  type EventStore,
  type Happened,
  type KeptEvent,
  MOST_REPLAYED,
  OPERATOR,
  type Receiver,
  type ReceiverView,
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
    return this.receiverOf(realm) !== undefined || !this.#options.providers.includes(realm);
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

  async #view(receiver: Receiver): Promise<ReceiverView> {
    const { events } = this.#options;
    const { name, url } = receiver;
    const [found, waits, all] = await Promise.all([
      events.receiver(name),
      events.waits(name, Number.MAX_SAFE_INTEGER),
      Promise.all(
        this.#realmsOf(name).map(async (realm) => {
          const latest = await events.latest(realm, SHOWN);
          return latest.map((event) => ({ ...event, realm }));
        }),
      ),
    ]);
    const { mark, ...state } = found?.state ?? { mark: "" };
    const latest = all.flat().toSorted((a, b) => b.at - a.at).slice(0, SHOWN);
    const { origin } = new URL(url);
    return { ...(mark === markOf(receiver) ? state : {}), name, origin, waits, latest };
  }

  async sendAgain(realm: string, stamp: string): Promise<boolean> {
    const { events, world } = this.#options;
    return await events.sendAgain({ stamp }, realm, world.now());
  }

  async replay(name: string, since: number): Promise<number> {
    const { events, world } = this.#options;
    let count = 0;
    for (const realm of this.#realmsOf(name)) {
      count += await events.replay(realm, since, MOST_REPLAYED - count, world.now());
    }
    return count;
  }

  async switchOn(name: string): Promise<void> {
    const { events, receivers } = this.#options;
    const receiver = receivers.find((each) => each.name === name);
    if (receiver === undefined) return;
    for (;;) {
      const found = await events.receiver(name);
      if (await events.putReceiver(name, { mark: markOf(receiver) }, found?.version ?? null)) break;
    }
    this.written(name);
  }

  #receiverOf(realm: string): Receiver | undefined {
    const { receivers, providers } = this.#options;
    return receiverOf(receivers, (name) => providers.includes(name), realm);
  }

  #realmsOf(name: string): string[] {
    return name === OPERATOR ? this.#options.providers : [name];
  }
}
