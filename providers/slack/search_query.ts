/**
 * A search as its user means it, in Slack's words.
 *
 * https://docs.slack.dev/reference/methods/search.messages
 *
 * @module
 */

const DAY_MS = 24 * 60 * 60_000;

/** `2026-11-23`; the 30th of February is none. */
export function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at) &&
    new Date(at).toISOString().startsWith(text);
}

/** What is looked for. */
export interface Wanted {
  query: string;
  /** A channel's name, or its id where the name is not known. */
  channel?: { id: string; name?: string | undefined } | undefined;
  /** Whom the direct messages are with. */
  withPerson?: string | undefined;
  /** Who wrote it: an id, or `me`. */
  from?: string | undefined;
  /** The first and the last day, both of them included. */
  since?: string | undefined;
  until?: string | undefined;
}

/** Slack leaves out the days themselves that `after:` and `before:` name. */
export function slackQuery(wanted: Wanted): string {
  const { query, channel, withPerson, from, since, until } = wanted;
  return [
    query.trim(),
    ...(channel ? [`in:${channel.name ?? `<#${channel.id}>`}`] : []),
    ...(withPerson ? [`in:<@${withPerson}>`] : []),
    ...(from ? [`from:${from === "me" ? "me" : `<@${from}>`}`] : []),
    ...(since ? [`after:${dayBeside(since, -1)}`] : []),
    ...(until ? [`before:${dayBeside(until, 1)}`] : []),
  ].filter(Boolean).join(" ");
}

function dayBeside(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}
