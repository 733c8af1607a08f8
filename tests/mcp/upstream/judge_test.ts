import { assert, assertEquals } from "@std/assert";
import {
  judgeTools,
  MAX_DEFINITION_BYTES,
  MAX_LIST_BYTES,
  MAX_REMOTE_NAME,
  MAX_TOOLS,
  MOST_RECENT_BYTES,
  RecentlyMended,
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
  assertEquals(leftOut, [
    { reason: "too_many", tool: `t${MAX_TOOLS}` },
    { reason: "too_many", tool: `t${MAX_TOOLS + 1}` },
  ]);
});

Deno.test("judgeTools() judges each tool alone, and says each by name", () => {
  const bad: [unknown, string, string][] = [
    [null, "?", "malformed"],
    ["tool", "?", "malformed"],
    [{}, "?", "malformed"],
    [toolOf(""), "?", "malformed"],
    [toolOf("n".repeat(MAX_REMOTE_NAME + 1)), "n".repeat(80), "name_too_long"],
    [
      { ...toolOf("deep"), inputSchema: JSON.parse("[".repeat(5_000) + "]".repeat(5_000)) },
      "deep",
      "malformed",
    ],
    [{ ...toolOf("list"), inputSchema: [] }, "list", "input_not_an_object"],
    [{ ...toolOf("text"), inputSchema: { type: "string" } }, "text", "input_not_an_object"],
  ];
  const { names, leftOut } = judged([...bad.map(([tool]) => tool), toolOf("good")]);
  assertEquals(names, ["good"]);
  assertEquals(leftOut, bad.map(([, tool, reason]) => ({ reason, tool })));
});

Deno.test("judgeTools() lists no name twice, whichever of two came first", () => {
  const [one, other] = [toolOf("x", false, "one"), toolOf("x", false, "other")];
  for (const tools of [[one, other], [other, one], [one, other, one]]) {
    assertEquals(judged([...tools, toolOf("y")]), {
      names: ["y"],
      leftOut: [{ reason: "listed_twice", tool: "x" }],
    });
  }
  assertEquals(judged([one, one]), { names: ["x"], leftOut: [] });
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
  assertEquals(
    new Set(leftOut.map(({ reason }) => reason)),
    new Set(["too_long", "list_too_long"]),
  );
});

Deno.test("judgeTools() leaves out what its references would make many times as long", () => {
  const $defs: Record<string, unknown> = {};
  for (const name of ["a", "b"]) {
    $defs[name] = { type: "object", properties: { x: { description: name.repeat(20 * 1024) } } };
  }
  const allOf = Array.from(
    { length: 60 },
    (_, n) => ({ $ref: `#/$defs/${n % 2 === 0 ? "a" : "b"}` }),
  );
  const bomb = { ...toolOf("bomb"), inputSchema: { type: "object", allOf, $defs } };
  const { names, leftOut } = judged([bomb, toolOf("small")]);
  assertEquals([names, leftOut], [["small"], [{ reason: "too_long", tool: "bomb" }]]);
});

Deno.test("what was made of tools is remembered as far as it weighs little", () => {
  const recent = new RecentlyMended();
  const big = (name: string, bytes: number) => toolOf(name, false, "d".repeat(bytes));
  const one = judgeTools([toolOf("one")], recent).tools[0]!;
  assertEquals(judgeTools([toolOf("one")], recent).tools[0]!.definition, one.definition);
  assert(judgeTools([toolOf("one")], recent).tools[0]!.tool === one.tool, "made once");
  // Each person is listed something else, and it is too long to be listed at all.
  for (let person = 0; person < 100; person++) {
    judgeTools([big(`t${person}`, 2 * MAX_DEFINITION_BYTES)], recent);
    assert(recent.bytes <= MOST_RECENT_BYTES, `${recent.bytes}`);
  }
  const { bytes } = recent;
  judgeTools([big("huge", MOST_RECENT_BYTES)], recent);
  assertEquals(recent.bytes, bytes, "what weighs more than all is not kept");
});
