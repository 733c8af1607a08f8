/**
 * `deno task admin tombstones`: who was deleted, by pseudonyms, one a line. Kept
 * beside backups it lets a restore delete them again; without the keys it says
 * of nobody who they are.
 *
 * @module
 */

import type { Subject } from "../../broker/core/subject.ts";
import { type KnownTombstone, tombstonesIn } from "../../vault/restored.ts";
import { type Command, EXIT } from "./command.ts";
import { json } from "./output.ts";
import { withVault } from "./program.ts";
import { FileFault } from "./file_fault.ts";
import { readSubject } from "./subject.ts";

export const command: Command = {
  usage: "tombstones > <file>",
  shape: { positionals: 0 },
  run: () =>
    withVault(async ({ records }) => {
      for await (const { pseudonym, at, removed, expiresAt } of tombstonesIn(records)) {
        console.log(json({ pseudonym, at, removed, expires_at: expiresAt }));
      }
      return EXIT.done;
    }),
};

/** Such a file; a line may name a person instead, as `realm:id`. @throws {FileFault} */
export async function readForgotten(
  path: string,
): Promise<{ tombstones: KnownTombstone[]; forget: Subject[] }> {
  const tombstones: KnownTombstone[] = [];
  const forget: Subject[] = [];
  for (const [at, line] of (await Deno.readTextFile(path)).split("\n").entries()) {
    const text = line.trim();
    if (text === "") continue;
    try {
      if (text.startsWith("{")) tombstones.push(tombstoneOf(JSON.parse(text)));
      else forget.push(readSubject(text));
    } catch {
      throw new FileFault(`--forget: line ${at + 1} is no tombstone and no <realm>:<id>.`);
    }
  }
  return { tombstones, forget };
}

function tombstoneOf({ pseudonym, at, removed, expires_at: expiresAt }: Record<string, unknown>) {
  const isOne = typeof pseudonym === "string" && /^[\w-]{43}$/.test(pseudonym) &&
    Number.isFinite(at) && Number.isFinite(expiresAt) && typeof removed === "object" &&
    removed !== null;
  if (!isOne) throw new TypeError("Cannot read a tombstone: a member is missing");
  return { pseudonym, at, removed, expiresAt } as KnownTombstone;
}
