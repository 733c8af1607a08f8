import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import known from "../../../broker/core/marks/brands.json" with { type: "json" };
import { markOf } from "../../../broker/core/marks/mark.ts";

/** WCAG 2.2, relative luminance. */
function luminance(color: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(one: string, other: string): number {
  const [darker, lighter] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (lighter! + 0.05) / (darker! + 0.05);
}

const LETTERED = /^<svg [^<>]*><rect [^<>]*\/><text [^<>]*>[^<>&"]{1,4}<\/text><\/svg>$/;
const DRAWN =
  /^<svg [^<>]*><rect [^<>]* fill="(#[0-9a-f]{6})" [^<>]*\/><path [^<>]* fill="(#[0-9a-f]{6})" d="[^<>"&]+"\/><\/svg>$/;

Deno.test("a mark is the same every time, and white letters on it can be read", () => {
  const colors = new Set<string>();
  for (let number = 0; number < 500; number++) {
    const { color, svg } = markOf(`service_${number}`, "Some Service");
    assertEquals(markOf(`service_${number}`, "Some Service"), { letters: "SS", color, svg });
    colors.add(color);
  }
  assert(colors.size >= 10);
  for (const name of Object.keys(known.services)) colors.add(markOf(name, "Some Service").color);
  for (const color of colors) assert(contrast(color, "#ffffff") >= 4.5, color);
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
    assertEquals(markOf("github", title).letters, letters);
  }
  assertEquals(markOf("name", "!!").letters, "N");
  for (const title of ["<script>alert(1)</script>", '"/><x y="', "&amp;", "\u0000\u202e"]) {
    assertMatch(markOf("x", title).svg, LETTERED);
    assertMatch(markOf("github", title).svg, DRAWN);
  }
});

Deno.test("a brand's mark is seen on its tile, and the tile beside a page of its own colour", () => {
  for (const name of Object.keys(known.services)) {
    const { svg } = markOf(name, "Some Service");
    const [, tile, ink] = DRAWN.exec(svg) ?? [];
    assert(contrast(tile!, ink!) >= 3, `${name}: ${ink} on ${tile}`);
    assert(svg.includes('stroke="#808080"'), name);
    // Several on one page: nothing in one can be meant by another.
    assert(!/\b(?:id|href|class|style|on\w+)=|url\(/.test(svg), name);
  }
});

Deno.test("a service is known by its own name, whatever another server calls itself", () => {
  const { svg } = markOf("github", "GitHub");
  assertEquals(markOf("github_app", "GitHub App").svg, svg);
  assertNotEquals(markOf("notes", "GitHub").svg, svg);
  for (const name of ["slack", "notes", "constructor", "__proto__", "toString", "GitHub"]) {
    assertMatch(markOf(name, "GitHub").svg, LETTERED);
  }
});
