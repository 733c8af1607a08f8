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

const judged = (schema: Schema, value: unknown) => schemaJudge(schema)(schema, value);

Deno.test("each keyword that is understood takes what it says, and nothing else", () => {
  const number = { type: "number" };
  const rows: [Schema, takes: unknown[], takesNot: unknown[]][] = [
    [{ type: "string", nullable: true }, ["a", null], [5]],
    [{ enum: ["a", 1, null] }, ["a", 1, null], ["b", 2]],
    [{ const: 1 }, [1], [2, "1"]],
    [{ minimum: 5 }, [5, 6, "a"], [4]],
    [{ maximum: 5 }, [5, 4, "a"], [6]],
    [{ exclusiveMinimum: 5 }, [6, "a"], [5, 4]],
    [{ exclusiveMaximum: 5 }, [4, "a"], [5, 6]],
    [{ minLength: 2 }, ["ab", 1], ["a"]],
    [{ maxLength: 2 }, ["ab", "😀😀", 100], ["abc"]],
    [{ minItems: 2 }, [[1, 2], "a"], [[1]]],
    [{ maxItems: 2 }, [[1, 2], "abc"], [[1, 2, 3]]],
    [{ minProperties: 1 }, [{ a: 1 }, "a"], [{}]],
    [{ maxProperties: 1 }, [{ a: 1 }, "a"], [{ a: 1, b: 2 }]],
    [{ required: ["a"] }, [{ a: 1 }, "a"], [{ b: 1 }]],
    [{ items: number }, [[1, 2], [], "a"], [[1, "a"]]],
    [{ properties: { a: number } }, [{ a: 1 }, { b: "b" }, [1]], [{ a: "a" }]],
    [{ additionalProperties: number }, [{ a: 1 }], [{ a: "a" }]],
    [{ additionalProperties: true }, [{ a: 1 }], []],
    [{ properties: { a: {} }, additionalProperties: false }, [{ a: 1 }], [{ b: 1 }]],
    [{ $ref: "#/$defs/n", $defs: { n: number } }, [5], ["a"]],
    [{ $ref: "#/definitions/n", definitions: { n: number } }, [5], ["a"]],
    [{ allOf: [number, { minimum: 5 }] }, [5], ["a", 4]],
    [{ anyOf: [number, { type: "string" }] }, [5, "a"], [true]],
    [{ oneOf: [number, { type: "string" }, { type: "null" }] }, [5, "a", null], [true]],
    [{ oneOf: [number, { minimum: 5 }, { type: "string" }] }, [4], [5, "a"]],
    // That there are two is certain, whatever the third says.
    [{ oneOf: [number, { type: "integer" }, { unheard: 1 }] }, [], [5]],
    [{ not: number }, ["a"], [5]],
    // A bound that is none bounds nothing.
    [{ maximum: "5", minimum: "5", exclusiveMinimum: "5", exclusiveMaximum: "5" }, [4, 5, 6], []],
    [{ minItems: "2", maxItems: "2", minLength: "2", maxLength: "2" }, [[1], [1, 2, 3], "a"], []],
  ];
  for (const [schema, takes, takesNot] of rows) {
    for (const value of takes) assertEquals(judged(schema, value), true, said(schema, value));
    for (const value of takesNot) assertEquals(judged(schema, value), false, said(schema, value));
  }
});

Deno.test("words about a schema say nothing of what it takes", () => {
  const words = [
    ...["title", "description", "default", "examples", "$comment", "deprecated", "readOnly"],
    ...["writeOnly", "$defs", "definitions", "contentEncoding", "contentMediaType"],
    ...["contentSchema", "x-mcp-header", "x-own"],
  ];
  for (const word of words) {
    for (const value of [null, 1, "a", true, [1], { a: 1 }]) {
      assertEquals(judged({ [word]: {} }, value), true, said({ [word]: {} }, value));
    }
  }
});

Deno.test("a keyword that is not gone into leaves open what it is about, and nothing else", () => {
  const rows: [keyword: string, about: unknown, notAbout: unknown][] = [
    ["pattern", "a", 5],
    ["format", "a", 5],
    ["multipleOf", 5, "a"],
    ["uniqueItems", [1], { a: 1 }],
    ["prefixItems", [1], { a: 1 }],
    ["contains", [1], { a: 1 }],
    ["patternProperties", { a: 1 }, [1]],
    ["propertyNames", { a: 1 }, [1]],
    ["dependentRequired", { a: 1 }, [1]],
    ["dependentSchemas", { a: 1 }, [1]],
    ["dependencies", { a: 1 }, [1]],
  ];
  for (const [keyword, about, notAbout] of rows) {
    const schema = { [keyword]: {} };
    assertEquals(judged(schema, about), undefined, said(schema, about));
    assertEquals(judged(schema, notAbout), true, said(schema, notAbout));
  }
});

Deno.test("of a schema that leads back to itself in two ways only so many parts are looked at", () => {
  for (const value of [5, "a", [], {}]) {
    let looks = 0;
    const parts = [{ $ref: "#" }, { $ref: "#" }];
    const schema = Object.defineProperty({}, "anyOf", {
      enumerable: true,
      get: () => {
        if (++looks > 100_000) throw new Error("It does not end");
        return parts;
      },
    });
    assertEquals(judged(schema, value), undefined);
  }
});

function said(schema: Schema, value: unknown): string {
  return JSON.stringify({ schema, value });
}
