import { assert, assertEquals } from "@std/assert";
import { namedTools, toolName } from "../../mcp/upstream/tool_name.ts";

const named = (names: string[], taken: string[] = []) => {
  const tools = names.map((name) => ({ name }));
  const { named, disputed } = namedTools("sh", tools, new Set(taken));
  return { named: named.map(([name, tool]) => [name, tool.name]), disputed };
};

Deno.test("each tool has a name that clients take, and that stays", () => {
  for (const name of ["x", "a.b/c", "ünï", "x".repeat(128), "-", "__proto__"]) {
    assert(/^[A-Za-z0-9_-]{1,64}$/.test(toolName("sh", name)), name);
    assertEquals(toolName("sh", name), toolName("sh", name));
    assert(toolName("sh", name).startsWith("sh_"));
  }
});

Deno.test("what several tools would be called is none's", () => {
  assertEquals(named(["a.b", "a_b", "a/b", "c"]), { named: [["sh_c", "c"]], disputed: ["sh_a_b"] });
  assertEquals(named(["a", "a"]), { named: [], disputed: ["sh_a"] });
  const long = `${"x".repeat(70)}`;
  assertEquals(named([`${long}1`, `${long}2`]).disputed, []);
  assertEquals(named(["__proto__", "constructor"]).disputed, []);
});

Deno.test("what a tool of our own is called is no upstream's", () => {
  assertEquals(named(["issue", "other"], ["sh_issue"]), {
    named: [["sh_other", "other"]],
    disputed: ["sh_issue"],
  });
});
