/**
 * Requests that nobody thought of: the texts of real ones, in which values and
 * members stand elsewhere, twice, or are others. All names that the SDKs know
 * come up, and the values are written as no `JSON.stringify` writes them.
 *
 * @module
 */

// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/types"
import * as older from "@modelcontextprotocol/sdk/types.js";
import { Dice } from "../../support/fuzz/dice.ts";
import { type Draft, META, METHODS } from "./corpus.ts";

/** JSON as it is written: a value, a list, or members in order, of which two may have one name. */
type Node = { text: string } | { list: Node[] } | { members: Member[] };
type Member = [name: string, value: Node];
/** Where a node stands. */
interface Place {
  node: Node;
  put(node: Node): void;
  take(): void;
}

const NAMES = [
  ...namesIn(Object.values(older)),
  ...["protocolVersion", "clientInfo", "clientCapabilities", "logLevel", "related-task"]
    .concat("serverInfo", "subscriptionId").map((name) => META + name),
  ...["__proto__", "constructor", "toString", "hasOwnProperty", "toJSON", "then", "length", "0"],
  ...["inputResponses", "requestState", "resultType", "traceparent", "", "\ud800"],
];
/** Those that are read before anything else. */
const READ = ["jsonrpc", "id", "method", "params", "_meta", "name", "arguments", "cursor", "task"];
const VALUES = [
  ...["null", "true", "false", "{}", "[]", "0", "-0", "1", "1.0", "1e0", "1.5", "-1", "1e400"],
  ...["-1e400", "9007199254740991", "9007199254740993", "1e21", "5e-324", '""', '"x"', '"1"'],
  ...['"2.0"', '"\\ud800"', '"\\u0000"', '"\\u2028"', '"\\/"', '"2025-06-18"', '"2026-07-28"'],
  ...METHODS.map((method) => JSON.stringify(method)),
];

/** As many of them, by dice; all are JSON. */
export function* byDice(drafts: Draft[], count: number, seed: number): Generator<Draft> {
  const dice = new Dice(seed);
  for (let made = 0; made < count; made++) {
    const draft = dice.pick(drafts);
    let node = nodeOf(draft.message);
    for (let changes = dice.int(4); changes > 0; changes--) node = changed(node, dice);
    const text = textOf(node, dice);
    yield { ...draft, write: () => text };
  }
}

function nodeOf(value: unknown): Node {
  if (Array.isArray(value)) return { list: value.map(nodeOf) };
  if (typeof value !== "object" || value === null) return { text: JSON.stringify(value) };
  return { members: Object.entries(value).map(([name, value]) => [name, nodeOf(value)]) };
}

function textOf(node: Node, dice: Dice): string {
  if ("text" in node) return node.text;
  // Here and there with white space, or an escape that need not be one.
  const space = () => dice.int(40) === 0 ? dice.pick([" ", "\n", "\t", "\r\n"]) : "";
  const quoted = (name: string) =>
    dice.int(20) > 0 || !/^[a-z]/.test(name)
      ? JSON.stringify(name)
      : `"\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}"`;
  return "list" in node
    ? `[${node.list.map((item) => space() + textOf(item, dice)).join()}]`
    : `{${
      node.members.map(([name, value]) => `${quoted(name)}${space()}:${textOf(value, dice)}`).join()
    }${space()}}`;
}

/** With one thing changed, somewhere. */
function changed(root: Node, dice: Dice): Node {
  const top = { root };
  const places = [...placesIn({
    node: root,
    put: (node) => void (top.root = node),
    take: () => {},
  })];
  const { node, put, take } = dice.pick(places);
  const objects = places.flatMap(({ node }) => "members" in node ? [node.members] : []);
  const add = (members: Member[] | undefined, member: Member) =>
    members?.splice(dice.int(members.length + 1), 0, member);
  const members = objects.length === 0 ? undefined : dice.pick(objects);
  switch (dice.int(6)) {
    case 0:
      put({ text: dice.pick(VALUES) });
      break;
    case 1:
      take();
      break;
    case 2:
      add(members, [dice.pick(dice.int(2) === 0 ? READ : NAMES), { text: dice.pick(VALUES) }]);
      break;
    case 3: {
      const [name = "x"] = members === undefined || members.length === 0 ? [] : dice.pick(members);
      add(members, [name, { text: dice.pick(VALUES) }]);
      break;
    }
    case 4:
      add(members, [dice.pick(NAMES), structuredClone(node)]);
      break;
    case 5:
      put(structuredClone(dice.pick(places).node));
  }
  return top.root;
}

function* placesIn(place: Place): Generator<Place> {
  yield place;
  const { node } = place;
  const inside: (Node[] | Member[])[] = "list" in node
    ? [node.list]
    : "members" in node
    ? [node.members]
    : [];
  for (const all of inside) {
    for (const one of all) {
      const isMember = Array.isArray(one);
      yield* placesIn({
        node: isMember ? one[1] : one,
        put: (node) =>
          isMember
            ? void (one[1] = node)
            : void all.splice(all.indexOf(one as never), 1, node as never),
        take: () => void all.splice(all.indexOf(one as never), 1),
      });
    }
  }
}

/** The names of members in schemas, and in those that stand in them. */
function namesIn(schemas: unknown[]): string[] {
  const [names, seen] = [new Set<string>(), new Set<unknown>()];
  const look = (schema: unknown) => {
    if (typeof schema !== "object" || schema === null || seen.has(schema)) return;
    seen.add(schema);
    const { def } = schema as { def?: Record<string, unknown> };
    for (const part of Object.values(def ?? (Array.isArray(schema) ? schema : {}))) look(part);
    for (const [name, part] of Object.entries(def?.shape ?? {})) {
      names.add(name);
      look(part);
    }
  };
  schemas.forEach(look);
  return [...names];
}
