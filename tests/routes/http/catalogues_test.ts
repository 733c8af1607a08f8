import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { de } from "../../../routes/http/page/words/de.ts";
import { connectWords } from "../../../routes/http/page/words/connects.ts";
import { type Catalogue, en } from "../../../routes/http/page/words/en.ts";
import { es } from "../../../routes/http/page/words/es.ts";
import { catalogueFor } from "../../../routes/http/page/words/language.ts";

const OTHERS: Catalogue[] = [de, es];

/** A catalogue as sentences, by their path. */
function sentencesOf(words: unknown, path = ""): [path: string, sentence: string][] {
  if (typeof words === "string") return [[path, words]];
  return Object.entries(words as Record<string, unknown>)
    .flatMap(([name, value]) => sentencesOf(value, path === "" ? name : `${path}.${name}`));
}

function placesOf(sentence: string): string[] {
  return (sentence.match(/\{\w+\}/g) ?? []).toSorted();
}

Deno.test("what operators read of connects has the same places to fill in each language", () => {
  const english = new Map(sentencesOf(connectWords.en));
  for (const words of Object.values(connectWords)) {
    for (const [path, sentence] of sentencesOf(words)) {
      const [mine, yours] = [sentence, english.get(path)!].map((
        text,
      ) => [...new Set(placesOf(text))]);
      assertEquals(mine, yours, path);
      if (words !== connectWords.en && sentence.length > 20) {
        assertNotEquals(sentence, english.get(path));
      }
    }
  }
});

const english = new Map(sentencesOf(en));

for (const words of OTHERS) {
  Deno.test(`the words in "${words.lang}" are those in English, with the same places to fill`, () => {
    const theirs = sentencesOf(words);
    assertEquals(theirs.map(([path]) => path).toSorted(), [...english.keys()].toSorted());
    const odd = theirs.filter(([path, sentence]) => {
      // "an hour ago": one may do without its number, whatever the others say.
      const [mine, yours] = [placesOf(sentence), placesOf(english.get(path)!)]
        .map((places) => path.endsWith(".one") ? places.filter((p) => p !== "{count}") : places);
      return mine!.join() !== yours!.join();
    });
    assertEquals(odd, []);
  });

  Deno.test(`nothing in "${words.lang}" was left in English, empty, or with quotes of a typewriter`, () => {
    for (const [path, sentence] of sentencesOf(words)) {
      assertEquals(sentence, sentence.trim(), path);
      assertNotEquals(sentence, "", path);
      assert(!/["“]\w|\w["”]|\s'|'\s|…\./.test(sentence), `${path}: ${sentence}`);
      const isLong = sentence.replaceAll(/\{\w+\}/g, "").match(/\p{L}+/gu)?.length ?? 0;
      if (isLong > 2) assertNotEquals(sentence, english.get(path), path);
    }
  });

  Deno.test(`the word that deletes is one word in "${words.lang}", and another one than in English`, () => {
    assert(/^\p{L}+$/u.test(words.you.deleteWord));
    assertEquals(words.you.deleteWord, words.you.deleteWord.normalize("NFC"));
    assertNotEquals(words.you.deleteWord, en.you.deleteWord);
  });

  Deno.test(`"${words.lang}" is chosen for a browser that asks for it`, () => {
    assertEquals(catalogueFor(`${words.lang}-XX, en;q=0.8`), words);
    assertEquals(catalogueFor(`fr, ${words.lang};q=0.5`), words);
    assertEquals(catalogueFor(`en, ${words.lang};q=0.5`), en as Catalogue);
  });
}
