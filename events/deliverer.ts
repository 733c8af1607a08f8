/**
 * Sends what waits. Each receiver has a lane for each person: a lane's events go
 * one after another, in their order, and one that fails holds up its own lane
 * alone. A lease per lane keeps processes from sending the same twice; one that
 * dies over it leaves its lane to be taken by others. So a receiver hears of each
 * event at least once, and knows a second time by its id.
 *
 * A receiver that is down is left alone as a whole for a while, so that a backlog
 * costs few tries; once it takes something again, all that waits is sent. Every
 * receiver is served by itself: one that is slow holds up no other.
 *
 * @module
 */

import type {
  EventStore,
  Happened,
  KeptEvent,
  LaneLease,
  Receiver,
  ReceiverState,
  Wake,
} from "../broker/core/events.ts";
import { bodyOfEvent, OPERATOR } from "../broker/core/events.ts";
import { deadlineIn } from "../broker/core/deadline.ts";
import { kindOf } from "../broker/core/own_words.ts";
import type { World } from "../broker/core/world.ts";
import { markOf } from "./receivers.ts";
import {
  afterAttempt,
  ATTEMPT_MS,
  DELIVERY_RUN_MS,
  ENDING_MS,
  heldBack,
  LANE_MS,
  LANES_AT_ONCE,
  type Outcome,
  receiverAfter,
  restOf,
  wokenUntil,
} from "./rules.ts";
import { signedHeaders } from "./sign.ts";

/** Sends one request, follows no redirect, and reads no more of the answer than it must. */
export type PostEvent = (
  receiver: Pick<Receiver, "url" | "isPrivate">,
  request: { headers: Record<string, string>; body: string },
  signal: AbortSignal,
) => Promise<Outcome>;

/** What sending needs. */
export interface DelivererDeps {
  events: EventStore;
  world: World;
  receivers: Receiver[];
  post: PostEvent;
  /** What of an event its app may see today; `undefined`: nothing. */
  shown(event: KeptEvent): Happened | undefined;
}

/** Wakes that are read at a time. */
const PAGE = 50;

/** A receiver that is being served. */
interface Serving {
  done: Promise<void>;
  /** More has come since it began to look. */
  again: boolean;
  /** Tells that. */
  called: PromiseWithResolvers<void>;
}

/** A process that sends. */
export class Deliverer {
  readonly #deps: DelivererDeps;
  /** What is being served, by the receiver's name. */
  readonly #running = new Map<string, Serving>();
  readonly #ending = new AbortController();
  #isStopping = false;

  constructor(deps: DelivererDeps) {
    this.#deps = deps;
  }

  /** Something waits for a receiver: it is sent in the background. */
  kick(name: string): void {
    const running = this.#running.get(name);
    if (running !== undefined) {
      running.again = true;
      running.called.resolve();
      return;
    }
    const receiver = this.#deps.receivers.find((each) => each.name === name);
    if (receiver === undefined || this.#isStopping) return;
    const called = Promise.withResolvers<void>();
    const mine: Serving = { done: Promise.resolve(), again: false, called };
    mine.done = this.#serve(receiver, mine).catch((error) => this.#failed(error));
    // Where it ended at once there is nothing to wait for.
    this.#running.set(name, mine);
  }

  /**
   * Sends what is due at all receivers; resolves when nothing is, or the run's time is over. What
   * comes meanwhile, and others serve, is not waited for: the clock comes again.
   */
  async run(): Promise<void> {
    for (const { name } of this.#deps.receivers) this.kick(name);
    await this.#done();
  }

  /** Resolves when nothing is being sent. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await this.#done();
  }

  async #done(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  /** Begins nothing more, and cuts off what is not answered soon: it is sent again by another process. */
  stop(): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    const last = deadlineIn(this.#deps.world, ENDING_MS);
    last.signal.addEventListener("abort", () => this.#ending.abort(), { once: true });
    this.idle().finally(() => last[Symbol.dispose]()).catch((error) => this.#failed(error));
  }

  /** Cuts off what is under way, too: it is sent again by another process. */
  async close(): Promise<void> {
    this.stop();
    this.#ending.abort();
    await this.idle();
  }

  /** Until nothing is due, or its time is over. */
  async #serve(receiver: Receiver, mine: Serving): Promise<void> {
    const { world } = this.#deps;
    const begun = world.now();
    const isOver = () => this.#isStopping || Math.abs(world.now() - begun) >= DELIVERY_RUN_MS;
    const sending = new Map<string, Promise<void>>();
    /** What has woken them, of those that are being sent. */
    const woken = new Map<string, Wake[]>();
    const send = async (lane: string, wakes: Wake[]) => {
      const isMore = await this.#lane(receiver, wakes).catch((error) => this.#failed(error));
      sending.delete(lane);
      woken.delete(lane);
      if (isMore === true) this.kick(receiver.name);
    };
    try {
      // Of what comes while others are slow nothing waits for them.
      do {
        mine.again = false;
        mine.called = Promise.withResolvers();
        for await (const wakes of this.#woken(receiver, isOver)) {
          const [{ lane }] = wakes as [Wake];
          const known = woken.get(lane);
          if (known !== undefined) {
            // It sends this too, and takes these off as well.
            known.push(...wakes.filter(({ at }) => known.every((wake) => wake.at !== at)));
            continue;
          }
          woken.set(lane, wakes);
          sending.set(lane, send(lane, wakes));
          if (sending.size >= LANES_AT_ONCE) await Promise.race(sending.values());
        }
        while (!mine.again && sending.size > 0) {
          await Promise.race([...sending.values(), mine.called.promise]);
        }
      } while (mine.again && !isOver());
    } finally {
      // Else the last of them to call would call nobody.
      while (sending.size > 0) await Promise.all(sending.values());
      this.#running.delete(receiver.name);
    }
  }

  /** The lanes that have something due, each once, until the receiver is to be left alone. */
  async *#woken(
    receiver: Receiver,
    isOver: () => boolean,
  ): AsyncGenerator<Wake[]> {
    const { events, world } = this.#deps;
    const seen = new Set<string>();
    let after: Wake | undefined;
    for (;;) {
      const { state } = await this.#state(receiver);
      if (isOver() || restOf(state, world.now()) > 0) return;
      const page = await events.due(receiver.name, wokenUntil(state, world.now()), PAGE, after);
      for (const [lane, wakes] of Map.groupBy(page, ({ lane }) => lane)) {
        if (seen.has(lane)) continue;
        seen.add(lane);
        // Those before may have shown that it is down.
        if (isOver() || restOf((await this.#state(receiver)).state, world.now()) > 0) return;
        yield wakes;
      }
      after = page.at(-1);
      if (page.length < PAGE) return;
    }
  }

  /** Sends what waits of one person, as long as it goes through; `true`: there is more by now. */
  async #lane(receiver: Receiver, wakes: Wake[]): Promise<boolean | void> {
    const { events, world } = this.#deps;
    const [{ lane }] = wakes as [Wake];
    const now = world.now();
    const until = now + LANE_MS;
    const taken = await events.takeLane(lane, world.secret(), { now, until });
    if (taken === null) return;
    let lease: LaneLease = taken;
    for (;;) {
      const event = await events.head(lane);
      if (event === null) {
        await events.leave(lease, wakes);
        // Another process may have written one that could not take the lane.
        // And of a flood not all wakes were seen, which would take a run for each page of them.
        return wakes.length > PAGE / 2 || await events.head(lane) !== null;
      }
      const { state } = await this.#state(receiver);
      const held = Math.max(heldBack(event, state, world.now()), restOf(state, world.now()));
      // What is switched off, or cut off, stays as it is woken.
      if (held === Infinity || this.#isStopping) return await events.leave(lease, []);
      if (held > 0) return await this.#putOff(receiver, lease, wakes, world.now() + held);
      const next = await this.#attempt(receiver, lease, event);
      if (next === null) return;
      lease = next.lease;
      if (next.stays) return await events.leave(lease, []);
      if (next.again !== undefined) return await this.#putOff(receiver, lease, wakes, next.again);
    }
  }

  async #putOff({ name }: Receiver, lease: LaneLease, wakes: Wake[], at: number): Promise<void> {
    await this.#deps.events.leave(lease, wakes, { receiver: name, at: Math.round(at) });
  }

  /** `null`: somebody else has the lane by now. */
  async #attempt(
    receiver: Receiver,
    lease: LaneLease,
    event: KeptEvent,
  ): Promise<{ lease: LaneLease; again?: number | undefined; stays?: boolean } | null> {
    const { events, world } = this.#deps;
    const told = this.#deps.shown(event);
    if (told === undefined) {
      // Its key does not reach so far any more.
      const [at, fault] = [world.now(), "not for this app any more"];
      const withheld = { state: "gave_up", attempts: 0, firstAt: at, at, fault } as const;
      const next = await events.attempted(lease, event, withheld, at + LANE_MS);
      return next && { lease: next };
    }
    const outcome = await this.#send(receiver, event, told);
    if (outcome.kind === "cut_off") return { lease, stays: true };
    const now = world.now();
    await this.#note(receiver, outcome);
    const delivery = afterAttempt(event, outcome, now, world.random());
    const isOff = outcome.kind === "answered" && outcome.status === 410;
    const noted = isOff ? { ...delivery, state: "failing" as const, nextAt: undefined } : delivery;
    const next = await events.attempted(lease, event, noted, now + LANE_MS);
    if (noted.state === "gave_up") {
      const { name: to } = receiver;
      world.log({ level: "error", event: "event_given_up", receiver: to, type: event.type });
    }
    return next && { lease: next, again: noted.nextAt, stays: isOff };
  }

  async #send(receiver: Receiver, event: KeptEvent, told: Happened): Promise<Outcome> {
    const body = JSON.stringify(bodyOfEvent(told, receiver.name === OPERATOR));
    const headers = signedHeaders(
      { id: event.id, at: this.#deps.world.now(), body },
      receiver.secrets,
    );
    using late = deadlineIn(this.#deps.world, ATTEMPT_MS);
    const signal = AbortSignal.any([late.signal, this.#ending.signal]);
    try {
      return await this.#deps.post(receiver, { headers, body }, signal);
    } catch (error) {
      if (this.#ending.signal.aborted) return { kind: "cut_off" };
      return { kind: "failed", fault: late.signal.aborted ? "no answer in time" : kindOf(error) };
    }
  }

  async #state(receiver: Receiver): Promise<{ state: ReceiverState; version: string | null }> {
    const found = await this.#deps.events.receiver(receiver.name);
    const mark = markOf(receiver);
    return found?.state.mark === mark
      ? found
      : { state: { mark }, version: found?.version ?? null };
  }

  /** Writes down what an attempt says of its receiver. Most say nothing new. */
  async #note(
    receiver: Receiver,
    outcome: Exclude<Outcome, { kind: "cut_off" }>,
  ): Promise<void> {
    const { events, world } = this.#deps;
    for (;;) {
      const { state, version } = await this.#state(receiver);
      const next = receiverAfter(state, outcome, world.now());
      if (next === undefined) return;
      if (!await events.putReceiver(receiver.name, next, version)) continue;
      const { name } = receiver;
      if (next.offSince !== undefined && state.offSince === undefined) {
        world.log({ level: "error", event: "receiver_switched_off", receiver: name });
      } else if (state.failingSince === undefined && next.failingSince !== undefined) {
        const detail = next.lastFault;
        world.log({ level: "warn", event: "receiver_failing", receiver: name, detail });
      } else if (state.failingSince !== undefined && next.failingSince === undefined) {
        world.log({ level: "info", event: "receiver_recovered", receiver: name });
      }
      return;
    }
  }

  #failed(error: unknown): void {
    const detail = kindOf(error);
    this.#deps.world.log({ level: "warn", event: "events_not_sent", detail });
  }
}
