/**
 * `deno task admin events replay <receiver> --since <time or cursor>`: has a
 * receiver's events sent once more, the oldest first.
 *
 * @module
 */

import { CURSOR, type ReplayFrom } from "../../broker/core/events.ts";
import { type Command, EXIT, UsageError } from "./command.ts";
import { withEvents } from "./events.ts";
import { many } from "./output.ts";
import { ADMIN } from "./program.ts";

export const command: Command = {
  usage: "events replay <receiver> --since <time or cursor>",
  shape: { positionals: 1, values: ["since"] },
  run(args) {
    const from = readFrom(args.value("since"));
    return withEvents(async (events) => {
      const done = await events.replay(ADMIN, args.positionals[0]!, from);
      if (done === null) {
        console.error("EVENTS names no such receiver.");
        return EXIT.failed;
      }
      console.log(`${many(done.count, "event")} will be sent within a minute.`);
      if (done.next !== undefined) console.log(`There are more: go on with --since ${done.next}`);
      return EXIT.done;
    });
  },
};

function readFrom(text = ""): ReplayFrom {
  if (CURSOR.test(text)) return { after: text };
  const since = /^\d{4}-/.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(since)) return { since };
  throw new UsageError("--since wants a time, such as 2026-11-27T09:00Z, or a cursor.");
}
