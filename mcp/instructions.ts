/**
 * What a model is told before it sees a tool: what one person has connected
 * here, and what it can do where something is missing. Some clients show a model
 * this and the names of tools, and nothing else.
 *
 * @module
 */

import type { HeldAccount, HeldAccounts } from "../broker/core/accounts.ts";
import { plainText } from "../broker/core/shown_name.ts";

/** A service that a visitor may use here. */
export interface ReachedService {
  title: string;
  /** The service or provider that it needs a connection to; absent: none. */
  by?: string | undefined;
}

/** Of all that is said, however much is connected. */
export const MOST_WORDS = 60;
/** What is always said, and the least that is left for each of the two lists. */
const LEAST_WORDS = 6;
const LONGEST_TITLE = 40;
const LONGEST_LABEL = 40;
const MOST_LABELS = 3;
const MOST_TITLES = 4;

const BEGIN = "You act for one person.";
const END = "Where a result says that a service is not connected, show its link to the person, " +
  "then call again.";
const SEVERAL = "The first account is used unless `account` names another.";

/** The words for one person, for a caller that may use these services. */
export function instructionsFor(services: ReachedService[], held: HeldAccounts): string {
  const connected = groupsOf(services, held);
  const missing = services.filter(({ by }) => by !== undefined && accountsOf(held, by).length === 0)
    .map((service) => ({ text: titleOf(service), services: 1 }));
  const isChoice = connected.some(({ labels }) => labels.length > 1);
  const fixed = wordsIn([BEGIN, ...isChoice ? [SEVERAL] : [], END].join(" "));
  const left = MOST_WORDS - fixed;
  const wanted = missing.length === 0 ? 0 : LEAST_WORDS;
  const first = sentence("Connected:", connected.flatMap(itemsOf), left - wanted) ??
    "Nothing is connected yet.";
  const second = sentence("Can be connected:", missing, left - wordsIn(first));
  return [BEGIN, first, isChoice ? SEVERAL : undefined, second, END]
    .filter((part) => part !== undefined).join(" ");
}

/** Services that are used with the same accounts. */
interface Group {
  titles: string[];
  labels: string[];
}

function groupsOf(services: ReachedService[], held: HeldAccounts): Group[] {
  const groups = new Map<string, Group>();
  for (const service of services) {
    const accounts = service.by === undefined ? [] : accountsOf(held, service.by);
    if (service.by !== undefined && accounts.length === 0) continue;
    const labels = accounts.map(({ label = "" }) => shownLabel(label)).filter(Boolean);
    const key = JSON.stringify(labels);
    const group = groups.get(key) ?? { titles: [], labels };
    group.titles.push(titleOf(service));
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Those that work; what has to be connected again is as good as not connected. */
function accountsOf({ accounts }: HeldAccounts, by: string): HeldAccount[] {
  return accounts.filter(({ works, services, provider }) =>
    works && (provider === by || services.includes(by))
  );
}

/** What is said of some services, and how many they are. */
interface Item {
  text: string;
  services: number;
}

/** So few services a time that one account with very many leaves room for others. */
function itemsOf({ titles, labels }: Group): Item[] {
  const shown = labels.slice(0, MOST_LABELS).map((label) => `“${label}”`).join(", ");
  const more = labels.length > MOST_LABELS ? ` and ${labels.length - MOST_LABELS} more` : "";
  const accounts = shown === "" ? "" : ` (${shown}${more})`;
  const size = accounts === "" ? 1 : MOST_TITLES;
  return Array.from({ length: Math.ceil(titles.length / size) }, (_none, at) => {
    const some = titles.slice(at * size, (at + 1) * size);
    return { text: some.join(", ") + accounts, services: some.length };
  });
}

/** As many items as there is room for, and how many services more there are; none: `undefined`. */
function sentence(begin: string, items: Item[], room: number): string | undefined {
  if (items.length === 0) return undefined;
  let said: string[] = [];
  let rest = items.reduce((sum, { services }) => sum + services, 0);
  for (const { text, services } of items) {
    const next = [...said, text];
    if (wordsIn(ended(begin, next, rest - services)) > room) continue;
    said = next;
    rest -= services;
  }
  return ended(begin, said, rest);
}

function ended(begin: string, said: string[], rest: number): string {
  const more = rest === 0 ? [] : [`${rest} ${said.length === 0 ? "services" : "more"}`];
  return `${begin} ${[...said, ...more].join("; ")}.`;
}

function wordsIn(text: string): number {
  return text.split(" ").length;
}

/** The operator's words, or a vendor's. */
function titleOf({ title }: ReachedService): string {
  return plainText(title, LONGEST_TITLE);
}

/**
 * What a provider calls an account is text of strangers: an e-mail address, or the name that
 * somebody gave a workspace. It stands in quotation marks, has none itself, and is too short to
 * tell a model what to do.
 */
function shownLabel(label: string): string {
  const bare = plainText(label.replaceAll(/[^\p{L}\p{M}\p{N}@.+_-]+/gu, " "), LONGEST_LABEL);
  const words = bare.split(" ");
  return words.length > 3 ? `${words.slice(0, 3).join(" ")}…` : bare;
}
