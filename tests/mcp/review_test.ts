import { assert, assertEquals } from "@std/assert";
import type { DefinitionRecord } from "../../broker/core/upstream.ts";
import {
  accept,
  definitionOf,
  LEAST_DIGITS,
  MAX_KEPT,
  review,
  type Verdict,
} from "../../mcp/upstream/review.ts";

const current = (description: string) => ({
  upstream: "notes",
  tool: "notes_read",
  definition: definitionOf({ name: "read", description }),
});
const FIRST = { isFirstList: true };
const LATER = { isFirstList: false };

/** The record after a list. */
function after(description: string, known: Parameters<typeof review>[1]): DefinitionRecord {
  return review(current(description), known).record ?? known.record!;
}

const flags = ({ isApproved, areHintsBelieved, isNews }: Verdict) => [
  isApproved,
  areHintsBelieved,
  isNews,
];

Deno.test("a definition's digest is of all of it, and of nothing else", () => {
  const digest = (raw: unknown) => definitionOf(raw).digest;
  const raw = { name: "a", inputSchema: { type: "object", b: [1, 2] }, _meta: { x: null } };
  assertEquals(
    digest(raw),
    digest({ _meta: { x: null }, inputSchema: { b: [1, 2], type: "object" }, name: "a" }),
  );
  assert(/^[0-9a-f]{64}$/.test(digest(raw)));
  const others = [
    { ...raw, name: "b" },
    { ...raw, more: false },
    { ...raw, _meta: { x: "" } },
    { ...raw, _meta: { x: null, y: undefined, z: 0 } },
    { ...raw, inputSchema: { type: "object", b: [2, 1] } },
    JSON.parse(JSON.stringify(raw).replace("{", '{"__proto__":{"description":"hidden"},')),
    JSON.parse(JSON.stringify(raw).replace("{", '{"toJSON":"name",')),
    null,
    "text",
  ];
  assertEquals(new Set([raw, ...others].map(digest)).size, others.length + 1);
});

Deno.test("a definition that is too long to be kept counts in whole", () => {
  const long = (end: string) => definitionOf({ name: "a", description: "x".repeat(20_000) + end });
  const [one, two] = [long("1"), long("2")];
  assertEquals(one.text.length, MAX_KEPT);
  assertEquals(one.text, two.text);
  assert(one.digest !== two.digest && one.rest!.digest !== two.rest!.digest);
  // Two of them, in letters of two bytes, fit into a value of KV.
  assert(2 * 2 * MAX_KEPT < 60 * 1024);
});

Deno.test("the first list is approved with its hints, a later tool without them", () => {
  assertEquals(flags(review(current("a"), FIRST)), [true, true, false]);
  assertEquals(flags(review(current("a"), LATER)), [true, false, false]);
  // And it stays so.
  for (const known of [FIRST, LATER]) {
    const record = after("a", known);
    for (const again of [FIRST, LATER]) {
      const verdict = review(current("a"), { ...again, record });
      assertEquals(flags(verdict), [true, known.isFirstList, false]);
      assertEquals(verdict.record, undefined);
    }
  }
});

Deno.test("a change is withheld, told once, and over when what was approved is back", () => {
  const first = after("a", FIRST);
  const changed = review(current("b"), { ...LATER, record: first });
  assertEquals(flags(changed), [false, true, true]);
  assertEquals(changed.record!.approved, first.approved);
  const again = review(current("b"), { ...LATER, record: changed.record });
  assertEquals([...flags(again), again.record], [false, true, false, undefined]);
  assertEquals(flags(review(current("c"), { ...LATER, record: changed.record })), [
    false,
    true,
    true,
  ]);
  const back = review(current("a"), { ...LATER, record: changed.record });
  assertEquals([...flags(back), back.record!.waiting], [true, true, false, undefined]);
});

Deno.test("only what was looked at is accepted", () => {
  const record = after("b", { ...LATER, record: after("a", FIRST) });
  const { digest } = record.waiting!;
  const wrong = ["", digest.slice(0, LEAST_DIGITS - 1), `${digest}0`, record.approved!.digest];
  for (const each of wrong) assertEquals(accept(record, each), null, each);
  for (const each of [digest, digest.slice(0, LEAST_DIGITS)]) {
    assertEquals(accept(record, each)!.approved, record.waiting);
    assertEquals(flags(review(current("b"), { ...LATER, record: accept(record, each)! })), [
      true,
      true,
      false,
    ]);
  }
  // What is approved already needs no yes, unless it came late.
  assertEquals(accept(after("a", FIRST), record.approved!.digest), null);
  const late = after("a", LATER);
  assertEquals(accept(late, late.approved!.digest)!.areHintsBelieved, true);
  for (const other of [...wrong.slice(0, 2), digest, "0".repeat(LEAST_DIGITS)]) {
    assertEquals(accept(late, other), null, `${other}: its hints were not looked at`);
  }
  // A late one that has changed since: the yes is for the change, not for what it was.
  const lateAndChanged = after("b", { ...LATER, record: late });
  assertEquals(accept(lateAndChanged, late.approved!.digest), null);
  assertEquals(accept(lateAndChanged, digest)!.approved!.digest, digest);
});
