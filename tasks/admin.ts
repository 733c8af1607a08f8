/**
 * `deno task admin <command>`: what an operator does at the command line, beside
 * gateways that run. Each command is a file in `admin/`, and loaded where it is
 * asked for.
 *
 * @module
 */

import { lookUp } from "../broker/core/lists.ts";
import { Refusal } from "../broker/core/refusal.ts";
import { StoreError } from "../broker/core/store_errors.ts";
import { wordsOf } from "../broker/core/words.ts";
import { type Command, EXIT, readArgs, UsageError } from "./admin/command.ts";
import { FileFault } from "./admin/file_fault.ts";
import { failureOf } from "./failed.ts";

/** In the order in which they are shown. */
const COMMANDS: Record<string, () => Promise<{ command: Command }>> = {
  setup: () => import("./admin/setup.ts"),
  status: () => import("./admin/status.ts"),
  user: () => import("./admin/user.ts"),
  find: () => import("./admin/find.ts"),
  dead: () => import("./admin/dead.ts"),
  revoke: () => import("./admin/revoke.ts"),
  delete: () => import("./admin/delete.ts"),
  "keys list": () => import("./admin/keys_list.ts"),
  "keys add": () => import("./admin/keys_add.ts"),
  "keys remove": () => import("./admin/keys_remove.ts"),
  "events status": () => import("./admin/events_status.ts"),
  "events on": () => import("./admin/events_on.ts"),
  "events replay": () => import("./admin/events_replay.ts"),
  backup: () => import("./admin/backup.ts"),
  check: () => import("./admin/check.ts"),
  restore: () => import("./admin/restore.ts"),
  tombstones: () => import("./admin/tombstones.ts"),
  schema: () => import("./admin/schema.ts"),
};

/** Runs the task; returns the exit code. */
async function main(args: string[]): Promise<number> {
  const [first = "", second = ""] = args;
  const alone = lookUp(COMMANDS, first);
  const load = alone ?? lookUp(COMMANDS, `${first} ${second}`);
  if (load === undefined) {
    console.error(await usage());
    return EXIT.usage;
  }
  const { command } = await load();
  const rest = args.slice(alone === undefined ? 2 : 1);
  try {
    return await command.run(readArgs(rest, command.shape));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\nUsage: deno task admin ${command.usage}`);
    return EXIT.usage;
  }
}

async function usage(): Promise<string> {
  const all = await Promise.all(Object.values(COMMANDS).map((load) => load()));
  const lines = all.map(({ command }) => `  deno task admin ${command.usage}`);
  return `Usage:\n${lines.join("\n")}`;
}

/** What an operator reads of an error that ended a command. */
function said(error: unknown): string {
  if (error instanceof Refusal) return wordsOf(error.reason).description;
  if (error instanceof StoreError || error instanceof FileFault) return error.message;
  if (error instanceof Deno.errors.NotFound) return "There is no such file or folder.";
  return failureOf("do that", error);
}

try {
  Deno.exit(await main(Deno.args));
} catch (error) {
  console.error(said(error));
  Deno.exit(EXIT.failed);
}
