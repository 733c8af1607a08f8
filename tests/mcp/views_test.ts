import { assertEquals } from "@std/assert";
import { bareOf, base64Of, hexOf, looseBase64Of, wholeBase64 } from "../../mcp/views.ts";

Deno.test("a view keeps the characters of its encoding alone", () => {
  const text = " aZ-9_+/=\u00a0é0xFF 0X1g\n";
  assertEquals(bareOf(text), "aZ90xFF0X1g");
  assertEquals(looseBase64Of(text), "aZ+9/+/0xFF0X1g");
  assertEquals(hexOf(text), "a9ff1");
  // What is no gap, and no character of it, ends what was before.
  assertEquals(base64Of(text), "aZ+9/+/\0\0" + "0xFF0X1g");
});

Deno.test("wholeBase64() reads a text that is base64 as a whole, broken into lines or not", () => {
  assertEquals(wholeBase64("aGVsbG8gd29ybGQ=", 8), "hello world");
  assertEquals(wholeBase64("aGVs\nbG8g\u2028d29y bGQ=\r\n", 8), "hello world");
  assertEquals(wholeBase64("_-__", 4), "\u00ff\u00ef\u00ff");
  for (const none of ["short", "aGVsbG8gd29ybG!", "aGVs=bG8gd29y", "aGVsbG8g===", "aGVsbG8gd"]) {
    assertEquals(wholeBase64(none, 8), undefined, none);
  }
});
