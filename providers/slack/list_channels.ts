/**
 * Listing Slack's conversations.
 *
 * https://docs.slack.dev/reference/methods/conversations.list
 *
 * @module
 */

import { z } from "zod";
import { type ApiClient, tool } from "../provider.ts";
import { count, enumerate, fitting, oneLine, shorten } from "../text.ts";
import { cursor, pageAfter, pagingOutput } from "./api.ts";
import { asGranted, type Channel, channelsPage, type Kind } from "./channels.ts";
import { MAX_NAMES } from "./message.ts";
import { namesOf } from "./people.ts";
import { isWithoutTeam, joined, teamsOf } from "./teams.ts";

/** Slack gives short pages, empty ones too, while there are more. */
const MAX_PAGES = 5;
const READ_SCOPE: Record<Kind, string> = {
  public: "channels:read",
  private: "groups:read",
  direct: "im:read",
  group: "mpim:read",
};

/** https://docs.slack.dev/reference/methods/conversations.list */
export const listChannels = tool({
  name: "slack_list_channels",
  service: "slack",
  title: "List Slack channels",
  description:
    "List the channels of the person's Slack workspace: the public ones, and the private ones " +
    "they are in; direct messages where asked for.",
  input: z.strictObject({
    kinds: z.array(z.enum(["public", "private", "direct", "group"])).min(1).max(4).optional()
      .describe("Left out: public and private channels."),
    archived: z.boolean().default(false),
    limit: z.int().min(1).max(200).default(50),
    cursor,
  }),
  output: z.object({
    channels: z.array(z.object({
      channel: z.string(),
      name: z.string().describe("Of direct messages: whom they are with."),
      is_private: z.boolean(),
      is_member: z.boolean(),
      is_direct: z.boolean().optional(),
      is_archived: z.boolean().optional(),
      is_shared: z.boolean().optional(),
      members: z.number().optional(),
      topic: z.string().optional(),
    })),
    ...pagingOutput,
  }),
  hints: { readOnly: true },
  scopes: [["channels:read"], ["groups:read"]],
  scopesFor: ({ kinds }) =>
    kinds === undefined
      ? [["channels:read"], ["groups:read"]]
      : [[...new Set(kinds.map((kind) => READ_SCOPE[kind]))]],
  async run({ kinds: wanted, archived, limit, cursor }, { api }) {
    const ask = (kinds: Kind[], isOptional: boolean) =>
      gather(api, kinds, { limit, cursor, archived, isOptional });
    const { given, kinds } = wanted === undefined
      ? await asGranted(ask)
      : { given: await ask(wanted, false), kinds: wanted };
    const { channels, odd } = given;
    const people = channels.flatMap(({ user, is_im }) => is_im && user ? [user] : []);
    const { names, isDenied } = await namesOf(api, people.slice(0, MAX_NAMES));
    const listed = fitting(channels, (channel, length) => summarizeChannel(channel, names, length));
    const next = pageAfter(given.next);
    const spoken = listed.map(({ name, is_direct, is_archived }) =>
      `${is_direct ? "" : "#"}${name}${is_archived ? " (archived)" : ""}`
    );
    const list = spoken.length === 0 ? "" : `: ${enumerate(spoken)}`;
    const notes = [
      ...(next.has_more ? ["There are more."] : []),
      ...(wanted === undefined && kinds.length === 1
        ? [`Only ${kinds[0]} ones could be looked at: the others have not been granted.`]
        : []),
      ...(people.length > MAX_NAMES ? [`Only ${MAX_NAMES} people were looked up by name.`] : []),
      ...(isDenied ? ["The names of people have not been granted."] : []),
      ...(odd > 0 ? [`${count(odd, "channel")} could not be read.`] : []),
    ];
    const noun = wanted?.some((kind) => kind === "direct" || kind === "group")
      ? "conversation"
      : "channel";
    return {
      text: [`Found ${count(listed.length, noun)}${list}.`, ...notes].join(" "),
      notes,
      data: { channels: listed, ...next },
    };
  },
});

interface Gathered {
  channels: Channel[];
  odd: number;
  next: string | undefined;
}

interface Wanted {
  limit: number;
  cursor: string | undefined;
  archived: boolean;
  isOptional: boolean;
}

/** Of the one workspace, or of an organisation's one after the other. */
async function gather(api: ApiClient, kinds: Kind[], wanted: Wanted): Promise<Gathered> {
  const [, from, rest] = /^(T[A-Z0-9]{2,20}):(.*)$/s.exec(wanted.cursor ?? "") ?? [];
  try {
    if (from === undefined) return await gatherOfTeam(api, kinds, wanted);
  } catch (error) {
    if (!isWithoutTeam(error)) throw error;
  }
  const teams = await teamsOf(api);
  const all: Gathered = { channels: [], odd: 0, next: undefined };
  let cursor = rest || undefined;
  for (const team of teams.slice(from === undefined ? 0 : Math.max(0, teams.indexOf(from)))) {
    const left = wanted.limit - all.channels.length;
    if (left <= 0) return { ...all, next: `${team}:` };
    const part = await gatherOfTeam(api, kinds, { ...wanted, limit: left, cursor, team });
    all.channels = joined([all.channels, part.channels]);
    all.odd += part.odd;
    if (part.next !== undefined) return { ...all, next: `${team}:${part.next}` };
    cursor = undefined;
  }
  return all;
}

async function gatherOfTeam(
  api: ApiClient,
  kinds: Kind[],
  { limit, cursor, ...options }: Wanted & { team?: string },
): Promise<Gathered> {
  const all: Gathered = { channels: [], odd: 0, next: cursor };
  for (let pages = 0; pages < MAX_PAGES && all.channels.length < limit; pages++) {
    const left = limit - all.channels.length;
    const page = await channelsPage(api, kinds, { limit: left, cursor: all.next, ...options });
    all.channels.push(...page.channels);
    all.odd += page.odd;
    all.next = page.next;
    if (page.next === undefined) break;
  }
  return all;
}

function summarizeChannel(channel: Channel, names: Map<string, string>, length: number) {
  const topic = oneLine(channel.topic?.value || channel.purpose?.value || "");
  const isDirect = channel.is_im === true || channel.is_mpim === true;
  return {
    channel: channel.id,
    name: shorten(nameOf(channel, names), 80),
    is_private: channel.is_private ?? isDirect,
    is_member: channel.is_member ?? isDirect,
    is_direct: isDirect || undefined,
    is_archived: channel.is_archived || undefined,
    is_shared: channel.is_ext_shared || undefined,
    members: channel.num_members ?? undefined,
    topic: topic === "" ? undefined : shorten(topic, length),
  };
}

/** Group direct messages are called `mpdm-ana--bo--me-1`. */
function nameOf({ name, user, is_im, is_mpim }: Channel, names: Map<string, string>): string {
  if (is_im) return (user ? names.get(user) : undefined) ?? "somebody";
  const plain = oneLine(name ?? "");
  if (!is_mpim) return plain || "a channel without a name";
  const people = plain.replace(/^mpdm-/, "").replace(/-\d{1,4}$/, "").split("--");
  return people.join(", ") || "a group";
}
