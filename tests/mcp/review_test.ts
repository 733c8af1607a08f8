import { assert, assertEquals } from "@std/assert";
import type { DefinitionRecord } from "../../broker/core/upstream.ts";
import {
  accept,
  definitionOf,
  LEAST_DIGITS,
  MAX_FORMS,
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
  const long = (end: string) => definitionOf({ name: "a", description: "x".repeat(40_000) + end });
  const [one, two] = [long("1"), long("2")];
  assertEquals(one.text.length, MAX_KEPT);
  assertEquals(one.text, two.text);
  assert(one.digest !== two.digest && one.rest!.digest !== two.rest!.digest);
  // In letters of two bytes it fits into a value of KV.
  assert(2 * MAX_KEPT < 60 * 1024);
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
  assertEquals(flags(changed), [false, false, true]);
  assertEquals(changed.record!.accepted, first.accepted);
  const again = review(current("b"), { ...LATER, record: changed.record });
  assertEquals([...flags(again), again.record], [false, false, false, undefined]);
  assertEquals(flags(review(current("c"), { ...LATER, record: changed.record })), [
    false,
    false,
    true,
  ]);
  const back = review(current("a"), { ...LATER, record: changed.record });
  assertEquals([...flags(back), back.record!.waiting], [true, true, false, []]);
});

Deno.test("where all see one list, the last change alone waits, and the text of the one before goes", () => {
  const first = after("a", FIRST);
  const changed = after("b", { ...LATER, record: first });
  const { record, texts } = review(current("c"), { ...LATER, record: changed });
  assertEquals(record!.waiting, [{ digest: current("c").definition.digest }]);
  assertEquals(texts!.drop, [current("b").definition.digest]);
  // What was looked at before that is nobody's to accept any more.
  assertEquals(accept(record!, current("b").definition.digest), null);
});

Deno.test("a definition that fits has no rest", () => {
  const { text, rest } = definitionOf({ name: "a" });
  assertEquals([JSON.parse(text), rest], [{ name: "a" }, undefined]);
});

Deno.test("what one person is shown does not end what waits of another's, nor what was accepted", () => {
  const policy = { isPersonal: true };
  const known = (record?: DefinitionRecord) => ({ ...LATER, policy, record });
  let record = after("a", { ...FIRST, policy });
  for (let person = 0; person < MAX_FORMS + 3; person++) {
    const verdict = review(current(`of person ${person}`), known(record));
    assertEquals(flags(verdict), [false, false, true]);
    record = verdict.record!;
    const others = review(current("a"), known(record));
    assertEquals([...flags(others), others.record], [true, true, false, undefined]);
  }
  // The newest are kept, and the texts of the others go with them.
  assertEquals(record.waiting.length, MAX_FORMS);
  const last = review(current("of one more"), known(record));
  assertEquals(last.texts!.drop, [record.waiting.at(-1)!.digest]);
  // Each of them is accepted beside what was before.
  for (const { digest } of record.waiting) record = accept(record, digest)!;
  assertEquals(record.accepted.length, MAX_FORMS + 1);
  for (const description of ["a", `of person ${MAX_FORMS}`]) {
    assertEquals(flags(review(current(description), known(record))), [true, true, false]);
  }
});

Deno.test("what honestly differs per person is nobody's to accept, and nothing of it is recorded", () => {
  const policy = { isPersonal: true, differs: true };
  const record = after("a", { ...FIRST, policy });
  const own = review(current("mine"), { ...LATER, policy, record });
  assertEquals([own.isApproved, own.isOwn, own.record, own.texts], [
    false,
    true,
    undefined,
    undefined,
  ]);
  // A tool of a new name is adopted, as elsewhere.
  assertEquals(flags(review(current("new"), { ...LATER, policy })), [true, false, false]);
});

Deno.test("only what was looked at is accepted", () => {
  const record = after("b", { ...LATER, record: after("a", FIRST) });
  const { digest } = record.waiting[0]!;
  const approved = record.accepted[0]!.digest;
  const wrong = ["", digest.slice(0, LEAST_DIGITS - 1), `${digest}0`, approved];
  for (const each of wrong) assertEquals(accept(record, each), null, each);
  for (const each of [digest, digest.slice(0, LEAST_DIGITS)]) {
    const next = accept(record, each)!;
    assertEquals([next.accepted.map((form) => form.digest), next.waiting], [
      [digest, approved],
      [],
    ]);
    assertEquals(flags(review(current("b"), { ...LATER, record: next })), [true, true, false]);
  }
  // What is approved already needs no yes, unless it came late.
  assertEquals(accept(after("a", FIRST), approved), null);
  const late = after("a", LATER);
  assertEquals(accept(late, approved)!.accepted, [{ digest: approved, areHintsBelieved: true }]);
  for (const other of [...wrong.slice(0, 2), digest, "0".repeat(LEAST_DIGITS)]) {
    assertEquals(accept(late, other), null, `${other}: its hints were not looked at`);
  }
  // A late one that has changed since: the yes is for one of the two, and says nothing of the other.
  const lateAndChanged = after("b", { ...LATER, record: late });
  const [newest, older] = accept(lateAndChanged, digest)!.accepted;
  assertEquals([newest!.digest, newest!.areHintsBelieved], [digest, true]);
  assertEquals([older!.digest, older!.areHintsBelieved], [approved, false]);
});

Deno.test("what was accepted under an earlier name is accepted in that form alone", () => {
  const before = after("reads notes", FIRST);
  const [form] = before.accepted;
  assertEquals(form?.areHintsBelieved, true);
  const verdict = (description: string) =>
    review(current(description), { ...LATER, formerly: before });
  const same = verdict("reads notes");
  assertEquals([same.isNew, flags(same)], [false, [true, true, false]]);
  const other = verdict("deletes notes");
  assertEquals([other.isNew, flags(other)], [true, [true, false, false]]);
});

Deno.test("a form of before counts for as long as nothing was accepted since", () => {
  const older = { digest: "old", text: "{}" } as unknown as DefinitionRecord["older"];
  const today = { ...current("reads notes"), olderDigest: "old" };
  const record = { upstream: "notes", tool: "notes_read", older, accepted: [], waiting: [] };
  assertEquals(flags(review(today, { ...LATER, record })), [true, true, false]);
  const accepted = [{ digest: "another", areHintsBelieved: true }];
  // What waits of another person's waits on.
  const waiting = [{ digest: "of another" }];
  const personal = { ...LATER, policy: { isPersonal: true }, record: { ...record, waiting } };
  assertEquals(review(today, personal).record!.waiting, waiting);
  assertEquals(review(today, { ...personal, policy: {} }).record!.waiting, []);
  const since = review(today, { ...LATER, record: { ...record, accepted } });
  assertEquals(flags(since), [false, false, true]);
});

Deno.test("what was approved before 0.2.0 is approved in that form, and in no other", () => {
  const older = { digest: "old", text: "{}" } as unknown as DefinitionRecord["older"];
  for (const known of [FIRST, LATER]) {
    const same = review({ ...current("a"), olderDigest: "old" }, { ...known, older });
    assertEquals([...flags(same), same.isNew], [true, true, false, false]);
    assertEquals([same.record!.accepted.length, same.record!.older], [1, undefined]);
    for (const olderDigest of ["another", undefined]) {
      const other = { ...current("a"), olderDigest };
      const verdict = review(other, { ...known, older });
      assertEquals([...flags(verdict), verdict.isNew], [false, false, true, false]);
      const { record } = verdict;
      assertEquals([record!.accepted, record!.waiting.length, record!.older], [[], 1, older]);
      assertEquals(flags(review(other, { ...known, record })), [false, false, false]);
    }
  }
});

Deno.test("what else was accepted stays so when one of it is listed again", () => {
  const { digest } = current("a").definition;
  const accepted = [digest, "another"].map((each) => ({ digest: each, areHintsBelieved: true }));
  const record = { upstream: "notes", tool: "notes_read", accepted, waiting: [{ digest: "new" }] };
  assertEquals(review(current("a"), { ...LATER, record }).record!.accepted, accepted);
});
