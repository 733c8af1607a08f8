/**
 * How often somebody may come to the doors that stand open to strangers, and
 * how much a person or a client may have made. What is made is counted over all
 * processes (`broker/core/limits.ts`); what is wrong in this one alone, so that
 * a stranger who tries writes nothing.
 *
 * Whoever is right is not refused for what strangers did: where it is a secret
 * of 256 bits that is tried, only those that are wrong are counted and refused
 * (`failing()`); secrets that people chose are in `guesses.ts`.
 *
 * @module
 */

import { andThen, type Awaitable } from "../broker/core/awaitable.ts";
import { Budget, type BudgetSize } from "../broker/core/budget.ts";
import { type LimitName, LIMITS, type Limits } from "../broker/core/limits.ts";
import { type Reason, Refusal, refuseWhileOver } from "../broker/core/refusal.ts";
import type { World } from "../broker/core/world.ts";

const MINUTE_MS = 60_000;

/** What is made there is counted over all processes; what by, stands with the limits. */
const { registration, session, code, personal_token, session_token, refresh } = LIMITS;

/** Each with what it is counted by. */
export const DOORS = {
  ...{ registration, session, code, personal_token, session_token, refresh },
  /** Codes, refresh tokens and client ids at the token endpoint that are wrong, by address. */
  wrong_token: { limit: 100, windowMs: MINUTE_MS },
  /** Assertions of clients that are right, by client; those nobody has agreed to are one. */
  assertion: { limit: 600, windowMs: MINUTE_MS },
  /** Connect links that are wrong, by address. */
  wrong_link: { limit: 100, windowMs: MINUTE_MS },
  /** Codes for the first setup that are wrong, by address. */
  wrong_setup: { limit: 100, windowMs: MINUTE_MS },
  /** Codes of what was connected that are wrong, by API key. */
  wrong_claim: { limit: 100, windowMs: MINUTE_MS },
  /** API keys of providers that are refused, by API key. */
  wrong_key: { limit: 100, windowMs: MINUTE_MS },
} satisfies Record<string, BudgetSize>;

export type Door = keyof typeof DOORS;

/** What is told by its name: an app's developer reads it, and can do something about it. */
const NAMED: { [D in Door]?: "registrations" } = { registration: "registrations" };

/** What counts as wrong, of what a route may refuse. */
const WRONG: Reason["code"][] = [
  "link_invalid",
  "link_changed",
  "link_expired",
  "code_invalid",
  "key_refused",
];

/** The doors of one process. */
export interface Doors {
  /**
   * Counts one. Who cannot be told from others (`undefined`) is not counted. `size`: of a caller who
   * has a limit of its own.
   *
   * @throws {Refusal} `rate_limited`, thrown or rejected.
   */
  enter(door: Door, caller: string | undefined, size?: BudgetSize): Awaitable<void>;
  /** Counts what is refused as wrong, and refuses what comes too often as that. */
  failing<T>(door: Door, caller: string | undefined, run: () => Promise<T>): Promise<T>;
}

/** {@linkcode Doors} that nobody has come to yet. `limits`: of all processes; absent: there is one. */
export function createDoors({ now }: Pick<World, "now">, limits?: Limits): Doors {
  const budgets = new Map(Object.entries(DOORS).map(([door, size]) => [door, new Budget(size)]));
  const enter: Doors["enter"] = (door, caller, size) => {
    if (caller === undefined) return;
    if (limits !== undefined && isLimit(door)) {
      const counted = { name: door, key: caller, size };
      return andThen(limits.take(counted), (wait) => refuseWhileOver(wait, NAMED[door]));
    }
    refuseWhileOver(budgets.get(door)!.hit(caller, now()), NAMED[door]);
  };
  return {
    enter,
    async failing(door, caller, run) {
      try {
        return await run();
      } catch (error) {
        if (error instanceof Refusal && WRONG.includes(error.reason.code)) {
          await enter(door, caller);
        }
        throw error;
      }
    },
  };
}

function isLimit(door: Door): door is Door & LimitName {
  return Object.hasOwn(LIMITS, door);
}
