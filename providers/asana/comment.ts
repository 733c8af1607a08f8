/**
 * Commenting on an Asana task.
 *
 * https://developers.asana.com/reference/createstoryfortask
 *
 * @module
 */

import { z } from "zod";
import { words } from "../inputs.ts";
import { ApiError, tool } from "../provider.ts";
import { changed } from "./changed.ts";
import { nameOf, quoted, taskNamed } from "./task.ts";

const MAX_TEXT = 65_535;

const Story = z.object({
  gid: z.string().min(1),
  target: z.object({ gid: z.string().nullish(), name: z.string().nullish() }).nullish(),
});

/** https://developers.asana.com/reference/createstoryfortask */
export const commentOnTask = tool({
  name: "asana_comment_on_task",
  service: "asana",
  title: "Comment on an Asana task",
  description: "Add a comment to a task in Asana. Everybody who follows the task is notified.",
  input: z.strictObject({
    task: taskNamed,
    text: words(MAX_TEXT),
  }),
  output: z.object({ comment: z.string(), task: z.string(), name: z.string().optional() }),
  hints: { readOnly: false },
  scopes: [["stories:write"]],
  async run({ task, text }, { api }) {
    const { gid, target } = await changed(api, `/tasks/${task}/stories`, Story, {
      method: "POST",
      query: { opt_fields: "target.name" },
      body: { data: { text } },
      what: "added the comment",
    });
    if (target?.gid && target.gid !== task) {
      const message = `Asana says that the comment is on another task, ${quoted(target)}.`;
      throw new ApiError({ kind: "conflict", message, mayBeDone: true });
    }
    const name = target?.name ? nameOf(target) : undefined;
    const where = name === undefined ? "the task" : `"${name}"`;
    return { text: `Added the comment to ${where}.`, data: { comment: gid, task, name } };
  },
});
