/**
 * Answers that a description allows: whole ones, bare ones, odd ones.
 *
 * @module
 */

import type { Json } from "../support/api.ts";
import type { Dice } from "../support/fuzz/dice.ts";
import type { Description, Schema } from "./description.ts";

/** How an answer is made. */
export interface Style {
  name: string;
  /** Whether an optional member is there. */
  optional: (dice: Dice) => boolean;
  /** Whether a member that may be null is. */
  isNull: (dice: Dice) => boolean;
  /** Members and values that no description knows yet. */
  unknown: boolean;
  /** How long a list is; `most` is what was asked for. */
  length: (dice: Dice, most: number) => number;
  /** Which of several alternatives. */
  choose: (dice: Dice, many: number) => number;
  /** Values are as one would expect them, or anything of their type. */
  wild: boolean;
}

const always = () => true;
const never = () => false;
const few = () => 2;
const first = () => 0;

const ALL: Style = {
  name: "all members",
  optional: always,
  isNull: never,
  unknown: false,
  length: few,
  choose: first,
  wild: false,
};

/** Each is a column of the table. */
export const STYLES: Style[] = [
  ALL,
  { ...ALL, name: "nulls", isNull: always },
  { ...ALL, name: "bare", optional: never, length: () => 1 },
  { ...ALL, name: "unknown", unknown: true },
  { ...ALL, name: "empty", length: () => 0 },
  { ...ALL, name: "long", length: (_, most) => most },
  {
    name: "mixed",
    optional: (dice) => dice.int(3) > 0,
    isNull: (dice) => dice.int(3) === 0,
    unknown: false,
    length: (dice) => dice.pick([0, 1, 1, 3, 7]),
    choose: (dice, many) => dice.int(many),
    wild: true,
  },
];

/** What fields of a name hold; where the schema's own example does not say it. */
export type Words = [RegExp, (dice: Dice) => Json][];

/** Makes answers in one style. */
export class Maker {
  constructor(
    readonly description: Description,
    readonly style: Style,
    readonly dice: Dice,
    readonly words: Words,
    /** Members without which a thing is none, by their place: `message.id`. */
    readonly kept: RegExp,
    /** How many things were asked for. */
    readonly most: number,
  ) {}

  /** A value that the schema allows; `undefined`: none, for it is optional and too deep. */
  make(schema: Schema, at = "", depth = 9): Json {
    const { style, dice } = this;
    const whole = this.#merged(schema);
    const name = at.split(".").at(-1)!;
    if (whole.nullable === true && !this.kept.test(at) && style.isNull(dice)) return null;
    const options = (whole.oneOf ?? whole.anyOf ?? [])
      .filter((one: Schema) => one.type !== "null");
    if (options.length > 0 && whole.properties === undefined) {
      return this.make(options[style.choose(dice, options.length)], at, depth);
    }
    if (whole.const !== undefined) return whole.const;
    if (whole.enum !== undefined) {
      return this.#oneOf(whole.enum.filter((one: Json) => one !== null));
    }
    const type = Array.isArray(whole.type)
      ? whole.type.find((one: string) => one !== "null")
      : whole.type;
    const byName = this.words.find(([pattern]) => pattern.test(name))?.[1](dice);
    if (type === "array") {
      return Array.isArray(byName) && style.length(dice, 1) > 0
        ? byName
        : this.#list(whole, at, depth);
    }
    if (type === "object" || whole.properties !== undefined) return this.#object(whole, at, depth);
    const example = Array.isArray(whole.example) ? undefined : whole.example;
    if (type === "boolean") return style.wild ? dice.int(2) === 0 : example ?? false;
    if (type === "integer" || type === "number") {
      if (typeof byName === "number") return byName;
      const made = style.wild ? dice.pick([0, 1, 3, 250, 4_321]) : Number(example ?? 12) || 1;
      return Math.min(Math.max(made, whole.minimum ?? made), whole.maximum ?? made);
    }
    if (type !== "string") return byName ?? "anything";
    if (this.#isAny(at)) return dice.pick(WILD);
    if (typeof byName === "string") return byName;
    return this.#text(whole, name, example);
  }

  /** Nobody keeps to every format: now and then a text is any text, where it is no id. */
  #isAny(at: string): boolean {
    const { style, dice, kept } = this;
    return style.wild && !kept.test(at) && !IDS.test(at) && dice.int(5) === 0;
  }

  #text(schema: Schema, name: string, example: Json): string {
    const { dice, style } = this;
    switch (schema.format) {
      case "date-time":
        return `2026-11-2${dice.int(8)}T1${dice.int(10)}:30:00Z`;
      case "date":
        return `2026-11-2${dice.int(8)}`;
      case "email":
        return `p${dice.int(50)}@example.com`;
      case "uri":
        return typeof example === "string" && URL.canParse(example)
          ? example
          : `https://example.com/${name || "x"}`;
    }
    if (style.wild && schema.pattern === undefined) return dice.pick(WILD);
    return typeof example === "string" ? example : `some ${name.replaceAll("_", " ")}`;
  }

  #oneOf(values: Json[]): Json {
    const { style, dice } = this;
    if (style.unknown && values.every((one) => typeof one === "string")) return "brand_new_kind";
    return values[style.choose(dice, values.length)];
  }

  #list(schema: Schema, at: string, depth: number): Json[] {
    if (depth <= 0) return [];
    // What stands inside a thing of a long list is shorter.
    const most = depth >= 8 ? this.most : Math.min(this.most, 5);
    const length = Math.max(this.style.length(this.dice, most), schema.minItems ?? 0);
    // Things are alike: the first few say it all, and the rest takes no time.
    const made = Array.from(
      { length: Math.min(length, 4) },
      () => this.make(schema.items ?? {}, singular(at), depth - 1),
    );
    return Array.from(
      { length: Math.min(length, schema.maxItems ?? length) },
      (_, at) => at < 4 ? made[at] : numbered(made[at % 4], at),
    );
  }

  #object(schema: Schema, at: string, depth: number): Json {
    const { style, dice } = this;
    const required = new Set<string>(schema.required ?? []);
    const made: Json = {};
    for (const [name, member] of Object.entries<Schema>(schema.properties ?? {})) {
      const place = at === "" ? name : `${at}.${name}`;
      const isKept = required.has(name) || this.kept.test(place);
      if (!isKept && (depth <= 0 || !style.optional(dice))) continue;
      // A link back, to what is like the thing itself: further down there is no end of it.
      if (depth <= 0 && this.description.resolve(member).properties) continue;
      made[name] = this.make(member, place, depth - 1);
    }
    const { additionalProperties: others } = schema;
    if (typeof others === "object" && schema.properties === undefined && depth > 0) {
      made.primary = this.make(others, `${at}.primary`, depth - 1);
    }
    if (style.unknown) made.brand_new_member = { of: ["another", "kind"], count: null };
    return made;
  }

  /** With the members of all of which it is made. */
  #merged(schema: Schema): Schema {
    const whole = this.description.resolve(schema);
    if (whole.allOf === undefined) return whole;
    const parts: Schema[] = whole.allOf.map((one: Schema) => this.#merged(one));
    return parts.reduce((sum, part) => ({
      ...sum,
      ...part,
      properties: { ...sum.properties, ...part.properties },
      required: [...sum.required ?? [], ...part.required ?? []],
    }), { ...whole, allOf: undefined });
  }
}

/** What they look like is looked at by the tools that put them into a path. */
const IDS = /(^|[._])(id|gid|ts|number|identifier|key)$|Id$/;

/** Texts that people write. */
const WILD = [
  "quarterly numbers",
  "",
  "a\nnew line",
  "長い文",
  `long ${"and longer ".repeat(60)}text`,
  '"quoted" {braces} <b>tags</b> \u202e\u0000 &amp;',
];

function singular(at: string): string {
  return at.replace(/s$/, "");
}

/** The same thing with another id. */
function numbered(thing: Json, at: number): Json {
  if (thing === null || typeof thing !== "object" || Array.isArray(thing)) return thing;
  const { id } = thing;
  return typeof id === "number"
    ? { ...thing, id: id + at }
    : typeof id === "string"
    ? { ...thing, id: `${id}${at}` }
    : thing;
}
