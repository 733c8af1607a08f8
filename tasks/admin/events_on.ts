/**
 * `deno task admin events on <receiver>`: after its 410 it is sent to again, also
 * what has waited for it.
 *
 * @module
 */

import { type Command, EXIT } from "./command.ts";
import { withEvents } from "./events.ts";
import { ADMIN } from "./program.ts";

export const command: Command = {
  usage: "events on <receiver>",
  shape: { positionals: 1 },
  run: (args) =>
    withEvents(async (events) => {
      if (!await events.switchOn(ADMIN, args.positionals[0]!)) {
        console.error("EVENTS names no such receiver.");
        return EXIT.failed;
      }
      console.log("It is on. What waits is sent within a minute.");
      return EXIT.done;
    }),
};
