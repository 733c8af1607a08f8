/**
 * Where at a provider, on the page behind a link: what is known is shown, and
 * the rest is asked for.
 *
 * @module
 */

import type { OpenedLink } from "../../broker/broker.ts";
import type { Extra } from "../../broker/core/connection.ts";
import type { Catalogue } from "../http/page/words/en.ts";
import { scopeWordsIn } from "../http/page/words/scope_words.ts";

/** Stands before a param's name in the form. */
const PARAM = "param_";

/** What is known: titles and values. */
export async function whereOf(
  { server, params }: OpenedLink,
  words: Catalogue,
): Promise<[title: string, value: string][]> {
  const { credential } = server;
  const titles = await titlesOf(server, Object.keys(params), words);
  const said = Object.values(params).map((value, at): [string, string] => [titles[at]!, value]);
  // Anybody may call a server "Notes": whose it is stands in its address.
  return credential.kind === "found"
    ? [[words.connect.mcpServer, new URL(credential.url).host], ...said]
    : said;
}

/** The inputs for what is not. */
export async function asksOf(
  { server, missing }: OpenedLink,
  words: Catalogue,
): Promise<{ name: string; title: string }[]> {
  const titles = await titlesOf(server, missing, words);
  return missing.map((name, at) => ({ name: PARAM + name, title: titles[at]! }));
}

async function titlesOf(
  { params }: OpenedLink["server"],
  names: string[],
  words: Catalogue,
): Promise<string[]> {
  return await scopeWordsIn(words, names.map((name) => params![name]!.title));
}

/** What a form, or a link's query, says of it. */
export function saidWhere(fields: Record<string, string>): Extra {
  const said = Object.entries(fields).filter(([name]) => name.startsWith(PARAM))
    .map(([name, value]) => [name.slice(PARAM.length), value.trim()]);
  return Object.fromEntries(said);
}
