/** What a model reads before it does anything: the lists of our own tools, in tokens. */

import { assert, assertEquals } from "@std/assert";
import { createCatalogue } from "../../mcp/catalogue.ts";
import { modulesWithTools } from "../support/own_tools.ts";
import { tokensOf } from "./tokens.ts";

/** Of one tool, as `tools/list` shows it to whoever asks for nothing else. */
const ON_AVERAGE = 195;
/** Of the longest one. */
const AT_MOST = 360;

const settings = { clientId: "", clientSecret: "", redirectUri: "", fetch };
const catalogue = createCatalogue(modulesWithTools.map((module) => module.create(settings)));
const visitor = { subject: "voice:u", actor: { kind: "app", id: "voice" } } as const;

Deno.test("our own tools cost a model few tokens, none of them many", async () => {
  const tools = await catalogue.list({ ...visitor, filter: {} });
  const counts = await tokensOf(tools.map((tool) => JSON.stringify(tool)));
  const rows = tools.map(({ name }, at) => ({ name, tokens: counts[at]! }))
    .toSorted((a, b) => b.tokens - a.tokens);
  const average = rows.reduce((sum, { tokens }) => sum + tokens, 0) / rows.length;
  const heaviest = rows.slice(0, 10).map(({ name, tokens }) => `${name} ${tokens}`).join(", ");
  assert(average <= ON_AVERAGE, `${average.toFixed(1)} on average; the heaviest: ${heaviest}`);
  assert(rows[0]!.tokens <= AT_MOST, heaviest);
});

Deno.test("the text of a list is what is counted", async () => {
  const { tools, text } = await catalogue.listing({ ...visitor, filter: { services: ["gmail"] } });
  const [whole, ...each] = await tokensOf([text, ...tools.map((tool) => JSON.stringify(tool))]);
  const sum = each.reduce((all, tokens) => all + tokens, 0);
  // Brackets and commas.
  assert(Math.abs(whole! - sum) <= tools.length + 2, `${whole} of ${sum}`);
  assertEquals(await tokensOf(["", "<|endoftext|>"]).then(([none]) => none), 0);
});
