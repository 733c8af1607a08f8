/**
 * The words that stand in every sentence: they mean nothing for a search, and
 * tell which language it is in.
 *
 * @module
 */

import { wordForm } from "./word_form.ts";

/** Said in every English sentence, and of every tool. */
const IDLE_ENGLISH =
  `a about again all also am an and any anyone are as at be been being but by can could did do does
  doing down for from give go going gone got had has have he her here hey him his how i if in
  into is it its just let like made make many me mine more most much my need no not now of off ok on
  one only or our out over own please put s she should so some someone somebody something everything nothing anything every each called named stands t
  tell than that the their them then there these they thing things this those to too up us very want
  was we well were what when where which who will with would you your yes yet exactly really lately`
    .split(/\s+/);

/** In every German one. */
const IDLE_GERMAN =
  `der die das den dem des ein eine einen einem einer eines mir mich mein meine meinen meiner meinem
  ich du er sie es wir ihr euch und oder aber ist sind war waren bin bist hat haben habe hast hatte bitte
  im am um an auf aus bei mit nach von vom zu zum zur fur dass was wer wen wem wie wo alle alles noch
  mal doch man sag sagen dir uns da denn ob wenn damit weil kann kannst konnen konntest konnte soll
  sollen sollst sollte mochte muss mussen musst wird werden wurde wurden nicht kein keine keinen keiner
  jemand jemanden diese dieser dieses diesen diesem seine seinen seiner unser unsere unseren unserem
  unserer ihre ihren ihrem ihn ihm ihnen welche welcher welches welchen schon kurz gerade jetzt gern
  gerne hier dort dafur davon daran daruber dazu etwas mehr neulich sehr auch nur als vor uber unter
  ohne durch seit bis warum gibt geht eigentlich vielleicht einfach eben`.split(/\s+/);

/** And in every Spanish one; "todo" is English as well. */
const IDLE_SPANISH =
  `el la los las lo un una unos unas de del al que quien cual cuales me mi mis tu tus su sus se le les
  nos y o en por para con sin es son esta este estan estoy estos estas ese esa eso esos hay porque como
  favor mas ya si no fue ser estar tengo tiene tienen tenemos puedo puedes puede podrias podria
  necesito debo ahora aqui sobre hasta desde muy tambien toda todas algo alguien algun alguna
  algunos cada otro otra va voy nuestro nuestra nuestros nuestras donde ha han he haber`.split(
    /\s+/,
  );

/** Said in every sentence. */
export const IDLE: ReadonlySet<string> = new Set(
  [...IDLE_ENGLISH, ...IDLE_GERMAN, ...IDLE_SPANISH].map(wordForm),
);

const IDLE_IN_ENGLISH: ReadonlySet<string> = new Set(IDLE_ENGLISH.map(wordForm));
const IDLE_IN_SPANISH: ReadonlySet<string> = new Set([...IDLE, "todo"]);

/** What means nothing in a request of these languages: who writes English can "bin" a mail. */
export function idleIn(languages: ReadonlySet<Language>): ReadonlySet<string> {
  if (languages.size > 1) return IDLE;
  // "Todos" is all of them there.
  return languages.has("English")
    ? IDLE_IN_ENGLISH
    : languages.has("Spanish")
    ? IDLE_IN_SPANISH
    : IDLE;
}

/** A language in which people ask. */
export type Language = "English" | "German" | "Spanish";

/** In each language the words that are no other's. */
const TELLING = telling({
  English: IDLE_ENGLISH,
  German: IDLE_GERMAN,
  Spanish: IDLE_SPANISH,
});

/** Which languages words may be of, by those that stand in every sentence; all where none does. */
export function languagesOf(words: readonly string[]): Set<Language> {
  const counts = TELLING.map(([language, telling]) => {
    return { language, count: words.filter((word) => telling.has(word)).length };
  });
  const most = Math.max(...counts.map(({ count }) => count));
  return new Set(counts.filter(({ count }) => count === most).map(({ language }) => language));
}

function telling(idle: Record<Language, readonly string[]>): [Language, Set<string>][] {
  const all = Object.entries(idle) as [Language, readonly string[]][];
  // Words that are too short, or one of the others says too, tell nothing.
  const elsewhere = new Set("a an am in me was no so has he also on all todo".split(" "));
  return all.map(([language, words]) => {
    const others = new Set(all.flatMap(([other, words]) => other === language ? [] : words));
    const own = words.filter((word) => !others.has(word)).map(wordForm);
    return [language, new Set(own.filter((word) => !elsewhere.has(word)))];
  });
}
