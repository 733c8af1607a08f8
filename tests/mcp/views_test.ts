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

Deno.test("wholeBase64() and base64Of() take for a gap what a pattern takes for one", () => {
  for (let code = 0; code < 0x10000; code++) {
    const gap = String.fromCharCode(code);
    if (!/\s/.test(gap)) continue;
    const name = `U+${code.toString(16)}`;
    assertEquals(wholeBase64(`aGVs${gap}bG8=`, 4), "hello", name);
    assertEquals(base64Of(`aGVs${gap}bG8`), "aGVsbG8", name);
  }
  for (const other of ["\u200b", "\u180e", "\u2007\u0000", "é"]) {
    assertEquals(wholeBase64(`aGVs${other}bG8=`, 4), undefined, other);
  }
});

Deno.test("wholeBase64() decodes what is base64 as a whole, in each of its spellings, and nothing else", () => {
  const said = "\u00ff\u00fe>>?secret text";
  const plain = btoa(said);
  const forms = [
    plain,
    plain.replaceAll("=", ""),
    plain.replaceAll("+", "-").replaceAll("/", "_"),
    plain.replace(/.{4}/g, "$&\r\n"),
    ` ${plain}\t`,
    plain.replace("=", "= "),
    `\u00a0${plain.slice(0, 5)}\ufeff${plain.slice(5)}`,
  ];
  for (const form of forms) assertEquals(wholeBase64(form, 8), said, JSON.stringify(form));
  const none = [
    plain.slice(0, 7),
    `${plain.slice(0, 8)}=${plain.slice(8)}`,
    `${plain.replaceAll("=", "")}===`,
    `${plain}.`,
    `${plain}é`,
    "abcdefghi",
    "two words, and more",
  ];
  for (const form of none) assertEquals(wholeBase64(form, 8), undefined, JSON.stringify(form));
});
