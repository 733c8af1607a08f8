import { assertEquals, assertThrows } from "@std/assert";
import { z } from "zod";
import { formerTools } from "../../providers/former_names.ts";
import { type Tool, tool, type ToolSpec } from "../../providers/provider.ts";
import { asanaTools } from "../../providers/asana/tools.ts";
import { github } from "../../providers/github/github.ts";
import { modulesWithTools } from "../support/own_tools.ts";
import { githubTools } from "../../providers/github/tools.ts";
import { linearTools } from "../../providers/linear/tools.ts";
import { answeredBy, callTool, wrongFields } from "../support/api.ts";

const Input = z.strictObject({
  task: z.string(),
  done: z.boolean().optional(),
  kind: z.enum(["task", "project"]).default("task"),
  note: z.string().optional(),
});
const Output = z.object({ given: z.unknown() });

function changing(formerly: ToolSpec<typeof Input, typeof Output>["formerly"]): Tool {
  return tool({
    name: "x_update",
    aliases: ["x_change"],
    formerly,
    service: "x",
    title: "Update",
    description: "Updates a task.",
    input: Input,
    output: Output,
    hints: { readOnly: false },
    scopes: [],
    scopesFor: ({ done }) => [[done ? "done" : "change"]],
    run: (given) => Promise.resolve({ text: "Done.", data: { given } }),
  });
}

const whole = changing({
  x_complete: { args: { done: true }, only: ["task"] },
  x_list: { args: { kind: "project" }, only: ["task", "kind"] },
  x_old: {},
});

async function given(name: string, args: unknown) {
  const { data } = await callTool([whole], name, args, answeredBy(github, () => new Response()));
  return data.given;
}

Deno.test("formerTools() gives each earlier name what it had, and what it left unsaid", async () => {
  assertEquals(await given("x_complete", { task: "1" }), { task: "1", kind: "task", done: true });
  assertEquals(await given("x_list", { task: "1" }), { task: "1", kind: "project" });
  assertEquals(await given("x_list", { task: "1", kind: "task" }), { task: "1", kind: "task" });
  const all = { task: "1", done: false, note: "n" };
  assertEquals(await given("x_old", all), { ...all, kind: "task" });
  assertEquals(await given("x_change", all), { ...all, kind: "task" });
});

Deno.test("formerTools() gives an earlier name no more than it had", () => {
  const [complete, list] = formerTools(whole);
  const refused = (former: Tool | undefined, args: object) =>
    !former!.input.safeParse(args).success;
  assertEquals(refused(complete, { task: "1" }), false);
  for (const more of [{ note: "n" }, { done: false }, { kind: "project" }]) {
    assertEquals(refused(complete, { task: "1", ...more }), true, JSON.stringify(more));
  }
  assertEquals(refused(list, { task: "1", done: true }), true);
  // It is asked for the scopes of what it does.
  assertEquals(complete!.scopesFor!({ task: "1" } as never), [["done"]]);
  assertEquals(list!.scopesFor!({ task: "1" } as never), [["change"]]);
});

Deno.test("formerTools() lets in who may use the whole, and not who may use another part", () => {
  assertEquals(whole.aliases, ["x_change"]);
  for (const former of formerTools(whole)) assertEquals(former.aliases, ["x_update", "x_change"]);
});

Deno.test("formerTools() refuses an earlier name that stands for nothing", () => {
  const wrong = { ...whole, formerly: { x_was: { only: ["gone"] } } };
  assertThrows(() => formerTools(wrong), TypeError, "it has no gone");
  assertThrows(
    () => formerTools({ ...whole, formerly: { x_was: { args: { gone: 1 } } } }),
    TypeError,
  );
  const lacking = { ...whole, formerly: { x_was: { only: ["done"] } } };
  assertThrows(() => formerTools(lacking), TypeError, "it lacks task");
  const judged = { ...whole, input: Input.refine(() => true) as typeof Input };
  assertThrows(() => formerTools(judged), TypeError, "it is judged as a whole");
});

Deno.test("an earlier tool's short name gives no more than its long one", () => {
  const settings = { clientId: "", clientSecret: "", redirectUri: "", fetch };
  for (const each of modulesWithTools.flatMap((module) => module.create(settings).tools)) {
    const { formerly = {} } = each;
    const short = (name: string) => name.replace(/^[a-z]+_/, "");
    for (const [name, former] of Object.entries(formerly)) {
      const all = each.aliases;
      assertEquals(all.includes(short(name)), false, `${short(name)} is all of ${each.name}`);
      assertEquals(formerly[short(name)] ?? former, former, name);
    }
  }
});

Deno.test("formerTools() wants of an earlier name what it could not do without", () => {
  const [named] = formerTools(
    changing({ x_note: { only: ["task", "kind", "note"], needs: ["note", "kind"] } }),
  );
  const taken = (args: object) => named!.input.safeParse({ task: "1", ...args }).success;
  assertEquals(taken({ note: "n", kind: "task" }), true);
  assertEquals([taken({ kind: "task" }), taken({ note: "n" })], [false, false]);
  const wrong = { ...whole, formerly: { x_was: { needs: ["gone"] } } };
  assertThrows(() => formerTools(wrong), TypeError, "it has no gone");
});

Deno.test("who searched by an earlier name is not given all there is without words", () => {
  const rows: [Tool[], string, Record<string, unknown>, string][] = [
    [githubTools, "github_search_issues", {}, "query"],
    [githubTools, "search_issues", { query: undefined }, "query"],
    [githubTools, "github_list_issues", {}, "repo"],
    [githubTools, "github_list_pull_requests", { state: "all" }, "repo"],
    [githubTools, "github_comment_on_issue", { repo: "a/b", number: 1 }, "body"],
    [linearTools, "linear_search_issues", {}, "text"],
    [asanaTools, "asana_search_tasks", { project: "1" }, "text"],
    [asanaTools, "search_tasks", { mine: true }, "text"],
  ];
  for (const [tools, name, args, field] of rows) {
    assertEquals(wrongFields(tools, name, args), [field], name);
  }
});
