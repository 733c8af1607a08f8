import { assert, assertEquals } from "@std/assert";
import {
  connectName,
  couldBeToolName,
  namedTools,
  suffixedName,
  toolName,
} from "../../mcp/upstream/tool_name.ts";

const named = (names: string[], taken: string[] = [], prefix?: string) => {
  const tools = names.map((name) => ({ name }));
  const result = namedTools({ upstream: "sh", prefix }, tools, new Set(taken));
  const entries = result.named.map(([name, tool]) => [tool.name, name]);
  return { named: Object.fromEntries(entries), disputed: result.disputed.map(({ name }) => name) };
};
const suffixed = (name: string) => suffixedName("sh", name);

Deno.test("each tool has a name that clients take, and that stays", () => {
  for (const name of ["x", "a.b/c", "ünï", "x".repeat(128), "-", "__proto__"]) {
    assert(/^[A-Za-z0-9_-]{1,64}$/.test(toolName("sh", name)), name);
    assertEquals(toolName("sh", name), toolName("sh", name));
    assert(toolName("sh", name).startsWith("sh_"));
  }
});

Deno.test("what several tools would be called is none's: each has a suffix that stays", () => {
  const [dot, line, slash] = ["a.b", "a_b", "a/b"];
  const expected = {
    named: {
      [dot!]: suffixed(dot!),
      [line!]: suffixed(line!),
      [slash!]: suffixed(slash!),
      c: "sh_c",
    },
    disputed: [],
  };
  assertEquals(named([dot!, line!, slash!, "c"]), expected);
  // Nobody gets another's name by coming first.
  assertEquals(named(["c", slash!, line!, dot!]), expected);
  assertEquals(named([dot!]), { named: { [dot!]: "sh_a_b" }, disputed: [] });
  const long = `${"x".repeat(70)}`;
  assertEquals(named([`${long}1`, `${long}2`]).disputed, []);
  assertEquals(named(["__proto__", "constructor"]).disputed, []);
});

Deno.test("a tool that is called like another one's suffixed name takes nothing from it", () => {
  const forged = suffixed("a.b").slice("sh_".length);
  for (const names of [["a.b", "a_b", forged], [forged, "a_b", "a.b"]]) {
    const { named: all, disputed } = named(names);
    assertEquals(disputed, []);
    assertEquals([all["a.b"], all[forged]], [suffixed("a.b"), suffixed(forged)]);
    assertEquals(new Set(Object.values(all)).size, 3);
  }
});

Deno.test("what a tool of our own is called is no upstream's", () => {
  assertEquals(named(["issue", "other"], ["sh_issue"]), {
    named: { issue: suffixed("issue"), other: "sh_other" },
    disputed: [],
  });
  // Not even with a suffix: then it has none.
  assertEquals(named(["issue"], ["sh_issue", suffixed("issue")]), {
    named: {},
    disputed: ["issue"],
  });
});

Deno.test("with an empty prefix tools keep their names where they are free", () => {
  const names = ["search", "a.b", "a_b", "1st", "gmail_search", "x".repeat(70)];
  const { named: all, disputed } = named(names, ["gmail_search"], "");
  assertEquals(disputed, []);
  assertEquals([all.search, all["1st"], all.gmail_search], [
    "search",
    "sh_1st",
    "sh_gmail_search",
  ]);
  assertEquals([all["a.b"], all.a_b], [suffixed("a.b"), suffixed("a_b")]);
  assertEquals(named(["search"], [], "Sh-").named, { search: "Sh-search" });
  for (const name of Object.values<string>(all)) {
    assert(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(name), name);
  }
});

Deno.test("a suffix is letters and digits, whatever the hash", () => {
  for (let n = 0; n < 100; n++) {
    assert(
      /^sh_x\d+_[A-Za-z0-9]{8}$/.test(suffixedName("sh", `x${n}`)),
      suffixedName("sh", `x${n}`),
    );
  }
});

Deno.test("what nobody's tool can be called is no name", () => {
  const long = "u".repeat(70);
  for (const name of ["sh_x", "X-1", "a".repeat(64), connectName(long)]) {
    assert(couldBeToolName(long, name), name);
  }
  for (const name of ["", "a".repeat(65), "a b", "a.b", "é", "a\n", connectName(`${long}2`)]) {
    assert(!couldBeToolName(long, name), name);
  }
});
