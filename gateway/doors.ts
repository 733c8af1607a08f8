/**
 * How often somebody may come to the doors that stand open to strangers, and
 * how much a person or a client may have made. Counted in this process, so that
 * a refusal writes nothing.
 *
 * Whoever is right is not refused for what strangers did: where it is a secret
 * of 256 bits that is tried, only those that are wrong are counted and refused
 * (`failing()`); secrets that people chose are in `guesses.ts`.
 *
 * @module
 */

import { Budget, type BudgetSize } from "../broker/core/budget.ts";
import { type Reason, Refusal, refuseWhileOver } from "../broker/core/refusal.ts";
import type { World } from "../broker/core/world.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Each with what it is counted by. */
export const DOORS = {
  /** Registrations of MCP clients, by address. */
  registration: { limit: 100, windowMs: HOUR_MS },
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
  /** Sign-ins that were finished, by person. */
  session: { limit: 100, windowMs: DAY_MS },
  /** MCP clients that were allowed, by person. */
  code: { limit: 100, windowMs: HOUR_MS },
  /** Personal tokens that were made, by person. */
  personal_token: { limit: 50, windowMs: DAY_MS },
  /** Session tokens that a backend made, by user. */
  session_token: { limit: 1_000, windowMs: DAY_MS },
  /** Refreshes of gateway tokens, by grant and chain. */
  refresh: { limit: 120, windowMs: HOUR_MS },
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
   * Counts one. Who cannot be told from others (`undefined`) is not counted.
   *
   * @throws {Refusal} `rate_limited`.
   */
  enter(door: Door, caller: string | undefined): void;
  /** Counts what is refused as wrong, and refuses what comes too often as that. */
  failing<T>(door: Door, caller: string | undefined, run: () => Promise<T>): Promise<T>;
}

/** {@linkcode Doors} that nobody has come to yet. */
export function createDoors({ now }: Pick<World, "now">): Doors {
  const budgets = new Map(Object.entries(DOORS).map(([door, size]) => [door, new Budget(size)]));
  const enter: Doors["enter"] = (door, caller) => {
    if (caller === undefined) return;
    refuseWhileOver(budgets.get(door)!.hit(caller, now()), NAMED[door]);
  };
  return {
    enter,
    async failing(door, caller, run) {
      try {
        return await run();
      } catch (error) {
        if (error instanceof Refusal && WRONG.includes(error.reason.code)) enter(door, caller);
        throw error;
      }
    },
  };
}
