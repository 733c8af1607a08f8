/**
 * Which channel a name means.
 *
 * @module
 */

import { invalid, notFound } from "../api_errors.ts";
import type { ApiClient } from "../provider.ts";
import { count, enumerate, shortLine } from "../text.ts";
import { allChannels, asGranted, type Channel, channelsPage } from "./channels.ts";
import { type Conversation, named } from "./found_conversation.ts";
import { fold } from "./people.ts";

/**
 * The channel that a name means, in any case and however it is written.
 *
 * @throws {ApiError} where there is none, or more than one.
 */
export async function channelByName(api: ApiClient, wanted: string): Promise<Conversation> {
  const name = wanted.replace(/^#/, "");
  const { given, kinds } = await asGranted((kinds, isOptional) =>
    allChannels(api, kinds, { isOptional })
  );
  const [found, ...others] = called(given.channels, name);
  if (found !== undefined && others.length === 0) return named(found);
  if (found !== undefined) {
    const list = enumerate([found, ...others].map(speakChannel));
    throw invalid(`Several Slack channels could be ${name}: ${list}. Which one?`);
  }
  const archived = called((await allChannels(api, kinds, { archived: true })).channels, name);
  if (archived[0] !== undefined && archived.length === 1) return named(archived[0]);
  const near = given.channels.filter((channel) => isNear(channel, name)).map(({ name }) =>
    `#${name}`
  );
  const hint = near.length === 0 ? "" : ` There is ${enumerate(near.slice(0, 3))}.`;
  // It may be a private one. Asking for those leads to the link that lets them be seen.
  if (near.length === 0 && !kinds.includes("private")) {
    await channelsPage(api, ["private"], { limit: 1 });
  }
  const limit = given.isAll ? "" : ` Only the first ${given.channels.length} were looked through.`;
  throw notFound(`Slack has no channel called ${name} that this account can see.${hint}${limit}`);
}

/** The channels of a name; one that is written otherwise counts where none is written so. */
function called(channels: Channel[], name: string): Channel[] {
  const lower = name.toLowerCase();
  const exact = channels.filter((channel) => channel.name?.toLowerCase() === lower);
  if (exact.length > 0) return exact;
  return channels.filter((channel) => plainName(channel.name ?? "") === plainName(name));
}

/** `Design Review` and `design-review` sound the same. */
function plainName(name: string): string {
  return fold(name).replace(/[\s_.-]+/g, "");
}

function isNear({ name, is_archived }: Channel, wanted: string): boolean {
  const [one, other] = [plainName(name ?? ""), plainName(wanted)];
  return !is_archived && one.length > 2 && other.length > 2 &&
    (one.includes(other) || other.includes(one) || differsLittle(one, other));
}

/** By one letter that is another, too much, too few or changed with the next. */
function differsLittle(one: string, other: string): boolean {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  const [rest, otherRest] = [one.slice(at), other.slice(at)];
  return rest.slice(1) === otherRest.slice(1) || rest.slice(1) === otherRest ||
    rest === otherRest.slice(1) ||
    (rest.slice(2) === otherRest.slice(2) && rest[0] === otherRest[1] && rest[1] === otherRest[0]);
}

function speakChannel({ id, name, is_private, is_ext_shared, num_members }: Channel): string {
  const about = [
    is_private ? "private" : "public",
    ...(is_ext_shared ? ["shared with another company"] : []),
    ...(num_members ? [count(num_members, "member")] : []),
  ];
  return `#${shortLine(name ?? "", 80)}, ${about.join(", ")} (${id})`;
}
