/**
 * A search among the tools of one visitor. Loaded with the first one.
 *
 * @module
 */

import type { Accounts } from "../../broker/core/accounts.ts";
import { LONGEST_NAME, plainWord } from "../../broker/core/shown_name.ts";
import type { Place, PlacedCatalogue, Visitor } from "../catalogue.ts";
import type { ListedTool } from "../wire.ts";
import { findingsOf, wordsOfFindings } from "./findings.ts";
import { Indexes } from "./indexes.ts";
import { MAX_REQUEST, wordsOf } from "./query_words.ts";
import { ranked, type Searched } from "./rank.ts";
import type { Answers } from "./search_tools.ts";

/** A tool of a service that the person has connected counts twice. */
const CONNECTED = 2;
/** And one of a service that the request names a third more: more would drown what others do better. */
const NAMED = 1.3;

type Shown = Place["shown"][number];
/** What services are called, by their names. */
type Titles = ReadonlyMap<string, string>;

/** Searches; keeps the indexes. */
export class ToolSearch {
  readonly #indexes = new Indexes();
  readonly #catalogue: PlacedCatalogue;
  readonly #people: Accounts | undefined;

  constructor(catalogue: PlacedCatalogue, people: Accounts | undefined) {
    this.#catalogue = catalogue;
    this.#people = people;
  }

  /** Tools that the visitor may use and that a request means, of one service where it names one. */
  async find(
    visitor: Visitor,
    { query, service }: Parameters<Answers["find"]>[0],
  ): ReturnType<Answers["find"]> {
    const [places, held] = await Promise.all([
      this.#catalogue.places(visitor),
      this.#people?.accounts(visitor),
    ]);
    const all = places.flatMap(({ shown }) => shown);
    const titles = new Map(all.map(({ service, title }) => [service, title]));
    const meant = service === undefined ? [] : servicesMeant(service, titles);
    const named = servicesNamed(query, titles);
    const connected = held && new Set(held.accounts.flatMap(({ services }) => services));
    const searched = places.map((place): Searched => {
      const byName = new Map(place.shown.map((one) => [one.tool.name, one]));
      const may = (name: string) => {
        const one = byName.get(name);
        return one !== undefined && (meant.length === 0 || meant.includes(one.service));
      };
      // What upstreams list is the person's already.
      const isConnected = (name: string) =>
        !place.isOwn || connected === undefined || connected.has(byName.get(name)!.service);
      return {
        index: this.#indexes.of(place),
        may: ({ name }) => may(name),
        favour: ({ name }) =>
          (isConnected(name) ? CONNECTED : 1) *
          (named.has(byName.get(name)!.service) ? NAMED : 1),
      };
    });
    const tools = new Map(all.map(({ tool }): [string, ListedTool] => [tool.name, tool]));
    const found = ranked(query, searched).flatMap(({ name }) => tools.get(name) ?? []);
    const data = findingsOf(found);
    const notes = [
      ...service !== undefined && meant.length === 0
        ? [
          `There is no service ${plainWord(service, 40)} here: all were searched. ` +
          `There are ${namesOf(all)}.`,
        ]
        : [],
      ...found.length === 0
        ? [`Nothing was found. Ask in English, as in: gmail send email. There are ${namesOf(all)}.`]
        : [],
    ];
    return { text: [...notes, wordsOfFindings(data)].filter(Boolean).join("\n\n"), data, notes };
  }
}

/** Services whose name, or the whole of whose title, is among the words of a request. */
function servicesNamed(request: string, titles: Titles): Set<string> {
  const said = new Set(wordsOf(request.slice(0, MAX_REQUEST)));
  const isSaid = (name: string) => {
    const words = wordsOf(name);
    return words.length > 0 && words.every((word) => said.has(word));
  };
  const named = [...titles].filter(([service, title]) => isSaid(service) || isSaid(title));
  return new Set(named.map(([service]) => service));
}

/** Services that are called so, or by the most of the words that were said. */
function servicesMeant(said: string, titles: Titles): string[] {
  const name = said.trim().toLowerCase();
  if (titles.has(name)) return [name];
  const words = new Set(wordsOf(said.slice(0, LONGEST_NAME)));
  const alike = [...titles].map(([service, title]) => {
    const names = new Set(wordsOf(`${service} ${title}`));
    return { service, count: [...words].filter((word) => names.has(word)).length };
  });
  const most = Math.max(1, ...alike.map(({ count }) => count));
  // A provider's name means all of its services.
  return alike.filter(({ count }) => count === most).map(({ service }) => service);
}

/** As many services as can be read. */
function namesOf(all: readonly Shown[]): string {
  const names = [...new Set(all.map(({ service }) => service))];
  return names.length === 0 ? "none" : names.slice(0, 40).join(", ");
}
