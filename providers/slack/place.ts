/**
 * Where something is meant to be, and what has to be granted to find it.
 *
 * https://docs.slack.dev/reference/scopes
 *
 * @module
 */

import { isConversationId, placeOf } from "./links.ts";
import { isEmail } from "./people.ts";

/** Where something is: a channel, or the direct messages with people. */
export interface Place {
  channel?: string | undefined;
  people?: string[] | undefined;
}

/** A link to a message says where it is, where nothing else does. */
export function withLinked({ channel, people }: Place, message: string | undefined): Place {
  if (channel !== undefined || people !== undefined) return { channel, people };
  return { channel: placeOf(message ?? "")?.channel };
}

/** What kinds of conversations an argument can mean, the least scope first. */
export function kindsOf(
  { channel = "", people }: Place,
): ("channels" | "groups" | "im" | "mpim")[] {
  if (people !== undefined) return people.length > 1 ? ["mpim"] : ["im"];
  const id = placeOf(channel)?.channel ?? channel;
  if (isPerson(channel)) return ["im"];
  if (!isConversationId(id)) return ["channels", "groups"];
  if (id.startsWith("D")) return ["im"];
  return id.startsWith("G") ? ["groups", "mpim"] : ["channels", "groups", "mpim"];
}

/** Whether a channel's argument is a person: `@ana`, `U0123456789`. */
export function isPerson(channel: string): boolean {
  return channel.startsWith("@") || /^[UW](?=[A-Z]*\d)[A-Z0-9]{7,20}$/.test(channel);
}

/** What finding people by these names takes. */
export function peopleScopes({ channel = "", people = [] }: Place): string[] {
  const names = isPerson(channel) ? [channel] : people;
  if (names.length === 0) return [];
  return names.some((name) => isEmail(name.replace(/^@/, "")))
    ? ["users:read", "users:read.email"]
    : ["users:read"];
}

/** Whether a channel has to be looked up by its name. */
export function isByName({ channel, people }: Place): boolean {
  return people === undefined && channel !== undefined && !isPerson(channel) &&
    !isConversationId(placeOf(channel)?.channel ?? channel);
}
