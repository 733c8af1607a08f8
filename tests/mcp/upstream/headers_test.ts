import { assertEquals } from "@std/assert";
import { parseChallenge, scopesIn } from "../../../broker/core/challenge.ts";
import {
  headerValue,
  parameterHeaders,
  standardHeaders,
} from "../../../mcp/upstream/header_values.ts";
import { retryAfterOf } from "../../../mcp/upstream/http_wire.ts";

Deno.test("a challenge is read among others, whatever is quoted in it", () => {
  const cases: [header: string | null, scopes: string[], error: string | undefined][] = [
    [null, [], undefined],
    ["Bearer", [], undefined],
    ['Bearer scope="a b"', ["a", "b"], undefined],
    ['bearer error=insufficient_scope, scope="a"', ["a"], "insufficient_scope"],
    ['Basic realm="Bearer scope=\\"x\\"", Bearer scope="a:b"', ["a:b"], undefined],
    ['Digest scope="x", error="insufficient_scope"', [], undefined],
    ['Bearer scope="a", Digest scope="b"', ["a"], undefined],
    ['Bearer scope="a" scope="b"', ["a"], undefined],
    ['Bearer scope="a a  b"', ["a", "b"], undefined],
    ['Bearer scope="ä a\\"b ok"', ["ok"], undefined],
    ['Bearer scope="never ends', ["never", "ends"], undefined],
    [`Bearer scope="${"a ".repeat(10)}"`, ["a"], undefined],
    [",,,===", [], undefined],
  ];
  for (const [header, scopes, error] of cases) {
    const { scope = "", error: said } = parseChallenge(header) ?? {};
    assertEquals([scopesIn([scope]), said], [scopes, error], String(header));
  }
  const many = Array.from({ length: 500 }, (_, n) => `s${n}`).join(" ");
  assertEquals(scopesIn([parseChallenge(`Bearer scope="${many}"`)!.scope!]).length, 100);
});

Deno.test("a header holds a value as it is, or says that it is in base64", () => {
  for (const plain of ["us-west1", "a b", "a\tb", "=?base64?", "?="]) {
    assertEquals(headerValue(plain), plain);
  }
  const cases = {
    "": "",
    " a": "IGE=",
    "a ": "YSA=",
    "ä": "w6Q=",
    "a\nb": "YQpi",
    "=?base64?YQ==?=": "PT9iYXNlNjQ/WVE9PT89",
  };
  for (const [text, base64] of Object.entries(cases)) {
    assertEquals(headerValue(text), `=?base64?${base64}?=`, text);
  }
});

Deno.test("a request says what it is about", () => {
  assertEquals(standardHeaders("tools/call", { name: "a" }), {
    "Mcp-Method": "tools/call",
    "Mcp-Name": "a",
  });
  assertEquals(standardHeaders("resources/read", { uri: "x:y", name: "no" })["Mcp-Name"], "x:y");
  assertEquals(standardHeaders("tools/list", { name: "no" }), { "Mcp-Method": "tools/list" });
});

Deno.test("arguments are said in headers where the schema asks for it, and in no others", () => {
  const schema = {
    properties: {
      region: { type: "string", "x-mcp-header": "Region" },
      count: { type: "integer", "x-mcp-header": "Count" },
      loud: { type: "boolean", "x-mcp-header": "Loud" },
      rate: { type: "number", "x-mcp-header": "Rate" },
      list: { type: "array", "x-mcp-header": "List" },
      cut: { type: "string", "x-mcp-header": "a\r\nEvil: 1" },
      plain: { type: "string" },
      deep: { properties: { place: { type: "string", "x-mcp-header": "Place" } } },
      gone: { type: "string", "x-mcp-header": "Gone" },
    },
  };
  const args = {
    region: "eu",
    count: 3,
    loud: false,
    rate: 1.5,
    list: ["a"],
    cut: "x",
    plain: "y",
    deep: { place: "Köln" },
    gone: null,
  };
  assertEquals(parameterHeaders(schema, args), {
    "Mcp-Param-Region": "eu",
    "Mcp-Param-Count": "3",
    "Mcp-Param-Loud": "false",
    "Mcp-Param-Place": "=?base64?S8O2bG4=?=",
  });
  for (const odd of [null, 7, [], { properties: [] }, { properties: { a: true } }]) {
    assertEquals(parameterHeaders(odd, args), {});
    assertEquals(parameterHeaders(schema, odd), {});
  }
});

Deno.test("Retry-After is seconds or a date, and nothing else", () => {
  const now = Date.UTC(2026, 10, 26, 12, 0, 0);
  const cases: [header: string | null, seconds: number | undefined][] = [
    [null, undefined],
    ["0", 0],
    [" 12 ", 12],
    ["999999999", 86_400],
    ["Thu, 26 Nov 2026 12:01:00 GMT", 60],
    ["Thu, 26 Nov 2026 11:00:00 GMT", 0],
    ["-1", undefined],
    ["1.5", undefined],
    ["soon", undefined],
    ["", undefined],
  ];
  for (const [header, seconds] of cases) {
    assertEquals(retryAfterOf(header, now), seconds, `${header}`);
  }
});
