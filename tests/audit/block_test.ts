import { assert, assertEquals } from "@std/assert";
import {
  ACTIVITY_KEPT_MS,
  BLOCK_ENTRIES,
  BLOCK_MS,
  MOST_USES,
  OpenBlock,
  SAME_MS,
  usesOf,
} from "../../audit/block.ts";
import type { ActivityEntry } from "../../broker/core/activity.ts";

const NOW = 1_790_000_000_000;

function entryOf(more: Partial<ActivityEntry> = {}): ActivityEntry {
  return {
    at: NOW,
    what: "tool_called",
    subject: "voice:ana",
    actor: { kind: "client", id: "g1", name: "Claude" },
    provider: "google",
    service: "gmail",
    account: "1",
    tool: "gmail_search_messages",
    outcome: "ok",
    ...more,
  };
}

function blockOf(entries: ActivityEntry[]) {
  const open = OpenBlock.begin(entries[0]!, { id: "id", chain: "c", before: [] });
  for (const entry of entries) open.add(entry);
  return open.toBlock(1);
}

Deno.test("equal entries within a minute are one, with the first and the last time", () => {
  const { entries } = blockOf([
    entryOf(),
    entryOf({ at: NOW + 1, tool: "gmail_reply" }),
    entryOf({ at: NOW + SAME_MS - 1 }),
    entryOf({ at: NOW + SAME_MS }),
  ]);
  assertEquals(entries.map(({ tool, count, since, at }) => [tool, count, since - NOW, at - NOW]), [
    ["gmail_search_messages", 2, 0, SAME_MS - 1],
    ["gmail_reply", 1, 1, 1],
    ["gmail_search_messages", 1, SAME_MS, SAME_MS],
  ]);
});

Deno.test("entries that differ in anything are two", () => {
  const different: Partial<ActivityEntry>[] = [
    {},
    { what: "connected" },
    { actor: { kind: "app", id: "g1", name: "Claude" } },
    { actor: { kind: "client", id: "g2", name: "Claude" } },
    { actor: { kind: "client", id: "g1", name: "Cursor" } },
    { provider: "github" },
    { service: undefined },
    { account: "2" },
    { tool: undefined },
    { app: "Claude" },
    { outcome: "timeout" },
  ];
  assertEquals(blockOf(different.map(entryOf)).entries.length, different.length);
});

Deno.test("a block has only so many entries, counts what is equal to them, and says how many it left out", () => {
  const many = Array.from(
    { length: BLOCK_ENTRIES + 5 },
    (_, at) => entryOf({ at: NOW + at, tool: `t${at}` }),
  );
  const again = many.map((entry) => ({ ...entry, at: NOW + BLOCK_MS - 1 }));
  const { entries, leftOut } = blockOf([...many, ...again]);
  assertEquals(entries.length, BLOCK_ENTRIES);
  assertEquals(leftOut, 10);
  assertEquals([...new Set(entries.map(({ count }) => count))], [2]);
});

Deno.test("a block fits into one value, whatever names say", () => {
  const long = "誰".repeat(200);
  const actor = { kind: "client" as const, id: long, name: long };
  const many = Array.from({ length: 500 }, (_, at) =>
    entryOf({
      actor,
      account: "誰".repeat(195) + at,
      service: long,
      tool: long,
      app: long,
    }));
  const { byteLength } = new TextEncoder().encode(JSON.stringify(blockOf(many)));
  assert(byteLength < 60_000, String(byteLength));
});

Deno.test("what is no word of ours is no outcome, and a name is cut", () => {
  const { entries: [entry] } = blockOf([
    entryOf({ outcome: "Bearer abc", tool: "t".repeat(1000) }),
  ]);
  assertEquals([entry!.outcome, entry!.tool!.length], ["error", 200]);
});

Deno.test("a block takes what is of its time alone", () => {
  const open = OpenBlock.begin(entryOf(), { id: "id", chain: "c", before: [] });
  const at = [NOW - BLOCK_MS, NOW - BLOCK_MS + 1, NOW, NOW + BLOCK_MS - 1, NOW + BLOCK_MS];
  assertEquals(at.map((each) => open.isOpenAt(each)), [false, true, true, true, false]);
});

Deno.test("a block goes on from those before it: its number, and each account's last use", () => {
  const first = blockOf([
    entryOf({ account: "1" }),
    entryOf({ account: "2", at: NOW + 5 }),
    entryOf({ account: "1", at: NOW + 9, tool: "refused", outcome: "insufficient_scope" }),
    entryOf({ account: "1", at: NOW + 9, what: "connected" }),
  ]);
  const other = {
    ...blockOf([entryOf({ account: "1", at: NOW + 7, tool: "later" })]),
    sequence: 4,
  };
  const head = { sequence: 4, mac: "m", expiresAt: other.expiresAt };
  const beginning = { id: "next", chain: "c", head, before: [other, first] };
  const open = OpenBlock.begin(entryOf({ at: NOW + BLOCK_MS }), beginning);
  open.add(entryOf({ at: NOW + BLOCK_MS, account: "3" }));
  const { sequence, uses, link } = open.toBlock(9);
  const previous = { mac: "m", expiresAt: other.expiresAt };
  assertEquals(link, {
    chain: "c",
    begunAt: NOW + BLOCK_MS,
    writes: 9,
    previous,
    witness: undefined,
  });
  assertEquals(sequence, 5);
  assertEquals(uses.map(({ account, at, tool }) => [account, at - NOW, tool]), [
    ["3", BLOCK_MS, "gmail_search_messages"],
    ["1", 7, "later"],
    ["2", 5, "gmail_search_messages"],
  ]);
});

Deno.test("of uses the latest are known, and none that is too long ago", () => {
  const many = Array.from(
    { length: MOST_USES + 10 },
    (_, at) => entryOf({ at: NOW + at, account: String(at) }),
  );
  const { uses } = blockOf(many);
  assertEquals([uses.length, uses[0]!.account], [MOST_USES, String(MOST_USES + 9)]);
  assertEquals(usesOf([{ ...blockOf(many), uses }], NOW + MOST_USES).length, 10);
  const late = entryOf({ at: NOW + 2 * ACTIVITY_KEPT_MS });
  const open = OpenBlock.begin(late, { id: "late", chain: "c", before: [blockOf(many)] });
  assertEquals(open.toBlock(1).uses, []);
});

Deno.test("of equal entries of several requests the last request is known", () => {
  const { entries } = blockOf([
    entryOf({ requestId: "r1" }),
    entryOf({ at: NOW + 1, requestId: "r2" }),
    entryOf({ at: NOW + 2, tool: "other" }),
    entryOf({ at: NOW + 3, requestId: "r3" }),
  ]);
  assertEquals(entries.map(({ count, requestId }) => [count, requestId]), [
    [3, "r3"],
    [1, undefined],
  ]);
});
