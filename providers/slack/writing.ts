/**
 * A text on its way to Slack. It is a model's, and may be a stranger's words: it is text, and
 * notifies nobody but the people who were named as such.
 *
 * https://docs.slack.dev/messaging/formatting-message-text#escaping
 *
 * @module
 */

import type { User } from "./people.ts";

/** Slack cuts longer ones off. */
export const SLACK_CUTS_AT = 40_000;

/** Somebody who is to be notified: as they were called, and who that is. */
export interface Mention {
  wanted: string;
  user: User;
}

/**
 * Slack's marks for a text: its three characters escaped, Markdown's links, headings and bold as
 * Slack writes them. `<!channel>`, `<@U…>` and `<#C…>` stay what they look like. Where a mentioned
 * person's name stands in it as `@name`, it becomes the mention; else that is put in front.
 */
export function toMrkdwn(text: string, mentions: Mention[] = []): string {
  // Code is as it is written, marks and all.
  const written = text.split(/(```[\s\S]*?```|`[^`\n]+`)/).map((part, at) =>
    at % 2 === 1 ? escape(part.replace(/^```[\w+-]+\n/, "```\n")) : withMarks(escape(part))
  ).join("");
  return withMentions(written, mentions);
}

/** What looks like a mention and is not sent as one. */
export function unsentMentions(text: string, mentions: Mention[]): boolean {
  const sent = new Set(mentions.map(({ user }) => user.id));
  return [...text.matchAll(/<(?:@([UW][A-Z0-9]+)|![a-z]+)[^<>]*>/g)]
    .some(([, id]) => id === undefined || !sent.has(id)) ||
    /(^|\s)@(channel|here|everyone)\b/.test(text);
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

const URL_PATTERN = "https?:\\/\\/[^\\s<>|()\\[\\]]{1,2000}?";
const MARKDOWN_LINK = new RegExp(`\\[([^\\[\\]\\n]{1,300})\\]\\((${URL_PATTERN})\\)`, "g");
/** Slack's own, which earlier callers were told of; escaped by now. */
const SLACK_LINK = new RegExp(`&lt;(${URL_PATTERN})(?:\\|([^|<>\\n]{1,300}?))?&gt;`, "g");

function withMarks(text: string): string {
  return text
    .replace(MARKDOWN_LINK, (_, label: string, url: string) => link(url, label))
    .replace(SLACK_LINK, (_, url: string, label?: string) => link(url, label))
    .replace(/^#{1,6} +(\S.*)$/gm, (_, title: string) => `*${title.replaceAll("*", "").trimEnd()}*`)
    .replace(/\*\*(?=\S)([^*\n]{1,2000}?)(?<=\S)\*\*/g, "*$1*")
    .replace(/(?<![\w])__(?=\S)([^_\n]{1,2000}?)(?<=\S)__(?![\w])/g, "*$1*")
    .replace(/~~(?=\S)([^~\n]{1,2000}?)(?<=\S)~~/g, "~$1~")
    .replace(/^(\s*)[-*] (?=\S)/gm, "$1• ")
    // A quotation's mark has to be as it is.
    .replace(/^&gt; /gm, "> ");
}

/** A link whose words look like an address shows where it leads. */
function link(url: string, label: string | undefined): string {
  if (label === undefined || label === url) return `<${url}>`;
  return /\w\.\w|:\/\//.test(label)
    ? `${label} (<${url}>)`
    : `<${url}|${label.replaceAll("|", "/")}>`;
}

function withMentions(text: string, mentions: Mention[]): string {
  let written = text;
  const missing: string[] = [];
  for (const { wanted, user } of mentions) {
    const mark = `<@${user.id}>`;
    const names = [wanted.replace(/^@/, ""), user.profile?.display_name, user.real_name, user.name]
      .filter((name) => typeof name === "string" && name !== "")
      .map((name) => escape(name!));
    const places = [`&lt;@${user.id}&gt;`, ...names.map((name) => `@${name}`)];
    const place = places.find((place) => indexOfWord(written, place) >= 0);
    if (place === undefined) missing.push(mark);
    else {
      const at = indexOfWord(written, place);
      written = written.slice(0, at) + mark + written.slice(at + place.length);
    }
  }
  return [...new Set(missing), written].join(" ").trim();
}

/** Where it stands as a word of its own: `@Ana` is not in `@Anastasia`. */
function indexOfWord(text: string, word: string): number {
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])${RegExp.escape(word)}(?![\\p{L}\\p{N}])`, "iu");
  return text.search(pattern);
}
