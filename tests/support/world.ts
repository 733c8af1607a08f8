/**
 * A world whose clock the test moves.
 *
 * @module
 */

import { randomSecret } from "../../broker/core/secrets.ts";
import type { LogEvent, World } from "../../broker/core/world.ts";

/** {@linkcode World} with handles for a test. */
export interface TestWorld extends World {
  /** How far the test has moved the clock, in ms. */
  skew: number;
  /**
   * Sleeps take so many times less of the real time; the clock moves by all of it.
   * Those under way go on with it too: a test lets happen what has to, and then the time is over.
   */
  speed: number;
  events: LogEvent[];
  /** Every secret that was made: link, state, verifier, code. */
  secrets: string[];
  /** What the metrics were told: name and labels. */
  counted: string[];
}

/**
 * The clock stands at the moment when it was made. The test moves it by `skew`,
 * so that no deadline passes, or does not pass, because the machine was slow.
 * A sleep that is not cut short moves it to its own end: what waits in a loop
 * with an eye on the clock sees its time go by, at any `speed`.
 *
 * It starts at the real time, because the emulators that `emulate` brings read
 * the real one, and issue tokens and write times by it.
 */
export function testWorld(): TestWorld {
  const start = Date.now();
  let slept = 0;
  let speed = 1;
  /** Sets the timers of the sleeps under way anew. */
  const underWay = new Set<() => void>();
  const world: TestWorld = {
    skew: 0,
    get speed() {
      return speed;
    },
    set speed(wanted) {
      speed = wanted;
      for (const retime of underWay) retime();
    },
    events: [],
    secrets: [],
    counted: [],
    metrics: {
      refresh: (provider, outcome) => void world.counted.push(`refresh ${provider} ${outcome}`),
      waited: (provider) => void world.counted.push(`waited ${provider}`),
      takeover: (provider) => void world.counted.push(`takeover ${provider}`),
    },
    now: () => start + slept + world.skew,
    secret: () => {
      const secret = randomSecret();
      world.secrets.push(secret);
      return secret;
    },
    random: Math.random,
    log: (event) => void world.events.push(event),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const end = world.now() + ms;
        let left = ms;
        let set: { at: number; speed: number; timer: ReturnType<typeof setTimeout> };
        const stop = () => {
          clearTimeout(set.timer);
          underWay.delete(retime);
          signal?.removeEventListener("abort", stop);
          resolve();
        };
        const over = () => {
          // Sleeps overlap: each moves the clock to its own end, none adds to another's.
          slept += Math.max(0, end - world.now());
          stop();
        };
        const start = () => {
          set = { at: performance.now(), speed, timer: setTimeout(over, left / speed) };
        };
        const retime = () => {
          clearTimeout(set.timer);
          left = Math.max(0, left - (performance.now() - set.at) * set.speed);
          start();
        };
        start();
        underWay.add(retime);
        signal?.addEventListener("abort", stop);
      }),
  };
  return world;
}

/** Sleeps of just this length last until they are told to be over, or are cut short. */
export function heldSleeps(world: TestWorld, length: number): { end(): void; letGo(): void } {
  const { sleep } = world;
  const over = Promise.withResolvers<void>();
  world.sleep = (ms, signal) => {
    if (ms !== length) return sleep(ms, signal);
    signal?.addEventListener("abort", () => over.resolve(), { once: true });
    return over.promise;
  };
  return { end: () => over.resolve(), letGo: () => void (world.sleep = sleep) };
}
