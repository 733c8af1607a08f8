/**
 * The world of a task: the machine's clock and chance, and nobody who counts.
 *
 * @module
 */

import { randomSecret } from "../broker/core/random_secret.ts";
import type { World } from "../broker/core/world.ts";
import { sleep } from "../start/world.ts";

/** `log`: what becomes of events; absent: nothing, since a task says by itself what it has done. */
export function taskWorld(log: World["log"] = () => {}): World {
  return {
    now: () => Date.now(),
    secret: randomSecret,
    random: Math.random,
    sleep,
    log,
    metrics: { refresh() {}, waited() {}, takeover() {} },
  };
}
