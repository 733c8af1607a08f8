/**
 * Somebody edits the database, and has none of the keys: what they do shows, and
 * it is said what was done where.
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { BLOCK_MS } from "../../audit/block.ts";
import { ANCHORS, DEPLOYMENT } from "../../broker/core/activity.ts";
import type { Subject } from "../../broker/core/subject.ts";
import { entryOf, type Recorded, startRecorded } from "../support/recorded.ts";

const ANA: Subject = "voice:ana";
const BO: Subject = "voice:bo";
const HEAD = ["chains", ANA];
const BLOCKS = ["activity", ANA];

/** Five blocks of Ana's, three of Bo's; another process goes on with them. */
async function start(): Promise<Recorded> {
  const t = await startRecorded();
  await write(t, 5);
  await write(t, 3, BO);
  return t;
}

async function write(t: Recorded, blocks: number, subject = ANA, log = t.process()) {
  for (let i = 0; i < blocks; i++) {
    t.clock.now += BLOCK_MS;
    log.note(entryOf(t.clock.now, subject, { tool: `t${i}` }));
    await log.idle();
  }
  return log;
}

/** What the log says beside that anchors were written. */
function said({ events }: Recorded): string[] {
  return events.map(({ event }) => event).filter((event) => event !== "activity_anchored");
}

/** Bytes of a box, changed where it hurts least. */
function flipped(value: unknown): Record<string, unknown> {
  const record = structuredClone(value) as { box: Uint8Array };
  record.box[record.box.length - 20]! ^= 1;
  return record as unknown as Record<string, unknown>;
}

Deno.test("a record that nobody has touched shows nothing, also where two processes wrote it", async () => {
  await using t = await start();
  assertEquals(await t.shows(), []);
  const [one, other] = [t.process(), t.process()];
  for (let i = 0; i < 5; i++) {
    for (const log of [one, other]) log.note(entryOf(t.clock.now, ANA, { tool: `both ${i}` }));
    await Promise.all([one.idle(), other.idle()]);
  }
  assertEquals(await t.shows(), []);
  const { entries } = await one.page(ANA, { limit: 100 });
  const both = entries.filter(({ tool }) => tool!.startsWith("both"));
  assertEquals(both.map(({ count }) => count), [2, 2, 2, 2, 2]);
  assertEquals(said(t), []);
});

Deno.test("a block that was altered is named", async () => {
  await using t = await start();
  for (const [, , id] of await t.blocks(ANA)) {
    const key = [...BLOCKS, id!];
    const { value } = await t.raw.get(key);
    await t.raw.set(key, flipped(value));
    const [line, ...more] = await t.shows();
    assertMatch(line!, new RegExp(`^voice:ana: block ${String(id)} .*it was altered`));
    assertEquals(more, []);
    await t.raw.set(key, value);
  }
  assertEquals(await t.shows(), []);
});

Deno.test("whatever is put into a block's place is named, and stops nobody", async () => {
  await using t = await start();
  const [, second] = await t.blocks(ANA);
  const { value } = await t.raw.get(second!);
  const { key, expires_at } = value as { key: string; expires_at: number };
  const box = new Uint8Array(64);
  const values: [unknown, RegExp][] = [
    [null, /it was altered/],
    ["text", /it was altered/],
    [7n, /it was altered/],
    [new Deno.KvU64(3n), /it was altered/],
    [{}, /it was altered/],
    [{ v: 1, key, box, expires_at }, /it was altered/],
    [{ v: 1, key, box: "box", expires_at }, /it was altered/],
    [{ v: 1, key, box: new Uint8Array(3), expires_at }, /it was altered/],
    [{ ...value as object, pieces: 3 }, /it was altered/],
    [{ ...value as object, key: "k9" }, /a key that ENCRYPTION_KEYS does not list/],
    [{ ...value as object, expires_at: expires_at + 1 }, /its end beside the box/],
  ];
  for (const [other, words] of values) {
    await t.raw.set(second!, other);
    const [line, ...more] = await t.shows();
    assertMatch(line!, words);
    assert(line!.includes(String(second![2])));
    assertEquals(more, []);
  }
});

Deno.test("a block that was taken out shows: at the end, in the middle, at the beginning", async () => {
  await using t = await start();
  const keys = await t.blocks(ANA);
  const places = [
    [[4], "block 5 is missing: the end was cut off"],
    [[3, 4], "blocks 4 to 5 are missing: the end was cut off"],
    [[2], "block 3 is missing: taken out of the middle"],
    [[0, 1], "block 2 is missing, with all before it: the beginning was cut off before it ended"],
    [[0, 1, 2, 3, 4], "blocks 1 to 5 are missing: the end was cut off"],
  ] as const;
  for (const [which, words] of places) {
    const copy = await t.copy(BLOCKS);
    for (const at of which) await t.raw.delete(keys[at]!);
    assertEquals(await t.shows(), [`voice:ana: ${words}.`]);
    await t.put(copy);
  }
  assertEquals(await t.shows(), []);
});

Deno.test("blocks that changed places, or went to somebody else, are named", async () => {
  await using t = await start();
  const [first, second] = await t.blocks(ANA) as [Deno.KvKey, Deno.KvKey];
  const [bos] = await t.blocks(BO) as [Deno.KvKey];
  for (const other of [second, bos]) {
    const [one, two] = [await t.raw.get(first), await t.raw.get(other)];
    await t.raw.set(first, two.value);
    await t.raw.set(other, one.value);
    const lines = await t.shows();
    assertEquals(lines.length, 2);
    for (const key of [first, other]) {
      const named = `${String(key[1])}: block ${String(key[2])} `;
      assert(lines.some((line) => line.startsWith(named) && line.includes("was altered")), named);
    }
    await t.put([one, two] as Deno.KvEntry<unknown>[]);
  }
});

Deno.test("an older copy of a block that was put back is named, of the latest and of others", async () => {
  await using t = await start();
  const log = await write(t, 1);
  const older = await t.copy(BLOCKS);
  log.note(entryOf(t.clock.now - 1, ANA, { tool: "again" }));
  await log.idle();
  const id = String(older.at(-1)!.key[2]);
  await t.put(older);
  const [line, ...more] = await t.shows();
  assertMatch(line!, new RegExp(`block \\d \\(${id}, .*an older copy of it was put back`));
  assertEquals(more, []);
  // Who goes on does not go on with the copy, and it still shows.
  await write(t, 2);
  assertEquals((await t.shows()).length, 1);
  assertEquals(said(t), ["activity_chain_broken"]);
});

Deno.test("a head that was taken away, changed, or put back to an older copy is named", async () => {
  await using t = await start();
  const older = await t.copy(HEAD);
  await write(t, 2);
  const now = await t.copy(HEAD);
  await t.raw.delete(HEAD);
  const missing = "voice:ana: the head of the chain is missing: blocks are there, and nothing " +
    "says whether they are all.";
  assertEquals(await t.shows(), [missing]);
  await t.raw.set(HEAD, flipped(now[0]!.value));
  assertMatch((await t.shows())[0]!, /^voice:ana: the head of the chain: it was altered/);
  await t.put(older);
  const lines = await t.shows();
  assertMatch(
    lines[0]!,
    /the head of the chain is an older copy: it ends with block 5, and block 7/,
  );
  await t.put(now);
  assertEquals(await t.shows(), []);
});

Deno.test("who goes on after the head was taken away does not cover it up", async () => {
  await using t = await start();
  const log = t.process();
  await write(t, 1, ANA, log);
  await t.raw.delete(HEAD);
  await write(t, 1, ANA, log);
  const lines = await t.shows();
  assertEquals(lines.length, 6);
  assert(lines.every((line) => line.includes("hangs in no chain")), lines.join("\n"));
  assertEquals(said(t), ["activity_chain_broken"]);
});

Deno.test("who goes on after head and end were put back together does not cover it up", async () => {
  await using t = await start();
  const older = await t.copy(HEAD, BLOCKS);
  const log = await write(t, 2);
  const rest = (await t.blocks(ANA)).slice(5);
  await log.anchor();
  await t.put(older);
  for (const key of rest) await t.raw.delete(key);
  assertMatch(
    (await t.shows()).join("\n"),
    /^voice:ana: the chain was put back as a whole: it was written 5 times, and 7 times when/,
  );
  await write(t, 4);
  const lines = await t.shows();
  assertEquals(lines.length, 1);
  assertMatch(lines[0]!, /block 6 .* is not the one that was anchored: the chain was put back/);
});

Deno.test("whose record was taken away as a whole shows by the anchors, and who was deleted does not", async () => {
  await using t = await start();
  const log = t.process();
  await write(t, 1, ANA, log);
  await write(t, 1, BO, log);
  await log.anchor();
  const [head] = await t.copy(HEAD);
  for (const { key } of await t.copy(HEAD, BLOCKS)) await t.raw.delete(key);
  const [line, ...more] = await t.shows();
  assertMatch(line!, /^Chain [\w-]{22}: everything of it is gone, head and blocks/);
  assertEquals(more, []);
  // As many passes as it takes say the same.
  assertEquals(await t.shows({ inAPass: 1 }), [line]);
  assert(!JSON.stringify(head!.value).includes(/Chain ([\w-]+)/.exec(line!)![1]!));
});

Deno.test("anchors that were taken away or put back show by whoever knew them", async () => {
  await using t = await start();
  const log = t.process();
  const anchored = [["chains", ANCHORS], ["activity", ANCHORS]];
  await write(t, 1, ANA, log);
  await log.anchor();
  const older = await t.copy(...anchored);
  await write(t, 1, ANA, log);
  await log.anchor();
  await write(t, 1, ANA, log);
  assertEquals(await t.shows(), []);
  const late = (await t.copy(...anchored)).map(({ key }) => key);
  for (const key of late) await t.raw.delete(key);
  await t.put(older);
  const words = /^voice:ana: block \d .* knows of a later anchor than is there/;
  const lines = await t.shows();
  assertEquals(lines.length, 1);
  assertMatch(lines[0]!, words);
  for (const { key } of older) await t.raw.delete(key);
  assertMatch((await t.shows())[0]!, words);
});

Deno.test("a database that was put back as a whole shows by the log alone", async () => {
  await using t = await start();
  const log = t.process();
  const older = await t.copy(["chains"], ["activity"]);
  await write(t, 1, ANA, log);
  await log.anchor();
  const { anchor } = t.events.at(-1)!;
  const [sequence, mac] = String(anchor).split(":") as [string, string];
  const logged = { sequence: Number(sequence), mac };
  assertEquals(await t.shows({ logged }), []);
  for (const { key } of await t.copy(["chains"], ["activity"])) await t.raw.delete(key);
  await t.put(older);
  assertEquals(await t.shows(), []);
  assertMatch((await t.shows({ logged })).join("\n"), /Anchor \d+ of the log is not there/);
  // Also once there is another one of that number.
  const after = t.process();
  await write(t, 1, ANA, after);
  await after.anchor();
  assertEquals(await t.shows(), []);
  assertMatch((await t.shows({ logged })).join("\n"), /Anchor \d+ of the log is not there/);
});

Deno.test("what operators changed is held together in the same way", async () => {
  await using t = await start();
  const log = t.process();
  for (const about of ["app voice", "upstream linear"]) {
    t.clock.now += BLOCK_MS;
    log.note(entryOf(t.clock.now, DEPLOYMENT, { what: "changed_by_operator", about }));
    await log.idle();
  }
  const [first] = await t.blocks(DEPLOYMENT);
  await t.raw.delete(first!);
  assertMatch((await t.shows())[0]!, /^~deployment:log: block 1 is missing/);
});
