/**
 * When and by whom a connection was last used, as pages say it. Pure.
 *
 * @module
 */

import type { LastUse } from "../../broker/core/activity.ts";

/** Which account, for which service. */
interface Of {
  provider: string;
  account: string;
  service: string;
}

/** The last use of one account for one service; what was used as a whole counts for each. */
export function lastUseOf(uses: LastUse[], of: Of): LastUse | undefined {
  return uses.filter(({ provider, account, service }) =>
    provider === of.provider && account === of.account &&
    (service === undefined || service === of.service || service === of.provider)
  ).toSorted((a, b) => b.at - a.at)[0];
}
