/** Sentences of pages: what is put into them, and in which language they are. */

import { raw } from "hono/html";
import { assertEquals, assertThrows } from "@std/assert";
import { type Catalogue, en } from "../../../routes/http/page/words/en.ts";
import { catalogueFor } from "../../../routes/http/page/words/language.ts";
import { counted, say, sayText } from "../../../routes/http/page/words/say.ts";

Deno.test("say() keeps the order of the sentence, and puts in what is given, once", () => {
  assertEquals(say("{b} of {a}.", { a: "1", b: "2" }).join(""), "2 of 1.");
  assertEquals(sayText("{b} of {a}, {a}", { a: 1, b: "x" }), "x of 1, 1");
  // What somebody is called is no sentence.
  assertEquals(sayText("{a} and {b}", { a: "{b}", b: "$&{a}$1" }), "{b} and $&{a}$1");
  assertEquals(say("{a} and {b}", { a: "{b}", b: "x" }).join(""), "{b} and x");
  const part = raw("<b>part</b>");
  assertEquals(say("a {b} c", { b: part })[1], part);
});

Deno.test("a place that nothing is given for is a fault of the code, and not a page with a hole", () => {
  for (const name of ["a", "__proto__", "constructor", "toString"]) {
    assertThrows(() => say(`x {${name}}`, {}), TypeError, name);
    assertThrows(() => sayText(`x {${name}}`, {}), TypeError, name);
  }
});

Deno.test("counted() takes the form of the number, and writes it as the language does", () => {
  const days = { one: "{count} day", other: "{count} days" };
  const said = [0, 1, 2, 1234].map((count) => counted("en", days, count));
  assertEquals(said, ["0 days", "1 day", "2 days", "1,234 days"]);
  assertEquals(counted("de", { one: "ein Tag", other: "{count} Tage" }, 1), "ein Tag");
  assertEquals(counted("de", { one: "ein Tag", other: "{count} Tage" }, 12345), "12.345 Tage");
  assertEquals(
    counted("en", { one: "{x}", other: "{count} {x}" }, 3, { x: "{count}" }),
    "3 {count}",
  );
});

Deno.test("the language is the first that the browser asks for and that is here, else English", () => {
  const cases: [string | null | undefined, string][] = [
    [undefined, "en"],
    [null, "en"],
    ["", "en"],
    ["de", "de"],
    ["DE-at", "de"],
    ["es-419,es;q=0.9", "es"],
    ["en-US,de;q=0.9", "en"],
    ["fr-FR, fr;q=0.9, es;q=0.5, de;q=0.4", "es"],
    ["de;q=0.1, es;q=0.2", "es"],
    ["de ; q=0.1 , es ; q=0.2", "es"],
    ["de;q=0, es;q=0.1", "es"],
    ["fr, *", "en"],
    ["fr, nl", "en"],
  ];
  for (const [accepted, lang] of cases) {
    assertEquals(catalogueFor(accepted).lang, lang, String(accepted));
  }
});

Deno.test("a header that is none, or without end, gets English, and at once", () => {
  const hostile = [
    "__proto__",
    "constructor",
    "hasOwnProperty, toString",
    ";;;,,,;q=",
    "de;q=x",
    "de;q=-1",
    "de;q=NaN",
    "\u0000",
    "<script>",
    "../de",
    ",".repeat(100_000),
    " ".repeat(100_000) + ";",
    ";".repeat(100_000),
    "x".repeat(100_000) + ", de",
    `${"fr,".repeat(20)}de`,
  ];
  for (const accepted of hostile) {
    assertEquals(catalogueFor(accepted), en as Catalogue, accepted.slice(0, 50));
  }
});
