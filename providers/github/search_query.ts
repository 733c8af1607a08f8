/**
 * A search for issues as its user means it: what the query says by GitHub's
 * qualifiers goes before what the other arguments say.
 *
 * https://docs.github.com/en/search-github/searching-on-github/searching-issues-and-pull-requests
 *
 * @module
 */

/** The longest text that GitHub searches for. The qualifiers in it do not count. */
export const MAX_WORDS = 256;
/** How many AND, OR and NOT GitHub takes in one query. */
export const MAX_OPERATORS = 5;

/** What is looked for: GitHub searches for one of the two at a time. */
export type Kind = "issue" | "pr";

/** What the arguments beside the query say. */
export interface Wanted {
  type: "all" | "issue" | "pull_request";
  state: "open" | "closed" | "all";
  repo?: string | undefined;
  labels?: string[] | undefined;
  base?: string | undefined;
}

/** What GitHub is asked, and what was asked otherwise than the arguments say. */
export interface Search {
  /** One for each kind that is searched for. */
  queries: string[];
  /** Of the order: the query's own. */
  sorted: boolean;
  /** Whether the parts in parentheses are to be understood. */
  advanced: boolean;
  notes: string[];
}

/** A qualifier: `is:open`, `-label:"good first issue"`. */
const QUALIFIER = /(?<=^|[\s(])(-?)([a-z][a-z-]*):("[^"]*"|[^\s()]+)/gi;
/** In such a pair of quotes GitHub looks for the words as they are. */
const PHRASE = /(?<=^|[\s(-])"[^"]*"/g;

/** Only pull requests have these: with them nothing else is meant. */
const OF_PULLS =
  /^(base|head|review|review-requested|team-review-requested|reviewed-by|user-review-requested|draft|status|merged)$/;
const KINDS = /^(issues?|prs?|pull-requests?|pull_requests?)$/;
const IS_OF_PULLS = /^(merged|unmerged|draft|queued)$/;

/** What is wrong with a query, in words. */
export function faultIn(query: string): string | undefined {
  const words = plain(query).replace(QUALIFIER, " ").replace(/\b(AND|OR|NOT)\b/g, " ").trim();
  if (words.replaceAll(/\s+/g, " ").length > MAX_WORDS) {
    return `must have at most ${MAX_WORDS} characters beside its qualifiers`;
  }
  const operators = withoutPhrases(plain(query)).match(/\b(AND|OR|NOT)\b/g)?.length ?? 0;
  if (operators > MAX_OPERATORS) return `must have at most ${MAX_OPERATORS} of AND, OR and NOT`;
  return undefined;
}

/** The queries to send for what is wanted. */
export function searchFor(query: string, wanted: Wanted): Search {
  const own = plain(query);
  const said = qualifiersOf(own);
  const says = (name: string, value = /^/) =>
    said.some((one) => one.name === name && value.test(one.value));
  const isAdvanced = /\b(AND|OR)\b/.test(withoutPhrases(own));
  const place = said.find(isPlace);
  const isOwnPlace = place !== undefined && wanted.repo !== undefined;
  const isSamePlace = isOwnPlace && place.name === "repo" &&
    place.value.toLowerCase() === wanted.repo?.toLowerCase();
  const hasState = says("state") || says("closed") || says("merged") || says("reason") ||
    says("is", /^(open|closed|merged|unmerged)$/);
  const rest = [
    // Without them an OR would take in what follows.
    ...(own === "" ? [] : [isAdvanced && !isWrapped(own) ? `(${own})` : own]),
    ...(wanted.state === "all" || hasState ? [] : [`is:${wanted.state}`]),
    ...(wanted.repo === undefined || isOwnPlace ? [] : [`repo:${wanted.repo}`]),
    ...(wanted.labels ?? []).map((label) => `label:"${label.replaceAll('"', "")}"`),
    ...(wanted.base === undefined || says("base") ? [] : [`base:${wanted.base}`]),
  ];
  const kinds = kindsOf(said, wanted);
  return {
    queries: kinds === undefined
      ? [rest.join(" ")]
      : kinds.map((kind) => [...rest.slice(0, 1), `is:${kind}`, ...rest.slice(1)].join(" ")),
    sorted: says("sort"),
    advanced: isAdvanced,
    notes: isOwnPlace && !isSamePlace ? [otherPlace(place, wanted.repo ?? "")] : [],
  };
}

/** Which kinds to search for; nothing where the query says it. */
function kindsOf(said: Qualifier[], { type, base }: Wanted): Kind[] | undefined {
  const named = said.filter(({ name, value }) => /^(is|type)$/.test(name) && KINDS.test(value));
  if (named.some(({ isNot }) => !isNot)) return undefined;
  const [not] = named;
  // A query has to say what it is for, too.
  if (not !== undefined) return [/^issue/.test(not.value) ? "pr" : "issue"];
  const isOfPulls = ({ name, value, isNot }: Qualifier) =>
    (OF_PULLS.test(name) && !isNot) || (name === "is" && IS_OF_PULLS.test(value) && !isNot);
  if (base !== undefined || said.some(isOfPulls)) return ["pr"];
  // Bug, Task and their like are types of issues.
  if (said.some(({ name }) => name === "type")) return ["issue"];
  return type === "all" ? ["issue", "pr"] : type === "issue" ? ["issue"] : ["pr"];
}

interface Qualifier {
  name: string;
  value: string;
  isNot: boolean;
}

function qualifiersOf(query: string): Qualifier[] {
  return [...withoutPhrases(query).matchAll(QUALIFIER)].map(([, not, name, value]) => ({
    name: name!.toLowerCase(),
    value: value!.replaceAll('"', "").toLowerCase(),
    isNot: not === "-",
  }));
}

/** With straight quotes, and without a pair around all of it that would make one phrase of it. */
function plain(query: string): string {
  const text = query.replaceAll(/[“”„]/g, '"').trim();
  const inner = /^"([^"]*)"$/.exec(text)?.[1];
  if (inner !== undefined && inner.match(QUALIFIER)) return inner.trim();
  // Of a quote that is never closed GitHub makes nothing good.
  return (text.match(/"/g)?.length ?? 0) % 2 === 1 ? text.replaceAll('"', " ").trim() : text;
}

function withoutPhrases(query: string): string {
  return query.replace(PHRASE, " ");
}

/** Whether one pair of parentheses is around all of it. */
function isWrapped(query: string): boolean {
  if (!query.startsWith("(") || !query.endsWith(")")) return false;
  let depth = 0;
  for (const [at, char] of [...query].entries()) {
    depth += char === "(" ? 1 : char === ")" ? -1 : 0;
    if (depth === 0) return at === [...query].length - 1;
  }
  return false;
}

/** The same for a search in code, which goes on by its place alone. */
export function codeQuery(
  query: string,
  { repo, owner }: { repo?: string | undefined; owner?: string | undefined },
): { query: string; notes: string[] } {
  const own = plain(query);
  const place = qualifiersOf(own).find(isPlace);
  const wanted = repo !== undefined ? `repo:${repo}` : owner !== undefined ? `user:${owner}` : "";
  if (place === undefined) return { query: [own, wanted].filter(Boolean).join(" "), notes: [] };
  const said = `${place.name}:${place.value}`;
  const isOther = wanted !== "" && wanted.toLowerCase() !== said.toLowerCase();
  return { query: own, notes: isOther ? [otherPlace(place, repo ?? owner ?? "")] : [] };
}

function isPlace({ name, isNot }: Qualifier): boolean {
  return !isNot && /^(repo|org|user)$/.test(name);
}

function otherPlace({ name, value }: Qualifier, wanted: string): string {
  return `This is from ${name}:${value}, as the query says, and not from ${wanted}.`;
}
