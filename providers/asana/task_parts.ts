/**
 * What hangs on an Asana task: comments, subtasks, what it waits for and what waits for it,
 * attachments. Each is asked for apart; one that is refused does not hide the task.
 *
 * https://developers.asana.com/reference/stories
 *
 * @module
 */

import { z } from "zod";
import { type ApiClient, ApiError } from "../provider.ts";
import { textOfMarkup, within } from "../reading.ts";
import { oneLine, shorten } from "../text.ts";
import { type Page, pagesOf, speakUnread } from "./paging.ts";

/** How many pages of 100 are looked through: a task's history holds more than comments. */
const STORY_PAGES = 10;
/** What all comments together, and each of the lists, may cost a model. */
const COMMENT_TOKENS = 8_000;
const LIST_TOKENS = 2_000;
const MOST_LISTED = 50;

const Named = z.object({ gid: z.string().nullish(), name: z.string().nullish() });

/** A comment, or another step of its history. */
const Story = z.object({
  gid: z.string().nullish(),
  type: z.string().nullish(),
  resource_subtype: z.string().nullish(),
  text: z.string().nullish(),
  html_text: z.string().nullish(),
  created_at: z.string().nullish(),
  created_by: Named.nullish(),
});
/** A comment, as the API sends it. */
export type Story = z.output<typeof Story>;
const Other = Named.extend({ completed: z.boolean().nullish() });
const Attachment = Named;

/** A comment in a tool's answer. */
export const CommentOutput = z.object({
  comment: z.string().optional(),
  by: z.string(),
  at: z.string(),
  text: z.string(),
});
const OtherOutput = z.object({
  task: z.string().optional(),
  name: z.string(),
  completed: z.boolean().optional(),
});
type OtherOutput = z.output<typeof OtherOutput>;

/** What the reading tool gives back of it. */
export const PartsOutput = z.object({
  comments: z.array(CommentOutput).describe("The oldest first."),
  comments_left_out: z.int().optional(),
  subtasks: z.array(OtherOutput).optional(),
  waits_for: z.array(OtherOutput).optional(),
  blocks: z.array(OtherOutput).optional(),
  attachments: z.array(z.string()).optional(),
});
type PartsOutput = z.output<typeof PartsOutput>;

/** Which parts to ask for: a task says which it has. */
export interface Wanted {
  /** How many of the latest comments. */
  comments: number;
  subtasks: boolean;
  waits_for: boolean;
  blocks: boolean;
}

/** All parts, and what to say of those that are not whole; `last` is the latest comment. */
export async function partsOf(
  api: ApiClient,
  task: string,
  { comments: most, ...wanted }: Wanted,
): Promise<{ data: PartsOutput; last: Story | undefined; notes: string[] }> {
  const fields = "type,resource_subtype,text,html_text,created_at,created_by.name";
  const query = { opt_fields: "name,completed" };
  const path = `/tasks/${task}`;
  const list = <T>(isWanted: boolean, name: string, part: () => Promise<Page<T>>) =>
    isWanted ? tried(name, part) : none<T>();
  const [stories, subtasks, before, after, attached] = await Promise.all([
    list(
      most > 0,
      "comments",
      () => pagesOf(api, `${path}/stories`, Story, { opt_fields: fields }, STORY_PAGES),
    ),
    list(wanted.subtasks, "subtasks", () => pagesOf(api, `${path}/subtasks`, Other, query, 1)),
    list(
      wanted.waits_for,
      "the tasks that it waits for",
      () => pagesOf(api, `${path}/dependencies`, Other, query, 1),
    ),
    list(
      wanted.blocks,
      "the tasks that wait for it",
      () => pagesOf(api, `${path}/dependents`, Other, query, 1),
    ),
    tried("attachments", () => {
      const query = { parent: task, opt_fields: "name" };
      return pagesOf(api, "/attachments", Attachment, query, 1);
    }, { optional: true }),
  ]);
  const said = stories.items.filter(isComment).toSorted(byTime);
  // slice(-0) would be all of them.
  const shown = most === 0 ? [] : said.slice(-most);
  const others = [subtasks, before, after];
  const names = attached.items.map(({ name }) => oneLine(name ?? "") || "without a name");
  return {
    data: {
      comments: within(COMMENT_TOKENS, shown, writeComment),
      comments_left_out: most === 0 ? undefined : said.length - shown.length,
      subtasks: listed(subtasks),
      waits_for: listed(before),
      blocks: listed(after),
      attachments: names.length === 0
        ? undefined
        : within(LIST_TOKENS, names.slice(0, MOST_LISTED), shorten),
    },
    last: shown.at(-1),
    notes: [
      ...[stories, ...others, attached].flatMap(({ note }) => note ?? []),
      ...(stories.has_more ? ["It has a long history: later comments are not listed."] : []),
      ...([...others, attached].some(isCut)
        ? ["Not all of its subtasks, attachments and the like are listed."]
        : []),
      ...speakUnread(stories.unread, "comment"),
      ...speakUnread(
        [...others, attached].reduce((sum, { unread }) => sum + unread, 0),
        "entry",
        "entries",
      ),
    ],
  };
}

type Part<T> = Page<T> & { note?: string };

function none<T>(): Part<T> {
  return { items: [], unread: 0, has_more: false, next_offset: undefined };
}

/** What only the person can give, by a link. */
const CURABLE = ["unauthorized", "missing_scope"];

/** A part, or why it is not there; `optional`: a scope that is missing for it does not hide the rest. */
async function tried<T>(
  name: string,
  part: () => Promise<Page<T>>,
  { optional = false }: { optional?: boolean } = {},
): Promise<Part<T>> {
  try {
    return await part();
  } catch (error) {
    const isFault = error instanceof ApiError && !CURABLE.includes(error.fault.kind);
    if (!isFault && !optional) throw error;
    return { ...none<T>(), note: `Asana did not give ${name}.` };
  }
}

function isComment({ type, resource_subtype }: Story): boolean {
  return type === "comment" || (!type && resource_subtype === "comment_added");
}

function byTime(one: Story, other: Story): number {
  return (one.created_at ?? "").localeCompare(other.created_at ?? "");
}

function isCut({ items, has_more }: Page<unknown>): boolean {
  return has_more || items.length > MOST_LISTED;
}

function listed({ items }: Page<z.output<typeof Other>>): OtherOutput[] | undefined {
  if (items.length === 0) return undefined;
  return within(LIST_TOKENS, items.slice(0, MOST_LISTED), ({ gid, name, completed }, length) => ({
    task: gid ?? undefined,
    name: shorten(name ?? "", Math.min(length, 200)),
    completed: completed ?? undefined,
  }));
}

/** Who wrote it: an app, or somebody who is gone, has no name. */
export function authorOf({ created_by }: Story): string {
  return oneLine(created_by?.name ?? "") || "somebody whom Asana does not name";
}

/** What it says. */
export function textOf({ text, html_text }: Story): string {
  return text || textOfMarkup(html_text ?? "");
}

function writeComment(story: Story, length: number): z.output<typeof CommentOutput> {
  return {
    comment: story.gid ?? undefined,
    by: shorten(authorOf(story), Math.min(length, 200)),
    at: story.created_at ?? "",
    text: shorten(textOf(story), length),
  };
}
