/**
 * Slack's own marks, as words.
 *
 * https://docs.slack.dev/messaging/formatting-message-text
 *
 * @module
 */

/** The ids of the people that a text mentions. */
export function mentionsIn(text: string): string[] {
  return [...text.matchAll(/<@([UW][A-Z0-9]{2,20})(?:\|[^<>]*)?>/g)].map(([, id = ""]) => id);
}

/** A text as a person sees it: mentions by name, links by their words. */
export function plainText(text: string, names: Map<string, string>): string {
  return text
    .replace(/<([^<>]*)>/g, (_, inside: string) => wordsOf(inside, names))
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

function wordsOf(inside: string, names: Map<string, string>): string {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const words = bar < 0 ? "" : inside.slice(bar + 1);
  switch (target[0]) {
    case "@":
      return `@${names.get(target.slice(1)) || words || target.slice(1)}`;
    case "#":
      return `#${words || target.slice(1)}`;
    case "!":
      // <!here>, <!date^1392734382^…|February 18th>, <!subteam^S1|@team>
      return words || `@${target.slice(1).split("^")[0]}`;
    default:
      return words || target;
  }
}
