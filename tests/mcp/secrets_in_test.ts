import { assert, assertEquals } from "@std/assert";
import { withoutSecrets } from "../../mcp/secrets_in.ts";
import { base64, bytesOf, hex } from "../support/written_as.ts";

const TOKEN = "ghu_16C7e42F/292c+69=12E7";
const PLAIN = "gho_R4nd0mT0kenOfAPerson";
const HEX = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567";
const WORDS = 'pass"word\\ünïq';

const base64url = (text: string) =>
  base64(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const percent = (text: string) => hex(text).replaceAll(/../g, "%$&");
const u4 = (text: string) =>
  Array.from(text, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
const halves = (text: string): [string, string] => [text.slice(0, 5), text.slice(5)];
const block = (text: string) => ({ type: "text", text });

/** What an answer may do with a text. */
const HIDDEN: Record<string, (secret: string) => unknown> = {
  "base64": (secret) => block(base64(secret)),
  "base64 behind one byte": (secret) => block(base64(`x${secret}`)),
  "base64 behind two bytes": (secret) => block(base64(`xy${secret}`)),
  "base64 amid other bytes": (secret) => block(base64(`{"authorization":"Bearer ${secret}"}`)),
  "base64 amid other words": (secret) => block(`It is data:text/plain;base64,${base64(secret)}.`),
  "base64 amid words, behind one byte": (secret) => block(`(${base64(`x${secret}`)})`),
  "base64 amid words, behind two bytes": (secret) => block(`(${base64(`xy${secret}`)})`),
  "base64url": (secret) => block(base64url(secret)),
  "base64url behind one byte": (secret) => block(base64url(`?${secret}~`)),
  "base64url behind two bytes": (secret) => block(base64url(`??${secret}~`)),
  "base64 in lines": (secret) => block(base64(`${secret}.`).replaceAll(/.{7}/g, "$&\r\n")),
  "base64 in escaped lines": (secret) =>
    block(JSON.stringify({ a: base64(secret).replaceAll(/.{7}/g, "$&\n") })),
  "base64 of base64": (secret) => block(base64(base64(secret))),
  "base64, percent-encoded": (secret) => block(encodeURIComponent(base64(secret))),
  "a blob": (secret) => ({
    type: "resource",
    resource: { uri: "file:///a", blob: base64(`a file with ${secret} in it`) },
  }),
  "a blob of escaped text": (secret) => ({ type: "image", data: base64(percent(secret)) }),
  "hexadecimal": (secret) => block(hex(secret)),
  "hexadecimal in capitals": (secret) => block(hex(secret).toUpperCase()),
  "hexadecimal, spaced": (secret) => block(hex(secret).replaceAll(/../g, "$&:")),
  "hexadecimal, as literals": (secret) => block(hex(secret).replaceAll(/../g, "0x$&, ")),
  "percent-encoded": (secret) => block(percent(secret)),
  "percent-encoded twice": (secret) => block(percent(secret).replaceAll("%", "%25")),
  "\\u-escaped": (secret) => block(u4(secret)),
  "\\u-escaped in part": (secret) => block(u4(secret.slice(0, 3)) + secret.slice(3)),
  "\\u-escaped twice": (secret) => block(JSON.stringify(u4(secret))),
  "HTML entities": (secret) => block(Array.from(secret, (c) => `&#${c.charCodeAt(0)};`).join("")),
  "two blocks": (secret) => halves(secret).map(block),
  "a block a character": (secret) => Array.from(secret, block),
  "two blocks of base64": (secret) => halves(base64(secret)).map(block),
  "bytes as numbers": (secret) => ({ type: "Buffer", data: Array.from(bytesOf(secret)) }),
  "a member's name": (secret) => ({ [secret]: 1 }),
  "a member's name, encoded": (secret) => ({ [base64(secret)]: 1 }),
  "a name deep inside": (secret) => ({ a: [{ b: { [`x-${secret}`]: null } }] }),
};

Deno.test("a secret in another form withholds the whole", () => {
  for (const secret of [TOKEN, PLAIN, HEX, WORDS, "eight8ch"]) {
    for (const [form, write] of Object.entries(HIDDEN)) {
      for (const value of [write(secret), { content: [{ a: "before" }, write(secret), "after"] }]) {
        assertEquals(withoutSecrets(value, [secret]), { kind: "withheld" }, `${form} of ${secret}`);
      }
    }
  }
});

Deno.test("a long secret is found across whatever stands in between", () => {
  const [first, second] = halves(PLAIN);
  const across: unknown[] = [
    { structuredContent: { a: first, b: second } },
    { structuredContent: { parts: [first, " ", second] } },
    block(`${first}\u200b${second}`),
    block(Array.from(PLAIN).join(" ")),
    block(Array.from(PLAIN, (c) => `${c}\0`).join("")),
    { blob: btoa(Array.from(PLAIN, (c) => `${c}\0`).join("")) },
    {
      content: [
        block(halves(base64(PLAIN))[0]),
        { type: "image" },
        block(halves(base64(PLAIN))[1]),
      ],
    },
    halves(PLAIN).map((part, index) => ({ index, part, note: "harmless" })),
    { chunks: halves(PLAIN).map((half) => btoa(half)) },
    { chunks: halves(base64(PLAIN)) },
    { a: { uri: `x://${first}` }, b: second },
  ];
  for (const value of across) {
    assertEquals(withoutSecrets(value, [PLAIN]).kind, "withheld", JSON.stringify(value));
  }
});

Deno.test("the case of a hexadecimal secret says nothing", () => {
  assertEquals(withoutSecrets(block(HEX.toUpperCase()), [HEX]).kind, "withheld");
  assertEquals(withoutSecrets(block(HEX), [HEX.toUpperCase()]).kind, "withheld");
  // Elsewhere another case is another text.
  assertEquals(withoutSecrets(block("Readwrite"), ["readWrite"]).kind, "clean");
});

Deno.test("a secret as it stands is removed, wherever and however often", () => {
  for (const secret of [TOKEN, PLAIN, HEX, WORDS]) {
    const value = {
      content: [block(`Bearer ${secret}, again: ${secret}`), {
        uri: `https://a.example/?t=${secret}`,
      }],
      structuredContent: { deep: [{ er: secret }], count: 3, not: null, yes: true },
    };
    assertEquals(withoutSecrets(value, [secret]), {
      kind: "clean",
      value: {
        content: [block("Bearer [removed], again: [removed]"), {
          uri: "https://a.example/?t=[removed]",
        }],
        structuredContent: { deep: [{ er: "[removed]" }], count: 3, not: null, yes: true },
      },
    });
  }
});

Deno.test("of two secrets the longer is removed first", () => {
  const secrets = ["abcdefgh", "Bearer abcdefgh"];
  assertEquals(withoutSecrets("a Bearer abcdefgh b abcdefgh", secrets), {
    kind: "clean",
    value: "a [removed] b [removed]",
  });
});

Deno.test("what holds no secret goes through as it was", () => {
  const value = {
    content: [block("ghu_16C7e42F"), block('{"a":"%41\\u0041 \\\\ 100% &amp; 0x"}'), {
      type: "image",
      data: btoa("an image".repeat(500)),
    }],
    structuredContent: { [`a "b" \\u0041`]: [1, 2.5, -3, true, null, "", { __proto__x: {} }] },
    _meta: JSON.parse('{"__proto__":{"x":1}}'),
  };
  const before = JSON.stringify(value);
  const searched = withoutSecrets(value, [TOKEN, PLAIN, HEX, WORDS]);
  assert(searched.kind === "clean");
  assertEquals(JSON.stringify(searched.value), before);
  assertEquals(JSON.stringify(value), before);
});

Deno.test("a short secret is not looked for, and no secret is none", () => {
  for (const secrets of [[], ["", "x", "1234567"]]) {
    const value = { content: [block("x 1234567")] };
    assertEquals(withoutSecrets(value, secrets), { kind: "clean", value });
  }
});

Deno.test("a short secret is not found where words only happen to meet", () => {
  const value = { structuredContent: { modes: ["read", "write"], read: "write" } };
  assertEquals(withoutSecrets(value, ["readwrite"]).kind, "clean");
});

Deno.test("a number that is a secret withholds the whole", () => {
  assertEquals(withoutSecrets({ pin: 1234567890 }, ["1234567890"]).kind, "withheld");
});

Deno.test("what is nested too deep to be searched is withheld", () => {
  let value: unknown = "leaf";
  for (let depth = 0; depth < 5_000; depth++) value = [value];
  assertEquals(withoutSecrets(value, [PLAIN]).kind, "withheld");
});

Deno.test("the work grows with the answer: much that is nearly a secret is searched through", () => {
  // A megabyte each of what makes a careless search start over and over.
  const near = PLAIN.slice(0, -1);
  const values = [
    near.repeat(1_000_000 / near.length),
    "\\".repeat(100_000),
    "%25".repeat(30_000),
    base64(near).repeat(30_000),
    hex(near).repeat(20_000),
    "A".repeat(1_000_000),
    `${" ".repeat(1_000_000)}!`,
  ];
  for (const text of values) {
    assertEquals(withoutSecrets(block(text), [PLAIN]).kind, "clean", text.slice(0, 30));
    assertEquals(withoutSecrets(block(text + base64(PLAIN)), [PLAIN]).kind, "withheld");
  }
});

Deno.test("the longest answers are searched, too", () => {
  // Patterns ran out of stack here.
  const text = "xyz ".repeat(5 * 1024 * 1024);
  assertEquals(withoutSecrets(block(text + hex(PLAIN)), [PLAIN]).kind, "withheld");
});

Deno.test("an answer of escapes alone is withheld, since to resolve them takes too long", () => {
  for (const escape of ["\\\\", "%25", "&amp;", "\\u005c"]) {
    assertEquals(withoutSecrets(block(escape.repeat(600_000)), [PLAIN]).kind, "withheld", escape);
  }
});
