/**
 * Finding Asana tasks: somebody's, a project's or a section's, or by words.
 *
 * https://developers.asana.com/reference/gettasks
 *
 * @module
 */

import { z } from "zod";
import { invalid } from "../api_errors.ts";
import { day, words } from "../inputs.ts";
import { tool, type ToolContext } from "../provider.ts";
import { count, enumerate, fitting } from "../text.ts";
import { type Page, pageAt, paging, pagingOutput, speakUnread } from "./paging.ts";
import {
  isPersonName,
  isPlaceName,
  person,
  personId,
  personNamed,
  placeName,
  projectNamed,
  resolveWorkspace,
  sectionNamed,
  workspace,
} from "./places.ts";
import { searchTasks } from "./search.ts";
import { speakTask, summarizeTask, Task, TASK_FIELDS, TaskSummary } from "./task.ts";

/** A page may hold nothing that is asked for; so many are looked at for something. */
const PAGES = 10;

const input = z.strictObject({
  text: words(500).optional(),
  assignee: person.optional().describe(
    "me, a name, e-mail address or id. Where nothing is said, me.",
  ),
  mine: z.boolean().optional(),
  project: placeName.optional().describe("Name or id."),
  section: placeName.optional().describe("Its id, or its name in the project."),
  completed: z.boolean().optional().describe("Left out, open ones; with text, both."),
  completed_since: day.optional().describe("Also those completed on this day or later."),
  workspace,
  ...paging,
});
type Args = z.output<typeof input>;

/** https://developers.asana.com/reference/gettasks */
export const findTasks = tool({
  name: "asana_find_tasks",
  aliases: ["find_tasks"],
  formerly: {
    asana_search_tasks: {
      only: ["text", "workspace", "completed", "mine", "project", "limit"],
      needs: ["text"],
    },
    search_tasks: {
      only: ["text", "workspace", "completed", "mine", "project", "limit"],
      needs: ["text"],
    },
    asana_list_my_tasks: { only: ["workspace", "completed_since", "limit", "offset"] },
    list_my_tasks: { only: ["workspace", "completed_since", "limit", "offset"] },
  },
  service: "asana",
  title: "Find Asana tasks",
  description:
    "Find tasks in Asana by words, or list somebody's, a project's or a section's. A search " +
    "misses what changed in the last minute.",
  input,
  output: z.object({
    workspace: z.string().optional(),
    tasks: z.array(TaskSummary),
    ...pagingOutput,
    unread: z.int().optional().describe("Could not be read."),
  }),
  hints: { readOnly: true },
  scopes: [["tasks:read", "workspaces:read"]],
  scopesFor: ({ workspace, project, section, text, assignee, mine }) => {
    const isPlaced = text === undefined && (project ?? section) !== undefined;
    const isPerson = !mine && isPersonName(assignee);
    const isAsked = isPlaceName(workspace) ||
      (workspace === undefined && (!isPlaced || isPlaceName(project) || isPerson));
    return [[
      "tasks:read",
      ...(isAsked ? ["workspaces:read"] : []),
      ...(isPlaceName(project) || isPlaceName(section) ? ["projects:read"] : []),
      // A project's tasks are looked through for those of a person, who is known by an id.
      ...(isPerson || (isPlaced && (mine || assignee !== undefined)) ? ["users:read"] : []),
    ]];
  },
  async run(args, context) {
    const { api, now } = context;
    const { text, completed, completed_since, limit } = args;
    let known: Promise<string> | undefined;
    const workspace = () => known ??= resolveWorkspace(api, args.workspace);
    const who = args.mine ? "me" : args.assignee;
    const project = args.project && (await projectNamed(api, args.project, workspace)).gid;
    const section = args.section && (await sectionNamed(api, args.section, project)).gid;
    const assignee = who && await personNamed(api, who, workspace);
    if (text !== undefined) {
      if (args.offset !== undefined) throw invalid("A search has no next page: narrow it down.");
      const gid = await workspace();
      const wanted = { text, completed, assignee, project, section, limit };
      const found = await searchTasks(api, gid, wanted);
      const noun = completed === false ? "open task" : "task";
      return answer(found, { noun, workspace: gid, notes: found.notes, now });
    }
    const isOpen = completed !== true && completed_since === undefined;
    const noun = isOpen ? "open task" : completed === true ? "completed task" : "task";
    const page = await listTasks(context, args, { project, section, assignee, workspace, isOpen });
    return answer(page, { noun, workspace: await known, notes: [], now });
  },
});

/** What is looked through. */
interface Place {
  project: string | undefined;
  section: string | undefined;
  assignee: string | undefined;
  workspace(): Promise<string>;
  isOpen: boolean;
}

/** A page of a place's tasks; of a project's, those that are somebody's or done are picked here. */
async function listTasks(
  { api, now }: ToolContext,
  { completed, completed_since, limit, offset }: Args,
  { project, section, assignee, workspace, isOpen }: Place,
): Promise<Page<Task>> {
  const isPlaced = (project ?? section) !== undefined;
  const place = section !== undefined
    ? { section }
    : project !== undefined
    ? { project }
    : { assignee: assignee ?? "me", workspace: await workspace() };
  const since = isOpen
    ? now
    : completed_since === undefined
    ? undefined
    : Date.parse(completed_since);
  const query = {
    ...place,
    completed_since: since === undefined ? undefined : new Date(since).toISOString(),
    limit,
    opt_fields: TASK_FIELDS,
  };
  const whose = isPlaced && assignee !== undefined ? await personId(api, assignee) : undefined;
  const isWanted = (task: Task) =>
    (whose === undefined || task.assignee?.gid === whose) &&
    (completed === undefined || task.completed === undefined || task.completed === completed);
  let at = offset;
  for (let pages = 1;; pages++) {
    const page = await pageAt(api, "/tasks", Task, { ...query, offset: at });
    const items = page.items.filter(isWanted)
      // Only these were asked for.
      .map((task) => isOpen ? { ...task, completed: task.completed ?? false } : task);
    if (items.length > 0 || !page.has_more || pages >= PAGES) return { ...page, items };
    at = page.next_offset;
  }
}

function answer(
  page: Page<Task>,
  { noun, workspace, notes, now }: {
    noun: string;
    workspace: string | undefined;
    notes: string[];
    now: number;
  },
) {
  const { items, unread, has_more, next_offset } = page;
  const list = items.length === 0
    ? ""
    : `: ${enumerate(items.map((task) => speakTask(task, now)))}`;
  const more = !has_more
    ? []
    : next_offset === undefined
    ? ["There may be more; narrow the search down to see them."]
    : [
      items.length === 0
        ? "None among those that were looked at; there are more."
        : "There are more.",
    ];
  const said = [...more, ...speakUnread(unread, "task"), ...notes];
  return {
    text: [`Found ${count(items.length, noun)}${list}.`, ...said].join(" "),
    data: {
      workspace,
      tasks: fitting(items, summarizeTask),
      has_more,
      next_offset,
      unread: unread > 0 ? unread : undefined,
    },
    notes,
  };
}
