/** Forms of the database: upgrades that go on after a kill, the way back, and what is too new. */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { VaultError } from "../../broker/core/store_errors.ts";
import { newKeyLine } from "../../tasks/key.ts";
import { onKv, openRecords } from "../../vault/deno_kv.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { connectionKey, schemaKey, sealerKey } from "../../vault/keys.ts";
import { readSchema, requireSchema, SCHEMA_VERSION } from "../../vault/schema.ts";
import {
  finishSchema,
  SCHEMA_STEPS,
  type SchemaStep,
  upgradeSchema,
} from "../../vault/schema_upgrade.ts";
import { admin } from "../support/admin.ts";
import { startGateway } from "../support/gateway.ts";
import { memoryRecords } from "../support/memory_records.ts";
import { runDeno } from "../support/process.ts";
import { doubling, plant, standing } from "../support/schema_step.ts";

const ring = await importKeyRing([{ id: "k1", bytes: new Uint8Array(32) }]);
const NOW = 1_800_000_000_000;

async function start(many: number, steps: SchemaStep[]) {
  const records = memoryRecords();
  await plant(records, many);
  return {
    records,
    run: (most?: number) => upgradeSchema({ records, ring, steps }, NOW, most),
    announce: (schema?: number) =>
      records.commit({
        sets: [{
          key: sealerKey("other"),
          value: { key: "k1", opens: ["k1"], since: 0, schema, expires_at: NOW + 1 },
        }],
      }),
  };
}

Deno.test("the newest form is that of the last step, and steps leave no gap", () => {
  assertEquals(SCHEMA_VERSION, 1 + SCHEMA_STEPS.length);
  assertEquals(SCHEMA_STEPS.map(({ to }) => to), SCHEMA_STEPS.map((_step, at) => at + 2));
});

Deno.test("an upgrade is done a part at a time, and each record once", async () => {
  const { records, run } = await start(230, [doubling({ keepsOlder: true })]);
  assertEquals(await run(100), { state: "under_way", version: 1 });
  assertEquals(await standing(records), { done: 100, right: true });
  // Two at once, as two processes: what one has done the other leaves.
  await Promise.all([run(), run()]);
  assertEquals(await standing(records), { done: 230, right: true });
  assertEquals((await readSchema(records)).value, { version: 2, reads: 1 });
  assertEquals(await run(), { state: "done", version: 2 });
});

Deno.test("a process that is killed in the middle of an upgrade has done no harm", async () => {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_" });
  const path = `${folder}/kv.sqlite`;
  const many = 1_500;
  try {
    const records = await openRecords(path);
    await plant(records, many);
    const script = new URL("../support/schema_step.ts", import.meta.url).pathname;
    {
      await using other = runDeno(["run", "-A", "--unstable-kv", "--no-check", script, path], {});
      await other.said(/changed 100/);
      other.child.kill("SIGKILL");
      await other.ended;
    }
    const { done, right } = await standing(records);
    assert(done > 0 && done < many && right, `${done} of ${many}`);
    const { value: { upgrading } } = await readSchema(records);
    assertEquals(upgrading?.to ?? 2, 2);
    const again: number[] = [];
    const steps = [doubling({ keepsOlder: true, each: () => again.push(1) })];
    // By two at once, this process and one more.
    await using beside = runDeno(["run", "-A", "--unstable-kv", "--no-check", script, path], {});
    await upgradeSchema({ records, ring, steps }, Date.now());
    await beside.said(/"state":"done"/);
    assertEquals(await standing(records), { done: many, right: true });
    assertEquals((await readSchema(records)).value, { version: 2, reads: 1 });
    records.close();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("an upgrade waits for older processes, and one of them takes it back", async () => {
  const { records, run, announce } = await start(120, [doubling({ keepsOlder: true })]);
  await announce();
  assertEquals(await run(), { state: "waits", version: 1, for: "older_processes" });
  assertEquals((await standing(records)).done, 0);
  await records.commit({ deletes: [sealerKey("other")] });
  assertEquals((await run(50)).state, "under_way");
  // An older one starts in the middle, and writes behind the place where the upgrade is.
  await announce(1);
  await requireSchema(records, 1);
  assertEquals((await readSchema(records)).value, { version: 1, reads: 1 });
  await plant(records, 10);
  await records.commit({ deletes: [sealerKey("other")] });
  assertEquals(await run(), { state: "done", version: 2 });
  assertEquals(await standing(records), { done: 120, right: true });
  // And after it was done: it still reads everything, and all is looked through once more.
  await requireSchema(records, 1);
  await plant(records, 10);
  assertEquals(await run(), { state: "done", version: 2 });
  assertEquals(await standing(records), { done: 120, right: true });
});

Deno.test("what the version before cannot read is not written before an operator says so", async () => {
  const { records, run, announce } = await start(60, [doubling({ keepsOlder: false })]);
  assertEquals(await run(), { state: "waits", version: 1, for: "operator" });
  assertEquals((await standing(records)).done, 0);
  await announce(1);
  assertEquals(await finishSchema(records, 2, NOW), false);
  await records.commit({ deletes: [sealerKey("other")] });
  assertEquals(await finishSchema(records, 2, NOW), true);
  // From here on the older one does not start, though nothing is changed yet.
  await assertRejects(() => requireSchema(records, 1), VaultError);
  assertEquals(await run(), { state: "done", version: 2 });
  assertEquals(await standing(records), { done: 60, right: true });
});

Deno.test("a database of a newer version is refused in one line, and stays as it is", async () => {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_" });
  const path = `${folder}/kv.sqlite`;
  const env = {
    ENCRYPTION_KEYS: newKeyLine("k1"),
    KV_PATH: path,
    PUBLIC_URL: "http://localhost:1",
    API_KEYS: `voice:sha256:${"0".repeat(64)}`,
  };
  try {
    const newer = { version: 99, reads: 99 };
    {
      const records = await openRecords(path);
      await records.commit({ sets: [{ key: schemaKey, value: newer }] });
      records.close();
    }
    await using program = runDeno(["run", "-A", "main.ts"], { ...env, PORT: "0" });
    assertEquals((await program.ended).success, false);
    const lines = program.output().trim().split("\n");
    assertEquals(lines.length, 1, program.output());
    assertStringIncludes(lines[0]!, "needs a program that reads form 99; this one reads up to 1");
    const status = await admin(env, "schema", "show");
    assertEquals([status.code, status.err.trim()], [1, lines[0]]);
    const kv = await Deno.openKv(path);
    const all = await Array.fromAsync(onKv(kv).list({ prefix: [] }), ({ value }) => value);
    assertEquals(all, [newer]);
    kv.close();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a record of a form that is not known is told, and the others are served", async () => {
  await using gateway = await startGateway();
  await gateway.connect("github", { userId: "old" });
  await gateway.connect("github", { userId: "new" });
  const [entry] = await Array.fromAsync(
    gateway.records.list<{ v: number }>({
      prefix: connectionKey({
        ...{ subject: "voice:new", provider: "github", account: "" },
      }).slice(0, 2),
    }),
  );
  const { key, value } = entry!;
  await gateway.records.commit({ sets: [{ key, value: { ...value, v: 7 } }] });
  const token = async (userId: string) =>
    (await gateway.api("/token/github", { body: { user_id: userId } })).status;
  assertEquals(await token("old"), 200);
  const status = await token("new");
  assert(status === 503 || status === 409, String(status));
  const { json } = await gateway.api("/connections?user_id=new");
  assertEquals(json.connections[0].status, "reauthorization_required");
});
