/**
 * What providers' data says in English, in the language of a page: what a scope
 * lets an app do, where at a provider an account is, how a key is made there. A
 * language's sentences are loaded with the first page that needs them; pages in
 * English need none.
 *
 * @module
 */

import { lazily, type Lazy } from "../../../../broker/core/lazily.ts";
import { lookUp } from "../../../../broker/core/lists.ts";
import type { AuthorizationServer } from "../../../../broker/core/authorization_server.ts";
import { scopeWords } from "../../../../broker/core/scopes.ts";
import type { Catalogue } from "./en.ts";
import { sayText } from "./say.ts";

type Sentences = Record<string, string>;

const LANGUAGES: Record<string, Lazy<Sentences>> = {
  de: lazily(async () => (await import("./scopes_de.ts")).sentences),
  es: lazily(async () => (await import("./scopes_es.ts")).sentences),
};

/** In the language of `words`; in English where it has no sentence for one, as for an operator's own. */
export async function scopeWordsIn(
  { lang }: Pick<Catalogue, "lang">,
  titles: string[],
): Promise<string[]> {
  const sentences = await lookUp(LANGUAGES, lang)?.() ?? {};
  return titles.map((title) => lookUp(sentences, title) ?? title);
}

/**
 * What scopes let somebody do, in words; those of a server that has none for one are said to be
 * what it calls them, so that no bare "read" stands there as if it said something.
 */
export async function scopesIn(
  words: Pick<Catalogue, "lang" | "connect">,
  server: AuthorizationServer,
  scopes: string[],
): Promise<string[]> {
  const known = Object.values(server.scopeTitles);
  const titles = scopeWords(server, scopes);
  const said = await scopeWordsIn(words, titles);
  return titles.map((title, at) =>
    known.includes(title)
      ? said[at]!
      : sayText(words.connect.rawScope, { provider: server.title, scope: title })
  );
}
