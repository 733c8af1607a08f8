/**
 * Secrets of this program's own clients, whose ends the operator has noted.
 * Connections outlive them, and nobody can refresh them without another one:
 * only the operator can mend that, and is told ahead.
 *
 * @module
 */

import type { ProviderStore } from "../core/store.ts";
import type { World } from "../core/world.ts";
import { WARNED_AHEAD_MS } from "./expiry.ts";

/** The end of one. */
export interface ClientSecretEnd {
  provider: string;
  /** The variable in which it is noted. */
  variable: string;
  /** Epoch ms. */
  at: number;
}

/** What it needs. */
export interface SecretEndDeps {
  providers: Pick<ProviderStore, "tellSecretEnd">;
  world: Pick<World, "now" | "log">;
  /** What this process has said in its log. */
  logged: Set<string>;
}

/** Tells those that are near: the operator's receiver once in all, the log once in each process. */
export async function tellSecretEnds(
  { providers, world, logged }: SecretEndDeps,
  ends: ClientSecretEnd[],
): Promise<void> {
  const now = world.now();
  for (const { provider, variable, at } of ends) {
    if (at - now > WARNED_AHEAD_MS || at <= now) continue;
    const mark = `${provider} ${at}`;
    if (!logged.has(mark)) {
      logged.add(mark);
      const ends_at = new Date(at).toISOString();
      world.log({ level: "warn", event: "client_secret_ends", provider, ends_at, check: variable });
    }
    await providers.tellSecretEnd(provider, at);
  }
}
