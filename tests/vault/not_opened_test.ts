/** What stands in the way of a database, said with its cure. */

import { assert, assertRejects, assertStringIncludes } from "@std/assert";
import { NotOpenedError } from "../../broker/core/store_errors.ts";
import { openKv } from "../../vault/deno_kv.ts";
import { testWorld } from "../support/world.ts";
import { openVault } from "../../vault/vault.ts";
import { whyNotOpened } from "../../vault/not_opened.ts";

const folder = await Deno.makeTempDir({ prefix: "switchboard_" });
addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

async function refusal(path: string): Promise<string> {
  return (await assertRejects(() => openKv(path), NotOpenedError)).message;
}

Deno.test("a folder in the place of the file, a file in the place of the folder, a file of another kind", async () => {
  assertStringIncludes(await refusal(folder), `${folder} (KV_PATH, or DATA_DIR) is a folder`);
  const file = `${folder}/notes.txt`;
  await Deno.writeTextFile(file, "These are notes, and no database. ".repeat(50));
  assertStringIncludes(await refusal(file), `${file} (KV_PATH, or DATA_DIR) is a file, and no SQL`);
  const below = await refusal(`${file}/sk_live_MARK.sqlite`);
  assertStringIncludes(below, `${file} (KV_PATH, or DATA_DIR) is a file, and a folder is wanted`);
  // What is not there may be something that was pasted.
  assert(!below.includes("MARK"));
});

Deno.test({
  name: "a place where no folder can be made, and one that is not this user's",
  ignore: Deno.build.os !== "linux",
}, async () => {
  assertStringIncludes(await refusal("/proc/x/kv.sqlite"), "no folder can be made below /proc");
  assertStringIncludes(await refusal("/sys/kernel/kv.sqlite"), "may not write in /sys/kernel");
});

Deno.test("a database that another program holds, or whose disk is full or read only", async () => {
  const path = `${folder}/kv.sqlite`;
  await Deno.writeTextFile(path, "");
  const why = (message: string) => whyNotOpened(path, new Error(message));
  assertStringIncludes(await why("database is locked"), "locked by another program");
  assertStringIncludes(await why("database or disk is full"), "is full. Make room");
  assertStringIncludes(await why("No space left on device (os error 28)"), "is full. Make room");
  assertStringIncludes(await why("Read-only file system (os error 30)"), "Mount it writable");
  assertStringIncludes(await why("attempt to write a readonly database"), "may not write");
  assertStringIncludes(await why("database disk image is malformed"), "is damaged");
  assertStringIncludes(await why("NotCapable: Requires write access"), "--allow-write");
});

Deno.test("a remote KV without a token, with a wrong one, and one that is none", async () => {
  const secret = "https://kv.mine.org/sk_live_MARK";
  const why = (message: string) => whyNotOpened(secret, new TypeError(message));
  const said = [
    await why("Missing DENO_KV_ACCESS_TOKEN environment variable."),
    await why(
      "Could not open: the metadata endpoint at 'x' responded with status 401 Unauthorized",
    ),
    await why(
      "Could not open: 'x' is not a valid KV Connect endpoint (failed to read the metadata)",
    ),
    await why("failed to connect: client error (Connect): tcp connect error: Connection refused"),
    await why("client error (Connect): dns error: failed to lookup address information"),
  ];
  const expected = ["is not set", "does not take", "is no KV", "nobody listens", "(DNS)"];
  for (const [at, part] of expected.entries()) assertStringIncludes(said[at]!, part);
  assert(!said.join().includes("MARK"));
});

Deno.test({
  name: "a database that another program holds whole stops a start, which says so",
  // What waits in the runtime for the lock is left there.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const kvPath = `${folder}/held.sqlite`;
    (await openKv(kvPath)).close();
    const { DatabaseSync } = await import("node:sqlite");
    const holder = new DatabaseSync(kvPath);
    holder.exec("BEGIN EXCLUSIVE");
    const keys = [{ id: "k1", bytes: crypto.getRandomValues(new Uint8Array(32)) }];
    const { message } = await assertRejects(
      () => openVault({ kvPath, keys, patienceMs: 50 }, testWorld()),
      NotOpenedError,
    );
    assertStringIncludes(message, `${kvPath} (KV_PATH, or DATA_DIR) has been locked`);
    holder.exec("ROLLBACK");
    holder.close();
    const vault = await openVault({ kvPath, keys }, testWorld());
    await vault.close();
  },
});
