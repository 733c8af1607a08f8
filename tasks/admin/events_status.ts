/**
 * `deno task admin events status`: receivers of events, and what waits for them.
 *
 * @module
 */

import { MOST_WAITING, type ReceiverView } from "../../broker/core/events.ts";
import { type Command, EXIT } from "./command.ts";
import { withEvents } from "./events.ts";
import { json, shownTime } from "./output.ts";

export const command: Command = {
  usage: "events status [--json]",
  shape: { positionals: 0, switches: ["json"] },
  run: (args) =>
    withEvents(async (events) => {
      const all = await events.receivers();
      if (args.has("json")) console.log(json({ receivers: all.map(told) }, 2));
      else if (all.length === 0) console.log("EVENTS names no receiver.");
      else for (const each of all) console.log(lineOf(each));
      return EXIT.done;
    }),
};

/** Without the events themselves, which are about people. */
function told({ latest: _, ...receiver }: ReceiverView) {
  return receiver;
}

function lineOf({ name, origin, offSince, failingSince, lastFault, waiting }: ReceiverView) {
  const state = offSince !== undefined
    ? `off since ${shownTime(offSince)} (410)`
    : failingSince !== undefined
    ? `failing since ${shownTime(failingSince)} (${lastFault ?? "?"})`
    : "on";
  const waits = waiting >= MOST_WAITING ? `${MOST_WAITING} or more` : waiting;
  return `${name}  ${origin}  ${state}  waiting: ${waits}`;
}
