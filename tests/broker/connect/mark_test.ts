import { assert, assertEquals, assertMatch } from "@std/assert";
import { markOf } from "../../../broker/connect/mark.ts";

/** WCAG 2.2, relative luminance. */
function luminance(color: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

Deno.test("a mark is the same every time, and white letters on it can be read", () => {
  const colors = new Set<string>();
  for (let number = 0; number < 500; number++) {
    const { color, svg } = markOf(`service_${number}`, "Some Service");
    assertEquals(markOf(`service_${number}`, "Some Service"), { letters: "SS", color, svg });
    colors.add(color);
  }
  assert(colors.size >= 10);
  for (const color of colors) assert(1.05 / (luminance(color) + 0.05) >= 4.5, color);
});

Deno.test("a mark is letters and digits, whatever the title", () => {
  const titles = {
    "Google Calendar": "GC",
    "One Two Three": "OT",
    "osu!": "O",
    "42": "4",
    "<b>&": "B",
    "日本 語": "日語",
  };
  for (const [title, letters] of Object.entries(titles)) {
    assertEquals(markOf("x", title).letters, letters);
  }
  assertEquals(markOf("name", "!!").letters, "N");
  for (const title of ["<script>alert(1)</script>", '"/><x y="', "&amp;", "\u0000\u202e"]) {
    assertMatch(
      markOf("x", title).svg,
      /^<svg [^<>]*><rect [^<>]*\/><text [^<>]*>[^<>&"]{1,4}<\/text><\/svg>$/,
    );
  }
});
