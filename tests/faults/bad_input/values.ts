/**
 * Values and texts that are wrong, wherever they are sent.
 *
 * @module
 */

import { Dice } from "../../support/fuzz/dice.ts";
import { USER } from "../../support/gateway.ts";

/** Deep enough to end every recursion over it. */
export const DEPTH = 10_000;
export const DEEP_ARRAY = "[".repeat(DEPTH) + "]".repeat(DEPTH);
export const DEEP_OBJECT = '{"a":'.repeat(DEPTH) + "1" + "}".repeat(DEPTH);

/** Inherited by every object: a look-up that forgets this finds them everywhere. */
export const INHERITED = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"];

/** Values as JSON texts, by JSON's types: some cannot be made from JavaScript. */
export const VALUES: Record<string, string[]> = {
  null: ["null"],
  boolean: ["true", "false"],
  integer: ["0", "-1", "1e3"],
  number: ["1.5", "1e400", "-1e400"],
  string: ['""', '"1"', '"60"', '"\\u0000"', '"\\ud800"', '"__proto__"', `"${"x".repeat(3000)}"`],
  array: ["[]", '["user_123"]', "[[[[]]]]", "[null]", DEEP_ARRAY],
  object: ["{}", '{"toString":"x"}', '{"__proto__":{"a":1}}', '{"length":1}', DEEP_OBJECT],
};

/** Values of every type but these. */
export function valuesBut(...types: string[]): string[] {
  return Object.entries(VALUES).flatMap(([type, values]) => types.includes(type) ? [] : values);
}

/** A JSON object from JSON texts. */
export function object(fields: Record<string, string | undefined>): string {
  const pairs = Object.entries(fields).filter(([, value]) => value !== undefined);
  return `{${pairs.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(",")}}`;
}

export const texts = (...items: string[]) => items.map((item) => JSON.stringify(item));

/** What no user id is: 1 to 128 of `A-Za-z0-9._@|+-`. */
export function badUserIds(dice: Dice): string[] {
  const forbidden = [..."/\\:\"'<>{}[]()*?&=#%,;~^`! \t\n\r\0\x7f\u00e9\u200b\u202e\ud800😀ａа"];
  return [
    "",
    "x".repeat(129),
    "x".repeat(60_000),
    "../",
    "../../connections",
    "%00",
    "voice:user_123",
    "user_123\n",
    "\nuser_123",
    "user_123\u0000",
    "user_123/github",
    "uѕer_123",
    "user_１２３",
    '"><script>alert(1)</script>',
    ...forbidden.map((character) => dice.spoil(USER, character)),
  ];
}

export const BAD_SERVICES = [
  ...INHERITED,
  "",
  "..",
  "../github",
  "github/",
  "github\0",
  "github\n",
  "GitHub",
  " github",
  "github,google",
  "gіthub",
  "\ud800",
  "null",
  '"><script>alert(1)</script>',
  "sse",
];
