/** How often what would do is among the five tools that a search gives, of 500. */

import { assert, assertEquals } from "@std/assert";
import { ranked, type Searched } from "../../../mcp/search/rank.ts";
import { SAID_AS } from "../../../mcp/search/said_as.ts";
import { ToolIndex } from "../../../mcp/search/tool_index.ts";
import { type Asked, otherTools, ownTools, requests } from "./corpus.ts";

const own = await ownTools();
const others = otherTools();
const places: Searched[] = [own, ...others].map((tools) => ({
  index: new ToolIndex(tools),
  may: () => true,
  favour: () => 1,
}));
const ownNames = new Set(own.map(({ name }) => name));
const all = requests();
const isOwn = ({ tools }: Asked) => ownNames.has(tools[0]!);

/** Whether one that would do is among the first five, looked up once. */
const found = new Map<string, boolean>();

function isFound({ tools, ...one }: Asked, form: "said" | "query"): boolean {
  const key = `${one[form]}\t${tools}`;
  const known = found.get(key);
  if (known !== undefined) return known;
  const is = ranked(one[form], places).slice(0, 5).some(({ name }) => tools.includes(name));
  found.set(key, is);
  return is;
}

function recall(asked: Asked[], form: "said" | "query"): number {
  const some = asked.filter((one) => one[form] !== "");
  return some.filter((one) => isFound(one, form)).length / some.length;
}

Deno.test("the set has 500 tools and 1,223 requests, 698 of them not tuned on, for tools that exist", () => {
  const names = [...own, ...others.flat()].map(({ name }) => name);
  assertEquals([names.length, new Set(names).size], [500, 500]);
  const held = all.filter(({ split }) => split === "held");
  assertEquals([all.length, held.length], [1223, 698]);
  const known = new Set(names);
  assertEquals(all.flatMap(({ tools }) => tools).filter((name) => !known.has(name)), []);
  for (const round of [1, 2, 3, 4, 5, 6, 8, 9]) {
    const asked = new Set(all.filter((one) => one.round === round).flatMap(({ tools }) => tools));
    assertEquals([...ownNames].filter((name) => !asked.has(name)), []);
  }
});

Deno.test("each of our own tools has what people say when they mean it, and nothing else has", () => {
  assertEquals(Object.keys(SAID_AS).toSorted(), [...ownNames].toSorted());
  assertEquals(Object.values(SAID_AS).filter((said) => said.split(" ").length < 10), []);
});

for (const split of ["tuned", "held"] as const) {
  const asked = all.filter((one) => one.split === split);
  const first = asked.filter(({ round }) => round === 1);

  Deno.test(`what a model asks for is found, of ${split} requests`, () => {
    assert(recall(asked, "query") >= 0.97);
    assert(recall(asked.filter(isOwn), "query") >= 0.97);
  });

  Deno.test(`what people say in their own words is found, of ${split} requests`, () => {
    for (const some of [asked, first]) {
      assert(recall(some, "said") >= 0.9);
      assert(recall(some.filter(isOwn), "said") >= 0.97);
    }
  });
}

Deno.test("tools are ranked the same whether they come from one place or from several", () => {
  const one: Searched[] = [{
    index: new ToolIndex([...own, ...others.flat()]),
    may: () => true,
    favour: () => 1,
  }];
  for (const { said } of all.slice(0, 40)) {
    const names = (found: Searched[]) => ranked(said, found).map(({ name }) => name);
    assertEquals(names(one), names(places));
  }
});

Deno.test("what is misspelt, not finished, plural, in capitals or with accents is found", () => {
  const finds = (request: string, name: string) =>
    ranked(request, places).slice(0, 5).some((tool) => tool.name === name);
  assert(finds("github creat pull requst", "github_create_pull_request"));
  assert(finds("calender find free tiem", "calendar_find_free_time"));
  assert(finds("slack list chanels", "slack_list_channels"));
  assert(finds("waht labels did i set up in gmial", "gmail_list_labels"));
  assert(finds("GMAIL SEARCH MESSAGES", "gmail_search_messages"));
  assert(finds("¿Qué REUNIONES tengo mañana?", "calendar_list_events"));
  assert(finds("Dateien in Drive suchen", "drive_search_files"));
});

Deno.test("a tool is the first that its whole name finds", () => {
  for (const { name } of [...own, ...others.flat()].filter((_, index) => index % 5 === 0)) {
    assertEquals(ranked(name, places)[0]?.name, name);
  }
  assertEquals(ranked(" Octokit_Issues_List ", places)[0]?.name, "octokit_issues_list");
});

Deno.test("a request of any length or kind is answered", () => {
  assertEquals(ranked("", places), []);
  assertEquals(ranked("  ,.;:!? 🎉", places), []);
  assertEquals(ranked("the a of", places), []);
  const hostile = [
    "__proto__ constructor toString",
    "(a+)+$ [^] {9} \\",
    "'; DROP TABLE tools; --",
  ];
  for (const one of hostile) assert(ranked(one, places).length <= 500);
  // What is looked up in tables of phrases, verbs and names, without end.
  for (
    const one of ["zu an auf ab ", "take ! ", "'a' ", "a/b ", "until ", "a.b-", "@a.", "in the "]
  ) {
    assert(ranked(one.repeat(10_000), places).length <= 500);
  }
  const long = ranked("delete ".repeat(100_000) + "x".repeat(1_000_000), places);
  assert(long.length > 0);
});
