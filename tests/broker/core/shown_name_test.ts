import { assert, assertEquals } from "@std/assert";
import { LONGEST_NAME, plainText, shownName, shownText } from "../../../broker/core/shown_name.ts";

Deno.test("shownName() leaves names of all the world as they are", () => {
  const names = [
    "Claude",
    "octocat@example.com",
    "Zoë Ångström-O’Neill",
    "山田太郎",
    "عمر خيام",
    "می‌خواهم",
    "क्‍ष",
    "👩‍💻 tools",
    "Ống Nghiệm",
  ];
  for (const name of names) assertEquals(shownName(name, "-"), name.normalize("NFC"), name);
});

Deno.test("shownName() lets a name turn, hide or break nothing around it", () => {
  const cases: [given: string, shown: string][] = [
    ["Claude\u202Eedualc", "Claude edualc"],
    ["\u2066Claude\u2069", "Claude"],
    ["Cla\u200Bude", "Cla ude"],
    ["Claude\nVerified by your bank", "Claude Verified by your bank"],
    ["Claude\u2028x\u2029y\u0085z\u0000", "Claude x y z"],
    ["  a \t\r\n  b  ", "a b"],
    ["\u3164\u2800\u00A0", "nobody"],
    ["\uD800x\uDFFF", "x"],
    ["\uE000\uFEFF\u00AD", "nobody"],
    ["", "nobody"],
  ];
  for (const [given, shown] of cases) assertEquals(shownName(given, "nobody"), shown);
  const zalgo = `a${"\u0301\u0302".repeat(200)}b`;
  assert([...shownName(zalgo, "-")].length < 8);
});

Deno.test("shownName() cuts what no person reads, between characters, and comes to an end", () => {
  const long = shownName("👩".repeat(500), "-");
  assertEquals([...long].length, LONGEST_NAME);
  assert(long.endsWith("👩…"));
  assertEquals([...shownName("x".repeat(LONGEST_NAME), "-")].length, LONGEST_NAME);
  for (const piece of [" ", "\u202E", "a\u0301", "\n"]) shownName(piece.repeat(2_000_000), "-");
});

Deno.test("shownText() keeps its lines, and hides nothing in them", () => {
  assertEquals(shownText("a\r\nb\n\tc", 100), "a\nb\n\tc");
  assertEquals(shownText("a\u202Eb\u200Bc", 100), "a b c");
  assertEquals(shownText("abcdef", 3), "abc");
  const zalgo = `a${"\u0301\u0302".repeat(200)}b`;
  assert([...shownText(zalgo, 1_000)].length < 8);
});

Deno.test("plainText() is one line of so many characters", () => {
  assertEquals(plainText(" a\r\n\u202Eb  c ", 100), "a b c");
  assertEquals(plainText("x".repeat(10), 10), "x".repeat(10));
  assertEquals(plainText("x".repeat(11), 10), `${"x".repeat(9)}…`);
  // What is cut anyway is not looked through.
  assertEquals(plainText(`${" ".repeat(40)}x`, 10), "");
});

Deno.test("shownName() does not look through what is cut in any case", () => {
  assertEquals(shownName(`${"\u200b".repeat(20 * LONGEST_NAME)}late`, "nobody"), "nobody");
});
