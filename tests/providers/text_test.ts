import { assert, assertEquals } from "@std/assert";
import {
  excerpt,
  fitting,
  looksBinary,
  shorten,
  speakExcerpt,
  speakSize,
  tokensOf,
} from "../../providers/text.ts";

Deno.test("excerpt() goes through a text piece by piece and loses nothing", () => {
  const text = "🦆a🦆🦆 zażółć".repeat(50);
  for (const limit of [1, 2, 3, 7, 100, 10_000]) {
    let read = "";
    for (let offset: number | undefined = 0; offset !== undefined;) {
      const part = excerpt(text, offset, limit);
      assert(part.text.length <= Math.max(limit, "🦆".length) && part.text.isWellFormed());
      assert(part.next === undefined || part.next > offset);
      read += part.text;
      offset = part.next;
    }
    assertEquals(read, text);
  }
  assertEquals(excerpt("", 0, 10), { text: "", next: undefined });
  assertEquals(excerpt("abc", 3, 10), { text: "", next: undefined });
});

Deno.test("excerpt() cuts no character in half, whatever the limit and the offset", () => {
  assertEquals(excerpt("🦆a", 0, 1), { text: "🦆", next: 2 }, "alone it is longer than the limit");
  assertEquals(excerpt("a🦆", 0, 2), { text: "a", next: 1 }, "it is left for the next piece");
  assertEquals(excerpt("a🦆", 1, 1), { text: "🦆", next: undefined });
  assertEquals(excerpt("🦆ab", 1, 1), { text: "a", next: 3 }, "an offset amid a character");
});

Deno.test("speakExcerpt() says what part of a text it is", () => {
  assertEquals(speakExcerpt({ text: "abc" }, 0, 3), []);
  assertEquals(
    speakExcerpt({ text: "x".repeat(20_000), next: 20_000 }, 0, 52_340),
    ["These are characters 1 to 20,000 of 52,340."],
  );
  assertEquals(speakExcerpt({ text: "abc" }, 20_000), ["These are characters 20,001 to 20,003."]);
});

Deno.test("fitting() shortens texts only as far as it must", () => {
  const write = (text: string, length: number) => shorten(text, length);
  assertEquals(fitting(["a", "b"], write), ["a", "b"]);
  const long = Array.from({ length: 100 }, () => "x".repeat(1_000));
  assertEquals(fitting(long, write)[0]!.length, 500);
  // One character of these is a token.
  const wide = Array.from({ length: 100 }, () => "長".repeat(1_000));
  assertEquals(fitting(wide, write)[0]!.length, 150);
  const many = Array.from({ length: 500 }, () => "長".repeat(1_000));
  const fitted = fitting(many, write);
  assertEquals(fitted.length, 500);
  assert(tokensOf(fitted) < 25_000);
});

Deno.test("tokensOf() counts characters beyond ASCII in full", () => {
  assertEquals(tokensOf("xxxxxxx"), 3);
  assertEquals(tokensOf("長長長長"), 5);
});

Deno.test("looksBinary() tells texts from other files", () => {
  const read = (bytes: number[]) => new TextDecoder().decode(Uint8Array.from(bytes));
  assertEquals(looksBinary(""), false);
  assertEquals(looksBinary("zażółć\r\n\t🦆\x1b[0m"), false);
  assertEquals(looksBinary(`${"Größe ".repeat(20)}\uFFFD`), false);
  assertEquals(looksBinary("a\0b"), true);
  assertEquals(looksBinary(read([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0xff, 0xfe])), true);
});

Deno.test("speakSize() rounds as people do", () => {
  const sizes = [0, 1, 999, 1_000, 1_234, 34_567, 999_499, 999_500, 5_242_880, 123_456_789];
  assertEquals(sizes.map(speakSize), [
    "no bytes",
    "1 byte",
    "999 bytes",
    "1 kB",
    "1.2 kB",
    "35 kB",
    "999 kB",
    "1 MB",
    "5.2 MB",
    "123 MB",
  ]);
});
