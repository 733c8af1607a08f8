/**
 * The world as it is, and what is watched in it from the start on.
 *
 * @module
 */

import type { Callers } from "../broker/core/callers.ts";
import { randomSecret } from "../broker/core/random_secret.ts";
import { UNTIMED } from "../broker/core/time_spent.ts";
import { traceOf } from "../broker/core/trace_of.ts";
import type { LogEvent, World } from "../broker/core/world.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";

/** Clock, chance and log; `write` takes the log's lines, `callers` knows whose work goes on. */
export function createWorld(
  { metrics, spans }: Telemetry,
  write: (line: string, level: LogEvent["level"]) => void,
  callers: () => Pick<Callers, "said" | "timing"> | undefined = () => undefined,
  leaving?: AbortSignal,
): World {
  return {
    metrics,
    ...(spans && { spans }),
    leaving,
    timing: {
      begin: (part, request) => callers()?.timing.begin(part, request) ?? UNTIMED,
    },
    now: () => Date.now(),
    secret: randomSecret,
    random: Math.random,
    log: (event) => {
      const line = {
        time: new Date(),
        // Of what is done in no request it is the program that acts.
        ...callers()?.said(),
        ...event,
      };
      write(JSON.stringify(line), event.level);
    },
    sleep,
    alarm(ms, ring) {
      const timer = setTimeout(ring, ms);
      return () => clearTimeout(timer);
    },
  };
}

/** As {@linkcode World.sleep} has it, by the machine's own clock. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done);
  });
}

/** Whether this version of Deno fills its spans where they are guarded. */
export async function checkSpans({ isGuarded }: Telemetry, world: World): Promise<void> {
  if (!await isGuarded(fetch)) world.log({ level: "error", event: "spans_not_guarded" });
}

/**
 * The last resort: a fault that nobody waits for ends one caller's request at
 * most, not the program for everybody. Each is a defect, and found in the log.
 * Only for a program that has started: one that cannot start must end.
 */
export function outliveFaults(world: World): void {
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    world.log({ level: "error", event: "unhandled_rejection", ...traceOf(event.reason) });
  });
  addEventListener("error", (event) => {
    event.preventDefault();
    world.log({ level: "error", event: "uncaught_error", ...traceOf(event.error) });
  });
}
