/**
 * `deno task admin check <file>`: whether a backup is whole, unchanged, and can
 * be opened with these keys. Looks at a copy of it, and changes nothing.
 *
 * @module
 */

import { type Command, EXIT } from "./command.ts";
import { jsonOf, linesOf, lookAt, withCopyFile } from "./inspected.ts";
import { json } from "./output.ts";
import { copyDatabase } from "./sqlite_file.ts";
import { vaultOf } from "./vault_of.ts";

export const UNSEALED =
  "Nobody has sealed it: whether it is whole, and what it was, cannot be told. " +
  "`deno task admin backup` makes sealed ones.";

export const command: Command = {
  usage: "check <file> [--json]",
  shape: { positionals: 1, switches: ["json"] },
  async run({ positionals: [file = ""], has }) {
    const { ring } = await vaultOf();
    const folder = await Deno.makeTempDir({ prefix: "switchboard_check_" });
    const copy = `${folder}/copy.sqlite`;
    try {
      return await withCopyFile(copy, async () => {
        await Deno.stat(file);
        await copyDatabase(file, copy);
        const looked = await lookAt(copy, ring);
        const isGood = looked.sealed !== undefined && looked.inspection.unopened.size === 0;
        if (has("json")) console.log(json({ file, good: isGood, ...jsonOf(looked) }, 2));
        else {
          for (const line of linesOf(looked)) console.log(line);
          if (looked.sealed === undefined) console.log(UNSEALED);
          if (isGood) console.log("It is whole, is what it was when it was made, and opens.");
        }
        return isGood ? EXIT.done : EXIT.failed;
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
};
