import { assertEquals } from "@std/assert";
import { unfitHeader } from "../../../mcp/eras/parameter_headers.ts";

const SCHEMA = {
  type: "object",
  properties: {
    region: { type: "string", "x-mcp-header": "Region" },
    count: { type: "integer", "x-mcp-header": "Count" },
    plain: { type: "string" },
  },
};
const unfit = (headers: Record<string, string>, args: unknown, schema: unknown = SCHEMA) =>
  unfitHeader({ headers: new Headers(headers) }, schema, args);

Deno.test("a call whose headers say what its arguments say is fit", () => {
  const cases: [headers: Record<string, string>, args: unknown][] = [
    [{}, {}],
    [{}, { plain: "x" }],
    [{}, undefined],
    [{ "Mcp-Param-Region": "eu" }, { region: "eu" }],
    [{ "mcp-param-region": "eu", "MCP-PARAM-COUNT": "7" }, { region: "eu", count: 7 }],
    [{ "Mcp-Param-Region": "=?base64?ZXU=?=" }, { region: "eu" }],
    [{ "Mcp-Param-Region": "=?base64?5LiW?=" }, { region: "世" }],
    // Without its end it is a text like any other.
    [{ "Mcp-Param-Region": "=?base64?ZXU=" }, { region: "=?base64?ZXU=" }],
  ];
  for (const [headers, args] of cases) assertEquals(unfit(headers, args), undefined);
  assertEquals(unfit({}, { region: "eu" }, { type: "object" }), undefined);
});

Deno.test("a header that is missing, says something else, or cannot be read is not", () => {
  const cases: Record<string, string>[] = [
    {},
    { "Mcp-Param-Region": "us" },
    { "Mcp-Param-Region": "EU" },
    { "Mcp-Param-Region": "=?base64?ZXU?=" },
    { "Mcp-Param-Region": "=?base64?Z!!!?=" },
    { "Mcp-Param-Region": "=?base64?/w==?=" },
    { "Mcp-Param-Region": "=?base64??=" },
    { "Mcp-Param-Other": "eu" },
  ];
  for (const headers of cases) assertEquals(unfit(headers, { region: "eu" }), "Mcp-Param-Region");
  assertEquals(unfit({ "Mcp-Param-Count": "8" }, { count: 7 }), "Mcp-Param-Count");
});
