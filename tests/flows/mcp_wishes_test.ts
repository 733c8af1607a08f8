/** What an address of the MCP endpoint and its headers leave of a caller's tools, each part by itself. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { call, startGateway, USER } from "../support/gateway.ts";

const LIST = { jsonrpc: "2.0", id: 1, method: "tools/list", params: {} };

Deno.test("an address says which tools there are, and nothing stands for everything", async () => {
  await using gateway = await startGateway();
  const ask = (path: string, headers: Record<string, string> = {}, body: unknown = LIST) =>
    gateway.api(path, { body, headers: { "X-User-Id": USER, ...headers } });
  const names = async (path: string): Promise<string[]> => {
    const { status, json } = await ask(path);
    assertEquals(status, 200, path);
    return json.result.tools.map(({ name }: { name: string }) => name);
  };
  const all = await names("/mcp");
  const of = (...services: string[]) =>
    all.filter((name) => services.some((service) => name.startsWith(`${service}_`)));
  const google = of("gmail", "calendar", "drive");
  assert(of("github").length > 3 && google.length > 3 && of("calendar").length > 1);

  const [first = "", second = ""] = of("github");
  const asked: [query: string, expected: string[]][] = [
    ["?services=calendar", of("calendar")],
    ["?services=calendar,%20github%20", of("github", "calendar")],
    // A provider's name stands for all its services.
    ["?services=google", google],
    ["?services=nothing_of_the_kind", []],
    ["?services=", []],
    ["?services=,%20,", []],
    [`?tools=${first}`, [first]],
    [`?tools=${first},%20${second}`, [first, second]],
    [`?tools=${first},calendar_list_events&services=github`, [first]],
    ["?tools=", []],
    ["?tools=,", []],
    ["?read_only=false", all],
    ["?voice=true", all],
    ["?timeout_ms=500", all],
    ["?something=else", all],
  ];
  for (const [query, expected] of asked) {
    assertEquals((await names(`/mcp${query}`)).toSorted(), expected.toSorted(), query);
  }
  assertEquals(await names("/mcp/calendar"), of("calendar"));
  assertEquals((await names("/mcp/google")).toSorted(), google.toSorted());
  assertEquals(await names("/mcp/calendar?services=github"), []);
  assertEquals((await ask("/mcp/unheard_of")).status, 404);

  const reading = await names("/mcp?read_only=true");
  assert(reading.length > 3 && reading.length < all.length);
  assert(reading.includes("calendar_list_events") && !reading.includes("calendar_create_event"));
  const schemas = async (path: string) =>
    (await ask(path)).json.result.tools.some((tool: { outputSchema?: unknown }) =>
      tool.outputSchema
    );
  assertEquals([await schemas("/mcp?output_schemas=true"), await schemas("/mcp")], [true, false]);
  assertEquals((await names("/mcp?mode=search")).includes("find_tools"), true);

  // What is left out cannot be called either.
  const event = { title: "x", start: "2027-01-05T12:00", time_zone: "UTC" };
  for (const query of ["?read_only=true", "?tools=", "?services=github"]) {
    const { json } = await ask(`/mcp${query}`, {}, call("calendar_create_event", event));
    assert(json.error !== undefined || json.result.isError, query);
    assertStringIncludes(JSON.stringify(json), "calendar_create_event", query);
  }
});

Deno.test("a wish that cannot be read is refused, and one at its limit is not", async () => {
  await using gateway = await startGateway();
  const status = async (query: string, headers: Record<string, string> = {}) =>
    (await gateway.api(`/mcp${query}`, {
      body: LIST,
      headers: { "X-User-Id": USER, ...headers },
    })).status;
  const long = (name: string, length: number) => `?${name}=${"x".repeat(length)}`;
  for (
    const query of [
      ...["?read_only=1", "?read_only=", "?output_schemas=yes", "?mode=find", "?voice=on"],
      ...[
        "?timeout_ms=",
        "?timeout_ms=1s",
        "?timeout_ms=-1",
        "?timeout_ms=100000",
        "?timeout_ms=1e3",
      ],
      ...[
        long("services", 1001),
        long("tools", 4001),
        "?tools=a&tools=b",
        "?services=a&services=a",
      ],
    ]
  ) {
    assertEquals(await status(query), 400, query);
  }
  for (
    const query of [
      "?timeout_ms=0",
      "?timeout_ms=99999",
      long("services", 1000),
      long("tools", 4000),
    ]
  ) {
    assertEquals(await status(query), 200, query);
  }
  const key = async (text: string) => await status("", { "Idempotency-Key": text });
  assertEquals([await key("k"), await key("!~".repeat(127) + "x")], [200, 200]);
  for (const wrong of ["", "x".repeat(256), "a b", "a\tb", "ä"]) {
    assertEquals(await key(wrong), 400, wrong);
  }
});
