/**
 * Direct messages, by the people that they are with.
 *
 * https://docs.slack.dev/reference/methods/conversations.open
 *
 * @module
 */

import { z } from "zod";
import { notFound } from "../api_errors.ts";
import { type ApiClient, ApiError } from "../provider.ts";
import { ifGiven, Paged, send } from "./api.ts";
import { allChannels, Channel } from "./channels.ts";
import type { Conversation } from "./found_conversation.ts";
import { type Directory, nameOf } from "./people.ts";

/** So many group direct messages are looked into for who is in them. */
const MAX_LOOKED_INTO = 10;

const Info = z.object({ channel: Channel });
const Opened = z.object({
  channel: z.object({
    id: z.string(),
    user: z.string().nullish(),
    is_im: z.boolean().nullish(),
    is_mpim: z.boolean().nullish(),
  }),
});

/**
 * The direct messages with these people: those that there are, or where `opens` such as are begun.
 *
 * @throws {ApiError} where somebody is not found, and where Slack opens another conversation.
 */
export async function withPeople(
  api: ApiClient,
  names: string[],
  opens: boolean,
  directory: Directory,
): Promise<Conversation> {
  const people = [];
  for (const name of names) people.push(await directory.find(name));
  const ids = [...new Set(people.map(({ id }) => id))];
  const isNamed = people.every((person) => nameOf(person) !== person.id);
  const called = [...new Set(people.map(nameOf))];
  const list = new Intl.ListFormat("en").format(called);
  const label = isNamed ? `the direct messages with ${list}` : "that direct message";
  if (!opens) {
    const handles = people.map(({ name }) => name ?? "");
    const id = await existing(api, ids, handles, isNamed ? list : "these people");
    return { id, people: isNamed ? called : undefined, label };
  }
  const body = { users: ids.join(","), return_im: true };
  // What was asked for is a message, and this is none yet.
  const { channel } = await send(api, "conversations.open", Opened, body, { reads: true });
  // Who is written to is who was named, or nobody.
  if (!await isWith(api, channel, ids)) throw notWith(list);
  return { id: channel.id, people: isNamed ? called : undefined, label };
}

/** As far as Slack says it: whether a conversation that it opened is with just these people. */
async function isWith(
  api: ApiClient,
  channel: z.output<typeof Opened>["channel"],
  ids: string[],
): Promise<boolean> {
  if (ids.length > 1) return !channel.is_im && await holdsJust(api, channel.id, ids) !== false;
  const query = { channel: channel.id };
  const user = channel.user ??
    (await ifGiven(api, "conversations.info", Info, query))?.channel.user;
  if (!user || user === ids[0]) return true;
  // In an organisation people have another id for each workspace.
  return (await ifGiven(api, "users.info", Other, { user: ids[0] }))?.user.id === user;
}

const Other = z.object({ user: z.object({ id: z.string() }) });

function notWith(list: string): ApiError {
  return new ApiError({
    kind: "unavailable",
    message: `Slack opened another conversation than the one with ${list}. Nothing was sent.`,
  });
}

/** Direct messages that are there already: who reads begins none. */
async function existing(
  api: ApiClient,
  ids: string[],
  handles: string[],
  list: string,
): Promise<string> {
  const kind = ids.length === 1 ? "direct" : "group";
  const { channels, isAll } = await allChannels(api, [kind]);
  if (kind === "direct") {
    const found = channels.find(({ user }) => user === ids[0]);
    if (found !== undefined) return found.id;
  } else {
    // Slack calls them `mpdm-ana--bo--me-1`, after the handles of that time.
    const [likely, rest] = [true, false].map((is) =>
      channels.filter(({ name }) => handles.every((handle) => name?.includes(handle)) === is)
    );
    for (const { id } of [...likely ?? [], ...rest ?? []].slice(0, MAX_LOOKED_INTO)) {
      if (await holdsJust(api, id, ids) === true) return id;
    }
  }
  const limit = isAll && (kind === "direct" || channels.length <= MAX_LOOKED_INTO)
    ? ""
    : " Not all of them could be looked through.";
  throw notFound(`Slack has no direct messages with ${list} yet.${limit}`);
}

const Members = z.object({ members: z.array(z.string()), ...Paged.shape });

/** Whether just these people and the person are in a conversation; `undefined` where Slack does not say. */
async function holdsJust(
  api: ApiClient,
  channel: string,
  ids: string[],
): Promise<boolean | undefined> {
  const page = await ifGiven(api, "conversations.members", Members, { channel, limit: 20 });
  if (page === undefined) return undefined;
  const members = new Set(page.members);
  return ids.every((id) => members.has(id)) &&
    (members.size === ids.length + 1 || members.size === ids.length);
}
