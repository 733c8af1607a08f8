/**
 * `deno task admin keys add <app>`: a new API key, shown once. An app has two at
 * most: that is enough to put one in the place of the other.
 *
 * @module
 */

import type { AppChange, StoredApp } from "../../broker/core/settings.ts";
import { type Args, type Command, EXIT, UsageError } from "./command.ts";
import { changeSettings, keptKeys, look } from "./keys.ts";
import { json } from "./output.ts";
import { type Program, withProgram } from "./program.ts";

export const command: Command = {
  usage: "keys add <app> [--services <name,name>] [--json]",
  shape: { positionals: 1, values: ["services"], switches: ["json"] },
  run: (args) => withProgram((program) => add(program, args)),
};

async function add(program: Program, args: Args): Promise<number> {
  const realm = args.positionals[0]!;
  const services = servicesOf(args.value("services"));
  const { app } = await look(program, realm);
  if (app?.byEnv.includes("keys")) {
    console.error(`The key of "${realm}" is set by API_KEYS: add one there.`);
    return EXIT.failed;
  }
  if (app === undefined || services !== undefined) {
    await changeSettings(program, realm, async () => {
      const kept = (await program.vault.store.settings.read())?.value.apps
        .find((app) => app.realm === realm);
      return { kind: "app", realm, app: { ...appOf(kept), ...(services && { services }) } };
    });
  }
  const { key, sha256 } = program.living.settings.newKey();
  const before = keptKeys((await look(program, realm)).app!);
  await changeSettings(program, realm, () => ({ kind: "key", realm, sha256 }));
  const after = keptKeys((await look(program, realm)).app!);
  const made = after.find(({ id }) => !before.some((each) => each.id === id));
  if (args.has("json")) console.log(json({ app: realm, id: made?.id, key }, 2));
  else {
    console.error(
      `A key for "${realm}", which is not shown again. It counts in all processes in five seconds.`,
    );
    if (after.length > 1) {
      console.error(`Once it is in use, \`deno task admin keys remove ${realm} --oldest\`.`);
    }
    console.log(key);
  }
  return EXIT.done;
}

/** What an app is stays as it is. Its picture is kept where nothing is said of it. */
function appOf(kept: StoredApp | undefined): AppChange {
  if (kept === undefined) return {};
  const { realm: _r, keys: _k, changed: _c, logo: _l, ...app } = kept;
  return app;
}

function servicesOf(text: string | undefined): string[] | undefined {
  const names = text?.split(",").map((name) => name.trim()).filter((name) => name !== "");
  if (names?.length === 0) throw new UsageError("--services names none.");
  return names;
}
