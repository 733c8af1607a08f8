/**
 * What the commands about events share. They write down what is to be sent;
 * gateways that run send it, within a minute.
 *
 * @module
 */

import type { EventsDesk } from "../../broker/core/events.ts";
import { withProgram } from "./program.ts";

/** Does something with the receivers of events, and sends nothing by itself. */
export function withEvents(run: (events: EventsDesk) => Promise<number>): Promise<number> {
  return withProgram(async ({ living }) => {
    living.stopEvents();
    return await run(living.events);
  });
}
