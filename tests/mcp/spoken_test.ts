import { assertEquals } from "@std/assert";
import { spoken, withoutAddresses } from "../../mcp/spoken.ts";

Deno.test("withoutAddresses() says of an address what a person would say of it", () => {
  const rows: [text: string, said: string][] = [
    ["Created issue #1: https://github.com/o/r/issues/1", "Created issue #1."],
    ["Created issue #1: https://github.com/o/r/issues/1.", "Created issue #1."],
    ["Created it at https://github.com/o/r/issues/1.", "Created it."],
    ["One: https://a.example/1\nTwo: https://b.example/2", "One.\nTwo."],
    [
      "It says: see https://www.example.com/a?b=c#d, then call.",
      "It says: see a link to example.com, then call.",
    ],
    [
      "(https://example.com/x) or <https://example.org>",
      "(a link to example.com) or <a link to example.org>",
    ],
    ["nothing of http or https here", "nothing of http or https here"],
  ];
  for (const [text, said] of rows) assertEquals(withoutAddresses(text), said);
  // A hostile text costs no time.
  assertEquals(withoutAddresses("https://" + ".".repeat(200_000)).length > 0, true);
});

Deno.test("spoken() leaves the data as it is, and says of a page to open that there is a link", () => {
  const url = "https://sb.example.com/auth/github?link=abc";
  const connect = {
    kind: "connect",
    code: "not_connected",
    title: "GitHub",
    text: `GitHub is not connected yet. Open ${url} to connect it.`,
    url,
  } as const;
  assertEquals(spoken(connect), {
    ...connect,
    text: "GitHub is not connected yet. Open the link to connect it.",
  });
  const data = { url: "https://github.com/o/r/issues/1" };
  const result = { kind: "result", text: `Created: ${data.url}`, data } as const;
  assertEquals(spoken(result), { kind: "result", text: "Created.", data });
  const upstream = {
    kind: "upstream",
    result: { content: [{ type: "text", text: url }] },
  } as const;
  assertEquals(spoken(upstream as never), upstream as never);
});
