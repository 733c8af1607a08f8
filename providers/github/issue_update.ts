/**
 * Changes to GitHub issues.
 *
 * https://docs.github.com/en/rest/issues/issues#update-an-issue
 *
 * @module
 */

import { z } from "zod";
import { invalid } from "../api_errors.ts";
import { tool } from "../provider.ts";
import { oneLine } from "../text.ts";
import {
  assigneesOf,
  Issue,
  issueNumber,
  IssueSummary,
  IssueText,
  IssueTitle,
  labelsOf,
  LoginName,
  summarizeIssue,
} from "./issue.ts";
import { RepoName, repoPath } from "./repositories.ts";

const label = z.string().min(1).max(100);

/** What the caller asked for. */
interface Changes {
  title?: string | undefined;
  body?: string | undefined;
  state?: "open" | "closed" | undefined;
  reason?: "completed" | "not_planned" | undefined;
  add_labels?: string[] | undefined;
  remove_labels?: string[] | undefined;
  add_assignees?: string[] | undefined;
  remove_assignees?: string[] | undefined;
}

export const updateIssue = tool({
  name: "github_update_issue",
  aliases: ["update_issue"],
  service: "github",
  title: "Change a GitHub issue",
  description:
    "Close or reopen an issue, assign people, set or take off labels, or rewrite its title or " +
    "description. Use it when the person wants an existing issue changed. What is not given " +
    "stays as it is.",
  input: z.strictObject({
    repo: RepoName.describe("The repository as owner/name, such as octocat/hello-world."),
    number: issueNumber,
    state: z.enum(["open", "closed"]).optional().describe("closed closes it, open reopens it."),
    reason: z.enum(["completed", "not_planned"]).optional()
      .describe("Why it is closed, with state closed: completed where it is left out."),
    title: IssueTitle.optional().describe("A new title, in the place of the old one."),
    body: IssueText.optional().describe(
      "A new description in Markdown, in the place of the old one.",
    ),
    add_labels: z.array(label).max(50).optional().describe("Names of labels to set."),
    remove_labels: z.array(label).max(50).optional().describe("Names of labels to take off."),
    add_assignees: z.array(LoginName).max(10).optional().describe("GitHub logins to assign."),
    remove_assignees: z.array(LoginName).max(10).optional()
      .describe("GitHub logins that are no longer assigned."),
  }),
  output: z.object({
    ...IssueSummary.shape,
    repo: z.string(),
    not_set: z.array(z.string()).optional()
      .describe("Labels and assignees that GitHub did not change, for want of write access."),
  }),
  hints: { readOnly: false, idempotent: true },
  content: ["state", "reason", "title", "add_labels", "remove_labels"],
  scopes: [["repo"]],
  async run({ repo, number, ...changes }, { api }) {
    if (Object.values(changes).every((change) => change === undefined)) {
      throw invalid("Say what to change: state, title, body, labels or assignees.");
    }
    if (changes.reason !== undefined && changes.state !== "closed") {
      throw invalid("reason goes with state closed only.");
    }
    const path = `${repoPath(repo)}/issues/${number}`;
    // GitHub replaces the whole list, so what is to stay in it must be read first.
    const old = changesLists(changes) ? await api.json(path, Issue) : undefined;
    const lists = old === undefined ? {} : listsAfter(old, changes);
    const { title, body, state, reason } = changes;
    const issue = await api.json(path, Issue, {
      method: "PATCH",
      body: { title, body, state, state_reason: reason, ...lists },
    });
    const left = notSet(issue, lists);
    const note = left.length === 0 ? "" : ` GitHub did not change ${left.join(", ")}.`;
    return {
      text: `Changed issue #${number} in ${repo}, "${oneLine(issue.title)}": ` +
        `it is ${issue.state}${speakLists(issue)}.${note}`,
      data: { ...summarizeIssue(issue), repo, not_set: left.length === 0 ? undefined : left },
    };
  },
});

interface Lists {
  labels?: string[] | undefined;
  assignees?: string[] | undefined;
}

function changesLists(changes: Changes): boolean {
  return [
    changes.add_labels,
    changes.remove_labels,
    changes.add_assignees,
    changes.remove_assignees,
  ].some((list) => list !== undefined);
}

/** Only the lists that change: somebody else may be changing the other one. */
function listsAfter(old: Issue, changes: Changes): Lists {
  const { add_labels, remove_labels, add_assignees, remove_assignees } = changes;
  return {
    labels: add_labels || remove_labels
      ? changed(labelsOf(old), add_labels, remove_labels)
      : undefined,
    assignees: add_assignees || remove_assignees
      ? changed(assigneesOf(old), add_assignees, remove_assignees)
      : undefined,
  };
}

/** A list after adding and removing. To GitHub, names that differ by case are the same. */
function changed(old: string[], add: string[] = [], remove: string[] = []): string[] {
  const away = new Set(remove.map(lower));
  const names = new Map<string, string>();
  for (const name of [...old.filter((name) => !away.has(lower(name))), ...add]) {
    if (!names.has(lower(name))) names.set(lower(name), name);
  }
  return [...names.values()];
}

/** Where the answer differs from what was sent. */
function notSet(issue: Issue, { labels, assignees }: Lists): string[] {
  const differing = (wanted: string[] | undefined, actual: string[]) =>
    wanted === undefined ? [] : [...without(wanted, actual), ...without(actual, wanted)];
  return [...differing(labels, labelsOf(issue)), ...differing(assignees, assigneesOf(issue))];
}

function without(names: string[], others: string[]): string[] {
  const known = new Set(others.map(lower));
  return names.filter((name) => !known.has(lower(name)));
}

function lower(name: string): string {
  return name.toLowerCase();
}

function speakLists(issue: Issue): string {
  const [labels, people] = [labelsOf(issue), assigneesOf(issue)];
  return [
    people.length === 0 ? "" : `, assigned to ${people.join(", ")}`,
    labels.length === 0 ? "" : `, labelled ${labels.join(", ")}`,
  ].join("");
}
