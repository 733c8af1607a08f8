import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { isRecord } from "../../../broker/core/json.ts";
import { schemaJudge } from "../../../mcp/arguments/judge.ts";
import { mendedArguments, N8N_KEYS } from "../../../mcp/arguments/mend.ts";
import type { Schema } from "../../../mcp/upstream/mend_schema.ts";
import { Dice } from "../../support/fuzz/dice.ts";
import { randomObject, randomValue } from "../../support/fuzz/schemas.ts";

const ROUNDS = 3_000;
const takes = (schema: Schema, value: unknown) => schemaJudge(schema)(schema, value);

function mend(schema: Schema, args: unknown, changes = false): unknown {
  return mendedArguments(args, { schema, judge: schemaJudge(schema), changes });
}

/** The same value as a platform would send it that sends everything as text. */
function mangled(dice: Dice, schema: Schema, value: unknown): unknown {
  const branches = schema.anyOf as Schema[] | undefined;
  if (branches !== undefined) {
    return value === null ? null : mangled(dice, branches[0]!, value);
  }
  // What stands in a choice together with its text would be that text.
  if (typeof value === "number" || typeof value === "boolean") {
    return dice.int(2) === 0 ? String(value) : value;
  }
  if (Array.isArray(value)) {
    const list = value.map((item) => mangled(dice, schema.items as Schema, item));
    return dice.int(2) === 0 ? JSON.stringify(list) : list;
  }
  return isRecord(value) ? mangledObject(dice, schema, value, false) : value;
}

function mangledObject(
  dice: Dice,
  schema: Schema,
  value: Record<string, unknown>,
  isWhole: boolean,
): unknown {
  const properties = schema.properties as Record<string, Schema>;
  const members = Object.entries(value).map(([name, member]): [string, unknown] => [
    name,
    mangled(dice, properties[name]!, member),
  ]);
  for (const [name, part] of Object.entries(properties)) {
    if (Object.hasOwn(value, name) || (schema.required as string[]).includes(name)) continue;
    const nothing = dice.pick([null, ""]);
    if (dice.int(2) === 0 && takes(part, nothing) === false) members.push([name, nothing]);
  }
  if (isWhole && schema.additionalProperties === false) members.push([dice.pick(N8N_KEYS), "x"]);
  const object = Object.fromEntries(members);
  return !isWhole && dice.int(2) === 0 ? JSON.stringify(object) : object;
}

Deno.test("what a schema takes is never changed", () => {
  const dice = new Dice(1);
  for (let round = 0; round < ROUNDS; round++) {
    const schema = randomObject(dice, 3, true);
    const args = randomValue(dice, schema, { wrongOneIn: 20 });
    if (takes(schema, args) === false) continue;
    for (const changes of [true, false]) assertStrictEquals(mend(schema, args, changes), args);
  }
});

Deno.test("what was sent as text or as nothing is what was meant", () => {
  const dice = new Dice(2);
  let mended = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const schema = randomObject(dice, 3);
    const meant = randomValue(dice, schema) as Record<string, unknown>;
    assertEquals(takes(schema, meant), true, JSON.stringify({ schema, meant }));
    const sent = mangledObject(dice, schema, meant, true);
    if (takes(schema, sent) !== false) continue;
    const text = JSON.stringify({ schema, sent, meant });
    assertSame(mend(schema, sent), meant, text);
    mended++;
  }
  assert(mended > ROUNDS / 3, `${mended} were mended`);
});

Deno.test("whatever else comes is refused as before, and what is mended is of what was sent", () => {
  const dice = new Dice(3);
  let refused = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const schema = randomObject(dice, 3);
    const sent = randomValue(dice, schema, { wrongOneIn: 4 });
    if (takes(schema, sent) !== false) continue;
    for (const changes of [true, false]) {
      const mended = mend(schema, sent, changes);
      if (takes(schema, mended) === false) refused++;
      assertMade(sent, mended, changes, JSON.stringify({ schema, sent, mended }));
      // There is nothing more to be mended in what was mended.
      assertSame(mend(schema, mended, changes), mended, "mended twice");
    }
  }
  assert(refused > ROUNDS / 4, `${refused} were refused`);
});

/** As JSON: the assertions of Deno 2.5 hold objects with a member `constructor` for others. */
function assertSame(actual: unknown, expected: unknown, text: string): void {
  assertEquals(JSON.stringify(actual), JSON.stringify(expected), text);
}

/** That a value was made of another by the rules alone. */
function assertMade(sent: unknown, mended: unknown, changes: boolean, text: string): void {
  if (Object.is(sent, mended)) return;
  if (typeof sent === "string") {
    if (typeof mended === "number") return assertEquals(String(mended), sent, text);
    if (typeof mended === "boolean") return assertEquals([String(mended), changes], [sent, false]);
    return assertMade(JSON.parse(sent), mended, changes, text);
  }
  if (Array.isArray(sent)) {
    assert(Array.isArray(mended) && mended.length === sent.length, text);
    return sent.forEach((item, at) => assertMade(item, mended[at], changes, text));
  }
  assert(isRecord(sent) && isRecord(mended), text);
  for (const [name, member] of Object.entries(sent)) {
    if (Object.hasOwn(mended, name)) assertMade(member, mended[name], changes, text);
    else if (!N8N_KEYS.includes(name)) {
      assert(!changes && (member === null || member === ""), `${name} of ${text}`);
    }
  }
  for (const name of Object.keys(mended)) assert(Object.hasOwn(sent, name), text);
}
