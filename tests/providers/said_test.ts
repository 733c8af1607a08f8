/** What the text of a tool says, its data says too: of every tool, whatever its API answers. */

import { assert, assertEquals } from "@std/assert";
import { ApiError } from "../../providers/provider.ts";
import { modulesWithTools } from "../support/own_tools.ts";
import { callTool } from "../support/api.ts";
import { Dice } from "../support/fuzz/dice.ts";
import { madeUpApi } from "../support/made_up_api.ts";
import { unsaid } from "../support/said.ts";
import { ARGUMENTS } from "../support/tool_arguments.ts";

const settings = { clientId: "", clientSecret: "", redirectUri: "", fetch };
const tools = modulesWithTools.flatMap((module) => module.create(settings).tools);
const ROUNDS = 40;
const MOST_ROUNDS = 4_000;
/** What their APIs answer is in an envelope, which says nothing of it: their own tests do it all. */
const ENVELOPED = ["slack", "linear"];
/** Whose answers must fit together, which made up ones do not. */
const FITTING = ["github_merge_pull_request", "github_app_merge_pull_request"];

for (const { name, service } of tools) {
  if (ENVELOPED.includes(service) || FITTING.includes(name)) continue;
  Deno.test(`${name} says in its data what it says in its text`, async () => {
    const dice = new Dice(name.length);
    let answered = 0;
    // Some tools take few answers for what they asked: they are asked until they have had enough.
    for (let round = 0; round < ROUNDS || (answered < 5 && round < MOST_ROUNDS); round++) {
      try {
        // It fails where the data says less.
        await callTool(tools, name, ARGUMENTS[name], madeUpApi(dice));
        answered++;
      } catch (error) {
        // Some answers are refusals in disguise: no team, no such label.
        if (!(error instanceof ApiError)) throw error;
      }
    }
    assert(answered >= 5, `${name} answered ${answered} times`);
  });
}

Deno.test("what is missing in the data is found", () => {
  const data = {
    issues: [{ number: 12, title: "The door", due: "2026-11-24", url: "https://x.example.com/12" }],
    size: 34_000,
  };
  const said = [
    'Found 1 issue: #12 "The door" at https://x.example.com/12, due November 24, of 34 kB.',
    "Tuesday, November 24 at 2:00 PM",
  ];
  assertEquals(unsaid(said[0]!, data), []);
  const rows: [text: string, missing: string[]][] = [
    ["Found 2 issues.", ["2"]],
    ['It is "The window".', ['"The window"']],
    ["It is for Ana.", ["Ana"]],
    ["Open https://y.example.com now.", ["https://y.example.com"]],
    ["It is due December 24.", ["December 24"]],
    ["It has 35 kB.", ["35 kB"]],
    ["The door, and 3000000 more.", ["and 3000000 more"]],
  ];
  for (const [text, missing] of rows) assertEquals(unsaid(text, data), missing, text);
});
