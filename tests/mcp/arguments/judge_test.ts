import { assert, assertEquals } from "@std/assert";
import { Ajv2020 } from "ajv/dist/2020.js";
import { schemaJudge } from "../../../mcp/arguments/judge.ts";
import type { Schema } from "../../../mcp/upstream/mend_schema.ts";
import { Dice } from "../../support/fuzz/dice.ts";
import { randomSchema, randomValue } from "../../support/fuzz/schemas.ts";

Deno.test("the judge says what a whole validator says, or that it cannot tell", () => {
  const dice = new Dice(20261126);
  const ajv = new Ajv2020({
    strict: false,
    validateFormats: false,
    logger: false,
    ownProperties: true,
  });
  const said = new Map<unknown, number>();
  for (let round = 0; round < 300; round++) {
    const schema = randomSchema(dice, 3, true);
    const validate = ajv.compile(schema);
    for (let tries = 0; tries < 4; tries++) {
      const value = randomValue(dice, schema, { wrongOneIn: 6 });
      const verdict = schemaJudge(schema)(schema, value);
      said.set(verdict, (said.get(verdict) ?? 0) + 1);
      if (verdict === undefined) continue;
      assertEquals(verdict, validate(value), JSON.stringify({ schema, value }));
    }
  }
  assert(
    [true, false, undefined].every((verdict) => (said.get(verdict) ?? 0) > 50),
    [...said].join(),
  );
});

Deno.test("no pattern of others is run", () => {
  // Its backtracking would take longer than anybody lives.
  const schema: Schema = { type: "string", pattern: "^(a+)+$" };
  assertEquals(schemaJudge(schema)(schema, `${"a".repeat(60)}!`), undefined);
  assertEquals(schemaJudge(schema)(schema, 5), false);
});
