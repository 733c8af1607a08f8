/**
 * A provider's API that answers whatever a tool can read: values that fit the
 * schema by which the tool reads an answer. So every tool has answers, and a
 * new one too.
 *
 * @module
 */

import { z } from "zod";
import type { ApiClient } from "../../providers/provider.ts";
import type { Json } from "./api.ts";
import type { Dice } from "./fuzz/dice.ts";

/** People, places and things; `x` is what the tools are asked for. */
const WORDS = [
  "x",
  "Quarterly Numbers",
  "Ana Müller",
  "Fix The Door",
  "budget 2027",
  "release v12.5",
  "",
  "長い文",
  `Long ${"and Longer ".repeat(60)}text`,
];
const LINKS = [
  "https://github.com/octocat/hello-world/issues/42",
  "https://docs.example.com/d/8f3/edit",
];
const MIME_TYPES = [
  "text/plain",
  "application/pdf",
  "application/vnd.google-apps.document",
  "application/vnd.google-apps.spreadsheet",
  "application/vnd.google-apps.folder",
];
/** Of e-mails. */
const HEADERS = [
  { name: "From", value: "Ana Müller <ana@example.com>" },
  { name: "To", value: "bo@example.com, Cy <cy@example.com>" },
  { name: "Subject", value: "Quarterly Numbers of 2027" },
];
/** What a field is, where its schema says only that it is a text. */
const BY_NAME: [RegExp, (dice: Dice) => Json][] = [
  [/url|link/i, (dice) => dice.pick(LINKS)],
  [/^date$|_on$|^dueDate$/, (dice) => `2026-1${dice.int(3)}-0${1 + dice.int(9)}`],
  [/dateTime|_at$|At$|Time$|^end$/, (dice) => `2026-11-2${dice.int(8)}T1${dice.int(10)}:30:00Z`],
  [/mimeType/, (dice) => dice.pick(MIME_TYPES)],
  [/timeZone|^tz$/, () => "UTC"],
  [/email/i, (dice) => `p${dice.int(50)}@example.com`],
  [/^ts$|thread_ts/, (dice) => `17640000${10 + dice.int(80)}.000100`],
  [/internalDate/, (dice) => String(1_764_000_000_000 + dice.int(1_000_000_000))],
  [/^encoding$/, () => "base64"],
  [/^state$/, (dice) => dice.pick(["open", "closed"])],
  [/^content$|^data$/, (dice) => btoa(`Chapter ${dice.int(99)} of 42.`.repeat(1 + dice.int(3)))],
  // One event has the id by which it was asked for.
  [/^id$/, (dice) => dice.pick(["e", `${1_000_000 + dice.int(9_000_000)}`])],
  [/^responseStatus$/, (dice) => dice.pick(["accepted", "declined", "needsAction", "mused"])],
  // What is asked for by its id has that id, often enough.
  [/^gid$/, (dice) => dice.int(3) === 0 ? `${1_000_000 + dice.int(9_000_000)}` : "1"],
  [/Id$/, (dice) => `${1_000_000 + dice.int(9_000_000)}`],
];

/** A client of the API, and of nothing. */
export function madeUpApi(dice: Dice): ApiClient {
  const make = (schema: z.ZodType) => schema.parse(valueOf(dice, schema, "", 8));
  return {
    json: (_path, schema) => Promise.resolve(make(schema) as never),
    page: (_path, schema) => {
      const link = dice.int(2) === 0 ? '<https://api.example.com?page=2>; rel="next"' : "";
      return Promise.resolve({
        value: make(schema) as never,
        headers: new Headers({ Link: link }),
        url: "https://api.example.com/",
      });
    },
    bytes: (_path, _most) => {
      const bytes = new TextEncoder().encode("Line 7 of the File.");
      return Promise.resolve({ bytes, truncated: dice.int(2) === 0, contentType: "text/plain" });
    },
    text: (_path, _most) => {
      const text = "Line 7 of the File. ".repeat(dice.pick([0, 1, 3_000]));
      return Promise.resolve({ text, truncated: dice.int(2) === 0 });
    },
  };
}

function valueOf(dice: Dice, schema: z.ZodType, name: string, depth: number): Json {
  const { def } = schema as unknown as { def: Json };
  const inner = (part: z.ZodType, key = name) => valueOf(dice, part, key, depth - 1);
  switch (def.type) {
    case "object": {
      const members = Object.entries(def.shape as Record<string, z.ZodType>)
        .map(([key, part]): [string, Json] => [key, inner(part, key)])
        .filter(([, value]) => value !== undefined);
      const made = Object.fromEntries(members);
      // A day, or a moment of it.
      if (made.date && made.dateTime) delete made.dateTime;
      return made;
    }
    case "array":
      if (name === "headers") return HEADERS;
      return Array.from({ length: dice.pick([0, 1, 1, 2, 8]) }, () => inner(def.element));
    case "record":
      return { primary: inner(def.valueType) };
    case "optional":
      return depth <= 0 || dice.int(4) === 0 ? undefined : inner(def.innerType);
    case "nullable":
      return depth <= 0 || dice.int(4) === 0 ? null : inner(def.innerType);
    case "default":
    case "readonly":
    case "catch":
      return inner(def.innerType);
    case "pipe":
      return inner(def.in);
    case "union":
      return inner(dice.pick(def.options as z.ZodType[]));
    case "lazy":
      return inner(def.getter());
    case "literal":
      return dice.pick(def.values);
    case "enum":
      return dice.pick(Object.values(def.entries));
    case "boolean":
      return dice.int(2) === 0;
    case "number":
      // What is asked for by its number has that number.
      return name === "number" ? 1 : dice.pick([0, 1, 3, 12, 250, 4_321]);
    case "string":
      return textOf(dice, schema, name);
    default:
      return {};
  }
}

/** A text that the schema takes, and that is what its field is called. */
function textOf(dice: Dice, schema: z.ZodType, name: string): string {
  const byName = BY_NAME.find(([pattern]) => pattern.test(name))?.[1];
  const tries = [
    ...(byName === undefined ? [] : [byName(dice)]),
    dice.pick(WORDS),
    "2026-11-24",
    "2026-11-24T14:00:00Z",
    "1234",
    "p@example.com",
  ];
  const found = tries.find((text) => schema.safeParse(text).success);
  if (found === undefined) throw new Error(`No text is made up for ${name}`);
  return found;
}
