/**
 * A world whose clock the test moves.
 *
 * @module
 */

import { randomSecret } from "../../broker/core/secrets.ts";
import type { LogEvent, World } from "../../broker/core/world.ts";

/** {@linkcode World} with handles for a test. */
export interface TestWorld extends World {
  /** Added to the real time, in ms. */
  skew: number;
  /** Sleeps are so many times shorter. */
  speed: number;
  events: LogEvent[];
  /** Every secret that was made: link, state, verifier, code. */
  secrets: string[];
  /** What the metrics were told: name and labels. */
  counted: string[];
}

/** Real time plus `skew`; logs are kept. */
export function testWorld(): TestWorld {
  const world: TestWorld = {
    skew: 0,
    speed: 1,
    events: [],
    secrets: [],
    counted: [],
    metrics: {
      refresh: (provider, outcome) => void world.counted.push(`refresh ${provider} ${outcome}`),
      waited: (provider) => void world.counted.push(`waited ${provider}`),
      takeover: (provider) => void world.counted.push(`takeover ${provider}`),
    },
    now: () => Date.now() + world.skew,
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
        const done = () => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", done);
          resolve();
        };
        const timer = setTimeout(done, ms / world.speed);
        signal?.addEventListener("abort", done);
      }),
  };
  return world;
}
