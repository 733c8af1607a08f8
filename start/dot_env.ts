/**
 * What is wrong with `.env` as a file: lines that nobody understands, values
 * that are cut off, the same name twice. Values are compared, and never told.
 *
 * @module
 */

import type { Doubt } from "../broker/config/doubts/doubt.ts";
import type { Env } from "../broker/config/env.ts";

/** The file, and what the process was started with beside it. */
export interface DotEnv {
  text: string;
  outside: Env;
  /** Of its permissions, where the system has such. */
  mode?: number | null | undefined;
}

/** As dotenv reads it (17.x). */
const ENTRY =
  /^\s*(?:export\s+)?([\w.-]+)(?:\s*=\s*?|:\s+?)(\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\r\n]+)?\s*(?:#.*)?(?:$|$)/gm;
/** More lines than that are one thing that went wrong. */
const MOST_LINES = 5;
const SECRETS = /(SECRET|_KEYS?|TOKEN|PRIVATE)(_|$)/;

/** Pure. */
export function dotEnvDoubts({ text, outside, mode }: DotEnv): Doubt[] {
  const doubt = (found: string, cure: string, isFault = true): Doubt => ({
    ...{ variable: ".env", found, cure, isFault },
  });
  if (/\0|^\uFFFD/.test(text)) {
    return [
      doubt("is not in UTF-8, and nothing in it is read.", "Save it as UTF-8 (of a text editor)."),
    ];
  }
  const lines = text.replaceAll(/\r\n?/g, "\n");
  const entries = entriesOf(lines);
  const doubts: Doubt[] = [];
  const strange = strangeLines(lines);
  if (strange.length > 0) {
    const more = strange.length > MOST_LINES ? " and more" : "";
    const which = strange.slice(0, MOST_LINES).join(", ");
    doubts.push(doubt(
      `has lines that are no NAME=value, and are not read: ${which}${more}.`,
      "A value of several lines stands in single quotes, from the first to the last.",
    ));
  }
  const seen = new Map<string, Entry>();
  for (const entry of entries) {
    const { name, value, line, isCut } = entry;
    if (isCut) {
      doubts.push(doubt(
        `has a # in ${name} (line ${line}), and what stands from there on is left off.`,
        "Put the value in single quotes, or a space before a comment.",
      ));
    }
    const before = seen.get(name);
    seen.set(name, entry);
    if (before !== undefined && before.value !== value) {
      doubts.push(doubt(
        `has ${name} twice (lines ${before.line} and ${line}), and the last counts.`,
        "Take out the one that is not meant.",
      ));
    }
  }
  for (const { name, value } of seen.values()) {
    const set = outside[name];
    if (!value || !set || set === value) continue;
    doubts.push(doubt(
      `has ${name}, which the environment sets to something else, and that counts.`,
      `Take it out of one of the two (\`unset ${name}\` in this shell).`,
      false,
    ));
  }
  if (mode && (mode & 0o044) !== 0 && [...seen.keys()].some((name) => SECRETS.test(name))) {
    doubts.push(doubt("can be read by others on this machine.", "`chmod 600 .env`", false));
  }
  return doubts;
}

interface Entry {
  name: string;
  value: string;
  line: number;
  /** A `#` ended it that stands in the middle of a word. */
  isCut: boolean;
}

function entriesOf(text: string): Entry[] {
  return [...text.matchAll(ENTRY)].map((match) => {
    const [all, name = "", raw = ""] = match;
    const before = all.indexOf(name);
    const value = raw.trim();
    return {
      name,
      value: value.replace(/^(['"`])([\s\S]*)\1$/, "$2"),
      line: text.slice(0, match.index + before).split("\n").length,
      isCut: value !== "" && !/^['"`]/.test(value) && all.includes(`${value}#`),
    };
  });
}

/** By number; comments are none. */
function strangeLines(text: string): number[] {
  const rest = text.replace(ENTRY, (all) => all.replaceAll(/[^\n]/g, ""));
  return rest.split("\n").flatMap((line, at) => {
    const trimmed = line.replace(/^\uFEFF/, "").trim();
    return trimmed === "" || trimmed.startsWith("#") ? [] : [at + 1];
  });
}
