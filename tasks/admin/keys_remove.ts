/**
 * `deno task admin keys remove <app>`: withdraws an API key, and with it the
 * session tokens that were made with it.
 *
 * @module
 */

import { type Args, type Command, EXIT, UsageError } from "./command.ts";
import { changeSettings, type KeptKey, keptKeys, look } from "./keys.ts";
import { confirmed, json, shown, shownTime } from "./output.ts";
import { type Program, withProgram } from "./program.ts";

export const command: Command = {
  usage: "keys remove <app> [--oldest | --key <id>] [--yes] [--json]",
  shape: { positionals: 1, values: ["key"], switches: ["oldest", "yes", "json"] },
  run: (args) => withProgram((program) => remove(program, args)),
};

async function remove(program: Program, args: Args): Promise<number> {
  const realm = args.positionals[0]!;
  const { app } = await look(program, realm);
  if (app?.byEnv.includes("keys")) {
    console.error(`The key of "${realm}" is set by API_KEYS: take it out there, and deploy.`);
    return EXIT.failed;
  }
  const keys = app === undefined ? [] : keptKeys(app);
  if (keys.length === 0) {
    console.error("There is no such app, or it has no key.");
    return EXIT.failed;
  }
  const key = meant(keys, args);
  const { id, made } = key;
  const last = keys.length === 1 ? " It is the only one: the app is locked out." : "";
  const question = `Withdraw the key ${id} of "${realm}", made ${shownTime(made.at)} by ${
    shown(made.by)
  }?${last}`;
  if (!confirmed(question, args.has("yes"))) return EXIT.failed;
  await changeSettings(program, realm, () => ({ kind: "key_withdrawn", realm, id }));
  if (args.has("json")) console.log(json({ app: realm, id, withdrawn: true }, 2));
  else console.log("Withdrawn. It opens nothing any more in five seconds.");
  return EXIT.done;
}

/** Which of two is never guessed. @throws {UsageError} */
function meant(keys: KeptKey[], args: Args): KeptKey {
  const id = args.value("key");
  if (id !== undefined && args.has("oldest")) throw new UsageError("Say --oldest or --key.");
  if (id !== undefined) {
    const found = keys.find((key) => key.id === id);
    if (found === undefined) throw new UsageError("--key: the app has no key by this id.");
    return found;
  }
  if (keys.length === 1 || args.has("oldest")) return keys[0]!;
  throw new UsageError("It has two keys: say --oldest or --key.");
}
