/** What is held in memory to search: bounded by its words, whatever servers say of their tools. */

import { assert, assertEquals } from "@std/assert";
import { Indexes } from "../../../mcp/search/indexes.ts";
import { MOST_WORDS, MOST_WORDS_IN_ALL, ToolIndex } from "../../../mcp/search/tool_index.ts";
import type { ListedTool } from "../../../mcp/wire.ts";

/** A list of tools with as many words as there are letters for, which no other list has. */
function wordyPlace(list: number, size = 1_000) {
  const words = (from: number) =>
    Array.from({ length: 300 }, (_, at) => (list * 1e6 + from * 300 + at).toString(36)).join(" ");
  const tools = Array.from({ length: size }, (_, at): ListedTool => ({
    name: `t${list}_${at}`,
    title: `Tool ${at} ${words(at)}`,
    description: words(at + size),
    inputSchema: { type: "object", properties: {} },
    annotations: {},
  }));
  return { origin: tools, whole: () => tools, isOwn: false };
}

Deno.test("a tool is known by so many words, its description's last", () => {
  const said = Array.from({ length: 2 * MOST_WORDS }, (_, at) => `word${at}`);
  const index = new ToolIndex([{
    ...{ name: "notes_export", title: "Export", args: ["format"], said: "", readOnly: true },
    description: said.join(" "),
  }]);
  assertEquals(index.words, MOST_WORDS);
  for (const word of ["note", "export", "format", "word0"]) {
    assertEquals(index.count(word), 1, word);
  }
  assertEquals(index.count(said.at(-1)!), 0);
});

Deno.test("all tools of a list share its words, however many each of them says", () => {
  const index = new Indexes().of(wordyPlace(1));
  assertEquals([index.size, index.words], [1_000, MOST_WORDS_IN_ALL]);
  for (const at of [0, 999]) assertEquals(index.count(String(at)) > 0, true, String(at));
});

Deno.test("of lists with very many words fewer are held, and the one in use always", () => {
  const places = [wordyPlace(1, 10), wordyPlace(2, 10), wordyPlace(3, 10)];
  const each = 10 * MOST_WORDS;
  const indexes = new Indexes(2 * each);
  const [one, two, three] = places.map((place) => indexes.of(place));
  assertEquals([one?.words, two?.words, three?.words], [each, each, each]);
  assert(indexes.of(places[2]!) === three);
  assert(indexes.of(places[1]!) === two);
  assert(indexes.of(places[0]!) !== one, "it has made way");
  const few = new Indexes(1);
  assert(few.of(places[0]!) === few.of(places[0]!), "the one in use stays");
});
