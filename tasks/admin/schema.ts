/**
 * `deno task admin schema`: which form the database has. `schema finish` gives up
 * the way back to the version before, and does what waits for that.
 *
 * @module
 */

import { readSchema, SCHEMA_VERSION } from "../../vault/schema.ts";
import { finishSchema, type Upgrade, upgradeSchema } from "../../vault/schema_upgrade.ts";
import type { Vault } from "../../vault/vault.ts";
import { type Args, type Command, EXIT, UsageError } from "./command.ts";
import { confirmed, json } from "./output.ts";
import { withVault, world } from "./program.ts";

export const command: Command = {
  usage: "schema <show|finish> [--yes] [--json]",
  shape: { positionals: 1, switches: ["yes", "json"] },
  async run(args) {
    const [what] = args.positionals;
    if (what !== "show" && what !== "finish") throw new UsageError("Say show or finish.");
    return await withVault((vault) => what === "show" ? show(vault, args) : finish(vault, args));
  },
};

async function show({ records }: Vault, args: Args): Promise<number> {
  const { version, reads, upgrading } = (await readSchema(records)).value;
  const found = { version, reads, known: SCHEMA_VERSION, upgrading_to: upgrading?.to };
  if (args.has("json")) console.log(json(found, 2));
  else {
    console.log(`Everything has form ${version}; programs that know form ${reads} read it.`);
    if (reads < version) {
      console.log("One can go back to such a version until `deno task admin schema finish`.");
    }
    if (upgrading !== undefined) console.log(`Housekeeping is on its way to ${upgrading.to}.`);
  }
  return EXIT.done;
}

async function finish({ records, ring }: Vault, args: Args): Promise<number> {
  const { value: { reads } } = await readSchema(records);
  if (reads === SCHEMA_VERSION) {
    console.error("There is nothing to finish.");
    return EXIT.done;
  }
  const question = `Give up the way back? No version that knows less than form ${SCHEMA_VERSION} ` +
    `opens the database afterwards. Make a backup first.`;
  if (!confirmed(question, args.has("yes"))) return EXIT.failed;
  if (!await finishSchema(records, SCHEMA_VERSION, world.now())) {
    console.error(
      "An older process still runs, or was killed less than 15 minutes ago: see status.",
    );
    return EXIT.failed;
  }
  for (;;) {
    const upgrade: Upgrade = await upgradeSchema({ records, ring }, world.now());
    if (upgrade.state === "under_way") continue;
    if (upgrade.state === "done") console.log(`Everything has form ${upgrade.version}.`);
    else console.error("An older process has come: end it, and run this again.");
    return upgrade.state === "done" ? EXIT.done : EXIT.failed;
  }
}
