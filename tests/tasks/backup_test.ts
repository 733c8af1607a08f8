/** Backup and restore, with the real tasks, beside a gateway that runs and writes. */

import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { digestHex, newKeyLine } from "../../tasks/key.ts";
import { openRecords } from "../../vault/deno_kv.ts";
import { connectionKey } from "../../vault/keys.ts";
import { admin, type AdminRun } from "../support/admin.ts";
import { API_KEY, startGateway } from "../support/gateway.ts";
import { type Program, startProgram } from "../support/program.ts";
import { startZoo, type Zoo } from "../support/zoo.ts";

const KEYS = newKeyLine("k1");

async function tempDir(): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir({ prefix: "switchboard_" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

function settings(zoo: Zoo): Record<string, string> {
  return {
    ENCRYPTION_KEYS: KEYS,
    PROVIDERS: JSON.stringify([zoo.spec]),
    ZOO_CLIENT_ID: "zoo-client",
    ZOO_CLIENT_SECRET: "zoo-secret",
  };
}

function itemOf(zoo: Zoo, userId: string) {
  const { access_token, refresh_token } = zoo.issue();
  const account = { id: `lion_${userId}`, label: `Leo of ${userId}` };
  return {
    service: "zoo",
    user_id: userId,
    account,
    access_token,
    refresh_token,
    expires_in: 3600,
  };
}

async function post({ url, headers }: Program, path: string, body: unknown) {
  const { "X-User-Id": _, ...own } = headers;
  const answer = await fetch(url + path, {
    method: "POST",
    headers: own,
    body: JSON.stringify(body),
  });
  return { status: answer.status, text: await answer.text() };
}

const importing = (program: Program, zoo: Zoo, userId: string) =>
  post(program, "/connections/import?verify=none", [itemOf(zoo, userId)]);

const token = (program: Program, userId: string) =>
  post(program, "/token/zoo", { user_id: userId });

Deno.test("a backup beside a gateway that writes has the newest user, and serves them again", async () => {
  await using folder = await tempDir();
  await using zoo = startZoo();
  const [kvPath, file, place] = ["kv", "backup", "restored"].map((name) =>
    `${folder.path}/${name}.sqlite`
  ) as [string, string, string];
  const set = settings(zoo);
  const run = (path: string, ...args: string[]): Promise<AdminRun> =>
    admin({ ...set, KV_PATH: path }, ...args);
  let printed = "";
  {
    await using program = await startProgram({ env: { ...set, KV_PATH: kvPath } });
    assertEquals((await importing(program, zoo, "newest")).status, 200);
    // A copy of the file alone, as `cp` makes it: what was written last is in the -wal.
    await Deno.copyFile(kvPath, `${folder.path}/cp.sqlite`);

    let isOver = false;
    let written = 0;
    const writing = (async () => {
      while (!isOver) {
        assertEquals((await importing(program, zoo, `other_${written}`)).status, 200);
        written += 1;
      }
    })();
    const made = await run(kvPath, "backup", file, "--json");
    isOver = true;
    await writing;
    assertEquals(made.code, 0, made.err);
    assertEquals([made.json.keys.k1 > 0, made.json.sealed], [true, true]);
    assert(written > 0, "nothing was written meanwhile");
    if (Deno.build.os !== "windows") {
      assertEquals(((await Deno.stat(file)).mode ?? 0) & 0o777, 0o600);
    }
    const names = Array.from(Deno.readDirSync(folder.path), ({ name }) => name);
    assertEquals(names.filter((name) => name.includes("part")), []);

    const running = await run(kvPath, "restore", file, "--replace", "--yes");
    assertEquals(running.code, 1);
    assertStringIncludes(running.err, "end the gateway that runs on it");
    assertEquals((await token(program, "newest")).status, 200);
    printed += made.out + made.err + running.out + running.err;
  }
  {
    const records = await openRecords(`${folder.path}/cp.sqlite`);
    const key = connectionKey({ subject: "voice:newest", provider: "zoo", account: "lion_newest" });
    assertEquals(await records.get(key), null);
    records.close();
  }
  const checked = await run(kvPath, "check", file);
  assertEquals(checked.code, 0, checked.err);
  assertStringIncludes(checked.out, "useless without these keys");
  const restored = await run(place, "restore", file, "--yes");
  assertEquals(restored.code, 0, restored.err);
  printed += checked.out + restored.out + restored.err;
  await using program = await startProgram({ env: { ...set, KV_PATH: place } });
  const served = await token(program, "newest");
  assertEquals([served.status, JSON.parse(served.text).access_token], [200, "zoo-access-1"]);
  for (const secret of ["zoo-access", "zoo-refresh", "zoo-secret", KEYS.slice(3)]) {
    assert(!printed.includes(secret), "a secret was printed");
    assert(!(await Deno.readTextFile(file)).includes(secret), "a secret is in the backup");
  }
});

Deno.test("after a restore nobody is back who was deleted, signed out or used up since", async () => {
  await using folder = await tempDir();
  await using zoo = startZoo();
  const set = settings(zoo);
  const file = `${folder.path}/backup.sqlite`;
  const kvPath = `${folder.path}/kv.sqlite`;
  const run = (...args: string[]) => admin({ ...set, KV_PATH: kvPath }, ...args);
  let session: string, link: string;
  {
    await using gateway = await startGateway({ kvPath, env: set });
    const items = ["ann", "bob", "cy"].map((userId) => itemOf(zoo, userId));
    await gateway.api("/connections/import?verify=none", { body: items });
    const body = { user_id: "ann", services: ["*"] };
    session = (await gateway.api("/sessions", { body })).json.token;
    link = (await gateway.api("/links", { body: { user_id: "ann", service: "zoo" } })).json.url;
    assertEquals((await run("backup", file)).code, 0);
    assertEquals((await gateway.api("/users/bob", { method: "DELETE" })).json.deleted, true);
    await gateway.leave();
  }
  const forget = `${folder.path}/forget`;
  await Deno.writeTextFile(forget, "voice:cy\n");
  const refused = await run("restore", file, "--yes");
  assertEquals(refused.code, 1);
  assertStringIncludes(refused.err, "add --replace");
  const done = await run("restore", file, "--replace", "--yes", "--forget", forget, "--json");
  assertEquals(done.code, 0, done.err);
  assertEquals([done.json.people, done.json.access >= 1, done.json.singleUse >= 1], [
    2,
    true,
    true,
  ]);
  // What was there is kept, whole, in one file.
  assert((await Deno.stat(done.json.aside)).size > 0);
  await using gateway = await startGateway({ kvPath, env: set });
  const connections = async (userId: string) =>
    (await gateway.api(`/connections?user_id=${userId}`)).json.connections.length;
  assertEquals(await Promise.all(["ann", "bob", "cy"].map(connections)), [1, 0, 0]);
  const listed = await gateway.mcp({ jsonrpc: "2.0", method: "tools/list", id: 1 }, {
    key: session,
  });
  assertEquals(listed.status, 401);
  const { pathname, search } = new URL(link);
  const opened = await fetch(gateway.url + pathname + search);
  await opened.body?.cancel();
  assertNotEquals(opened.status, 200);
  // The tombstone came along: a second restore of the same knows it.
  const stones = (await run("tombstones")).out.trim().split("\n");
  assertEquals(stones.length, 1);
  assert(!stones[0]!.includes("bob"));
});

/** A small sealed backup, and what the real task says of changed copies of it. */
Deno.test("a backup that was changed, cut off or swapped is known", async () => {
  await using folder = await tempDir();
  const kvPath = `${folder.path}/kv.sqlite`;
  const env = {
    ENCRYPTION_KEYS: KEYS,
    KV_PATH: kvPath,
    PUBLIC_URL: "http://localhost:1",
    API_KEYS: `voice:sha256:${digestHex(API_KEY)}`,
  };
  (await openRecords(kvPath)).close();
  assertEquals((await admin(env, "keys", "add", "desk", "--services", "github")).code, 0);
  const file = `${folder.path}/backup.sqlite`;
  assertEquals((await admin(env, "backup", file)).code, 0);
  const whole = await Deno.readFile(file);
  const changed = async (change: (path: string) => void | Promise<void>) => {
    const path = `${folder.path}/${crypto.randomUUID()}.sqlite`;
    await Deno.writeFile(path, whole);
    await change(path);
    const { code, out, err } = await admin(env, "check", path);
    return [code, err || out] as const;
  };
  const bytes = (change: (bytes: Uint8Array) => Uint8Array) => (path: string) =>
    Deno.writeFile(path, change(whole.slice()) as Uint8Array<ArrayBuffer>);
  const sql = (text: string) => (path: string) => {
    const db = new DatabaseSync(path);
    db.exec(text);
    db.close();
  };
  const results = await Promise.all([
    changed(() => {}),
    changed(sql("UPDATE kv SET v = substr(v, 1, length(v) - 1) || x'00'")),
    changed(sql("UPDATE kv SET expiration_ms = expiration_ms + 1")),
    changed(sql("CREATE TRIGGER t AFTER UPDATE ON kv BEGIN DELETE FROM kv; END")),
    changed(bytes((all) => {
      all[0]! ^= 1;
      return all;
    })),
    changed(bytes((all) => all.slice(0, all.length - 5_000))),
    changed(bytes((all) => all.slice(0, 10))),
    changed(sql("DROP TABLE switchboard_seal")),
    changed(sql(`UPDATE switchboard_seal SET seal = replace(seal, 'madeAt', 'madeOn')`)),
  ]);
  assertEquals(results.map(([code]) => code), [0, 1, 1, 1, 1, 1, 1, 1, 1]);
  const said = results.map(([, text]) => text);
  assertStringIncludes(said[1]!, "It was changed, or damaged, since it was made.");
  assertStringIncludes(said[2]!, "It was changed, or damaged, since it was made.");
  assertStringIncludes(said[3]!, "It is no database of a gateway.");
  assertStringIncludes(said[7]!, "Nobody has sealed it");
  assertStringIncludes(said[8]!, "Its seal was not made by the key");
  // Another deployment's keys, by the same id.
  const others = await admin({ ...env, ENCRYPTION_KEYS: newKeyLine("k1") }, "check", file);
  assertEquals(others.code, 1);
  assertStringIncludes(others.err, 'Its seal was not made by the key "k1"');
  const stranger = await admin({ ...env, ENCRYPTION_KEYS: newKeyLine("k9") }, "restore", file);
  assertEquals(stranger.code, 1);
});

Deno.test("a backup writes over nothing, and follows no link", async () => {
  await using folder = await tempDir();
  const kvPath = `${folder.path}/kv.sqlite`;
  const env = { ENCRYPTION_KEYS: KEYS, KV_PATH: kvPath };
  (await openRecords(kvPath)).close();
  const [there, link, dangling] = ["there", "link", "dangling"].map((name) =>
    `${folder.path}/${name}`
  ) as [string, string, string];
  await Deno.writeTextFile(there, "mine");
  await Deno.symlink(there, link);
  await Deno.symlink(`${folder.path}/nowhere`, dangling);
  for (const target of [there, link, dangling, kvPath]) {
    const { code, err } = await admin(env, "backup", target);
    assertEquals([code, err], [
      1,
      "There is something by this name, and it is not written over.\n",
    ]);
  }
  assertEquals(await Deno.readTextFile(there), "mine");
  const names = Array.from(Deno.readDirSync(folder.path), ({ name }) => name);
  assertEquals(names.filter((name) => !name.startsWith("kv.")).sort(), [
    "dangling",
    "link",
    "there",
  ]);
  const lost = await admin(env, "backup", `${folder.path}/no/folder`);
  assertEquals([lost.code, lost.err], [1, "There is no such file or folder.\n"]);
});
