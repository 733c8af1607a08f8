import { assert, assertEquals } from "@std/assert";
import { speakLinks } from "../../providers/google/text/html_link.ts";
import { htmlToText } from "../../providers/google/text/html_text.ts";
import { isBlank, visible } from "../../providers/google/text/visible_text.ts";

Deno.test("htmlToText() keeps the words and drops the rest", () => {
  const cases: [string, string][] = [
    ["plain", "plain"],
    ["a<br>b<br/>c<p>d</p>", "a\nb\nc\nd"],
    ["a\n  b\t c", "a b c"],
    ["<td>a</td><td>b</td>", "a b"],
    ["<script>x < y</script>a<!-- b > --> c", "a c"],
    ["<SCRIPT>a</b></SCRIPT >x", "x"],
    ["<head><title>t</title><style>s</style></head><body>b</body>", "b"],
    ["<head>no end", "no end"],
    ["<style>no end", ""],
    ["1 < 2 and 3<4", "1 < 2 and 3<4"],
    ['<a href="https://example.com/?a=1">link</a>', "link (https://example.com/?a=1)"],
    ["&eacute;&Uuml;&ccedil;&szlig;&euro;&#8364;&#x1F986;", "éÜçß€€🦆"],
    ["&amp;lt; &unknown; &#0; &#xD800; &#9999999;", "&lt; &unknown;"],
    ["<p>a</p>\n\n\n<p></p><p></p><p>b</p>", "a\n\nb"],
    ["<unclosed", ""],
    ["<?xml version='1'?><!doctype html>a", "a"],
    ["<header>kept</header>", "kept"],
    ["", ""],
  ];
  for (const [html, text] of cases) assertEquals(htmlToText(html), text, html);
});

Deno.test("htmlToText() knows the entities of its table, and no member of an object", () => {
  for (const name of ["toString", "valueOf", "avalueOf", "constructor", "__proto__"]) {
    assertEquals(htmlToText(`<p>a &${name}; b</p>`), `a &${name}; b`);
  }
  assertEquals(htmlToText("<p>caf&eacute; &amp; &AElig;</p>"), "café & Æ");
});

/** A reader that began again at every piece would take a million million steps, which never end. */
Deno.test("htmlToText() comes to an end with what is made to be slow", () => {
  const count = 1_000_000;
  for (const piece of ["<", "<a", "<!--", "<style>", "<head>", "</", "&#", "&amp", " \n", "<p>"]) {
    assert(htmlToText(piece.repeat(count)).length <= piece.length * count, piece);
  }
});

/** Each link or break looked at all of a line that grew with each: a mail took most of a minute. */
Deno.test("htmlToText() comes to an end with a line that is made to be long", () => {
  const count = 60_000;
  const links = htmlToText('<a href="http://x.y">b.co</a>'.repeat(count));
  assertEquals(links.split("(leads to http://x.y)").length, count + 1);
  assertEquals(htmlToText('<a href="tel:1">b</a>'.repeat(count)).split("b (1)").length, count + 1);
  const cells = `<table>${"<td>".repeat(count)}- ${"<br>".repeat(5 * count)}a`;
  assertEquals(htmlToText(cells), "-\n\na");
});

Deno.test("htmlToText() loses nothing of a long line, and takes it for no item", () => {
  const words = "word ".repeat(2_000);
  assertEquals(htmlToText(`<p>${words}<b>${words}</b><i>end</i></p>x`), `${words}${words}end\nx`);
  assertEquals(htmlToText(`<ul><li>${words}<li>two</ul>`), `- ${words.trim()}\n- two`);
});

/** What is hidden, and by what. */
const HIDDEN = [
  '<div style="display:none">secret</div>',
  '<div style="display : NONE !important; color:red">secret</div>',
  "<div style='visibility:hidden'>secret</div>",
  '<div style="mso-hide:all">secret</div>',
  '<div style="font-size:0">secret</div>',
  '<div style="font-size:0px;line-height:0">secret</div>',
  '<div style="font-size:1px"><b>secret</b></div>',
  '<div style="font-size:0"><b style="font-size:2em">secret</b></div>',
  '<div style="max-height:0;overflow:hidden">secret</div>',
  '<div style="max-height:0px">secret</div>',
  '<div style="height:0;overflow:hidden">secret</div>',
  '<div style="opacity:0">secret</div>',
  '<div style="opacity:0.0">secret</div>',
  '<div style="color:#ffffff;background:#fff">secret</div>',
  '<div style="background-color:white"><span style="color:rgb(255, 255, 255)">secret</span></div>',
  '<table bgcolor="#000000"><tr><td><font color="#000">secret</font></td></tr></table>',
  '<span style="color:#fefefe">secret</span>',
  '<div style="color:transparent">secret</div>',
  '<div style="color:rgba(0,0,0,0)">secret</div>',
  '<div style="text-indent:-9999px">secret</div>',
  '<div style="position:absolute;left:-10000px">secret</div>',
  "<div hidden>secret</div>",
  '<div hidden="">secret<p>secret</p></div>',
  '<td role="presentation" aria-hidden="true">secret</td>',
  "<style>.preheader { display: none !important }</style><p class='x preheader'>secret</p>",
  "<style>@media screen { .x { color: red } } #pre, .y{display:none}</style><p id=pre>secret</p>",
  '<div style="/* a */display:/* b */none">secret</div>',
  '<div style="display&colon;none">secret</div>',
  '<p style="display:none">secret<p hidden>secret',
  '<ul><li style="display:none">secret<li hidden>secret</ul>',
  '<table><tr><td style="display:none">secret<td hidden>secret<tr hidden><td>secret</table>',
  "<!-- secret -->",
  "<!--[if mso]>secret<![endif]-->",
  "<template>secret</template>",
  "<svg><title>secret</title></svg>",
  "<title>secret</title>",
];

Deno.test("htmlToText() says nothing that the mail's reader does not see", () => {
  for (const html of HIDDEN) {
    assertEquals(
      htmlToText(`<p>Hello</p>${html}<p>there</p>`).match(/\w+/g),
      ["Hello", "there"],
      html,
    );
  }
});

Deno.test("htmlToText() says what is seen, in whatever it stands", () => {
  const seen = [
    '<div style="font-size:0"><span style="font-size:14px">said</span></div>',
    '<div style="max-height:none;opacity:1;display:block">said</div>',
    '<div style="color:#fff;background:#000">said</div>',
    '<td style="background:#333 url(x.png)"><b style="color:#fff">said</b></td>',
    '<div class="dark"><b style="color:#fff">said</b></div>',
    '<style>@media print { .a { display:none } } .b{display:none}.b{display:block}</style><p class="a b">said</p>',
    '<a href="" style="mso-hide:all">said</a>',
    "<style>body, td { background: #111 }</style><body><p style='color:#fff'>said</p></body>",
    '<table><tr><td style="max-width:0;overflow:hidden">said</td></tr></table>',
    '<div style="height:0">said</div>',
    "<![if !mso]>said<![endif]>",
    '<p style="display:none">no<div>said</div>',
    "<p hidden></div>no</p>said",
    '<p title="a > b" data-x=\'"\'>said</p>',
    "<noscript>said</noscript>",
  ];
  for (const html of seen) assertEquals(htmlToText(html), "said", html);
  // Where everything is kept from a voice, that was a mistake.
  assertEquals(htmlToText('<body aria-hidden="true"><p>said</p></body>'), "said");
});

Deno.test("htmlToText() reads pictures, lists and tables", () => {
  const cases: [string, string][] = [
    ['<img src="x" alt="Sale: 50% off">', "Sale: 50% off"],
    ['<img alt="open me" width="1" height="1">x<img alt="p" style="width:1px;height:1px">', "x"],
    ['a<img alt="logo" style="display:none">b<img>', "ab"],
    ["<ul><li>one</li><li><p>two</p></li><li></li></ul>", "- one\n\n- two"],
    ["<ol start=3><li>x<li>y</ol>", "3. x\n4. y"],
    [
      "<table><tr><th>Item</th><th>Price</th></tr><tr><td>Tea</td><td>3 €</td></tr></table>",
      "Item | Price\n\nTea | 3 €",
    ],
    ['<table role="presentation"><tr><td>a</td><td>b</td></tr></table>', "a b"],
    ["<pre>a\n  b\nc</pre>", "a\nb\nc"],
    ["Don&#146;t &hellip; 5&nbsp&amp 6&#8239;&rarr;", "Don’t … 5 & 6 →"],
  ];
  for (const [html, text] of cases) {
    assertEquals(htmlToText(html).replace(/\n\n+/g, "\n\n"), text, html);
  }
});

Deno.test("htmlToText() says where a link leads, and when its words say something else", () => {
  const cases: [string, string][] = [
    ['<a href="https://a.example/r">the report</a>', "the report (https://a.example/r)"],
    ['<a href="https://www.a.example/">a.example</a>', "a.example"],
    ['<a href="https://a.example/x">https://a.example/x</a>', "https://a.example/x"],
    [
      '<a href="https://evil.example/x">https://bank.example/login</a>',
      "https://bank.example/login (leads to https://evil.example/x)",
    ],
    ['<a href="https://bank.example@evil.example">Log in</a>', "Log in (https://evil.example)"],
    ['<a href="mailto:ana@a.example?subject=x">write to Ana</a>', "write to Ana (ana@a.example)"],
    ['<a href="mailto:ana@a.example">ana@a.example</a>', "ana@a.example"],
    ['<a href="tel:+493012345">+49 30 123 45</a>', "+49 30 123 45"],
    ['<a href="javascript:alert(1)">x</a><a href="#top">y</a><a>z</a>', "xyz"],
    ['<a href="https://t.example/click"><img src="x"></a>', ""],
    ['<a href="https://t.example/c"><img alt="Shop"></a>', "Shop (https://t.example/c)"],
    [
      '<a href="https://a.example">x</a> <a href="https://a.example">y</a>',
      "x (https://a.example) y",
    ],
    [`<a href="https://a.example/p?${"t".repeat(500)}">x</a>`, "x (https://a.example/p?…)"],
    ['<a href="https://a.example/b" style="display:none">x</a>', ""],
    ['See <a href="https://a.example">it</a>.', "See it (https://a.example)."],
    ['<a href="https://a.example">it</a><b>now</b>', "it (https://a.example) now"],
  ];
  for (const [html, text] of cases) assertEquals(htmlToText(html), text, html);
});

Deno.test("speakLinks() says of an address no more than somebody can listen to", () => {
  const cases = [
    ["the report (https://a.example/r)", "the report"],
    [
      "https://bank.example (leads to https://evil.example/x)",
      "bank.example (it leads to evil.example)",
    ],
    ["See https://www.a.example/path?x=1, and more.", "See a.example and more."],
  ];
  for (const [text, said] of cases) assertEquals(speakLinks(text!), said);
});

Deno.test("visible() takes away what has no width, and keeps what joins letters and emoji", () => {
  const cases: [string, string][] = [
    ["a\u200Bb\u00ADc\u034Fd\uFEFFe\u2060f", "abcdef"],
    ["a\u00A0b\u2003c\u202Fd\u3000e", "a b c d e"],
    ["\u034F \u200C\u00A0\u034F \u200C", "   "],
    ["👩\u200D👧 ❤\uFE0F", "👩\u200D👧 ❤\uFE0F"],
    ["می\u200Cخواهم", "می\u200Cخواهم"],
    ["photo\u202Egpj.exe", "photogpj.exe"],
    [`hi${String.fromCodePoint(0xE0069, 0xE0067, 0xE006E)}`, "hi"],
    [`hi${String.fromCodePoint(0xE0100, 0xE0101)} \uFE01\uFE02`, "hi "],
  ];
  for (const [text, seen] of cases) assertEquals(visible(text), seen, JSON.stringify(text));
  for (const blank of ["", " \n", "\u200B\u00AD", "\u034F\u200C\u00A0", "\u2800", "\u0301"]) {
    assert(isBlank(blank), JSON.stringify(blank));
  }
  for (const text of ["a", ".", "👍", "日"]) assert(!isBlank(text), text);
});
