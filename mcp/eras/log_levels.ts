/**
 * How much each caller wants to hear of what upstreams log (`logging/setLevel`,
 * until 2025-11-25): kept in this process for a while, since every request is
 * alone. Who is forgotten hears nothing, and says it again.
 *
 * @module
 */

import type { Acting } from "../../broker/core/actor.ts";
import { isToCome } from "../../broker/core/clock.ts";
import type { World } from "../../broker/core/world.ts";
import type { LogLevel } from "../client_side.ts";

/** What a caller said is forgotten after this. */
export const LOG_LEVEL_MS = 60 * 60_000;
/** Callers of whom it is known; the one that said it first makes way. */
export const MAX_LOG_LEVELS = 10_000;

/** What callers have set. */
export class LogLevels {
  readonly #world: Pick<World, "now">;
  readonly #levels = new Map<string, { level: LogLevel; until: number }>();

  constructor(world: Pick<World, "now">) {
    this.#world = world;
  }

  set(caller: Acting, level: LogLevel): void {
    const key = nameOf(caller);
    this.#levels.delete(key);
    const [oldest] = this.#levels.keys();
    if (this.#levels.size >= MAX_LOG_LEVELS && oldest !== undefined) this.#levels.delete(oldest);
    this.#levels.set(key, { level, until: this.#world.now() + LOG_LEVEL_MS });
  }

  of(caller: Acting): LogLevel | undefined {
    const { level, until = 0 } = this.#levels.get(nameOf(caller)) ?? {};
    return isToCome(until, this.#world.now(), LOG_LEVEL_MS) ? level : undefined;
  }
}

function nameOf({ subject, actor: { kind, id } }: Acting): string {
  return JSON.stringify([subject, kind, id]);
}
