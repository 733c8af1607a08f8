/**
 * `deno task admin dead`: connections that their people have to make again, the
 * latest first. Read a page at a time, however many there are.
 *
 * @module
 */

import { allDead } from "./all_dead.ts";
import { type Command, EXIT } from "./command.ts";
import { json, shown, shownTime } from "./output.ts";
import { withVault } from "./program.ts";

export const command: Command = {
  usage: "dead [--provider <name>] [--json]",
  shape: { positionals: 0, values: ["provider"], switches: ["json"] },
  run: (args) =>
    withVault(async ({ store }) => {
      const wanted = args.value("provider");
      for await (const each of allDead(store.counts)) {
        const { at, subject, provider, account, reason, services } = each;
        if (wanted !== undefined && provider !== wanted) continue;
        console.log(
          args.has("json")
            ? json({ at, subject, provider, account, reason, services })
            : `${shownTime(at)}  ${shown(subject)}  ${provider}  ${shown(account)}  ${reason}`,
        );
      }
      return EXIT.done;
    }),
};
