/** What is wrong with `.env` as a file. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parse } from "dotenv";
import { dotEnvDoubts } from "../../start/dot_env.ts";

const told = (text: string, outside = {}, mode = 0o600) => dotEnvDoubts({ text, outside, mode });

Deno.test("a .env as people write it raises no doubt", () => {
  const good = [
    "\uFEFF# A comment",
    "",
    "PUBLIC_URL=https://mine.org # where it is",
    "export PORT=8000",
    "SECRET='a#b'",
    'OTHER="a#b"',
    "PRIVATE_KEY='-----BEGIN KEY-----",
    "abc==",
    "-----END KEY-----'",
    "UPSTREAMS='[",
    ' {"name": "notes"}',
    "]'",
    "PORT=8000",
    "LEFT=",
  ];
  assertEquals(told(good.join("\n"), { PORT: "8000", LEFT: "x" }), []);
  assertEquals(told(good.join("\r\n")), []);
});

const ROWS: [name: string, text: string, found: string, cure: string, isFault?: boolean][] = [
  ["UTF-16", "\uFFFD\uFFFDA\0=\0", "is not in UTF-8", "Save it as UTF-8"],
  [
    "a line without =",
    "A=1\nSECRET MARK\n",
    "no NAME=value, and are not read: 2.",
    "single quotes",
  ],
  ["JSON over lines", 'A=[\n {"a":1}\n]\n', "are not read: 2, 3.", "single quotes"],
  ["a # in a secret", "A=1\nSECRET=ab#MARK", "a # in SECRET (line 2)", "single quotes"],
  ["a name twice", "A=1\nB=2\nA=3", "has A twice (lines 1 and 3), and the last", "Take out"],
  ["another one outside", "SET=MARK", "has SET, which the environment sets", "unset SET", false],
];

for (const [name, text, found, cure, isFault = true] of ROWS) {
  Deno.test(`.env: ${name} is told, with its cure, and without a value`, () => {
    const [doubt, ...more] = told(text, { SET: "something" });
    assert(doubt !== undefined);
    assertEquals(more, []);
    assertStringIncludes(doubt.found, found);
    assertStringIncludes(doubt.cure ?? "", cure);
    assertEquals(doubt.isFault, isFault);
    assert(!JSON.stringify(doubt).includes("MARK"));
  });
}

Deno.test(".env that others can read is told where it holds secrets", () => {
  assertStringIncludes(told("API_KEYS=x", {}, 0o644)[0]?.found ?? "", "can be read by others");
  assertEquals(told("PORT=1", {}, 0o644), []);
});

Deno.test("a # is said to cut off where it does for dotenv", () => {
  for (const text of ["A=b#c", "A=b #c", "A='b#c'", "A=b#c d", "A=#c", "A= 'b#c"]) {
    const isCut = told(text).some(({ found }) => found.includes("a # in A"));
    const whole = text.replace(/^A=\s*/, "").replaceAll(/^'|'$| #c$/g, "");
    assertEquals(isCut, text !== "A=#c" && parse(text).A !== whole && !text.includes("'"), text);
  }
});
