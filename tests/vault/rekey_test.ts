import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import denoJson from "../../deno.json" with { type: "json" };
import { parseKeyRing } from "../../broker/config/config.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { openRecords } from "../../vault/deno_kv.ts";
import { newKeyLine } from "../../tasks/key.ts";
import { countByKey, rekey } from "../../vault/rekey.ts";
import { API_KEY, type Gateway, startGateway, USER } from "../support/gateway.ts";
import { runDeno } from "../support/process.ts";

const [K1, K2] = [newKeyLine("k1"), newKeyLine("k2")];
const BOTH = `${K2},${K1}`;
const REKEY = denoJson.tasks.rekey.command.split(" ").slice(1);

const ringOf = (text: string) => importKeyRing(parseKeyRing(text));

function startWith(keys: string, kvPath?: string): Promise<Gateway> {
  return startGateway({ env: { ENCRYPTION_KEYS: keys }, ...(kvPath ? { kvPath } : {}) });
}

async function connectMany(gateway: Gateway, count: number): Promise<string[]> {
  const users = Array.from({ length: count }, (_, i) => `user_${i}`);
  for (const userId of users) await gateway.connect("google", { userId });
  return users;
}

Deno.test("rekey() moves everything, and a second run finds nothing", async () => {
  await using gateway = await startWith(K1);
  await connectMany(gateway, 3);
  await gateway.api("/links", { body: { user_id: USER, service: "github" } });
  assertEquals([...await countByKey(gateway.records)], [["k1", 4]]);
  const ring = await ringOf(BOTH);
  assertEquals((await rekey(gateway.records, ring, Date)).resealed, 4);
  assertEquals([...await countByKey(gateway.records)], [["k2", 4]]);
  const again = await rekey(gateway.records, ring, Date);
  assertEquals([again.resealed, again.seen], [0, 4]);
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
    assertEquals([...await countByKey(other)], [["k2", 10]]);
    other.close();
  }
  {
    await using after = await startWith(K2, kvPath);
    assertEquals((await after.api("/token/google", { body: { user_id: "user_7" } })).status, 200);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("rekey() says what this ring cannot open, and leaves it", async () => {
  await using gateway = await startWith(K1);
  await connectMany(gateway, 1);
  const { failed, resealed } = await rekey(gateway.records, await ringOf(K2), Date);
  assertEquals(resealed, 0);
  assertEquals(failed.length, 1);
  assertStringIncludes(failed[0]!, 'sealed with key "k1"');
  assertEquals([...await countByKey(gateway.records)], [["k1", 1]]);
});

Deno.test("deno task rekey reports, does it, and says which key can go", async () => {
  await using gateway = await startWith(K1);
  await connectMany(gateway, 2);
  const run = async (keys: string, ...args: string[]) => {
    const env = { ENCRYPTION_KEYS: keys, KV_PATH: gateway.kvPath };
    await using program = runDeno([...REKEY, ...args], env);
    const { code } = await program.ended;
    return { code, output: program.output() };
  };
  const dry = await run(BOTH, "--dry-run");
  assertEquals(dry.code, 0, dry.output);
  assertStringIncludes(dry.output, "2 records, 2 of them under another key than k2.");
  assertStringIncludes(dry.output, "k1: still opens 2 records. Keep it.");
  assertEquals([...await countByKey(gateway.records)], [["k1", 2]]);

  const done = await run(BOTH);
  assertEquals(done.code, 0, done.output);
  assertStringIncludes(done.output, "2/2");
  assertStringIncludes(done.output, "k1: opens nothing any more. It can be taken out");
  assertEquals([...await countByKey(gateway.records)], [["k2", 2]]);

  const wrong = await run(newKeyLine("k3"));
  assertEquals(wrong.code, 1);
  assertStringIncludes(
    wrong.output,
    "k2: has sealed 2 records, and ENCRYPTION_KEYS does not list it",
  );
  assertEquals((await run("nonsense")).code, 1);
  assertEquals((await run(BOTH, "--no-such-flag")).code, 2);
  assert(!dry.output.includes(K1.slice(3)) && !done.output.includes(API_KEY));
});

Deno.test("a ring in a file is read again when a box names a new key", async () => {
  let file = K1;
  let reads = 0;
  const old = await importKeyRing(parseKeyRing(file), () => {
    reads += 1;
    return Promise.resolve(parseKeyRing(file));
  });
  assertEquals(old.primary(), "k1");
  file = BOTH;
  const keys = await Promise.all([old.key("k2"), old.key("k2"), old.key("k1")]);
  assert(keys.every((key) => key !== undefined));
  assertEquals([old.primary(), reads], ["k2", 1]);
  assertEquals(await old.key("k9"), undefined, "an unknown key does not hammer the file");
  assertEquals(reads, 1);
});
