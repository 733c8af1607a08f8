import { assert, assertEquals } from "@std/assert";
import { Sieve } from "../../mcp/sieve.ts";
import { bareOf, base64Of, hexOf, looseBase64Of } from "../../mcp/views.ts";
import { base64, hex as hexBytes } from "../support/written_as.ts";

const SECRET = "gho_R4nd0mT0kenOfAPerson";

/** The same numbers every time. */
function dice(seed: number): (most: number) => number {
  return (most) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor(seed / 2 ** 32 * most);
  };
}

const NOISE = [
  "",
  " ",
  "\n",
  "x",
  "0x",
  "0X",
  "0",
  "X",
  "é",
  "\u2003",
  "-",
  "_",
  "=",
  "{",
  "\0",
  "g",
  "Z0",
];
/** A text in pieces of any length. */
function partsOf(text: string, roll: (most: number) => number): string[] {
  const parts: string[] = [];
  for (let at = 0; at < text.length;) {
    const end = at + roll(12);
    parts.push(text.slice(at, end));
    at = end;
  }
  return parts;
}

const CASES = [(text: string) => text, (text: string) => text.toUpperCase()];

Deno.test("a text in which a view finds a form is never sorted out", () => {
  const roll = dice(1);
  const found = { words: 0, hex: 0, parts: 0 };
  for (let round = 0; round < 20_000; round++) {
    const length = 8 + roll(40);
    const secret = Array.from({ length }, () => String.fromCharCode(33 + roll(94))).join("");
    const words = [base64(secret).replace(/=+$/, ""), bareOf(secret)];
    const hex = hexBytes(secret);
    const sieve = new Sieve(words, [hex]);
    const kind = roll(3);
    const form = kind === 2 ? CASES[roll(2)]!(hex) : words[kind]!;
    // Most with something between the characters, and all with something around them.
    const gaps = roll(4);
    const inside = Array.from(
      form,
      (character) => roll(10) < gaps ? NOISE[roll(NOISE.length)]! + character : character,
    ).join("");
    const around = () => Array.from({ length: roll(5) }, () => NOISE[roll(NOISE.length)]).join("");
    const text = around() + inside + around();
    const views = [bareOf(text), base64Of(text), looseBase64Of(text)];
    if (views.some((view) => words.some((word) => view.includes(word)))) {
      found.words++;
      assert(sieve.mayHoldWord(text), JSON.stringify([secret, text]));
    }
    if (hexOf(text).includes(hex)) {
      found.hex++;
      assert(sieve.mayHoldHex([text]), JSON.stringify([secret, text]));
    }
    const parts = partsOf(text, roll);
    if (views.some((view) => words.some((word) => view.includes(word)))) {
      assert(sieve.mayHide(parts), JSON.stringify([secret, parts]));
    }
    if (hexOf(parts.join("\0")).includes(hex)) {
      found.parts++;
      assert(sieve.mayHoldHex(parts), JSON.stringify([secret, parts]));
    }
  }
  assert(Object.values(found).every((count) => count > 2_000), JSON.stringify(found));
});

Deno.test("ordinary texts are sorted out", () => {
  const sieve = new Sieve([base64(SECRET), bareOf(SECRET)], [hexBytes(SECRET)]);
  for (
    const text of [
      "",
      "Found 20 repositories: octocat/repo-0; octocat/repo-1.",
      JSON.stringify({ url: "https://github.com/octocat/repo-1", sha: "0a1b2c3d4e5f60718293a4b5" }),
      "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
      "gho_R4nd",
    ]
  ) {
    assertEquals([sieve.mayHoldWord(text), sieve.mayHoldHex([text])], [false, false], text);
    assertEquals(sieve.mayHide([text]), false, text);
  }
});

Deno.test("forms that are too short to tell by sort nothing out", () => {
  const sieve = new Sieve(["abcdef", "abcdefghijklmnop"], ["0a1b2c3d"]);
  assertEquals([sieve.mayHoldWord("x"), sieve.mayHoldHex(["x"])], [true, true]);
});

Deno.test("behind an escape anything may stand", () => {
  const sieve = new Sieve([base64(SECRET), bareOf(SECRET)], [hexBytes(SECRET)]);
  for (const escape of ["\\", "%", "&"]) assert(sieve.mayHide(["a", `b${escape}c`]), escape);
});
