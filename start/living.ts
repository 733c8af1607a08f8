/**
 * The program, as the settings of each moment have it. An operator's change
 * counts without a restart: the program is put together anew beside the one
 * that answers, and takes over from one request to the next.
 *
 * **How a process notices.** The version of the settings is looked at by the
 * first request after {@linkcode LOOK_AGAIN_MS}; it waits for the answer, so a
 * key that was withdrawn anywhere is good for that long at most, and in the
 * process that withdrew it not at all. Requests in between read nothing. A
 * store that does not answer keeps the last settings, and whoever asks meanwhile
 * waits {@linkcode LOOK_PATIENCE_MS} at most.
 *
 * **What goes on.** Requests that are being answered end where they began. What
 * a process knows in memory is made once and handed to each composition
 * (`Memory`), so that no change of an operator's clears it:
 *
 * - guesses at keys and secrets, doors, places of what was begun, unused
 *   registrations: a stranger would begin anew with all of them;
 * - proofs of DPoP that were used: one that was seen could be used again;
 * - refreshes and calls that run: two brokers in one process would ask the
 *   provider twice (the lease and the record's version would still keep that
 *   from doing harm), and a repeat could not wait for the call beside it;
 * - documents and keys of clients, what people have connected, how fast a
 *   provider may be asked, and imports: only courtesy and speed.
 *
 * Turns at the store, the verified tokens of `own_jwt.ts` and who calls
 * (`Callers`) hang on the process, not on a composition. What calls tools goes
 * on too where no provider and no upstream has changed (`parts.ts`); where one
 * has, sessions with upstreams and local servers begin anew, and the old ones
 * are ended once their requests are answered and the longest call is over: an
 * answer that is streamed goes on behind its beginning. What is lost then is
 * what a restart loses of them: questions to people that wait for an answer,
 * and the state of a local server's process. Of tenants that a provider did
 * not tell (`LateTenants`) each composition may ask once more.
 *
 * @module
 */

import type { Broker } from "../broker/broker.ts";
import type { Config } from "../broker/config/config.ts";
import { type Env, givenOf } from "../broker/config/env.ts";
import { merge } from "../broker/config/merge.ts";
import { loggedName, type SettingsContext } from "../broker/config/merged.ts";
import { deadlineIn, until } from "../broker/core/deadline.ts";
import type { EventsDesk } from "../broker/core/events.ts";
import { saidOf } from "../broker/core/own_words.ts";
import { NO_SETTINGS, type Settings, type StoredSettings } from "../broker/core/settings.ts";
import { StoreError, VaultError } from "../broker/core/store_errors.ts";
import { traceOf } from "../broker/core/trace_of.ts";
import type { World } from "../broker/core/world.ts";
import { compose, createMemory, type Memory, type Ports } from "../compose.ts";
import type { PostEvent } from "../events/deliverer.ts";
import { EventService } from "../events/service.ts";
import { createPostEvent } from "../net/post_event.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { ProviderModule } from "../providers/provider.ts";
import { Composition } from "./composition.ts";
import type { Counting } from "./counting.ts";
import type { Parts } from "./parts.ts";
import { SettingsDesk, withOfficial } from "./settings_desk.ts";

/** What another process has changed counts here after this time, at the latest. */
export const LOOK_AGAIN_MS = 5_000;
/** So long a request waits for a store that does not say whether anything has changed. */
export const LOOK_PATIENCE_MS = 2_000;

/** What it is made of. */
export interface LivingOptions extends Pick<SettingsContext, "known"> {
  /** As env has it, and nothing else. */
  config: Config;
  /** Where providers' addresses are. */
  env: Env;
  /** The code of the providers that are named. */
  load(names: ReadonlySet<string>): Promise<ProviderModule[]>;
}

/** What it needs from outside. */
export interface LivingPorts extends Omit<Ports, "modules" | "settings" | "events"> {
  /** The way to receivers of events; absent: the network. */
  postEvent?: PostEvent | undefined;
}

/** The program, which takes over what an operator changes. */
export class Living {
  /** What operators look at and change. */
  readonly settings: Settings;
  readonly #options: LivingOptions;
  readonly #world: World;
  readonly #ports: LivingPorts;
  readonly #events: EventService;
  readonly #memory: Memory;
  readonly #context: SettingsContext;
  #counting: Counting;
  #composition: Composition | undefined;
  /** When somebody looked last. */
  #lookedAt = -Infinity;
  #looking: Promise<void> | undefined;
  /** The log has it that the settings are not as they are kept. */
  #isTold = false;
  readonly #draining = new Set<Promise<void>>();
  readonly #ending = new AbortController();

  private constructor(
    options: LivingOptions,
    world: World,
    ports: LivingPorts,
  ) {
    this.#options = options;
    this.#world = world;
    this.#ports = ports;
    const { config, env, known } = options;
    this.#memory = createMemory(config, world, ports);
    this.#events = new EventService({
      events: ports.store.events,
      world,
      receivers: config.events,
      providers: known.map(({ name }) => name),
      post: ports.postEvent ?? createPostEvent(ports.fetch),
      shown: (event) => this.#composition!.switchboard.shownEvent(event),
      activity: ports.activity,
    });
    this.#context = { env: givenOf(env), known, official: [] };
    this.#counting = {
      ...{ config, faults: [], stored: NO_SETTINGS, version: null, isUnopened: false },
    };
    this.settings = new SettingsDesk({
      world,
      store: ports.store.settings,
      activity: ports.activity,
      env: config,
      context: this.#context,
      counting: () => this.#counting,
      gateway: () => this.gateway,
      takeOver: () => this.#lookNow(),
    });
  }

  /**
   * Puts the program together, with the settings of now. Those that cannot be opened are left out,
   * and said in the log: what env says is none of their business.
   *
   * @throws {StoreError} where nobody can say what they are.
   */
  static async start(
    options: LivingOptions,
    world: World,
    ports: LivingPorts,
  ): Promise<Living> {
    const living = new Living(options, world, ports);
    await ports.store.events.listen(living.#events);
    await living.#begin();
    return living;
  }

  /** Answers a request by the settings of now. */
  handle(request: Request, info?: Deno.ServeHandlerInfo): Promise<Response> {
    return this.#hasLooked()
      ? this.#composition!.handle(request, info)
      : this.#handleLater(request, info);
  }

  /** The broker that counts at the moment. */
  get broker(): Broker {
    return this.#composition!.switchboard.broker;
  }

  /** The gateway that counts at the moment. */
  get gateway(): Gateway {
    return this.#composition!.switchboard.gateway;
  }

  /** What backends are told. */
  get events(): EventsDesk {
    return this.#events;
  }

  /** The broker of the settings of now: for what is done though nobody asks. */
  async latestBroker(): Promise<Broker> {
    await this.#lookInTime();
    return this.broker;
  }

  /** Sends events that are due; see `events/deliverer.ts`. */
  async sendEvents(): Promise<void> {
    await this.#lookInTime();
    await this.#events.run();
  }

  /** From now on no attempt to send an event is begun. */
  stopEvents(): void {
    this.#events.stop();
  }

  /** Resolves when no event is being sent. */
  eventsSent(): Promise<void> {
    return this.#events.idle();
  }

  /** Starts what should have started before the first client lists. */
  async warmUp(): Promise<void> {
    await this.#parts.warmUp();
  }

  /** Resolves when nothing is under way, and what was done is written down and anchored. */
  async rest(): Promise<void> {
    await Promise.all([this.broker.idle(), this.eventsSent()]);
    await this.anchor();
  }

  /** Writes down what the record has become; see `ActivityLog`. */
  async anchor(): Promise<void> {
    await this.#ports.activity?.anchor();
  }

  /** Ends what it has started, also of earlier compositions. */
  async close(): Promise<void> {
    this.#ending.abort();
    await this.#events.close();
    await Promise.all([this.#parts.close(), ...this.#draining]);
  }

  get #parts(): Parts {
    return this.#composition!.switchboard.parts;
  }

  async #handleLater(request: Request, info?: Deno.ServeHandlerInfo): Promise<Response> {
    await this.#lookInTime();
    return await this.#composition!.handle(request, info);
  }

  /** Looks, if it is time to; whoever asks waits for a slow store so long and no longer. */
  async #lookInTime(): Promise<void> {
    if (this.#hasLooked()) return;
    using deadline = deadlineIn(this.#world, LOOK_PATIENCE_MS);
    // It does not reject, but for the deadline.
    await until(deadline.signal, this.#look()).catch(() => this.#outOfReach());
  }

  /** The last settings go on counting; who comes next does not wait again. */
  #outOfReach(): void {
    this.#lookedAt = this.#world.now();
    this.#tell("settings_not_read", "the store does not answer");
  }

  /** Whether that was short enough ago; by a clock that was set back nobody knows. */
  #hasLooked(): boolean {
    const ago = this.#world.now() - this.#lookedAt;
    return ago >= 0 && ago < LOOK_AGAIN_MS;
  }

  /** Sees what was written by now: a look that began before may have missed it. */
  async #lookNow(): Promise<void> {
    await this.#looking;
    await this.#look();
  }

  /** Looks whether anything has changed, and takes it over; once for all who ask. Does not reject. */
  #look(): Promise<void> {
    return this.#looking ??= this.#takeOver().finally(() => this.#looking = undefined);
  }

  async #takeOver(): Promise<void> {
    const now = this.#world.now();
    try {
      const version = await this.#ports.store.settings.version();
      const { version: known, isUnopened } = this.#counting;
      if (version !== known || isUnopened) await this.#adopt(await this.#read());
      this.#isTold = false;
    } catch (error) {
      this.#failed(error);
    }
    // From when it was asked: what is written while the answer is on its way is seen in time, too.
    this.#lookedAt = now;
  }

  #failed(error: unknown): void {
    if (error instanceof VaultError) this.#counting = { ...this.#counting, isUnopened: true };
    const isKnown = error instanceof VaultError || error instanceof StoreError;
    if (isKnown) return this.#tell("settings_not_read", saidOf(error));
    const { name, at } = traceOf(error);
    this.#tell("settings_not_applied", `${name} at ${at}`);
  }

  /** Once, until they are as they are kept again. */
  #tell(event: string, detail: string): void {
    if (!this.#isTold) this.#world.log({ level: "error", event, detail });
    this.#isTold = true;
  }

  async #begin(): Promise<void> {
    const now = this.#world.now();
    try {
      await this.#adopt(await this.#read());
    } catch (error) {
      if (error instanceof StoreError) throw error;
      this.#failed(error);
      this.#composition = await this.#compose(this.#counting.config);
    }
    this.#lookedAt = now;
  }

  async #read(): Promise<{ value: StoredSettings; version: string | null }> {
    return await this.#ports.store.settings.read() ?? { value: NO_SETTINGS, version: null };
  }

  /** Puts the program together with these settings; from then on it answers. */
  async #adopt(kept: { value: StoredSettings; version: string | null }): Promise<void> {
    const { value: stored, version } = kept;
    // Addresses of servers that are known by name are needed for such an entry alone.
    const byName = stored.upstreams.some(({ url }) => url === undefined);
    const context = byName ? await withOfficial(this.#context) : this.#context;
    const counting = await merge(this.#options.config, stored, context);
    const composition = await this.#compose(counting.config);
    for (const left of counting.faults) {
      const { kind, fault } = left;
      const name = loggedName(left);
      this.#world.log({ level: "warn", event: "setting_left_out", kind, name, fault });
    }
    const old = this.#composition;
    this.#composition = composition;
    this.#counting = { ...counting, stored, version, isUnopened: false };
    if (old !== undefined) this.#retire(old);
  }

  async #compose(config: Config): Promise<Composition> {
    const modules = await this.#options.load(new Set(config.providers.keys()));
    const ports = { ...this.#ports, modules, settings: this.settings, events: this.#events };
    const parts = this.#composition?.switchboard.parts;
    const before = { memory: this.#memory, parts };
    const switchboard = await compose(config, this.#world, ports, before);
    switchboard.parts.broker.set(switchboard.broker);
    return new Composition(switchboard);
  }

  /** What nobody uses any more is ended; see above. */
  #retire(old: Composition): void {
    const { parts } = old.switchboard;
    if (parts === this.#parts) return;
    const draining = this.#drain(old, parts)
      .catch((error) =>
        this.#world.log({ level: "error", event: "upstreams_not_closed", ...traceOf(error) })
      )
      .finally(() => this.#draining.delete(draining));
    this.#draining.add(draining);
  }

  async #drain(old: Composition, parts: Parts): Promise<void> {
    const { signal } = this.#ending;
    const ending = new Promise<void>((resolve) =>
      signal.addEventListener("abort", () => resolve(), { once: true })
    );
    await Promise.race([old.answered(), ending]);
    if (parts.longestMs > 0) await this.#world.sleep(parts.longestMs, signal);
    await parts.close();
  }
}
