import { assertEquals } from "@std/assert";
import { hasFitHeaders } from "../../../mcp/upstream/header_names.ts";
import { judgeTools } from "../../../mcp/upstream/judge.ts";

const schema = (properties: Record<string, unknown>) => ({ type: "object", properties });
const named = (header: unknown, type: unknown = "string") => ({ type, "x-mcp-header": header });

Deno.test("a header that can be sent is fit, and so is a schema without one", () => {
  const fit = [
    undefined,
    true,
    {},
    schema({}),
    schema({ a: { type: "string" }, b: true }),
    schema({ a: named("Region"), b: named("Count", "integer"), c: named("On", "boolean") }),
    schema({ a: schema({ b: named("Inner") }), c: named("Outer") }),
  ];
  for (const one of fit) assertEquals(hasFitHeaders(one), true, JSON.stringify(one));
});

Deno.test("a header that is none, names what is no text, or is named twice is not", () => {
  const unfit = [
    ...["", " ", "a b", "a:b", "é", "a\n", null, 7, {}].map((header) =>
      schema({ a: named(header) })
    ),
    ...["object", "array", "null", "number", undefined, ["string", "null"]]
      .map((type) => schema({ a: { ...named("A", type), type } })),
    schema({ a: named("A"), b: named("A") }),
    schema({ a: named("A"), b: named("a") }),
    schema({ a: named("A"), b: schema({ c: named("a") }) }),
    schema({ a: schema({ b: named("") }) }),
  ];
  for (const one of unfit) assertEquals(hasFitHeaders(one), false, JSON.stringify(one));
});

Deno.test("a tool with such a header is left out, with its reason, and the others are there", () => {
  const { tools, leftOut } = judgeTools([
    { name: "good", inputSchema: schema({ a: named("A") }) },
    { name: "bad", inputSchema: schema({ a: named("") }) },
  ]);
  assertEquals(tools.map(({ name }) => name), ["good"]);
  assertEquals(leftOut, [{ reason: "unfit_header", tool: "bad" }]);
});
