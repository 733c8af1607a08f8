/**
 * Commenting on a Linear issue.
 *
 * @module
 */

import { z } from "zod";
import { words } from "../inputs.ts";
import { tool } from "../provider.ts";
import { change } from "./api.ts";
import { issueNamed, targetOf } from "./issue_ref.ts";

const MAX_TEXT = 65_536;

const COMMENT = `mutation CreateComment($input: CommentCreateInput!) {
  commentCreate(input: $input) { success comment { id } }
}`;

/** https://studio.apollographql.com/public/Linear-API/variant/current/schema/reference */
export const commentOnIssue = tool({
  name: "linear_comment_on_issue",
  service: "linear",
  title: "Comment on a Linear issue",
  description: "Add a comment to an issue in Linear. Everybody who follows the issue is notified.",
  input: z.strictObject({
    issue: issueNamed,
    body: words(MAX_TEXT).describe("Markdown."),
  }),
  output: z.object({ comment: z.string(), issue: z.string() }),
  hints: { readOnly: false },
  scopes: [["read", "comments:create"]],
  async run({ issue: wanted, body }, { api }) {
    const { id, identifier, notes } = await targetOf(api, wanted);
    const comment = await change(api, {
      mutation: COMMENT,
      field: "commentCreate",
      entity: "comment",
      schema: z.object({ id: z.string().min(1) }),
      what: `commented on ${identifier}`,
      variables: { input: { issueId: id, body } },
    });
    return {
      text: [`Commented on ${identifier}.`, ...notes].join(" "),
      data: { comment: comment.id, issue: identifier },
      notes,
    };
  },
});
