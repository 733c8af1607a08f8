/**
 * Arguments as models and platforms really send them, mended by the schema that
 * validates them: `null` and `""` for what may be left out, `"5"` and `"true"`,
 * the JSON of a list as a text, the keys that n8n adds.
 *
 * What the schema takes is never changed, and what is not certainly refused
 * neither. A value is mended where there is one reading that the schema takes;
 * of two none is chosen.
 *
 * A tool that changes something is called by what its caller said, not by what
 * may have been meant: `account: ""` must not become the usual account, nor a
 * filter `null` everything, nor `"true"` a consent. There `null` and `""` stand
 * for "left out" only in what the tool itself calls its content, and no text is
 * a boolean.
 *
 * @module
 */

import { isBounded, isRecord, MAX_DEPTH, TooComplex } from "../../broker/core/json.ts";
import { choicesOf, isOfType, type Judge, sizeOf } from "./judge.ts";
import { booleanOf, numberOf, structureOf } from "./values.ts";
import { referred, type Schema } from "../upstream/mend_schema.ts";

/** What n8n's MCP Client Tool puts among the arguments (seen until November 2026). */
export const N8N_KEYS: readonly string[] = ["sessionId", "action", "chatInput", "toolCallId"];

/** In a body they stand two deep, in its message's parameters. */
const MAX_ARGUMENT_DEPTH = MAX_DEPTH - 2;
/**
 * Parts of schemas, and members of values, that one call's mending goes through: more than any
 * honest call has. What is left after that stays as it was sent.
 */
const MOST_STEPS = 5_000;

/** By what arguments are mended. */
export interface Mending {
  schema: Schema;
  judge: Judge;
  /** Whether the tool changes something. */
  changes: boolean;
  /** Whether it is known already that the arguments as a whole are not taken. */
  areRefused?: boolean | undefined;
  /** Of a tool that changes something: what may be left out by `null` or `""`. */
  content?: readonly string[] | undefined;
}

/**
 * The arguments, mended as far as there is no doubt; the same object where
 * nothing was to be mended.
 *
 * @throws {TooComplex} where a text among them stands for more than a body may hold.
 */
export function mendedArguments(args: unknown, mending: Mending): unknown {
  const mended = new Mender(mending).value(mending.schema, args, true);
  if (mended !== args && !isBounded(mended, { maxDepth: MAX_ARGUMENT_DEPTH })) {
    throw new TooComplex("the arguments are too complex");
  }
  return mended;
}

class Mender {
  readonly #root: Schema;
  readonly #takes: Judge;
  readonly #changes: boolean;
  readonly #content: readonly string[];
  readonly #areRefused: boolean;
  #left = MOST_STEPS;
  #depth = 0;
  #read: { text: string; structure: ReturnType<typeof structureOf> } | undefined;

  constructor({ schema, judge, changes, areRefused = false, content = [] }: Mending) {
    this.#root = schema;
    this.#takes = judge;
    this.#changes = changes;
    this.#content = content;
    this.#areRefused = areRefused;
  }

  value(schema: unknown, value: unknown, isWhole = false): unknown {
    if (--this.#left < 0 || !isRecord(schema)) return value;
    // What cannot be gone through to its end is not begun.
    if (typeof value !== "string" && sizeOf(value, this.#left) > this.#left) return value;
    const isRefused = isWhole && this.#areRefused;
    if (!isRefused && this.#takes(schema, value) !== false) return value;
    // Texts within texts within texts: what they stand for is deeper than each of them.
    if (++this.#depth > 2 * MAX_DEPTH) throw new TooComplex("the arguments are nested too deep");
    const mended = this.#mended(schema, value, isWhole);
    this.#depth--;
    return mended;
  }

  #mended(schema: Schema, value: unknown, isWhole: boolean): unknown {
    const parts = this.#partsOf(schema);
    const [only, ...others] = parts;
    if (only === undefined) return value;
    if (others.length === 0) return this.#as(only, value, isWhole);
    return this.#one(schema, value, parts.map((part) => this.#as(part, value, isWhole)));
  }

  /** What a schema says in several places; one that says nothing but "one of these" is these. */
  #partsOf(schema: Schema, depth = 8): Schema[] {
    if (--this.#left < 0 || depth === 0) return [];
    const { $ref, anyOf, oneOf, allOf } = schema;
    const target = typeof $ref === "string" ? referred(this.#root, $ref) : undefined;
    const below = [target, anyOf, oneOf, allOf].flat().filter(isRecord);
    const isPart = below.length === 0 || ["type", "properties", "enum", "const"]
      .some((keyword) => keyword in schema);
    const own = isPart ? [schema] : [];
    return [...own, ...below.flatMap((part) => this.#partsOf(part, depth - 1))];
  }

  /** The one reading that a schema takes; the value itself where there are more, or none. */
  #one(schema: Schema, value: unknown, readings: unknown[]): unknown {
    const good = readings.filter((reading) =>
      reading !== value && this.#takes(schema, reading) !== false
    );
    const [first] = good;
    if (first === undefined) return value;
    return good.every((each) => isAlike(each, first)) ? first : value;
  }

  #as(part: Schema, value: unknown, isWhole: boolean): unknown {
    if (typeof value === "string") return this.#one(part, value, this.#readings(part, value));
    if (Array.isArray(value)) return this.#list(part, value);
    return isRecord(value) ? this.#object(part, value, isWhole) : value;
  }

  /** What a text may stand for. */
  #readings(part: Schema, text: string): unknown[] {
    const flag = this.#changes ? undefined : booleanOf(text);
    const plain = [numberOf(text), flag].filter((reading) => reading !== undefined);
    const choices = choicesOf(part);
    if (choices !== undefined) return plain.filter((reading) => choices.includes(reading));
    const types = typesOf(part);
    const isWanted = (reading: unknown) => types.some((type) => isOfType(reading, type));
    const structure = ["array", "object"].some((type) => types.includes(type))
      ? this.#structureOf(text)
      : undefined;
    if (structure === undefined || !isWanted(structure)) return plain.filter(isWanted);
    return [this.value(part, structure)];
  }

  /** Of many alternatives each wants it. */
  #structureOf(text: string): ReturnType<typeof structureOf> {
    if (this.#read?.text !== text) this.#read = { text, structure: structureOf(text) };
    return this.#read.structure;
  }

  #list(part: Schema, list: unknown[]): unknown {
    if (!isRecord(part.items) || part.prefixItems !== undefined) return list;
    const mended = list.map((item) => this.value(part.items, item));
    return mended.some((item, at) => item !== list[at]) ? mended : list;
  }

  #object(part: Schema, object: Record<string, unknown>, isWhole: boolean): unknown {
    const properties = isRecord(part.properties) ? part.properties : {};
    const required = Array.isArray(part.required) ? part.required : [];
    const others = part.additionalProperties;
    const isOpen = others !== false || part.patternProperties !== undefined;
    let isChanged = false;
    const members = Object.entries(object).flatMap(([name, value]): [string, unknown][] => {
      const known = Object.hasOwn(properties, name);
      const schema = known ? properties[name] : others;
      const isNothing = (value === null || value === "") && known &&
        !required.includes(name) && this.#mayBeNothing(name, isWhole) &&
        this.#takes(schema, value) === false;
      const isNoise = isWhole && !known && !isOpen && N8N_KEYS.includes(name);
      if (isNothing || isNoise) {
        isChanged = true;
        return [];
      }
      if (!known && part.patternProperties !== undefined) return [[name, value]];
      const mended = this.value(schema, value);
      isChanged ||= mended !== value;
      return [[name, mended]];
    });
    // Also where a member is called `__proto__`: `fromEntries` makes nothing but members.
    return isChanged ? Object.fromEntries(members) : object;
  }

  #mayBeNothing(name: string, isWhole: boolean): boolean {
    return !this.#changes || (isWhole && this.#content.includes(name));
  }
}

/**
 * Whether two readings of one value are the same. What is in both of them as it was sent is the
 * same thing, and costs nothing: of a thousand readings each may hold a megabyte.
 */
function isAlike(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [members, others] = [Object.entries(one), Object.entries(other)];
  return members.length === others.length &&
    members.every(([name, member], at) =>
      others[at]![0] === name && isAlike(member, others[at]![1])
    );
}

/** The types that a schema names, or that its keywords are for. */
function typesOf(schema: Schema): unknown[] {
  if (schema.type !== undefined) return [schema.type].flat();
  return [
    ...("properties" in schema ? ["object"] : []),
    ...("items" in schema ? ["array"] : []),
  ];
}
