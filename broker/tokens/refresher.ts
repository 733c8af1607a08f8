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
  answerNotKept,
  dueTime,
  LEASE_RENEWAL_MS,
  outcomeOf,
  type Refreshed,
  sameTokens,
  settle,
  settleAfterWait,
  STORE_PATIENCE_MS,
} from "./refresh_rules.ts";
import { type HeldLease, renewLease, takeLease } from "./lease.ts";
import { decide, isAlive, type Need, tokenSetOf } from "./freshness.ts";
import { requireKeepable } from "./size.ts";
import type { AuthorizationServer, TokenAnswer } from "../core/authorization_server.ts";
import type { Connection, ConnectionRef, TokenSet } from "../core/connection.ts";
import { renew, revoke } from "../core/credential.ts";
import { insist } from "../core/patience.ts";
import type { Lease, Store, Stored } from "../core/store.ts";
import { isPermanent } from "../core/store_errors.ts";
import type { LogEvent, World } from "../core/world.ts";

/** With a living token at hand; a backend's own caller may hang up after 5 s. */
export const PATIENCE_MS = 3_000;
const FIRST_POLL_MS = 50;
const LONGEST_POLL_MS = 500;

function keyOf({ subject, provider, account }: ConnectionRef): string {
  return JSON.stringify([subject, provider, account]);
}

/** What refreshing needs: the records, the leases, and the world. */
export interface RefresherDeps {
  store: Pick<Store, "connections" | "leases">;
  world: World;
}

/** Refreshes connections; one per isolate. */
export class Refresher {
  readonly #deps: RefresherDeps;
  readonly #store: RefresherDeps["store"];
  readonly #world: World;
  /** Refreshes that a caller may join instead of starting one, by connection. */
  readonly #running = new Map<string, Promise<Refreshed>>();
  /** The same, and those that nobody joins any more because they got no answer for too long. */
  readonly #pending = new Set<Promise<Refreshed>>();

  constructor(deps: RefresherDeps) {
    this.#deps = deps;
    this.#store = deps.store;
    this.#world = deps.world;
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
    // Nobody waits long for a fresh token who has a living one.
    const usable = this.#without(seen, need).kind === "ready";
    const patience = usable ? Math.min(waitMs, PATIENCE_MS) : waitMs;
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
      this.#world.metrics.waited(server.name, this.#world.now() - start);
    }
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
    const mine = this.#refresh(server, seen, need).finally(() => {
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

  async #refresh(
    server: AuthorizationServer,
    seen: Stored<Connection>,
    need: Need,
  ): Promise<Refreshed> {
    const store = this.#store;
    const owner = this.#world.secret();
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
      await this.#wait(current!, poll * (0.5 + this.#world.random()));
      poll = Math.min(poll * 1.3, LONGEST_POLL_MS);
    }
  }

  /** With the lease: reads again, and asks the provider only if it is still needed. */
  async #hold(
    server: AuthorizationServer,
    seen: Stored<Connection>,
    need: Need,
    lease: Lease,
  ): Promise<Refreshed> {
    const { connections, leases } = this.#store;
    const done = new AbortController();
    let renewing: Promise<Lease> | undefined;
    try {
      const current = await connections.get(seen.value);
      const settled = settleAfterWait(seen, current, need, this.#world.now());
      if (settled !== null) return settled;
      // After too long without an answer nobody joins this one any more; see renewLease().
      const giveUp = () => void this.#running.delete(keyOf(lease.ref));
      renewing = renewLease(this.#deps, lease, done.signal, giveUp);
      const answer = await renew(server, current!.value.tokens);
      return await this.#record(server, current!, answer, need);
    } finally {
      done.abort();
      // Gone already where the answer was stored; a lease that was renewed has another version.
      const last = await renewing ?? lease;
      await leases.release(last).catch(() => this.#log("warn", "lease_not_released"));
    }
  }

  async #wait({ value, version }: Stored<Connection>, ms: number): Promise<void> {
    const stop = new AbortController();
    await Promise.race([
      this.#store.connections.changed(value, version, stop.signal),
      this.#world.sleep(ms, stop.signal),
    ]).finally(() => stop.abort());
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
    need: Need,
  ): Promise<Refreshed> {
    let current: Stored<Connection> | null = used;
    while (current !== null) {
      const now = this.#world.now();
      if (!sameTokens(current.value, used.value)) {
        this.#world.metrics.refresh(server.name, "superseded");
        return outcomeOf(current, now);
      }
      const next = afterAnswer(current.value, answer, now, need);
      const dueAt = dueTime(next, now, this.#world.random());
      const also = { release: true, dueAt };
      const { version } = current;
      let stored: string | null;
      try {
        if (answer.kind === "issued") requireKeepable(next.tokens);
        stored = await this.#insist(() => this.#store.connections.put(next, version, also));
      } catch (error) {
        if (answer.kind !== "issued" || !isPermanent(error)) throw error;
        return await this.#giveUp(server, used, next.tokens, need);
      }
      if (stored !== null) {
        this.#report(next, answer);
        return outcomeOf({ value: next, version: stored }, now);
      }
      current = await this.#insist(() => this.#store.connections.get(used.value));
    }
    this.#world.metrics.refresh(server.name, "gone");
    // Disconnected meanwhile: it does not come back, and what was issued must not live on.
    if (answer.kind === "issued") {
      await revoke(server, tokenSetOf(answer.tokens, this.#world.now(), used.value.tokens));
    }
    return { kind: "gone" };
  }

  /** What was issued can never be stored: records what is true without it. */
  async #giveUp(
    server: AuthorizationServer,
    used: Stored<Connection>,
    issued: TokenSet,
    need: Need,
  ): Promise<Refreshed> {
    const answer = answerNotKept(used.value, issued);
    this.#log("error", "refresh_not_storable", server.name, answer.kind);
    const outcome = await this.#record(server, used, answer, need);
    // Unless a person has connected again meanwhile: what they have now may hang on the same grant.
    if (answer.kind === "rejected" && outcome.kind !== "ready") {
      const { kind } = await revoke(server, issued);
      if (kind !== "revoked") this.#log("warn", "refresh_not_taken_back", server.name, kind);
    }
    return outcome;
  }

  /** Tries again while KV is out: what was issued is nowhere else. */
  async #insist<T>(write: () => Promise<T>): Promise<T> {
    const again = (error: unknown) => {
      if (isPermanent(error)) return false;
      this.#log("error", "refresh_not_stored_yet");
      return true;
    };
    const patience = { forMs: STORE_PATIENCE_MS, longestPauseMs: 5_000, again };
    return await insist(this.#world, write, patience);
  }

  #report({ provider, status }: Connection, answer: TokenAnswer): void {
    const dead = status === "reauthorization_required";
    const outcome = answer.kind === "issued" ? "refreshed" : dead ? status : "failed";
    this.#world.metrics.refresh(provider, outcome);
    if (answer.kind === "issued") return this.#log("info", "refreshed", provider);
    const detail = answer.kind === "rejected" ? answer.code : answer.reason;
    this.#log("warn", "refresh_failed", provider, detail);
  }

  #log(level: LogEvent["level"], event: string, provider?: string, detail?: string): void {
    this.#world.log({ level, event, provider, detail });
  }
}
