/**
 * `deno task admin restore <file>`: a backup takes the place of the database.
 * While a gateway runs on it nothing is done. Everything is done to a copy
 * first, which takes its place at last.
 *
 * @module
 */

import type { Subject } from "../../broker/core/subject.ts";
import { openRecords } from "../../vault/deno_kv.ts";
import { makeKvFile } from "../../vault/kv_files.ts";
import type { KeyRing } from "../../vault/key_ring.ts";
import {
  type KnownTombstone,
  type Settled,
  settleRestored,
  type Since,
  tombstonesIn,
} from "../../vault/restored.ts";
import { SCHEMA_VERSION } from "../../vault/schema.ts";
import { createStore } from "../../vault/store.ts";
import { keep } from "./backup.ts";
import { UNSEALED } from "./check.ts";
import { type Args, type Command, EXIT } from "./command.ts";
import { besideOf, linesOf, lookAt, type Looked, withCopyFile } from "./inspected.ts";
import { confirmed, json, many } from "./output.ts";
import { world } from "./program.ts";
import { FileFault } from "./file_fault.ts";
import { closeToOneFile, copyDatabase, putSeal } from "./sqlite_file.ts";
import { readForgotten } from "./tombstones.ts";
import { vaultOf } from "./vault_of.ts";
import { isThere } from "../is_there.ts";

export const command: Command = {
  usage: "restore <file> [--replace] [--forget <file>] [--keep-access] [--anyway] [--yes] [--json]",
  shape: {
    positionals: 1,
    values: ["forget"],
    switches: ["replace", "keep-access", "anyway", "yes", "json"],
  },
  run: restore,
};

async function restore(args: Args): Promise<number> {
  const { file: place, ring } = await vaultOf();
  if (place === undefined) throw new FileFault("The database is no file on this machine.");
  await requirePlace(place, args.has("replace"));
  const forgotten = args.value("forget");
  const said = forgotten === undefined ? NOTHING : await readForgotten(forgotten);
  // It makes the folder as a gateway would.
  const copy = besideOf(place, "restore");
  await makeKvFile(copy);
  await Deno.remove(copy);
  return await withCopyFile(copy, async () => {
    await Deno.stat(args.positionals[0]!);
    await copyDatabase(args.positionals[0]!, copy);
    const looked = await lookAt(copy, ring);
    requireGood(looked, args.has("anyway"));
    if (!args.has("json")) { for (const line of linesOf(looked)) console.error(line); }
    const since: Since = {
      tombstones: await laterTombstones(place, said.tombstones),
      forget: new Set(said.forget),
      keepAccess: args.has("keep-access"),
    };
    const kept = since.keepAccess ? "" : " All apps, clients and browsers have to sign in again.";
    const question = `Put this in the place of the database?${kept}`;
    if (!confirmed(question, args.has("yes"))) return EXIT.failed;
    const settled = await settle(copy, ring, since);
    putSeal(copy, undefined);
    const aside = await takePlace(copy, place);
    if (args.has("json")) console.log(json({ ...settled, aside }, 2));
    else for (const line of wordsOf(looked, settled, aside)) console.log(line);
    return EXIT.done;
  });
}

const NOTHING: { tombstones: KnownTombstone[]; forget: Subject[] } = { tombstones: [], forget: [] };

/** A free place, or one whose database may be put aside and is nobody's at the moment. */
async function requirePlace(place: string, replace: boolean): Promise<void> {
  if (!await isThere(place)) {
    if (!await isThere(`${place}-wal`)) return;
    throw new FileFault(`Beside KV_PATH is a -wal of a database that is gone: put it away first.`);
  }
  try {
    await closeToOneFile(place, 0);
  } catch (error) {
    if (!(error instanceof FileFault) || error.cause === undefined) throw error;
    throw new FileFault(
      "What stands where KV_PATH says is damaged. End the gateway, move it away with its -wal and " +
        "-shm, and run this again; keep it until you know that it is not needed.",
    );
  }
  const { size } = await Deno.stat(place);
  if (size > 0 && !replace) {
    throw new FileFault("There is a database where KV_PATH says: add --replace to put it aside.");
  }
}

function requireGood({ sealed, inspection }: Looked, anyway: boolean): void {
  const { reads } = inspection.schema;
  if (reads > SCHEMA_VERSION) {
    throw new FileFault(
      `It needs a program that reads form ${reads}; this one reads up to ${SCHEMA_VERSION}.`,
    );
  }
  if (anyway) return;
  if (sealed === undefined) throw new FileFault(`${UNSEALED} --anyway takes it as it is.`);
  if (inspection.unopened.size === 0) return;
  const ids = [...inspection.unopened.keys()].join(", ");
  throw new FileFault(
    `Not all of it opens with these keys: ${ids}. Put them into ENCRYPTION_KEYS; --anyway ` +
      `restores the rest.`,
  );
}

/** What the database that is replaced knows of deletions. A damaged one says nothing. */
async function laterTombstones(
  place: string,
  said: KnownTombstone[],
): Promise<Map<string, KnownTombstone>> {
  const all = new Map(said.map((each) => [each.pseudonym, each]));
  if (!await isThere(place) || (await Deno.stat(place)).size === 0) return all;
  try {
    const records = await openRecords(place);
    try {
      for await (const each of tombstonesIn(records)) all.set(each.pseudonym, each);
    } finally {
      records.close();
    }
    await closeToOneFile(place);
  } catch {
    console.error(
      "The database that is there cannot be read: who was deleted since the backup is known from " +
        "--forget alone.",
    );
  }
  return all;
}

async function settle(copy: string, ring: KeyRing, since: Since): Promise<Settled> {
  const records = await openRecords(copy);
  let settled: Settled;
  try {
    const { people } = createStore(records, ring, world);
    settled = await settleRestored(records, ring, people, world, since);
  } finally {
    records.close();
  }
  await closeToOneFile(copy);
  return settled;
}

/** What was there is put aside first; returns where. Once more nobody may have it open. */
async function takePlace(copy: string, place: string): Promise<string | undefined> {
  let aside: string | undefined;
  if (await isThere(place)) {
    await closeToOneFile(place, 0);
    aside = besideOf(place, "before-restore");
    await Deno.rename(place, aside);
  }
  await keep(copy, place);
  return aside;
}

function* wordsOf(
  { sealed, inspection }: Looked,
  { singleUse, access, people }: Settled,
  aside: string | undefined,
): Generator<string> {
  const since = sealed === undefined ? "the backup" : new Date(sealed.madeAt).toISOString();
  if (aside !== undefined) yield `What was there is now ${aside}.`;
  yield `${many(singleUse, "record")} of single use taken away; ${
    access === 0 ? "nobody's access" : many(access, "record of access", "records of access")
  }; ${many(people, "person", "people")} who had been deleted since.`;
  yield `${
    inspection.kinds.connections ?? 0
  } connections are as they were. Where a provider gives a ` +
    `new refresh token with each refresh, those that were refreshed since ${since} are over: ` +
    `their people are asked to connect again.`;
  yield "API keys, operators and MCP servers that were withdrawn or added in the console since are " +
    "as they were then: look at `deno task admin keys list`.";
  yield "Who disconnected a service since has it again. Where the provider was told it ends at the next " +
    "use; where the provider has no way to revoke, it works until `deno task admin revoke`.";
}
