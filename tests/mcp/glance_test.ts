/** What a glance lets pass, a search lets pass too: a glance is there to be quick, and for nothing else. */

import { assert, assertEquals } from "@std/assert";
import { withoutSecrets } from "../../mcp/secrets_in.ts";
import { isSurelyClean } from "../../mcp/glance.ts";
import { Sieve } from "../../mcp/sieve.ts";
import { Dice } from "../support/fuzz/dice.ts";
import { base64, bytesOf, hex } from "../support/written_as.ts";

const SECRETS = ["gho_R4nd0mT0kenOfAPerson", "ghu_16C7e42F/292c+69=12E7", 'päss"word\\Enough'];

/** Ways to write a text. */
const WRITE: ((text: string) => string)[] = [
  (text) => text,
  base64,
  (text) => base64(`x${text}`),
  (text) => base64(`xy${text}!`),
  (text) => base64(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", ""),
  (text) => base64(text).replaceAll(/.{5}/g, "$& \n"),
  hex,
  (text) => hex(text).toUpperCase(),
  (text) => hex(text).replaceAll(/../g, "0x$&, "),
  (text) => hex(text).replaceAll(/../g, "%$&"),
  (text) => Array.from(text, (c) => `&#${c.codePointAt(0)};`).join(""),
  (text) => Array.from(text, (c) => `\\u${hex(c).padStart(4, "0")}`).join(""),
  (text) => Array.from(text).join(" "),
  (text) => Array.from(text).join("\u200b-"),
  (text) => encodeURIComponent(text),
  (text) => JSON.stringify(text),
];
const FILLERS = [
  "octocat/hello-world",
  "A repository of 20 things, R&D; 5% off",
  "TypeScript",
  "2026-11-01T10:00:00Z",
  "https://github.com/octocat/repo-1?a=b&c=d",
  "Straße – “quoted”",
  "",
];

/** A text, in one piece or in several. */
function cut(dice: Dice, text: string): string[] {
  if (dice.int(3) === 0) return [text];
  if (dice.int(4) === 0) return Array.from(text);
  const parts: string[] = [];
  const size = 1 + dice.int(12);
  for (let at = 0; at < text.length; at += size) parts.push(text.slice(at, at + size));
  return parts;
}

/** Ways to put parts of a text into a value. */
const PUT: ((parts: string[], filler: () => string) => unknown)[] = [
  (parts) => ({ content: parts.map((text) => ({ type: "text", text })) }),
  (parts) => ({ parts }),
  (parts, filler) => parts.map((part) => ({ note: filler(), part, url: filler() })),
  (parts) => Object.fromEntries(parts.map((part, at) => [`${part}`, at])),
  (parts) => parts.map((part) => ({ [part]: null })),
  (parts, filler) => ({ text: parts.join(filler()), data: { filler: filler() } }),
  (parts) => parts.reduceRight<unknown>((inside, a) => ({ a, inside }), "end"),
  (parts, filler) => parts.flatMap((part) => [part, { b: filler() }]),
  (parts) => parts.map((part) => ({ bytes: Array.from(bytesOf(part)) })),
  (parts) => ({ names: parts.map((part, at) => ({ [`${at % 2 ? part : "x"}`]: part })) }),
];

Deno.test("what a glance lets pass is found clean by a search", () => {
  const dice = new Dice(20261127);
  let [passed, withheld] = [0, 0];
  for (let time = 0; time < 4_000; time++) {
    const secret = dice.pick(SECRETS);
    // Now and then a text that is none, or nearly one.
    const said = [secret, secret, secret.slice(0, 6), secret.slice(3), dice.pick(FILLERS)];
    let text = dice.pick(WRITE)(dice.pick(said));
    if (dice.int(2) === 0) text = dice.pick(WRITE)(text);
    const filler = () => dice.pick(FILLERS);
    const value = {
      before: filler(),
      in: dice.pick(PUT)(cut(dice, text), filler),
      [filler()]: dice.int(5000),
    };
    const searched = withoutSecrets(value, [secret], () => false);
    const glanced = withoutSecrets(value, [secret]);
    assertEquals(glanced, searched, JSON.stringify(value));
    if (searched.kind === "withheld") withheld += 1;
    withoutSecrets(value, [secret], (...asked) => {
      const isClean = isSurelyClean(...asked);
      if (isClean) passed += 1;
      return isClean;
    });
  }
  assert(passed > 500 && withheld > 500, `${passed} passed, ${withheld} withheld`);
});

/** By a search, with a glance before it. */
const kindOf = (value: unknown, secret: string) => withoutSecrets(value, [secret]).kind;

Deno.test("a secret is found in each way to write it within another, in one text, in two, and far into one", () => {
  const page = "a page of words ".repeat(300);
  let withheld = 0;
  const search = (value: unknown, secret: string) => {
    const searched = withoutSecrets(value, [secret], () => false);
    assertEquals(withoutSecrets(value, [secret]), searched, JSON.stringify(value));
    if (searched.kind === "withheld") withheld += 1;
  };
  for (const secret of SECRETS) {
    for (const inner of WRITE) {
      const text = inner(secret);
      const [one, two] = [text.slice(0, text.length >> 1), text.slice(text.length >> 1)];
      search({ text: base64(`${page}${text}`) }, secret);
      for (const outer of WRITE) {
        search({ text: outer(text) }, secret);
        search([outer(one), "and, in between,", outer(two)], secret);
      }
    }
  }
  assert(withheld > 500, `${withheld} withheld`);
});

Deno.test("between two texts that are base64 nothing counts that is not", () => {
  const [secret = ""] = SECRETS;
  const spaced = Array.from(secret).join(" ");
  const [one, two] = [spaced.slice(0, 20), spaced.slice(20)].map(base64);
  const between = [
    "QUJDREVG=QUJDREVG",
    "QUJDREVGRw===",
    "QUJDREVGR",
    "Straße und mehr",
    "QUJD.REVG",
  ];
  for (const text of ["", ...between]) {
    assertEquals(kindOf([one, text, two], secret), "withheld", text);
  }
  assertEquals(kindOf([one, "QUJDREVG", two], secret), "clean");
});

Deno.test("digits of a secret may stand in numbers, and its hexadecimal amid letters that are none", () => {
  const numbered = "wq-86753091-24816325";
  assertEquals(kindOf(["wq", 86753091, 24816325], numbered), "withheld");
  assertEquals(kindOf({ wq: { a: "wq", b: 86753091, c: { d: 24816325 } } }, numbered), "withheld");
  // No byte of it ends in 0, which would belong to an `x` behind it.
  const secret = "Wq7_tRuVw-zXyKlMnOo";
  for (const text of [hex(secret).replaceAll(/../g, "$&x"), hex(secret).replaceAll(/./g, "$&x")]) {
    for (const value of [{ text }, { text: base64(text) }]) {
      assertEquals(kindOf(value, secret), "withheld", text);
    }
  }
  // A zero belongs to an `x` that stands right behind it in the same text, and to no other.
  const [other = ""] = SECRETS;
  const digits = hex(other);
  const zero = digits.indexOf("0", 20) + 1;
  const [one, two] = [digits.slice(0, zero), digits.slice(zero)];
  for (const texts of [[`${one} 0x`, two], ["x".repeat(80), one, two]]) {
    assertEquals(kindOf(texts, other), "withheld", texts.join());
  }
});

const sieve = new Sieve(
  [SECRETS[0]!, base64(SECRETS[0]!).slice(0, -2)],
  [hex(SECRETS[0]!)],
);
const glance = (value: unknown) => isSurelyClean(value, sieve, { depth: 100, least: 8 });

Deno.test("what tools answer passes at a glance", () => {
  const repositories = Array.from({ length: 20 }, (_, at) => ({
    repo: `octocat/repo-${at}`,
    description: "R&D: 20% of all Q4 work; see \\\\server",
    private: false,
    stars: at,
    language: null,
    pushed_at: "2026-11-01T10:00:00Z",
    url: `https://github.com/octocat/repo-${at}?tab=readme&plain=1`,
  }));
  assert(glance({ kind: "result", text: "Found 20", data: { repositories } }) === false);
  const plain = repositories.map((one) => ({ ...one, description: "R&D: 20% of it" }));
  assert(glance({ kind: "result", text: "Found 20", data: { repositories: plain } }));
  assert(glance({ a: "x".repeat(5_000), b: "wörd ".repeat(2_000), c: [1, 2, 3], d: true }));
  assert(glance({ rows: [[1, "a", 2, "b", 3, "c", 4, "d", null, false]] }));
});

/** A text at the end of what short texts, and a long one, stand for. */
const inBase64 = (text: string) =>
  ["", "a", "ab", "some words", "some words ".repeat(1_000)].map((before) => ({
    text: base64(`12 ${before} ${text}`),
  }));

Deno.test("behind what may be an escape, or begins one at a text's end, a glance sees nothing", () => {
  for (
    const text of [
      ...["a%41", "a%aF", "a\\u0041", "a\\x41", "a\\n", 'a\\"', "a\\\\", "a\\/"],
      ...["&#65;", "&amp;", "&QUOT;", "&apos;", "&lt;", "&Gt;", "a%", "a\\", "a&", "a&a"],
    ]
  ) {
    for (const value of [{ text }, { [text]: 1 }, ...inBase64(text)]) {
      assertEquals(glance(value), false, text);
    }
  }
  for (const text of ["5% off", "R&D x", "?a=b&c=d", "a \\ b", "100%!", "0x1F, 0XA", "naïve: é"]) {
    for (const value of [{ text }, { [text]: 1 }, ...inBase64(text)]) {
      assertEquals(glance(value), true, text);
    }
  }
});

Deno.test("it does not look deeper than a search, nor at bytes, nor for forms too short to tell by", () => {
  const nested = (depth: number): unknown => depth === 0 ? 1 : [nested(depth - 1)];
  assert(glance(nested(100)));
  assert(!glance(nested(102)));
  const deep = (depth: number): unknown => depth === 0 ? 1 : { a: deep(depth - 1) };
  assert(glance(deep(100)));
  assert(!glance(deep(102)));
  assert(!glance({ data: [104, 101, 108, 108, 111, 32, 33, 33] }));
  const [long, short] = [SECRETS[0]!, "ab"];
  const told = (word: string, number: string) =>
    isSurelyClean("a", new Sieve([word], [hex(number)]), { depth: 100, least: 8 });
  assertEquals([told(long, long), told(short, long), told(long, short)], [true, false, false]);
});

Deno.test("a text that is base64 as a whole is looked at as what it stands for, whatever white space is in it", () => {
  const [secret = ""] = SECRETS;
  const written = base64(Array.from(secret).join(" "));
  for (const space of ["", " ", "\r\n", "\u00a0", "\u2003", "\u3000", "\ufeff"]) {
    const blob = written.replaceAll(/.{7}/g, `$&${space}`);
    assert(!glance({ blob }), JSON.stringify(space));
    assertEquals(withoutSecrets({ blob }, [secret]), { kind: "withheld" });
  }
});

Deno.test("a long text that is base64 as a whole is looked at as what it stands for", () => {
  const [secret = ""] = SECRETS;
  const spaced = Array.from(secret).join("\0");
  const blob = (text: string) => ({ blob: base64("a file ".repeat(1_000) + text) });
  assertEquals(withoutSecrets(blob(spaced), [secret]), { kind: "withheld" });
  assert(glance(blob("")));
});
