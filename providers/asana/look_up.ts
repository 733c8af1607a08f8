/**
 * Who and what there is in Asana.
 *
 * https://developers.asana.com/reference/getprojects
 *
 * @module
 */

import { z } from "zod";
import { invalid } from "../api_errors.ts";
import { tool } from "../provider.ts";
import { within } from "../reading.ts";
import { count, enumerate } from "../text.ts";
import { type Entry, type Kind, KINDS, LISTS, SCOPES } from "./listings.ts";
import { type Page, paging, pagingOutput, speakUnread } from "./paging.ts";
import { isPlaceName, placeName, resolveWorkspace, spoken, workspace } from "./places.ts";

/** What one kind may cost a model, where it is asked for alone. */
const TOKENS = 16_000;

const input = z.strictObject({
  kinds: z.array(z.enum(KINDS)).min(1).max(KINDS.length),
  name: placeName.optional(),
  project: placeName.optional().describe("Whose sections: name or id."),
  archived: z.boolean().default(false).describe("Archived projects instead."),
  workspace,
  ...paging,
});

const output = z.object({
  workspace: z.string().optional(),
  workspaces: z.array(z.object({
    workspace: z.string(),
    name: z.string(),
    is_organization: z.boolean(),
  })).optional(),
  projects: z.array(z.object({
    project: z.string(),
    name: z.string(),
    archived: z.boolean(),
    owner: z.string().optional(),
    due_on: z.string().optional(),
    url: z.string().optional(),
  })).optional(),
  people: z.array(z.object({
    person: z.string(),
    name: z.string(),
    email: z.string().optional(),
  })).optional(),
  sections: z.array(z.object({ section: z.string(), name: z.string() })).optional(),
  tags: z.array(z.object({ tag: z.string(), name: z.string() })).optional(),
  ...pagingOutput,
  more_of: z.array(z.enum(KINDS)).optional(),
});

/** https://developers.asana.com/reference/getprojects */
export const lookUp = tool({
  name: "asana_look_up",
  formerly: {
    asana_list_projects: {
      args: { kinds: ["projects"] },
      only: ["workspace", "archived", "limit", "offset"],
    },
    asana_list_workspaces: { args: { kinds: ["workspaces"] }, only: ["limit", "offset"] },
  },
  service: "asana",
  title: "Look up people and places in Asana",
  description:
    "List workspaces, projects, people, sections of a project or tags in Asana, whichever are " +
    "asked for.",
  input,
  output,
  hints: { readOnly: true },
  scopes: [["workspaces:read"]],
  scopesFor: ({ kinds, workspace, project }) => {
    const isGid = (word: string | undefined) => word !== undefined && !isPlaceName(word);
    const isAlone = (kind: Kind) => kinds.every((one) => one === kind);
    const isAsked = !isAlone("workspaces") && !(isAlone("sections") && isGid(project)) &&
      !isGid(workspace);
    return [[
      ...new Set([
        ...(isAsked || kinds.includes("workspaces") ? ["workspaces:read"] : []),
        ...kinds.flatMap((kind) => SCOPES[kind]),
      ]),
    ]];
  },
  async run(args, { api }) {
    const kinds = [...new Set(args.kinds)];
    if (args.offset !== undefined && (kinds.length > 1 || args.name !== undefined)) {
      throw invalid("Only one kind, without a name, can be gone on with.");
    }
    let known: Promise<string> | undefined;
    const workspace = () => known ??= resolveWorkspace(api, args.workspace);
    const lists = await Promise.all(kinds.map(async (kind) => {
      const page = await LISTS[kind]({ api, args, workspace });
      return { kind, ...page };
    }));
    const more = lists.filter(({ has_more }) => has_more).map(({ kind }) => kind);
    const unread = lists.reduce((sum, { unread }) => sum + unread, 0);
    const notes = speakUnread(unread, "entry", "entries");
    const [only] = lists;
    const tokens = TOKENS / lists.length;
    const shown = lists.map(({ kind, items }) => [
      kind,
      within(tokens, items, ({ data }, length) => data(Math.min(length, 500))),
    ]);
    return {
      text: [...lists.map((list) => speak(list, args.archived)), ...notes].join(" "),
      data: {
        workspace: await known,
        ...Object.fromEntries(shown),
        has_more: more.length > 0,
        next_offset: lists.length === 1 ? only?.next_offset : undefined,
        more_of: lists.length > 1 && more.length > 0 ? more : undefined,
      },
      notes,
    };
  },
});

const NOUNS: Record<Kind, [one: string, more: string]> = {
  workspaces: ["workspace", "workspaces"],
  projects: ["project", "projects"],
  people: ["person", "people"],
  sections: ["section", "sections"],
  tags: ["tag", "tags"],
};

/** `Found 2 projects: Website; Spring. There are more.` */
function speak(list: Page<Entry> & { kind: Kind }, archived: boolean): string {
  const [one, more] = NOUNS[list.kind];
  const old = list.kind === "projects" && archived ? "archived " : "";
  // An address is spelled only where nothing else tells them apart.
  const names = list.items.map(({ name, also }) =>
    also && list.items.filter((one) => one.name === name).length > 1
      ? `${spoken(name)}, ${also}`
      : spoken(name)
  );
  const said = names.length === 0 ? "" : `: ${enumerate(names)}`;
  const rest = list.has_more ? " There are more." : "";
  return `Found ${count(list.items.length, old + one, old + more)}${said}.${rest}`;
}
