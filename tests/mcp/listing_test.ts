/** Lists of tools as they are put together: what is shown of each, once made, and the JSON of all. */

import { assertEquals, assertStrictEquals } from "@std/assert";
import { formOf, joined, ListedForms, listingOf, type Shown } from "../../mcp/listing.ts";
import { type ListedTool, PROVISIONAL } from "../../mcp/wire.ts";

const named = (name: string): ListedTool => ({
  name,
  title: name,
  description: "Does it.",
  inputSchema: { type: "object" },
  annotations: {},
});
const provisional = (name: string): ListedTool => ({ ...named(name), [PROVISIONAL]: true });
const listed = (...tools: ListedTool[]) => listingOf(tools.map(formOf));

Deno.test("each form of a tool is made when it is asked for, once, and is no other form", () => {
  const made: Shown[] = [];
  const forms = new ListedForms((shown) => {
    made.push(shown);
    return named(JSON.stringify(shown));
  });
  const all: Shown[] = [false, true].flatMap((outputSchemas) =>
    [false, true].map((account) => ({ outputSchemas, account }))
  );
  const first = all.map((shown) => forms.of(shown));
  for (const [at, shown] of all.entries()) {
    const { tool, text } = first[at]!;
    assertEquals([tool.name, text], [JSON.stringify(shown), JSON.stringify(tool)]);
    assertStrictEquals(forms.of(shown), first[at]);
  }
  assertEquals(made, all);
});

Deno.test("two lists are one list of all their tools, in whichever of them there is none", () => {
  const [none, one, two] = [listed(), listed(named("a")), listed(named("b"), named("c"))];
  const rows = [[none, none], [none, one], [one, none], [two, one], [one, two]] as const;
  for (const [left, right] of rows) {
    const { tools, text } = joined(left, right);
    assertEquals(tools, [...left.tools, ...right.tools]);
    assertEquals(text, JSON.stringify(tools));
  }
});

Deno.test("a list with a tool that stands there for a while stands there for no longer", () => {
  const [lasting, passing] = [listed(named("a")), listed(named("b"), provisional("c"))];
  assertEquals([lasting, passing].map((list) => list.isProvisional), [false, true]);
  assertEquals(listed().isProvisional, false);
  const rows = [
    [lasting, lasting, false],
    [lasting, passing, true],
    [passing, lasting, true],
    [passing, passing, true],
    [passing, listed(), true],
  ] as const;
  for (const [left, right, expected] of rows) {
    assertEquals(joined(left, right).isProvisional, expected);
  }
});
