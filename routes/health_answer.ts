/**
 * What `GET /health` says of the program and its store.
 *
 * @module
 */

import type { World } from "../broker/core/world.ts";
import type { Health } from "./http/deps.ts";

/** What is looked at. */
export interface HealthDeps {
  world: Pick<World, "log">;
  version: string;
  /** Resolves when the store takes and gives, with what is wrong beside that. */
  checkHealth(): Promise<Health>;
}

/** A status and a body. */
export interface HealthAnswer {
  status: 200 | 503;
  body: Health & { status: "ok" | "store_unavailable"; version: string };
}

/** Asks the store; `more` is asked of it where it is well. */
export async function healthAnswer(
  { world, version, checkHealth }: HealthDeps,
  more: () => Promise<Record<string, unknown>> = () => Promise.resolve({}),
): Promise<HealthAnswer> {
  try {
    const { keys, clock } = await checkHealth();
    return { status: 200, body: { status: "ok", version, keys, clock, ...await more() } };
  } catch {
    world.log({ level: "error", event: "store_unavailable" });
    return { status: 503, body: { status: "store_unavailable", version } };
  }
}
