/**
 * Which conversation an argument means: a channel by its name, id or link, or the direct messages
 * with people by their names.
 *
 * @module
 */

import { z } from "zod";
import { invalid, notFound } from "../api_errors.ts";
import { type ApiClient, ApiError } from "../provider.ts";
import { count, enumerate, oneLine, shorten } from "../text.ts";
import { ifGiven, Paged, send } from "./api.ts";
import { allChannels, asGranted, Channel, channelsPage } from "./channels.ts";
import { isConversationId, placeOf } from "./links.ts";
import { Directory, fold, nameOf, namesOf } from "./people.ts";
import { isPerson, type Place } from "./scopes.ts";

/** So many group direct messages are looked into for who is in them. */
const MAX_LOOKED_INTO = 10;

/** A conversation that was found. */
export interface Conversation {
  id: string;
  /** A channel's; absent where Slack does not say it, and of direct messages. */
  name?: string | undefined;
  /** Whom direct messages are with, by name. */
  people?: string[] | undefined;
  /** How it is spoken of: `#general`, `the direct messages with Ana`. */
  label: string;
  /** What a link named beside it. */
  ts?: string | undefined;
  thread?: string | undefined;
}

/** Where something is or was done. */
export const placeOutput = {
  channel: z.string(),
  channel_name: z.string().optional(),
  people: z.array(z.string()).optional().describe("Whom direct messages are with."),
};

/** The same of a conversation. */
export function placeData({ id, name, people }: Conversation) {
  return { channel: id, channel_name: name, people };
}

/** Whom a message is with is in the place of a channel. */
export const placeInput = {
  channel: z.string().max(300).refine(isChannelArgument, {
    error: "must be a channel's name such as general, its id or a link to it",
  }).optional().describe("A channel's name, id or link."),
  people: z.array(z.string().max(200).regex(/\S/, "must not be blank")).min(1).max(8).optional()
    .describe("Instead of channel: whom the direct messages are with, by name, e-mail or id."),
};

function isChannelArgument(channel: string): boolean {
  return placeOf(channel) !== undefined || /^<#[CG][A-Z0-9]{2,20}(\|[^<>|]*)?>$/.test(channel) ||
    /^[#@]?[\p{L}\p{M}\p{N}_.-]+( [\p{L}\p{M}\p{N}_.-]+){0,9}$/u.test(channel);
}

/**
 * The conversation that is meant.
 *
 * @throws {ApiError} where there is none, or more than one.
 */
export async function conversationOf(
  api: ApiClient,
  { channel, people }: Place,
  { opens, directory = new Directory(api) }: {
    /** Whether direct messages are begun where there are none yet. */
    opens: boolean;
    directory?: Directory | undefined;
  },
): Promise<Conversation> {
  if ((channel === undefined) === (people === undefined)) {
    throw invalid("Slack needs either a channel or the people of a direct message, and not both.");
  }
  const names = channel !== undefined && isPerson(channel) ? [channel] : people;
  if (names !== undefined) return await withPeople(api, names, opens, directory);
  const wanted = (channel ?? "").trim().replace(/^<#([CG][A-Z0-9]+).*>$/, "$1");
  const link = placeOf(wanted);
  const id = link?.channel ?? wanted;
  if (isConversationId(id)) return { ...link, ...await byId(api, id) };
  return await byName(api, wanted);
}

const Info = z.object({ channel: Channel });

/** The id says which one is meant; what it is called is only nice to know. */
async function byId(api: ApiClient, id: string): Promise<Conversation> {
  const info = await ifGiven(api, "conversations.info", Info, { channel: id });
  const found = info?.channel;
  if (found?.name && !found.is_im && !found.is_mpim) return named({ ...found, id });
  if (id.startsWith("D") || found?.is_im) {
    const { names } = await namesOf(api, found?.user ? [found.user] : []);
    const [name] = names.values();
    return {
      id,
      people: name ? [name] : undefined,
      label: name ? `the direct messages with ${name}` : "that direct message",
    };
  }
  return { id, label: found?.is_mpim ? "that group conversation" : "that channel" };
}

function named({ id, name }: Channel): Conversation {
  const plain = shorten(oneLine(name ?? ""), 80);
  return { id, name: plain, label: `#${plain}` };
}

async function byName(api: ApiClient, wanted: string): Promise<Conversation> {
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
  return `#${shorten(oneLine(name ?? ""), 80)}, ${about.join(", ")} (${id})`;
}

const Opened = z.object({
  channel: z.object({
    id: z.string(),
    user: z.string().nullish(),
    is_im: z.boolean().nullish(),
    is_mpim: z.boolean().nullish(),
  }),
});

async function withPeople(
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
