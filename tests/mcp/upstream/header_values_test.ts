import { assertEquals } from "@std/assert";
import { parameterHeaders } from "../../../mcp/upstream/header_values.ts";

/** An argument that a header repeats, so many objects deep. */
function nested(depth: number): [schema: unknown, args: unknown] {
  let schema: unknown = { type: "string", "x-mcp-header": "Region" };
  let args: unknown = "eu";
  for (let level = 0; level < depth; level++) {
    schema = { type: "object", properties: { a: schema } };
    args = { a: args };
  }
  return [schema, args];
}

Deno.test("parameterHeaders() repeats arguments where the schema asks for it, and not at any depth", () => {
  assertEquals(parameterHeaders(...nested(1)), { "Mcp-Param-Region": "eu" });
  assertEquals(parameterHeaders(...nested(16)), { "Mcp-Param-Region": "eu" });
  assertEquals(parameterHeaders(...nested(17)), {});
  const of = (property: unknown, value: unknown) =>
    parameterHeaders({ properties: { a: property } }, { a: value });
  const region = { type: "string", "x-mcp-header": "Region" };
  assertEquals(of(region, "eu"), { "Mcp-Param-Region": "eu" });
  const wrong: [unknown, unknown][] = [
    [{ ...region, "x-mcp-header": "Re gion" }, "eu"],
    [{ ...region, "x-mcp-header": "X\r\nY" }, "eu"],
    [{ ...region, "x-mcp-header": 7 }, "eu"],
    [{ ...region, type: undefined }, "eu"],
    [{ ...region, type: "object" }, "eu"],
    [region, { b: 1 }],
    [region, undefined],
    [null, "eu"],
  ];
  for (const [property, value] of wrong) assertEquals(of(property, value), {});
  const number = { type: "integer", "x-mcp-header": "Count" };
  assertEquals([of(number, 7), of(number, true)], [
    { "Mcp-Param-Count": "7" },
    { "Mcp-Param-Count": "true" },
  ]);
  // What two readers may spell in two ways is not said twice.
  for (const value of [1.5, 2 ** 53, Infinity, NaN, 1e300, {}, [], null]) {
    assertEquals(of(number, value), {}, String(value));
  }
  assertEquals(parameterHeaders({ properties: { toString: region } }, {}), {});
  for (const none of [undefined, null, "x", []]) {
    assertEquals(parameterHeaders(none, { a: "eu" }), {});
    assertEquals(parameterHeaders({ properties: { a: region } }, none), {});
  }
});
