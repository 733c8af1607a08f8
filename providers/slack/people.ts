/**
 * The people of a Slack workspace.
 *
 * https://docs.slack.dev/reference/methods/users.list
 *
 * @module
 */

import { z } from "zod";
import { type ApiClient, ApiError, tool } from "../provider.ts";
import { count, enumerate, fitting, oneLine, shorten } from "../text.ts";
import { call, cursorOf, Paged } from "./api.ts";

/** Slack has no search for people: its list is gone through, up to this many pages of this size. */
const PAGE = 1_000;
const MAX_PAGES = 5;
const NAME_LENGTH = 80;
/** Slack's own helper is listed in every workspace, and not marked as a bot. */
const SLACKBOT = "USLACKBOT";

const User = z.object({
  id: z.string(),
  name: z.string().nullish(),
  real_name: z.string().nullish(),
  deleted: z.boolean().nullish(),
  is_bot: z.boolean().nullish(),
  tz: z.string().nullish(),
  profile: z.object({
    real_name: z.string().nullish(),
    display_name: z.string().nullish(),
    email: z.string().nullish(),
    title: z.string().nullish(),
  }).nullish(),
});
type User = z.output<typeof User>;
const UserPage = z.object({ members: z.array(User), ...Paged.shape });
const UserAnswer = z.object({ user: User });

/** What a person is called. */
function nameOf({ id, name, real_name, profile }: User): string {
  return oneLine(profile?.real_name || real_name || profile?.display_name || name || id);
}

/** The names of some people, by id; those that Slack does not give are left out. */
export async function namesOf(api: ApiClient, ids: string[]): Promise<Map<string, string>> {
  const entries = await Promise.all(ids.map(async (id): Promise<[string, string][]> => {
    try {
      const { user } = await call(api, "users.info", UserAnswer, { query: { user: id } });
      return [[id, shorten(nameOf(user), NAME_LENGTH)]];
    } catch (error) {
      // A name that cannot be had is no reason to keep the messages back.
      if (error instanceof ApiError) return [];
      throw error;
    }
  }));
  return new Map(entries.flat());
}

/** https://docs.slack.dev/reference/methods/users.list */
export const searchPeople = tool({
  name: "slack_search_people",
  service: "slack",
  title: "Find people in Slack",
  description: "Find people of the person's Slack workspace by a part of their name, or by their " +
    "e-mail address. Use it to find out who somebody is, or to mention them as <@id>.",
  input: z.strictObject({
    query: z.string().min(1).max(200).regex(/\S/, "must not be blank")
      .describe("A part of the name, or the whole e-mail address."),
    limit: z.int().min(1).max(50).default(10).describe("How many to return at most, 1 to 50."),
  }),
  output: z.object({
    people: z.array(z.object({
      id: z.string(),
      name: z.string(),
      handle: z.string().optional().describe("What they are called in messages."),
      title: z.string().optional(),
      email: z.string().optional(),
      time_zone: z.string().optional(),
    })),
    has_more: z.boolean().describe("Whether more people fit than were returned."),
    searched_all: z.boolean().describe("False where the workspace is too large to look through."),
  }),
  hints: { readOnly: true },
  scopes: [["users:read"]],
  async run({ query, limit }, { api }) {
    const isEmail = z.email().safeParse(query.trim()).success;
    const { people, searchedAll } = isEmail
      ? await byEmail(api, query.trim())
      : await byName(api, query, limit);
    const shown = people.slice(0, limit);
    const has_more = people.length > limit;
    const list = shown.length === 0 ? "" : `: ${enumerate(shown.map(speakPerson))}`;
    const notes = [
      ...(has_more ? ["There are more."] : []),
      ...(searchedAll ? [] : [`Only the first ${MAX_PAGES * PAGE} people were looked through.`]),
    ];
    return {
      text: [`Found ${count(shown.length, "person", "people")}${list}.`, ...notes].join(" "),
      notes,
      data: { people: fitting(shown, summarizePerson), has_more, searched_all: searchedAll },
    };
  },
});

interface Found {
  people: User[];
  searchedAll: boolean;
}

/** https://docs.slack.dev/reference/methods/users.lookupByEmail */
async function byEmail(api: ApiClient, email: string): Promise<Found> {
  try {
    const { user } = await call(api, "users.lookupByEmail", UserAnswer, { query: { email } });
    return { people: [user], searchedAll: true };
  } catch (error) {
    if (!(error instanceof ApiError) || error.fault.kind !== "not_found") throw error;
    return { people: [], searchedAll: true };
  }
}

async function byName(api: ApiClient, query: string, limit: number): Promise<Found> {
  const words = fold(query).split(/\s+/).filter(Boolean);
  const people: User[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const page = await call(api, "users.list", UserPage, { query: { limit: PAGE, cursor } });
    people.push(...page.members.filter((user) => isPerson(user) && fits(user, words)));
    cursor = cursorOf(page);
    if (cursor === undefined || people.length > limit) return { people, searchedAll: true };
  }
  return { people, searchedAll: false };
}

function isPerson({ id, deleted, is_bot }: User): boolean {
  return !deleted && !is_bot && id !== SLACKBOT;
}

function fits({ name, real_name, profile }: User, words: string[]): boolean {
  const names = [name, real_name, profile?.real_name, profile?.display_name];
  const text = fold(names.filter(Boolean).join(" "));
  return words.every((word) => text.includes(word));
}

/** Without case and accents: people are looked for as they sound. */
function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

function speakPerson(user: User): string {
  const title = oneLine(user.profile?.title ?? "");
  return title === "" ? nameOf(user) : `${nameOf(user)}, ${shorten(title, 60)}`;
}

function summarizePerson(user: User, length: number) {
  const { profile } = user;
  const handle = profile?.display_name || user.name;
  return {
    id: user.id,
    name: shorten(nameOf(user), length),
    handle: handle ? shorten(handle, length) : undefined,
    title: profile?.title ? shorten(oneLine(profile.title), length) : undefined,
    email: profile?.email || undefined,
    time_zone: user.tz || undefined,
  };
}
