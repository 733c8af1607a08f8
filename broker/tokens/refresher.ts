/**
 * Refreshing without losing a token: one request per expiry, whoever asks,
 * however many processes there are, whatever dies in between.
 *
 * In one isolate callers share one promise per connection. Across isolates a
 * lease keeps the others waiting. The lease is a courtesy; what decides is the
 * version of the connection's record: whoever finds it changed re-reads, and
 * never overwrites what another refresh or a person's reconnect has stored.
 *
 * @module
 */

import { LEASE_RENEWAL_MS, type Refreshed, settle, settleAfterWait } from "./refresh_rules.ts";
import { type HeldLease, renewLease, takeLease, takeLeaseFor } from "./lease.ts";
import { decide, isAlive, type Need } from "./freshness.ts";
import { recordAnswer } from "./record_answer.ts";
import { ProviderNotes } from "./provider_notes.ts";
import { type Activity, NO_ACTIVITY } from "../core/activity.ts";
import type { AuthorizationServer } from "../core/authorization_server.ts";
import type { Connection, ConnectionRef } from "../core/connection.ts";
import { renew } from "../core/credential.ts";
import type { Lease, Store, Stored } from "../core/store.ts";
import type { World } from "../core/world.ts";

/** With a living token at hand; a backend's own caller may hang up after 5 s. */
export const PATIENCE_MS = 3_000;
/**
 * Of other processes' writes a waiter on SQLite hears by looking: soon, and then about every seventh
 * part of what it has waited already, so that it is told within 50 ms of a provider's 200 ms, and a
 * provider that takes long costs few looks.
 */
const FIRST_POLL_MS = 20;
const POLL_GROWTH = 1.15;
const LONGEST_POLL_MS = 500;

function keyOf({ subject, provider, account }: ConnectionRef): string {
  return JSON.stringify([subject, provider, account]);
}

/** What refreshing needs: the records, the leases, and the world. */
export interface RefresherDeps {
  store: Pick<Store, "connections" | "handoffs" | "leases" | "providers">;
  world: World;
  /** What is noted of providers as a whole; its own where nobody else notes anything. */
  notes?: ProviderNotes | undefined;
  activity?: Activity | undefined;
}

/** Refreshes connections; one per isolate. */
export class Refresher {
  readonly #deps: RefresherDeps & { notes: ProviderNotes; activity: Activity };
  readonly #store: RefresherDeps["store"];
  readonly #world: World;
  /** Refreshes that a caller may join instead of starting one, by connection. */
  readonly #running = new Map<string, Promise<Refreshed>>();
  /** The same, and those that nobody joins any more because they got no answer for too long. */
  readonly #pending = new Set<Promise<Refreshed>>();

  constructor(
    { store, world, notes = new ProviderNotes({ store, world }), activity = NO_ACTIVITY }:
      RefresherDeps,
  ) {
    this.#deps = { store, world, notes, activity };
    this.#store = store;
    this.#world = world;
  }

  /**
   * A connection with a token set that is fresh enough for `need`, within
   * `waitMs`. A refresh that takes longer goes on without its caller.
   */
  async ensure(
    server: AuthorizationServer,
    seen: Stored<Connection>,
    need: Need,
    waitMs: number,
  ): Promise<Refreshed> {
    const start = this.#world.now();
    const settled = settle(seen, decide(seen.value, start, need), start);
    if (settled !== null) return settled;
    const stop = new AbortController();
    const end = this.#world.timing?.begin("refresh");
    // Nobody waits long for a fresh token who has a living one; ahead of need nobody waits at all.
    const usable = this.#without(seen, need).kind === "ready";
    const patience = usable && !need.ahead ? Math.min(waitMs, PATIENCE_MS) : waitMs;
    try {
      return await Promise.race([
        this.#joined(server, seen, need),
        this.#world.sleep(patience, stop.signal).then(() => this.#without(seen, need)),
      ]);
    } catch (error) {
      // The store is out. Who can be served without it is served.
      const without = this.#without(seen, need);
      if (without.kind === "unavailable") throw error;
      return without;
    } finally {
      stop.abort();
      end?.();
      this.#world.metrics.waited(server.name, this.#world.now() - start);
    }
  }

  /** Which of these providers refuse this program's client. @throws {StoreError} */
  refusing(providers: string[]): Promise<string[]> {
    return this.#deps.notes.refusing(providers);
  }

  /** Resolves when no refresh is under way in this isolate. */
  async idle(): Promise<void> {
    while (this.#pending.size > 0) await Promise.allSettled(this.#pending);
  }

  async #joined(
    server: AuthorizationServer,
    seen: Stored<Connection>,
    need: Need,
  ): Promise<Refreshed> {
    const first = await this.#shared(server, seen, need);
    // Another caller's refresh may have ended with the very token that our API refused.
    const again = first.kind === "ready" && first.stored.value.tokens.accessToken === need.rejected;
    return again ? await this.#shared(server, first.stored, need) : first;
  }

  #shared(server: AuthorizationServer, seen: Stored<Connection>, need: Need): Promise<Refreshed> {
    const key = keyOf(seen.value);
    const running = this.#running.get(key);
    if (running !== undefined) return running;
    const mine = this.#traced(server, seen, need).finally(() => {
      this.#pending.delete(mine);
      if (this.#running.get(key) === mine) this.#running.delete(key);
    });
    this.#running.set(key, mine);
    this.#pending.add(mine);
    // Waiters may all have left by the time it fails.
    mine.catch(() => {});
    return mine;
  }

  /** What can be had without the refresh, which goes on: the old token set while it lives. */
  #without(seen: Stored<Connection>, need: Need): Refreshed {
    const { tokens } = seen.value;
    return tokens.accessToken !== need.rejected && isAlive(tokens, this.#world.now())
      ? { kind: "ready", stored: seen }
      : { kind: "unavailable", stored: seen, retryAfterMs: LEASE_RENEWAL_MS };
  }

  /** It stands in the trace of whoever asked first; others that wait for it see that they wait. */
  async #traced(
    server: AuthorizationServer,
    seen: Stored<Connection>,
    need: Need,
  ): Promise<Refreshed> {
    const { spans } = this.#world;
    const refresh = () => this.#refresh(server, seen, need);
    if (spans === undefined) return await refresh();
    const failure = ({ kind }: Refreshed) => kind === "ready" ? undefined : kind;
    return await spans.within({ name: `refresh ${server.name}` }, refresh, failure);
  }

  async #refresh(
    server: AuthorizationServer,
    seen: Stored<Connection>,
    need: Need,
  ): Promise<Refreshed> {
    const store = this.#store;
    const owner = this.#world.secret();
    // Nearly always it is free, and the connection as it was seen: one commit asks both.
    const mine = await takeLeaseFor(this.#deps, seen, owner);
    if (mine !== undefined) return await this.#hold(server, seen, need, mine, seen);
    let poll = FIRST_POLL_MS;
    let held: HeldLease | undefined;
    for (;;) {
      const lease = await takeLease(this.#deps, seen.value, owner, held);
      if (lease.kind === "taken") return await this.#hold(server, seen, need, lease.lease);
      const current = await store.connections.get(seen.value);
      const now = this.#world.now();
      const settled = settleAfterWait(seen, current, need, now);
      if (settled !== null) return settled;
      if (lease.kind === "changed_hands") continue;
      held = lease.held;
      await this.#wait(current!, poll * (0.75 + this.#world.random() / 2));
      poll = Math.min(poll * POLL_GROWTH, LONGEST_POLL_MS);
    }
  }

  /**
   * With the lease: asks the provider only if it is still needed, by the connection as it is now.
   * `known`: as it was when the lease was taken; absent: it is read again.
   */
  async #hold(
    server: AuthorizationServer,
    seen: Stored<Connection>,
    need: Need,
    lease: Lease,
    known?: Stored<Connection>,
  ): Promise<Refreshed> {
    const { connections } = this.#store;
    const done = new AbortController();
    let renewing: Promise<Lease> | undefined;
    let isReleased = false;
    try {
      const current = known ?? await connections.get(seen.value);
      const settled = settleAfterWait(seen, current, need, this.#world.now());
      if (settled !== null) return settled;
      // After too long without an answer nobody joins this one any more; see renewLease().
      const giveUp = () => void this.#running.delete(keyOf(lease.ref));
      renewing = renewLease(this.#deps, lease, done.signal, giveUp);
      const answer = await renew(server, current!.value.tokens);
      if (answer === undefined) return { kind: "reauthorize", stored: current! };
      const recorded = await recordAnswer(this.#deps, server, current!, answer, need);
      isReleased = recorded.isReleased;
      return recorded.outcome;
    } finally {
      done.abort();
      // A lease that was renewed has another version.
      const last = await renewing ?? lease;
      if (!isReleased) await this.#release(last);
    }
  }

  async #release(lease: Lease): Promise<void> {
    await this.#store.leases.release(lease)
      .catch(() => this.#world.log({ level: "warn", event: "lease_not_released" }));
  }

  async #wait({ value, version }: Stored<Connection>, ms: number): Promise<void> {
    const stop = new AbortController();
    await Promise.race([
      this.#store.connections.changed(value, version, stop.signal),
      this.#world.sleep(ms, stop.signal),
    ]).finally(() => stop.abort());
  }
}
