import { assert, assertEquals } from "@std/assert";
import { lineDiff, linesOf, visible } from "../../../mcp/upstream/line_diff.ts";

const lines = (...all: string[]) => all.join("\n");

Deno.test("lineDiff() shows what went and what came, with what is around it", () => {
  const before = lines("{", "a", "b", "c", "d", "e", "f", "}");
  const after = lines("{", "a", "b", "c", "D", "e", "f", "g", "}");
  assertEquals(lineDiff(before, after), [
    "  …",
    "  b",
    "  c",
    "- d",
    "+ D",
    "  e",
    "  f",
    "+ g",
    "  }",
  ]);
  assertEquals(lineDiff("a", "a"), ["  …"]);
  assertEquals(lineDiff(lines("a", "a"), lines("a", "a", "a")), ["  a", "  a", "+ a"]);
  assertEquals(lineDiff(lines("a", "b", "c"), lines("c", "a")), ["- a", "- b", "  c", "+ a"]);
});

Deno.test("lineDiff() leaves no line out, whatever the two are", () => {
  const letters = ["a", "b", "c"];
  const texts = Array.from(
    { length: 3 ** 4 },
    (_none, n) => lines(...[27, 9, 3, 1].map((step) => letters[Math.floor(n / step) % 3]!)),
  );
  for (const before of texts) {
    for (const after of texts.slice(0, 27)) {
      const diff = lineDiff(before, after).filter((line) => line !== "  …");
      if (diff.length === 0) assertEquals(before, after);
      else if (!lineDiff(before, after).includes("  …")) {
        const without = (sign: string) =>
          lines(...diff.filter((line) => line[0] !== sign).map((line) => line.slice(2)));
        assertEquals([without("+"), without("-")], [before, after]);
      }
    }
  }
});

Deno.test("lineDiff() of two long texts that have nothing in common ends", () => {
  const text = (letter: string) => lines(...Array(14_000).fill(letter));
  assertEquals(lineDiff(text("a"), text("b")).length, 28_000);
});

Deno.test("linesOf() breaks a long text where it pauses, and keeps every letter", () => {
  const text = `  "description": "One sentence. Another one!\\nA line of its own, and ${
    "x".repeat(80)
  }"`;
  const broken = linesOf(text);
  assertEquals(broken.length, 3);
  assertEquals(broken.join(""), text);
});

Deno.test("visible() shows what a terminal would obey, turn or hide", () => {
  const hidden =
    "\0\x07\x1b\x7f\x80\x9b\xad\u061c\u180e\u200b\u200f\u2028\u202e\u2066\ufeff\u3164\u{e0041}\u{e0100}\ue000\ud800";
  for (const character of hidden) {
    assert(/^\\u\{[0-9a-f]+\}$/.test(visible(character)), character.codePointAt(0)!.toString(16));
  }
  assertEquals(visible("Grüße, 日本 – “x” \\u{202e}"), "Grüße, 日本 – “x” \\u{202e}");
});
