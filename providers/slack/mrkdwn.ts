/**
 * Slack's own marks, as words.
 *
 * https://docs.slack.dev/messaging/formatting-message-text
 *
 * @module
 */

import { lookUp } from "../../broker/core/lists.ts";

/** What is known by name. */
export interface Names {
  /** By id; people and apps. */
  people: Map<string, string>;
  channels: Map<string, string>;
}

const USER_ID = "[UW][A-Z0-9]{2,20}";

/** The ids of the people that a text mentions. */
export function mentionsIn(text: string): string[] {
  return idsIn(text, new RegExp(`<@(${USER_ID})(?:\\|[^<>]*)?>`, "g"));
}

/** The ids of the channels that a text mentions, where it does not say their names. */
export function namelessChannelsIn(text: string): string[] {
  return idsIn(text, /<#([CG][A-Z0-9]{2,20})\|?>/g);
}

function idsIn(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, id = ""]) => id);
}

/** A text as a person sees it: mentions by name, links by their words, emoji by theirs. */
export function plainText(text: string, names: Names): string {
  return unescape(
    withEmoji(text.replace(/<([^<>]*)>/g, (_, inside: string) => wordsOf(inside, names))),
  );
}

/** Slack escapes three characters, and no others. */
export function unescape(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

const EMOJI_WORDS: Record<string, string> = {
  "+1": "thumbs up",
  "thumbsup": "thumbs up",
  "-1": "thumbs down",
  "thumbsdown": "thumbs down",
  "tada": "party popper",
};

/** `white_check_mark` → `white check mark`, without its skin tone. */
export function emojiWords(name: string): string {
  const plain = name.split("::")[0] ?? name;
  return lookUp(EMOJI_WORDS, plain) ?? plain.replaceAll("_", " ");
}

/** `:tada:` → `(party popper emoji)`. A time such as 10:30:45 holds none. */
function withEmoji(text: string): string {
  return text
    .replace(/:skin-tone-[2-6]:/g, "")
    .replace(
      /(?<![\p{L}\p{N}:]):([a-z][a-z0-9_+'-]{0,80}|\+1|-1):(?![\p{L}\p{N}])/gu,
      (_, name: string) => `(${emojiWords(name)} emoji)`,
    );
}

function wordsOf(inside: string, names: Names): string {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const words = bar < 0 ? "" : inside.slice(bar + 1);
  switch (target[0]) {
    case "@":
      return `@${names.people.get(target.slice(1)) || words || "somebody"}`;
    case "#": {
      const name = words || names.channels.get(target.slice(1));
      return name ? `#${name}` : "a channel that cannot be seen";
    }
    case "!":
      return words || specialWords(target.slice(1));
    default:
      return words || target.replace(/^(mailto|tel):/, "");
  }
}

/** `here`, `date^1392734382^…`, `subteam^S1` */
function specialWords(special: string): string {
  const [kind = "", value = ""] = special.split("^");
  if (kind === "subteam") return "@a group";
  const at = new Date(Number(value) * 1_000);
  if (kind !== "date" || Number.isNaN(at.getTime())) return `@${kind}`;
  return `${
    at.toLocaleString("en-US", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" })
  } UTC`;
}
