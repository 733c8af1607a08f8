/**
 * As much of GraphQL as the emulated Linear needs: one operation, without fragments.
 *
 * @module
 */

import type { Json } from "./api.ts";

/** A field that was asked for. */
export interface Field {
  name: string;
  /** What the answer calls it. */
  alias: string;
  args: Record<string, Json>;
  fields: Field[] | undefined;
}

/** One operation, its variables put in. */
export interface Operation {
  kind: "query" | "mutation";
  name: string;
  fields: Field[];
}

const TOKENS = /\s*(?:,\s*)*("(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|[A-Za-z_]\w*|[{}()[\]:!$=])/gy;

/** @throws {SyntaxError} where it is none that this reads. */
export function parseOperation(query: string, variables: Record<string, Json> = {}): Operation {
  const tokens: string[] = [];
  TOKENS.lastIndex = 0;
  for (let found = TOKENS.exec(query); found !== null; found = TOKENS.exec(query)) {
    tokens.push(found[1]!);
  }
  let at = 0;
  const peek = () => tokens[at] ?? "";
  function take(wanted?: string): string {
    const token = tokens[at++];
    if (token === undefined || (wanted !== undefined && token !== wanted)) {
      throw new SyntaxError(`Expected ${wanted ?? "more"}, found ${token} at ${at}`);
    }
    return token;
  }

  function value(): Json {
    const token = take();
    if (token === "$") return variables[take()];
    if (token.startsWith('"')) return JSON.parse(token);
    if (/^-?\d/.test(token)) return Number(token);
    if (token === "[") return list();
    if (token === "{") return members("}");
    if (token === "true" || token === "false") return token === "true";
    return token === "null" ? null : token;
  }
  function list(): Json[] {
    const items: Json[] = [];
    while (peek() !== "]") items.push(value());
    take("]");
    return items;
  }
  function members(end: string): Record<string, Json> {
    const all: Record<string, Json> = {};
    while (peek() !== end) {
      const name = take();
      take(":");
      all[name] = value();
    }
    take(end);
    return all;
  }
  function selection(): Field[] {
    take("{");
    const fields: Field[] = [];
    while (peek() !== "}") {
      const alias = take();
      let name = alias;
      if (peek() === ":") {
        take();
        name = take();
      }
      let args = {};
      if (peek() === "(") {
        take();
        args = members(")");
      }
      fields.push({ name, alias, args, fields: peek() === "{" ? selection() : undefined });
    }
    take("}");
    return fields;
  }

  let [kind, name] = ["query", ""];
  if (peek() !== "{") {
    kind = take();
    if (/^\w/.test(peek())) name = take();
    if (peek() === "(") { while (take() !== ")"); }
  }
  const fields = selection();
  if (at !== tokens.length || (kind !== "query" && kind !== "mutation")) {
    throw new SyntaxError(`Cannot read ${query}`);
  }
  return { kind, name, fields };
}

/** A list that is asked for page by page. */
export class Connection {
  constructor(readonly items: Json[]) {}
}

/** What was asked for, of what there is. A function is called with the arguments. */
export async function pick(source: Json, fields: Field[]): Promise<Json> {
  const picked: Json = {};
  for (const { name, alias, args, fields: inner } of fields) {
    if (!(name in source)) throw new Error(`Cannot query field "${name}"`);
    const member = source[name];
    const found = typeof member === "function" ? await member(args) : await member;
    picked[alias] = await shown(found, args, inner, name);
  }
  return picked;
}

async function shown(
  found: Json,
  args: Record<string, Json>,
  inner: Field[] | undefined,
  name: string,
) {
  const whole = found instanceof Connection ? pageOf(found, args) : found;
  if (whole === null || whole === undefined) return null;
  const isObject = typeof whole === "object" &&
    !(Array.isArray(whole) && typeof whole[0] !== "object");
  if (isObject !== (inner !== undefined) && !(Array.isArray(whole) && whole.length === 0)) {
    throw new Error(`Field "${name}" must ${isObject ? "" : "not "}have a selection`);
  }
  if (!isObject) return whole;
  if (Array.isArray(whole)) return await Promise.all(whole.map((item) => pick(item, inner ?? [])));
  return await pick(whole, inner ?? []);
}

function pageOf({ items }: Connection, args: Record<string, Json>): Json {
  const matching = items.filter((item) =>
    matches(item, args.filter ?? {}) && (args.includeArchived || !item.archivedAt)
  );
  const first = args.first ?? 50;
  if (!(first >= 1 && first <= 250)) throw new Error("Argument Validation Error: first");
  const start = args.after ? Number(atob(args.after)) : 0;
  const end = start + first;
  return {
    nodes: matching.slice(start, end),
    totalCount: matching.length,
    pageInfo: { hasNextPage: end < matching.length, endCursor: btoa(String(end)) },
  };
}

const plain = (text: Json) => String(text).normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** https://linear.app/developers/filtering */
const COMPARATORS: Record<string, (value: Json, wanted: Json) => boolean> = {
  eq: (value, wanted) => value === wanted,
  in: (value, wanted) => wanted.includes(value),
  eqIgnoreCase: (value, wanted) => String(value).toLowerCase() === wanted.toLowerCase(),
  containsIgnoreCase: (value, wanted) =>
    String(value ?? "").toLowerCase().includes(wanted.toLowerCase()),
  containsIgnoreCaseAndAccent: (value, wanted) => plain(value ?? "").includes(plain(wanted)),
};

/** Whether something is as a filter says. */
export function matches(item: Json, filter: Record<string, Json>): boolean {
  return Object.entries(filter).every(([key, wanted]) => {
    if (key === "or") return wanted.some((one: Json) => matches(item, one));
    if (key === "and") return wanted.every((one: Json) => matches(item, one));
    if (key === "null") return (item === null || item === undefined) === wanted;
    if (key === "some") return item.items.some((one: Json) => matches(one, wanted));
    const compare = COMPARATORS[key];
    if (compare !== undefined) return compare(item, wanted);
    if (item === null || item === undefined) return false;
    if (!(key in item)) throw new Error(`Field "${key}" is not defined by the filter`);
    return matches(item[key], wanted);
  });
}
