import { assert, assertEquals, assertRejects } from "@std/assert";
import { openKv } from "../../vault/deno_kv.ts";
import { closeKvFiles, kvFileOf, makeKvFile } from "../../vault/kv_files.ts";

const ignore = Deno.build.os === "windows";

async function tempDir(): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir({ prefix: "switchboard_" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

/** What may be done with each file of a folder, in octal. */
async function modesIn(folder: string): Promise<Record<string, string>> {
  const modes: Record<string, string> = {};
  for await (const { name } of Deno.readDir(folder)) {
    modes[name] = ((await Deno.stat(`${folder}/${name}`)).mode! & 0o777).toString(8);
  }
  return modes;
}

/** Under a mask that forbids nothing, as some containers have it. */
async function unmasked<T>(run: () => Promise<T>): Promise<T> {
  const before = Deno.umask(0);
  try {
    return await run();
  } finally {
    Deno.umask(before);
  }
}

Deno.test(
  { name: "no other user reads a KV file, nor what SQLite makes beside it", ignore },
  async () => {
    await using folder = await tempDir();
    await unmasked(async () => {
      using kv = await openKv(`${folder.path}/new/data/kv.sqlite`);
      await kv.set(["a"], 1);
      assertEquals(await modesIn(`${folder.path}/new/data`), {
        "kv.sqlite": "600",
        "kv.sqlite-shm": "600",
        "kv.sqlite-wal": "600",
      });
    });
    assertEquals(await modesIn(folder.path), { new: "700" });
    assertEquals(await modesIn(`${folder.path}/new`), { data: "700" });
  },
);

Deno.test({
  name: "a KV file that others could read is closed to them, and that is said once",
  ignore,
}, async () => {
  await using folder = await tempDir();
  const path = `${folder.path}/kv.sqlite`;
  // As a version before this one made it, while it runs: with the files beside it.
  using before = await unmasked(() => Deno.openKv(path));
  await before.set(["a"], 1);
  for (const mode of Object.values(await modesIn(folder.path))) assertEquals(mode, "644");
  await Deno.chmod(folder.path, 0o755);
  const said: unknown[] = [];
  for (let start = 0; start < 2; start++) {
    using kv = await openKv(path, (opened) => said.push(opened));
    assertEquals((await kv.get(["a"])).value, 1);
  }
  assertEquals(said, [{ closed: 3, left: 0 }]);
  for (const mode of Object.values(await modesIn(folder.path))) assertEquals(mode, "600");
  assertEquals((await Deno.stat(folder.path)).mode! & 0o777, 0o755, "the folder is not ours alone");
});

Deno.test(
  { name: "a link to a KV file is followed to where SQLite puts its files", ignore },
  async () => {
    await using folder = await tempDir();
    await Deno.mkdir(`${folder.path}/real`);
    await unmasked(async () => {
      using kv = await Deno.openKv(`${folder.path}/real/kv.sqlite`);
      await kv.set(["a"], 1);
      await Deno.symlink(`${folder.path}/real/kv.sqlite`, `${folder.path}/link`);
      assertEquals((await closeKvFiles(`${folder.path}/link`)).closed, 3);
    });
    assert(Object.values(await modesIn(`${folder.path}/real`)).every((mode) => mode === "600"));
  },
);

Deno.test("a KV in memory, at an address or of the platform has no file", () => {
  for (const path of [undefined, ":memory:", "https://kv.example.com/"]) {
    assertEquals(kvFileOf(path), undefined);
  }
  assertEquals(kvFileOf("data/kv.sqlite"), "data/kv.sqlite");
});

Deno.test("a file that cannot be made is said to be, and one that is there is left", async () => {
  await using folder = await tempDir();
  const path = `${folder.path}/kv.sqlite`;
  await Deno.writeTextFile(path, "there");
  await makeKvFile(path);
  assertEquals(await Deno.readTextFile(path), "there");
  await assertRejects(() => makeKvFile(`${folder.path}/${"x".repeat(1_000)}`));
});
