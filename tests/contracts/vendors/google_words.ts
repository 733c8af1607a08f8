/**
 * What Google's fields look like that are declared as texts.
 *
 * @module
 */

import type { Json } from "../../support/api.ts";
import { Dice } from "../../support/fuzz/dice.ts";
import type { Words } from "../made.ts";

/** The examples say `my_size`, whatever a size looks like, and that every file is a shortcut to nowhere. */
export function withWords(name: string, value: Json): Json {
  if (name === "shortcutDetails" && JSON.stringify(value) === "{}") return undefined;
  if (value !== `my_${name}`) return value;
  return WORDS.find(([pattern]) => pattern.test(name))?.[1](new Dice(1)) ?? value;
}

/** Of e-mails. */
const HEADERS = [
  { name: "From", value: "ana <ana@example.com>" },
  { name: "To", value: "bo@example.com, cy <cy@example.com>" },
  { name: "Subject", value: "quarterly numbers" },
  { name: "Message-ID", value: "<1@example.com>" },
];

/** What Google's references say of fields that are declared as texts. */
export const WORDS: Words = [
  [
    /^(dateTime|created|updated|.*Time|start|end)$/,
    (dice) => `2026-11-2${dice.int(8)}T1${dice.int(10)}:30:00Z`,
  ],
  [/^date$/, (dice) => `2026-11-2${dice.int(8)}`],
  [/^timeZone$/, () => "Europe/Berlin"],
  [/email|Email/, (dice) => `p${dice.int(50)}@example.com`],
  [/[lL]ink$|^webViewLink$/, () => "https://docs.google.com/document/d/f1/edit"],
  [/^internalDate$/, () => "1764000000000"],
  [/^(size|historyId|version|quotaBytesUsed)$/, () => "12345"],
  [/^headers$/, () => HEADERS],
  [/^mimeType$/, (dice) => dice.pick(["text/plain", "application/vnd.google-apps.document"])],
  [/^data$/, () => btoa("chapter 7 of 42.")],
  [/^(id|.*Id|raw)$/, (dice) => `a1B2-${1_000 + dice.int(9_000)}`],
];
