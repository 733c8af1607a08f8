import { assertEquals } from "@std/assert";
import {
  asSentence,
  speakDay,
  speakMarkdown,
  textOfMarkup,
  within,
} from "../../providers/reading.ts";
import { tokensOf } from "../../providers/text.ts";

Deno.test("speakMarkdown() leaves marks and addresses out, and keeps words as they are", () => {
  const rows: [markdown: string, spoken: string][] = [
    [
      "# Steps\n\n1. Open [the plan](https://x.example/p)\n- [x] **Push** it",
      "Steps Open the plan Push it",
    ],
    ["See https://x.example/a?b=c now", "See (link) now"],
    ["![A door](https://x.example/d.png) snake_case _softly_", "(picture) snake_case softly"],
    ["Run\n```sh\nrm -rf x\n```\nthen `stop`", "Run (code) then stop"],
    ['{"a": <b>}', '"a": b'],
    ["> quoted\n\n|a|b|", "quoted a b"],
    ["", ""],
  ];
  for (const [markdown, spoken] of rows) assertEquals(speakMarkdown(markdown, 200), spoken);
  assertEquals(speakMarkdown("word ".repeat(100), 20).length <= 20, true);
  // Quadratic in what a stranger wrote, were it not cut first.
  assertEquals(speakMarkdown("[".repeat(5_000_000), 20).length, 20);
});

Deno.test("textOfMarkup() gives the text of HTML, quickly with any input", () => {
  assertEquals(
    textOfMarkup("<body>A &amp; <b>B</b><ul><li>One</li><li>Two</li></ul></body>"),
    "A & B\n\n- One\n- Two",
  );
  assertEquals(textOfMarkup("1 < 2 &constructor; &lt;b&gt;"), "1 < 2 &constructor; <b>");
  assertEquals(textOfMarkup("<".repeat(20_000)).length, 20_000);
});

Deno.test("within() cuts texts until all are few enough, and drops none", () => {
  const written = within(
    500,
    Array(20).fill("長".repeat(5_000)),
    (text, length) => text.slice(0, length),
  );
  assertEquals([written.length, tokensOf(written) <= 500], [20, true]);
});

Deno.test("speakDay() says a day, with its year where it is another one", () => {
  const now = Date.parse("2026-11-23T12:00:00Z");
  assertEquals(speakDay("2026-11-25", now), "November 25");
  assertEquals(speakDay("2025-11-25T23:00:00.000Z", now), "November 25, 2025");
  assertEquals(speakDay("soon", now), "soon");
  assertEquals([asSentence("Yes"), asSentence("Yes!")], ["Yes.", "Yes!"]);
});
