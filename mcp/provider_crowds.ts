/**
 * A provider's own limits, shared fairly among those who call it: so many
 * requests of one provider are under way at a time, people take turns at them,
 * and where the provider asks to wait nobody asks it again before that time:
 * nobody at all, where the limit is this program's, and only that account where
 * it is the account's own. Of one process; nothing is written.
 *
 * @module
 */

import { isToCome } from "../broker/core/clock.ts";
import { deadlineIn, until } from "../broker/core/deadline.ts";
import { FairTurns } from "../broker/core/fair_turns.ts";
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

interface Crowd {
  turns: FairTurns;
  /** Epoch ms; 0: it is not. */
  pausedUntil: number;
  /** The same of accounts, by subject and account; the longest known first. */
  accounts: Map<string, number>;
}

/** Who calls which provider. There are as many as the configuration has. */
export class ProviderCrowds {
  readonly #world: Pick<World, "now" | "sleep">;
  readonly #crowds = new Map<string, Crowd>();

  constructor(world: Pick<World, "now" | "sleep">) {
    this.#world = world;
  }

  /**
   * Sends when it is the person's turn.
   *
   * @throws {ApiError} `rate_limited`: the provider asked to wait, or too many do.
   */
  async turn<T>(caller: ProviderCaller, signal: AbortSignal, send: () => Promise<T>): Promise<T> {
    const crowd = this.#of(caller.provider);
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
    const end = this.#world.now() + Math.min(seconds * SECOND_MS, longest);
    if (ofAll) return void (crowd.pausedUntil = end);
    const { accounts } = crowd;
    const key = keyOf(caller);
    accounts.delete(key);
    if (accounts.size >= MOST_ACCOUNTS) accounts.delete(accounts.keys().next().value!);
    accounts.set(key, end);
  }

  #refusePaused({ pausedUntil, accounts }: Crowd, caller: ProviderCaller): void {
    const now = this.#world.now();
    for (const end of [pausedUntil, accounts.get(keyOf(caller)) ?? 0]) {
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
    };
    this.#crowds.set(provider, crowd);
    return crowd;
  }
}

function keyOf({ subject, account = "" }: ProviderCaller): string {
  return JSON.stringify([subject, account]);
}

function slower({ title }: ProviderCaller, ms: number): ApiError {
  const retryAfter = Math.ceil(ms / SECOND_MS);
  return new ApiError({ kind: "rate_limited", message: `${title} asks to slow down.`, retryAfter });
}
