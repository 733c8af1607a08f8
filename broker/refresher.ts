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

import {
  afterAnswer,
  isLapsed,
  LEASE_MS,
  LEASE_RENEWAL_MS,
  outcomeOf,
  type Refreshed,
  sameTokens,
  settle,
  settleAfterWait,
  STORE_PATIENCE_MS,
} from "./refresh.ts";
import { decide, isAlive, type Need, tokenSetOf } from "./token_set.ts";
import type {
  AuthorizationServer,
  Connection,
  ConnectionRef,
  Lease,
  Store,
  Stored,
  TokenAnswer,
  World,
} from "./types.ts";

const FIRST_POLL_MS = 50;
const LONGEST_POLL_MS = 500;

/** What a refresher works with. */
export interface RefresherDeps {
  store: Pick<Store, "connections" | "leases">;
  world: World;
}

/** Refreshes connections; one per isolate. */
export class Refresher {
  readonly #store: RefresherDeps["store"];
  readonly #world: World;
  readonly #running = new Map<string, Promise<Refreshed>>();

  constructor({ store, world }: RefresherDeps) {
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
    const settled = settle(seen, decide(seen.value, this.#world.now(), need), this.#world.now());
    if (settled !== null) return settled;
    const stop = new AbortController();
    try {
      return await Promise.race([
        this.#joined(server, seen, need),
        this.#world.sleep(waitMs, stop.signal).then(() => this.#tooSlow(seen, need)),
      ]);
    } finally {
      stop.abort();
    }
  }

  /** Resolves when no refresh is under way in this isolate. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running.values());
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
    const key = JSON.stringify([seen.value.subject, seen.value.provider, seen.value.account]);
    const running = this.#running.get(key);
    if (running !== undefined) return running;
    const mine = this.#refresh(server, seen, need).finally(() => this.#running.delete(key));
    this.#running.set(key, mine);
    // Waiters may all have left by the time it fails.
    mine.catch(() => {});
    return mine;
  }

  /** The old token set while it lives; the refresh goes on. */
  #tooSlow(seen: Stored<Connection>, need: Need): Refreshed {
    const { tokens } = seen.value;
    return tokens.accessToken !== need.rejected && isAlive(tokens, this.#world.now())
      ? { kind: "ready", stored: seen }
      : { kind: "unavailable", stored: seen, retryAfterMs: LEASE_RENEWAL_MS };
  }

  async #refresh(
    server: AuthorizationServer,
    seen: Stored<Connection>,
    need: Need,
  ): Promise<Refreshed> {
    const { store, world } = { store: this.#store, world: this.#world };
    const owner = world.secret();
    let poll = FIRST_POLL_MS;
    let held: { lease: Lease; since: number } | undefined;
    for (;;) {
      const lease = await this.#take(seen.value, owner, held);
      const current = await store.connections.get(seen.value);
      const now = world.now();
      const settled = settleAfterWait(seen, current, need, now);
      if (lease !== null && "taken" in lease) {
        if (settled === null) return await this.#ask(server, current!, lease.taken);
        await store.leases.release(lease.taken);
      }
      if (settled !== null) return settled;
      if (lease !== null && "other" in lease) {
        if (held?.lease.version !== lease.other.version) held = { lease: lease.other, since: now };
        await this.#wait(current!, poll * (0.5 + world.random()));
        poll = Math.min(poll * 1.3, LONGEST_POLL_MS);
      }
    }
  }

  /** The lease, or who has it; `null` when it changed hands just now. */
  async #take(
    ref: ConnectionRef,
    owner: string,
    held: { lease: Lease; since: number } | undefined,
  ): Promise<{ taken: Lease } | { other: Lease } | null> {
    const { leases } = this.#store;
    const now = this.#world.now();
    const other = await leases.read(ref);
    if (other !== null) {
      const since = held?.lease.version === other.version ? held.since : now;
      if (!isLapsed(other, since, now)) return { other };
    }
    const taken = await leases.take(ref, owner, now + LEASE_MS, other ?? undefined);
    return taken === null ? null : { taken };
  }

  async #wait({ value, version }: Stored<Connection>, ms: number): Promise<void> {
    const stop = new AbortController();
    await Promise.race([
      this.#store.connections.changed(value, version, stop.signal),
      this.#world.sleep(ms, stop.signal),
    ]).finally(() => stop.abort());
  }

  /** Holds the lease while the provider answers, then stores what it said. */
  async #ask(
    server: AuthorizationServer,
    used: Stored<Connection>,
    lease: Lease,
  ): Promise<Refreshed> {
    const done = new AbortController();
    const renewing = this.#renew(lease, done.signal);
    try {
      const answer = await server.refresh(used.value.tokens.refreshToken!);
      return await this.#record(server, used, answer);
    } finally {
      done.abort();
      await renewing;
    }
  }

  /** Until `done`: a holder that lives keeps its lease, one that died loses it soon. */
  async #renew(lease: Lease, done: AbortSignal): Promise<void> {
    const { leases } = this.#store;
    let mine: Lease | null = lease;
    while (mine !== null) {
      await this.#world.sleep(LEASE_RENEWAL_MS, done);
      if (done.aborted) return;
      try {
        const until = this.#world.now() + LEASE_MS;
        // `null`: somebody took it over. The record's version decides between us.
        mine = await leases.take(mine.ref, mine.owner, until, mine);
      } catch {
        this.#world.log({ level: "warn", event: "lease_renewal_failed" });
      }
    }
  }

  /**
   * Stores an answer, against the record as it is by then. As long as the
   * record still holds the token set that was used, the answer belongs to it,
   * even if the box was sealed anew or the status was set meanwhile.
   */
  async #record(
    server: AuthorizationServer,
    used: Stored<Connection>,
    answer: TokenAnswer,
  ): Promise<Refreshed> {
    let current: Stored<Connection> | null = used;
    while (current !== null) {
      const now = this.#world.now();
      if (!sameTokens(current.value, used.value)) return outcomeOf(current, now);
      const next = afterAnswer(current.value, answer, now);
      const version = await this.#insist(() =>
        this.#store.connections.putAndRelease(next, current!.version)
      );
      if (version !== null) {
        this.#report(next, answer);
        return outcomeOf({ value: next, version }, now);
      }
      current = await this.#insist(() => this.#store.connections.get(used.value));
    }
    // Disconnected meanwhile: it does not come back, and what was issued must not live on.
    if (answer.kind === "issued") {
      await server.revoke(tokenSetOf(answer.tokens, this.#world.now(), used.value.tokens));
    }
    return { kind: "gone" };
  }

  /** Tries again while KV is out: what was issued is nowhere else. */
  async #insist<T>(write: () => Promise<T>): Promise<T> {
    const world = this.#world;
    const start = world.now();
    for (let pause = 100;; pause = Math.min(pause * 2, 5_000)) {
      try {
        return await write();
      } catch (error) {
        if (world.now() - start > STORE_PATIENCE_MS) throw error;
        world.log({ level: "error", event: "refresh_not_stored_yet" });
      }
      await world.sleep(pause);
    }
  }

  #report({ provider }: Connection, answer: TokenAnswer): void {
    if (answer.kind === "issued") {
      this.#world.log({ level: "info", event: "refreshed", provider });
    } else {
      const detail = answer.kind === "rejected" ? answer.code : answer.reason;
      this.#world.log({ level: "warn", event: "refresh_failed", provider, detail });
    }
  }
}
