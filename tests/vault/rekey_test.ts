import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import denoJson from "../../deno.json" with { type: "json" };
import { parseKeyRing } from "../../broker/config/vault.ts";
import type { ConnectionRecord } from "../../vault/connection_records.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { openRecords } from "../../vault/deno_kv.ts";
import { newKeyLine } from "../../tasks/key.ts";
import { countByKey, rekey } from "../../vault/rekey.ts";
import { API_KEY, type Gateway, startGateway, USER } from "../support/gateway.ts";
import { runDeno } from "../support/process.ts";
import { snapshot } from "../support/snapshot.ts";

const [K1, K2] = [newKeyLine("k1"), newKeyLine("k2")];
const BOTH = `${K2},${K1}`;
const REKEY = denoJson.tasks.rekey.command.split(" ").slice(1);

const ringOf = (text: string) => importKeyRing(parseKeyRing(text));

function startWith(keys: string, kvPath?: string): Promise<Gateway> {
  return startGateway({
    isUnnoted: true,
    env: { ENCRYPTION_KEYS: keys },
    ...(kvPath ? { kvPath } : {}),
  });
}

async function connectMany(gateway: Gateway, count: number): Promise<string[]> {
  const users = Array.from({ length: count }, (_, i) => `user_${i}`);
  for (const userId of users) await gateway.connect("google", { userId });
  return users;
}

/** Beside each new connection: its event, and for a while that its sign-in and its link have ended. */
const EACH = 4;

Deno.test("rekey() moves everything, and a second run finds nothing", async () => {
  await using gateway = await startWith(K1);
  await connectMany(gateway, 3);
  await gateway.api("/links", { body: { user_id: USER, service: "github" } });
  assertEquals([...await countByKey(gateway.records)], [["k1", 3 * EACH + 1]]);
  const ring = await ringOf(BOTH);
  assertEquals((await rekey(gateway.records, ring, Date)).resealed, 3 * EACH + 1);
  assertEquals([...await countByKey(gateway.records)], [["k2", 3 * EACH + 1]]);
  const again = await rekey(gateway.records, ring, Date);
  assertEquals([again.resealed, again.seen], [0, 3 * EACH + 1]);
});

Deno.test("rekey() under load lets no request fail", async () => {
  const folder = await Deno.makeTempDir();
  const kvPath = `${folder}/kv.sqlite`;
  {
    // Knows both keys and still seals with the old one: not restarted yet.
    await using gateway = await startWith(`${K1},${K2}`, kvPath);
    await connectMany(gateway, 10);
    const other = await openRecords(kvPath);
    // Refreshes write the same records at the same time.
    gateway.world.skew = 60 * 60_000;
    const load = Array.from(
      { length: 200 },
      (_, i) => gateway.api("/token/google", { body: { user_id: `user_${i % 10}` } }),
    );
    const [{ failed }, ...answers] = await Promise.all([
      rekey(other, await ringOf(BOTH), Date),
      ...load,
    ]);
    assertEquals(failed, []);
    for (const { status, text } of answers) assertEquals(status, 200, text);
    await rekey(other, await ringOf(BOTH), Date);
    assertEquals([...await countByKey(other)], [["k2", 10 * EACH]]);
    other.close();
  }
  {
    await using after = await startWith(K2, kvPath);
    // What was issued by a clock that was ahead would count as stale.
    after.world.skew = 60 * 60_000;
    assertEquals((await after.api("/token/google", { body: { user_id: "user_7" } })).status, 200);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("rekey() says what this ring cannot open, and leaves it", async () => {
  await using gateway = await startWith(K1);
  await connectMany(gateway, 1);
  const { failed, resealed } = await rekey(gateway.records, await ringOf(K2), Date);
  assertEquals(resealed, 0);
  assertEquals(failed.length, EACH);
  assertStringIncludes(failed[0]!, 'sealed with key "k1"');
  assertEquals([...await countByKey(gateway.records)], [["k1", EACH]]);
});

Deno.test("deno task rekey reports, does it, and says which key can be destroyed", async () => {
  const folder = await Deno.makeTempDir();
  const kvPath = `${folder}/kv.sqlite`;
  const run = async (keys: string, ...args: string[]) => {
    await using program = runDeno([...REKEY, ...args], { ENCRYPTION_KEYS: keys, KV_PATH: kvPath });
    const { code } = await program.ended;
    return { code, output: program.output() };
  };
  {
    await using gateway = await startWith(`${K1},${K2}`, kvPath);
    await connectMany(gateway, 2);
    const dry = await run(BOTH, "--dry-run");
    assertEquals(dry.code, 0, dry.output);
    assertStringIncludes(
      dry.output,
      `${2 * EACH} records, ${2 * EACH} of them under another key than k2.`,
    );
    const processes = "Of 1 processes 1 open with it, and 1 seal with it.";
    assertStringIncludes(dry.output, `k1: has sealed ${2 * EACH} records. ${processes}`);
    assertEquals([...await countByKey(gateway.records)], [["k1", 2 * EACH]]);

    const early = await run(BOTH);
    assertEquals(early.code, 1, early.output);
    assertMatch(early.output, /k1: a process that began at \S+Z still seals with it\. Keep it\./);
    assert(!early.output.includes("It can be taken out"), early.output);
    // And what the deployment's record says of it: a block, and the head of the chain.
    assertEquals([...await countByKey(gateway.records)], [["k2", 2 * EACH + 2]]);
    await gateway.leave();
  }
  const done = await run(BOTH);
  assertEquals(done.code, 0, done.output);
  assertStringIncludes(done.output, `${2 * EACH + 2}/${2 * EACH + 2}`);
  assertStringIncludes(done.output, "k1: opens nothing any more, and nothing can be sealed");

  const audit = denoJson.tasks.audit.command.split(" ").slice(1);
  await using record = runDeno([...audit, "--subject", "deployment"], {
    ...{ ENCRYPTION_KEYS: BOTH, KV_PATH: kvPath },
  });
  assertEquals((await record.ended).code, 0);
  assertMatch(record.output(), /"what":"keys_rotated".*"about":"k2 seals; k1 was retired"/);
  assertMatch(record.output(), /"what":"keys_rotated".*"about":"k2 seals"/);

  const wrong = await run(newKeyLine("k3"));
  assertEquals(wrong.code, 1);
  assertStringIncludes(
    wrong.output,
    `k2: has sealed ${2 * EACH + 2} records, and ENCRYPTION_KEYS does not list it`,
  );
  const back = await run(`${K1},${K2}`);
  assertEquals(back.code, 1, back.output);
  assertStringIncludes(back.output, "k1: was retired, and seals nothing any more.");
  assertEquals((await run("nonsense")).code, 1);
  assertEquals((await run(BOTH, "--no-such-flag")).code, 2);
  assert(!done.output.includes(K1.slice(3)) && !done.output.includes(API_KEY));
  await Deno.remove(folder, { recursive: true });
});

Deno.test("deno task rekey --dry-run counts what cannot be opened, by kind and key", async () => {
  await using gateway = await startWith(K1);
  await connectMany(gateway, 2);
  await gateway.api("/links", { body: { user_id: USER, service: "github" } });
  const [moved, tampered] = await Array.fromAsync(gateway.records.list<ConnectionRecord>({
    prefix: ["connections"],
  }));
  const set = (value: ConnectionRecord) =>
    gateway.records.commit({ sets: [{ key: tampered!.key, value }] });
  const dryRun = async (keys: string) => {
    const env = { ENCRYPTION_KEYS: keys, KV_PATH: gateway.kvPath };
    const before = await snapshot(gateway.kv);
    await using program = runDeno([...REKEY, "--dry-run"], env);
    const { code } = await program.ended;
    assertEquals(await snapshot(gateway.kv), before);
    return { code, output: program.output() };
  };
  assertStringIncludes((await dryRun(K1)).output, "Every record can be opened");
  // Another record's box, and one whose last byte was changed.
  const flipped = moved!.value.box.map((byte, at) => at === 40 ? byte ^ 1 : byte);
  for (const box of [moved!.value.box, flipped]) {
    await set({ ...tampered!.value, box });
    const { code, output } = await dryRun(K1);
    assertEquals(code, 1, output);
    assertStringIncludes(output, "connections: 1 records under k1 cannot be opened");
    assert(!output.includes("links:"), output);
  }
  const lost = await dryRun(K2);
  assertStringIncludes(lost.output, "connections: 2 records under k1 cannot be opened");
  assertStringIncludes(lost.output, "links: 3 records under k1 cannot be opened");
});
