/**
 * Secrets of this program's clients that end soon, or are over.
 *
 * @module
 */

import { dayOf, secretEndsOf } from "../secret_ends.ts";
import type { Doubt, Doubted } from "./doubt.ts";

const DAY_MS = 24 * 60 * 60_000;
/** So long before its end it is told, by each start and by the doctor. */
export const TOLD_AHEAD_MS = 30 * DAY_MS;

/** Those that are near. */
export function secretEndDoubts({ config, now }: Doubted): Doubt[] {
  return secretEndsOf(config).filter(({ at }) => at - now <= TOLD_AHEAD_MS)
    .map(({ provider, variable, at }) => {
      const days = Math.ceil((at - now) / DAY_MS);
      const left = days === 1 ? "1 day" : `${days} days`;
      return {
        variable,
        found: at <= now
          ? `says that the secret of ${provider} ended on ${
            dayOf(at)
          }: nothing of it is connected ` +
            "or refreshed without another one."
          : `says that the secret of ${provider} ends on ${dayOf(at)}, in ${left}.`,
        cure: "Make another secret there, set it, and note its end.",
        isFault: at <= now,
      };
    });
}
