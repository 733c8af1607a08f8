/**
 * How much an import may ask of a provider, which others need at the same time:
 * a few questions side by side, and none while it has asked for a pause or does
 * not answer.
 *
 * @module
 */

import { AnsweredNo } from "../core/answered_no.ts";
import type { AuthorizationServer, TokenAnswer } from "../core/authorization_server.ts";
import { isToCome } from "../core/clock.ts";
import { Refusal } from "../core/refusal.ts";
import type { World } from "../core/world.ts";
import { LONGEST_HOLD_OFF_MS } from "../tokens/freshness.ts";
import { HOLD_OFF_MS } from "../tokens/refresh_rules.ts";

/** Questions to one provider at a time, of all imports of this process. */
export const QUESTIONS_AT_A_TIME = 4;
/** A longer pause is not waited for: the item is refused, and says when to come again. */
export const LONGEST_PAUSE_MS = 60_000;
/** After so many questions without an answer, one after the other, the provider gets a pause. */
const SILENT_QUESTIONS = 3;

interface Lane {
  running: number;
  waiting: (() => void)[];
  silent: number;
  pausedUntil: number;
}

/** One for all imports of a process. */
export class Courtesy {
  readonly #lanes = new Map<string, Lane>();

  constructor(readonly world: Pick<World, "now" | "sleep">) {}

  /** Asks when it is time. @throws {Refusal} `provider_unavailable` where the pause is too long. */
  async ask<T>({ name, title }: AuthorizationServer, question: () => Promise<T>): Promise<T> {
    const lane = this.#lane(name);
    if (lane.running >= QUESTIONS_AT_A_TIME) {
      await new Promise<void>((resolve) => void lane.waiting.push(resolve));
    } else lane.running += 1;
    try {
      for (let ms = this.#pause(lane); ms > 0; ms = this.#pause(lane)) {
        if (ms > LONGEST_PAUSE_MS) {
          throw new Refusal({
            code: "provider_unavailable",
            title,
            retryAfter: Math.ceil(ms / 1000),
          });
        }
        await this.world.sleep(ms);
      }
      return await question();
    } finally {
      // Whoever waits takes the place over.
      const next = lane.waiting.shift();
      if (next === undefined) lane.running -= 1;
      else next();
    }
  }

  /** The same server; what it answers to refreshes is heard of here. */
  listeningTo(server: AuthorizationServer): AuthorizationServer {
    const { credential } = server;
    if (credential.kind !== "oauth") return server;
    const refresh = async (...args: Parameters<typeof credential.refresh>) => {
      const answer = await credential.refresh(...args);
      this.#heard(server, answer);
      return answer;
    };
    return { ...server, credential: { ...credential, refresh } };
  }

  /** Whose account it is could not be told. Whether that is because the provider is not there. */
  failed({ name }: AuthorizationServer, error: unknown): boolean {
    const isBusy = !(error instanceof AnsweredNo) || error.status === 429 || error.status >= 500;
    if (isBusy) {
      this.#silence(this.#lane(name), error instanceof AnsweredNo ? error.retryAfter : undefined);
    }
    return isBusy;
  }

  #heard({ name }: AuthorizationServer, answer: TokenAnswer): void {
    const lane = this.#lane(name);
    if (answer.kind !== "failed") lane.silent = 0;
    if (answer.kind === "failed" || (answer.kind === "rejected" && answer.retryAfter)) {
      this.#silence(lane, answer.retryAfter);
    }
  }

  #silence(lane: Lane, retryAfter: number | undefined): void {
    lane.silent += 1;
    const isOut = lane.silent >= SILENT_QUESTIONS;
    if (retryAfter === undefined && !isOut) return;
    const ms = retryAfter === undefined ? HOLD_OFF_MS : retryAfter * 1000;
    const until = this.world.now() + Math.min(ms, LONGEST_HOLD_OFF_MS);
    lane.pausedUntil = Math.max(lane.pausedUntil, until);
    if (isOut) lane.silent = 0;
  }

  #pause({ pausedUntil }: Lane): number {
    const now = this.world.now();
    return isToCome(pausedUntil, now, LONGEST_HOLD_OFF_MS) ? pausedUntil - now : 0;
  }

  #lane(provider: string): Lane {
    const known = this.#lanes.get(provider);
    if (known !== undefined) return known;
    const lane = { running: 0, waiting: [], silent: 0, pausedUntil: 0 };
    this.#lanes.set(provider, lane);
    return lane;
  }
}
