/**
 * Linear's tools, in the order in which they are listed.
 *
 * @module
 */

import type { Tool } from "../provider.ts";
import { createIssue, updateIssue } from "./change_issues.ts";
import { commentOnIssue } from "./comment.ts";
import { findIssues } from "./find_issues.ts";
import { lookUp } from "./look_up.ts";
import { readIssue } from "./read_issue.ts";

/** Every tool of the `linear` service. */
export const linearTools: Tool[] = [
  createIssue,
  findIssues,
  readIssue,
  updateIssue,
  commentOnIssue,
  lookUp,
];
