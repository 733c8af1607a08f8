/**
 * `deno task admin keys list`: apps and their API keys, without the keys.
 *
 * @module
 */

import { type Command, EXIT } from "./command.ts";
import { keptKeys, look } from "./keys.ts";
import { json, shown, shownTime } from "./output.ts";
import { withProgram } from "./program.ts";

export const command: Command = {
  usage: "keys list [--json]",
  shape: { positionals: 0, switches: ["json"] },
  run: (args) =>
    withProgram(async (program) => {
      const { view: { apps } } = await look(program, "");
      const all = apps.map((app) => ({
        app: app.realm,
        by_env: app.byEnv.includes("keys"),
        services: app.services,
        keys: keptKeys(app).map(({ id, made }) => ({ id, made_at: made.at, made_by: made.by })),
      }));
      if (args.has("json")) {
        console.log(json(all, 2));
        return EXIT.done;
      }
      for (const { app, by_env, services, keys } of all) {
        const may = services === undefined ? "" : `, for ${services.join(", ")}`;
        console.log(`${app}${may}${by_env ? ": by API_KEYS" : ""}`);
        for (const { id, made_at, made_by } of keys) {
          console.log(`  ${id}  made ${shownTime(made_at)} by ${shown(made_by)}`);
        }
      }
      return EXIT.done;
    }),
};
