/**
 * `deno task admin backup <file>`: all of the database as it is at one moment,
 * while gateways write on. It is looked through before it gets its name, so what
 * has the name is whole.
 *
 * @module
 */

import { sealOf } from "./backup_seal.ts";
import { type Command, EXIT } from "./command.ts";
import { besideOf, inspectCopy, jsonOf, linesOf, withCopyFile } from "./inspected.ts";
import { json } from "./output.ts";
import { requireDatabase, world } from "./program.ts";
import { FileFault } from "./file_fault.ts";
import { closeToOneFile, copyDatabase, digestOf, putSeal, requireIntact } from "./sqlite_file.ts";
import { vaultOf } from "./vault_of.ts";

export const command: Command = {
  usage: "backup <file> [--json]",
  shape: { positionals: 1, switches: ["json"] },
  async run({ positionals: [target = ""], has }) {
    const { kvPath, file, ring } = await vaultOf();
    await requireDatabase(kvPath);
    if (file === undefined) throw new FileFault("The database is no file on this machine.");
    await requireFree(target);
    const part = besideOf(target, "part");
    return await withCopyFile(part, async () => {
      const madeAt = world.now();
      const records = await copyDatabase(file, part);
      await closeToOneFile(part);
      requireIntact(part);
      const inspection = await inspectCopy(part, ring);
      const keys = Object.fromEntries(inspection.keys);
      const sealed = { madeAt, records, keys, digest: digestOf(part) };
      putSeal(part, await sealOf(ring, sealed));
      await keep(part, target);
      const looked = { inspection, sealed };
      if (has("json")) console.log(json({ file: target, ...jsonOf(looked) }, 2));
      else for (const line of linesOf(looked)) console.log(line);
      return inspection.unopened.size > 0 ? EXIT.partly : EXIT.done;
    });
  },
};

/** Also where a link stands that leads nowhere: what it would be followed to is somebody else's. */
async function requireFree(target: string): Promise<void> {
  try {
    await Deno.lstat(target);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  throw new FileFault("There is something by this name, and it is not written over.");
}

/** On the disk, and then by its name: whoever is cut off has left no half of a backup there. */
export async function keep(part: string, target: string): Promise<void> {
  {
    using written = await Deno.open(part, { read: true, write: true });
    await written.sync();
  }
  try {
    // Unlike a renaming it writes over nothing that came meanwhile.
    await Deno.link(part, target);
  } catch {
    await requireFree(target);
    // Not every file system has links.
    await Deno.rename(part, target);
  }
}
