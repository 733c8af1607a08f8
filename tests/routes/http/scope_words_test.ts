import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { catalogueFor } from "../../../routes/http/page/words/language.ts";
import { scopeWordsIn } from "../../../routes/http/page/words/scope_words.ts";
import { sentences as german } from "../../../routes/http/page/words/scopes_de.ts";
import { sentences as spanish } from "../../../routes/http/page/words/scopes_es.ts";
import { allModules } from "../../../start/all_providers.ts";
import { NO_SETTINGS } from "../../../start/known_providers.ts";

const TRANSLATED = { de: german, es: spanish };

/** What each known provider's data says to people, by provider. */
const said = new Map(
  allModules("[]").modules.map((module): [string, string[]] => {
    const { credential, scopeTitles, params = {} } = module.create(NO_SETTINGS);
    const made = "made" in credential ? [credential.made.how] : [];
    const where = Object.values(params).map(({ title }) => title);
    return [module.name, [...Object.values(scopeTitles), ...made, ...where]];
  }),
);
const english = new Set([...said.values()].flat());

/** What stays as it is: scopes, hosts, places to fill. */
function fixedOf(sentence: string): string[] {
  return (sentence.match(/\{\w+\}|\w+(?:-\w+)*(?:\.[\w-]+)+|\w+:\w+/g) ?? []).toSorted();
}

for (const [lang, sentences] of Object.entries(TRANSLATED)) {
  Deno.test(`every scope, address and way of every provider is told in "${lang}", and nothing else`, () => {
    assertEquals([...english].filter((title) => !Object.hasOwn(sentences, title)), []);
    assertEquals(Object.keys(sentences).filter((title) => !english.has(title)), []);
    for (const [title, sentence] of Object.entries(sentences)) {
      assertEquals(sentence, sentence.trim(), title);
      assertEquals(fixedOf(sentence), fixedOf(title), title);
      assertEquals(sentence.endsWith("."), title.endsWith("."), title);
      assert(!/["“]\w|\w["”]|\s'|'\s/.test(sentence), sentence);
      const isLong = (title.match(/\p{L}+/gu)?.length ?? 0) > 2;
      if (isLong) assertNotEquals(sentence, title);
    }
  });

  Deno.test(`no two scopes of a provider are told alike in "${lang}"`, () => {
    for (const [name, titles] of said) {
      const own = new Set(titles.map((title) => sentences[title]));
      assertEquals(own.size, new Set(titles).size, name);
    }
  });
}

Deno.test("scopeWordsIn() leaves in English what nobody translated, and all of it on English pages", async () => {
  const titles = ["Read your mail", "Feed the operator's cat", "constructor"];
  assertEquals(await scopeWordsIn(catalogueFor("de"), titles), [
    "Deine E-Mails lesen",
    ...titles.slice(1),
  ]);
  assertEquals(await scopeWordsIn(catalogueFor("es"), titles), [
    "Leer tu correo",
    ...titles.slice(1),
  ]);
  assertEquals(await scopeWordsIn(catalogueFor("en"), titles), titles);
  assertEquals(await scopeWordsIn({ lang: "toString" }, titles), titles);
});
