/**
 * A provider's own limits, shared fairly among those who call it: so many
 * requests of one provider are under way at a time, people take turns at them,
 * and where the provider asks to wait nobody asks it again before that time:
 * nobody at all, where the limit is this program's, and only that account where
 * it is the account's own. What a provider asks is noted for other processes,
 * who look for it every two seconds while they call it; turns are of one process.
 *
 * @module
 */

import { isToCome } from "../broker/core/clock.ts";
import { deadlineIn, until } from "../broker/core/deadline.ts";
import { FairTurns } from "../broker/core/fair_turns.ts";
import { digest } from "../broker/core/secrets.ts";
import type { ProviderStore } from "../broker/core/store.ts";
import type { World } from "../broker/core/world.ts";
import { ApiError, type ApiFault } from "../providers/provider.ts";

/** Requests of one provider that are under way at once, in one process. */
export const PROVIDER_AT_ONCE = 32;
/** So long a request waits for its turn. */
export const TURN_WAIT_MS = 10_000;
/** Requests of one person that wait. */
export const MOST_TURNS_WAITING = 200;
/** A provider that asks one account to wait for longer is asked again for it after this. */
export const LONGEST_PAUSE_MS = 10 * 60_000;
/** The same for all accounts: then somebody tries whether it still is so. */
export const LONGEST_APP_PAUSE_MS = 60_000;
/** What other processes were asked is looked for again after this, by whoever calls then. */
export const PAUSES_KNOWN_MS = 2_000;
/** And waited for so long. */
export const PAUSES_WAIT_MS = 500;
/** Accounts that are told apart. */
const MOST_ACCOUNTS = 10_000;
const SECOND_MS = 1_000;

/** Whose request it is. */
export interface ProviderCaller {
  provider: string;
  /** The provider's name for people. */
  title: string;
  subject: string;
  /** The account's id, as soon as it is known. */
  account: string | undefined;
}

/** What processes tell each other of providers. */
type Shared = Pick<ProviderStore, "pauses" | "notePause">;

interface Crowd {
  turns: FairTurns;
  /** Epoch ms; 0: it is not. */
  pausedUntil: number;
  /** The same of accounts, by what stands for one; the longest known first. */
  accounts: Map<string, number>;
  /** When it was last looked for what others were asked, and whether somebody does. */
  lookedAt: number;
  looking: Promise<void> | undefined;
}

/** Who calls which provider. There are as many as the configuration has. */
export class ProviderCrowds {
  readonly #world: Pick<World, "now" | "sleep">;
  readonly #crowds = new Map<string, Crowd>();
  readonly #shared: Shared | undefined;

  /** `shared`: what processes tell each other; absent: there is one. */
  constructor(world: Pick<World, "now" | "sleep">, shared?: Shared) {
    this.#world = world;
    this.#shared = shared;
  }

  /**
   * Sends when it is the person's turn.
   *
   * @throws {ApiError} `rate_limited`: the provider asked to wait, or too many do.
   */
  async turn<T>(caller: ProviderCaller, signal: AbortSignal, send: () => Promise<T>): Promise<T> {
    const crowd = this.#of(caller.provider);
    if (this.#isStale(crowd)) await this.#lookInTime(crowd, caller.provider);
    this.#refusePaused(crowd, caller);
    const { turns } = crowd;
    if (!turns.isCrowded) return await turns.take(caller.subject, send);
    if (turns.waiting(caller.subject) >= MOST_TURNS_WAITING) throw slower(caller, SECOND_MS);
    using deadline = deadlineIn(this.#world, TURN_WAIT_MS);
    const ready = Promise.withResolvers<void>();
    const isOver = () => signal.aborted || deadline.signal.aborted;
    const turn = turns.take(caller.subject, async (): Promise<{ sent?: Promise<T> }> => {
      // Whoever has given up lets the next one pass.
      if (isOver()) return {};
      ready.resolve();
      const sent = send();
      // How it ends is told below.
      await sent.catch(() => undefined);
      return { sent };
    });
    try {
      await until(AbortSignal.any([signal, deadline.signal]), ready.promise);
    } catch {
      // It says itself that it was given up.
      if (signal.aborted) return await send();
      throw slower(caller, SECOND_MS);
    }
    const { sent } = await turn;
    return await sent!;
  }

  /** A provider has refused somebody for what is too much, and said for how long (s). */
  slowDown(caller: ProviderCaller, seconds: number, limitOf: ApiFault["limitOf"]): void {
    const crowd = this.#of(caller.provider);
    const ofAll = limitOf === "app";
    const longest = ofAll ? LONGEST_APP_PAUSE_MS : LONGEST_PAUSE_MS;
    const now = this.#world.now();
    const end = now + Math.min(seconds * SECOND_MS, longest);
    const key = ofAll ? ALL : keyOf(caller);
    pause(crowd, key, end);
    // Whoever does not hear of it is told by the provider.
    this.#shared?.notePause(caller.provider, key, end, now).catch(() => undefined);
  }

  #isStale({ lookedAt }: Crowd): boolean {
    const since = this.#world.now() - lookedAt;
    return this.#shared !== undefined && !(since >= 0 && since < PAUSES_KNOWN_MS);
  }

  /** Does not reject: without the store everybody is told by the provider. */
  async #lookInTime(crowd: Crowd, provider: string): Promise<void> {
    using deadline = deadlineIn(this.#world, PAUSES_WAIT_MS);
    crowd.looking ??= this.#look(crowd, provider)
      .catch(() => undefined)
      .finally(() => crowd.looking = undefined);
    await until(deadline.signal, crowd.looking).catch(() => undefined);
    crowd.lookedAt = this.#world.now();
  }

  async #look(crowd: Crowd, provider: string): Promise<void> {
    const told = await this.#shared!.pauses(provider);
    const now = this.#world.now();
    for (const [key, end] of Object.entries(told)) {
      const longest = key === ALL ? LONGEST_APP_PAUSE_MS : LONGEST_PAUSE_MS;
      // By another clock, which may be ahead.
      const known = key === ALL ? crowd.pausedUntil : crowd.accounts.get(key) ?? 0;
      if (end > now && end > known) pause(crowd, key, Math.min(end, now + longest));
    }
  }

  #refusePaused({ pausedUntil, accounts }: Crowd, caller: ProviderCaller): void {
    const now = this.#world.now();
    const own = accounts.size === 0 ? 0 : accounts.get(keyOf(caller)) ?? 0;
    for (const end of [pausedUntil, own]) {
      if (isToCome(end, now, LONGEST_PAUSE_MS)) throw slower(caller, end - now);
    }
  }

  #of(provider: string): Crowd {
    const known = this.#crowds.get(provider);
    if (known !== undefined) return known;
    const crowd: Crowd = {
      turns: new FairTurns(PROVIDER_AT_ONCE),
      pausedUntil: 0,
      accounts: new Map(),
      lookedAt: -Infinity,
      looking: undefined,
    };
    this.#crowds.set(provider, crowd);
    return crowd;
  }
}

/** Of all accounts. */
const ALL = "";

/** Stands for an account where others read it. */
function keyOf({ subject, account = "" }: ProviderCaller): string {
  return digest(JSON.stringify([subject, account]));
}

function pause(crowd: Crowd, key: string, end: number): void {
  if (key === ALL) return void (crowd.pausedUntil = end);
  const { accounts } = crowd;
  accounts.delete(key);
  if (accounts.size >= MOST_ACCOUNTS) accounts.delete(accounts.keys().next().value!);
  accounts.set(key, end);
}

function slower({ title }: ProviderCaller, ms: number): ApiError {
  const retryAfter = Math.ceil(ms / SECOND_MS);
  return new ApiError({ kind: "rate_limited", message: `${title} asks to slow down.`, retryAfter });
}
