import { assertEquals } from "@std/assert";
import {
  judgeTools,
  MAX_DEFINITION_BYTES,
  MAX_LIST_BYTES,
  MAX_REMOTE_NAME,
  MAX_TOOLS,
} from "../../../mcp/upstream/judge.ts";
import { toolOf } from "../../support/scripted_upstream.ts";

/** Names that came through, and what became of the others. */
function judged(tools: unknown[]) {
  const { tools: good, leftOut } = judgeTools(tools);
  return { names: good.map(({ name }) => name), leftOut };
}

Deno.test("judgeTools() takes as many tools as it may, and counts the rest", () => {
  const all = Array.from({ length: MAX_TOOLS + 2 }, (_, n) => toolOf(`t${n}`));
  const { names, leftOut } = judged(all);
  assertEquals(names.length, MAX_TOOLS);
  assertEquals(leftOut, [{ reason: "too_many", first: `t${MAX_TOOLS}`, count: 2 }]);
});

Deno.test("judgeTools() judges each tool alone", () => {
  const bad = [
    null,
    "tool",
    {},
    { ...toolOf("no_schema"), inputSchema: undefined },
    toolOf(""),
    toolOf("n".repeat(MAX_REMOTE_NAME + 1)),
  ];
  const { names, leftOut } = judged([...bad, toolOf("good"), ...bad]);
  assertEquals(names, ["good"]);
  assertEquals(leftOut.map(({ reason, count }) => [reason, count]), [[
    "malformed",
    2 * bad.length,
  ]]);
});

Deno.test("judgeTools() leaves out a definition that is too long, and what no longer fits", () => {
  const big = (name: string, bytes: number) => toolOf(name, false, "d".repeat(bytes));
  const nearly = MAX_DEFINITION_BYTES - 1024;
  const many = Array.from(
    { length: Math.ceil(MAX_LIST_BYTES / nearly) + 1 },
    (_, n) => big(`t${n}`, nearly),
  );
  const { names, leftOut } = judged([big("huge", MAX_DEFINITION_BYTES), ...many, toolOf("small")]);
  assertEquals([names.includes("huge"), names.includes("small")], [false, true]);
  assertEquals(leftOut.map(({ reason }) => reason), ["too_long", "list_too_long"]);
});
