/**
 * Finding people of a Slack workspace.
 *
 * @module
 */

import { z } from "zod";
import { tool } from "../provider.ts";
import { count, enumerate, fitting, shorten, shortLine } from "../text.ts";
import {
  Directory,
  fits,
  isEmail,
  nameOf,
  personByEmail,
  speakPerson,
  statusOf,
  type User,
  wordsIn,
} from "./people.ts";

/** https://docs.slack.dev/reference/methods/users.list */
export const searchPeople = tool({
  name: "slack_search_people",
  service: "slack",
  title: "Find people in Slack",
  description:
    "Find people of the person's Slack workspace by a part of their name, or by e-mail " +
    "address.",
  input: z.strictObject({
    query: z.string().min(1).max(200).regex(/\S/, "must not be blank"),
    limit: z.int().min(1).max(50).default(10),
  }),
  output: z.object({
    people: z.array(z.object({
      id: z.string(),
      name: z.string(),
      handle: z.string().optional(),
      title: z.string().optional(),
      email: z.string().optional(),
      time_zone: z.string().optional(),
      status: z.string().optional(),
    })),
    has_more: z.boolean(),
    searched_all: z.boolean().describe("False where the workspace is too large to look through."),
  }),
  hints: { readOnly: true },
  scopes: [["users:read"]],
  scopesFor: ({ query }) =>
    isEmail(query) ? [["users:read", "users:read.email"]] : [["users:read"]],
  async run({ query, limit }, { api }) {
    const { people, isAll, looked, left } = await search(new Directory(api), query);
    const shown = people.slice(0, limit);
    const has_more = people.length > limit;
    const list = shown.length === 0 ? "" : `: ${enumerate(shown.map(speakPerson))}`;
    const notes = [
      ...(has_more ? ["There are more."] : []),
      ...(left > 0
        ? [
          `${count(left, "deactivated account")} of that name ${
            left === 1 ? "was" : "were"
          } left out.`,
        ]
        : []),
      ...(isAll ? [] : [`Only the first ${looked} accounts were looked through.`]),
    ];
    return {
      text: [`Found ${count(shown.length, "person", "people")}${list}.`, ...notes].join(" "),
      notes,
      data: { people: fitting(shown, summarizePerson), has_more, searched_all: isAll },
    };
  },
});

interface Found {
  people: User[];
  isAll: boolean;
  looked: number;
  /** How many deactivated accounts would fit as well. */
  left: number;
}

async function search(directory: Directory, query: string): Promise<Found> {
  if (isEmail(query)) {
    const found = await personByEmail(directory.api, query.trim());
    return { people: found === undefined ? [] : [found], isAll: true, looked: 1, left: 0 };
  }
  const words = wordsIn(query);
  const { people, isAll, looked } = await directory.everybody();
  const all = people.filter((user) => fits(user, words));
  const active = all.filter(({ deleted }) => !deleted);
  return { people: active, isAll, looked, left: all.length - active.length };
}

function summarizePerson(user: User, length: number) {
  const { profile } = user;
  const handle = profile?.display_name || user.name;
  return {
    id: user.id,
    name: shorten(nameOf(user), length),
    handle: handle ? shortLine(handle, length) : undefined,
    title: profile?.title ? shortLine(profile.title, length) : undefined,
    email: profile?.email ? shorten(profile.email, 254) : undefined,
    time_zone: user.tz || undefined,
    status: statusOf(user),
  };
}
