/**
 * Changes to GitHub issues.
 *
 * https://docs.github.com/en/rest/issues/issues#update-an-issue
 *
 * @module
 */

import { z } from "zod";
import { invalid } from "../api_errors.ts";
import { ApiError, tool } from "../provider.ts";
import { oneLine } from "../text.ts";
import {
  assigneesOf,
  isPullRequest,
  Issue,
  issueNumber,
  IssueSummary,
  IssueText,
  IssueTitle,
  kindOf,
  labelsOf,
  LoginName,
  summarizeIssue,
} from "./issue.ts";
import { repo, repoPath } from "./repo.ts";
import { REPO_SCOPES } from "./scopes.ts";
import { spokenList } from "./spoken.ts";
import { checkChanged, findToChange, type Named, orWhere } from "./whereabouts.ts";

const label = z.string().min(1).max(100);

/** What the caller asked for. */
interface Changes {
  title?: string | undefined;
  body?: string | undefined;
  state?: "open" | "closed" | undefined;
  reason?: "completed" | "not_planned" | "duplicate" | undefined;
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
    "Close or reopen an issue or pull request, assign people, set or take off labels, or " +
    "rewrite title or text. What is not given stays.",
  input: z.strictObject({
    repo,
    number: issueNumber,
    state: z.enum(["open", "closed"]).optional(),
    reason: z.enum(["completed", "not_planned", "duplicate"]).optional()
      .describe("With state closed; left out, completed."),
    title: IssueTitle.optional(),
    body: IssueText.optional().describe("Replaces the old one."),
    add_labels: z.array(label).max(50).optional(),
    remove_labels: z.array(label).max(50).optional(),
    add_assignees: z.array(LoginName).max(10).optional(),
    remove_assignees: z.array(LoginName).max(10).optional(),
  }),
  output: z.object({
    ...IssueSummary.shape,
    repo: z.string(),
    is_pull_request: z.boolean(),
    not_set: z.array(z.string()).optional()
      .describe("What GitHub did not change, for want of write access."),
  }),
  hints: { readOnly: false, idempotent: true },
  content: ["state", "reason", "title", "add_labels", "remove_labels"],
  scopes: REPO_SCOPES,
  async run({ repo, number, ...changes }, { api }) {
    if (Object.values(changes).every((change) => change === undefined)) {
      throw invalid("Say what to change: state, title, body, labels or assignees.");
    }
    if (changes.reason !== undefined && changes.state !== "closed") {
      throw invalid("reason goes with state closed only.");
    }
    const named = { repo, number };
    // GitHub replaces the whole list, so what is to stay in it must be read first.
    const old = changesLists(changes) ? await findToChange(api, named) : undefined;
    const lists = old === undefined ? {} : listsAfter(old, changes);
    const { title, body, state, reason } = changes;
    const issue = await orWhere(
      api,
      named,
      api.json(`${repoPath(repo)}/issues/${number}`, Issue, {
        method: "PATCH",
        body: { title, body, state, state_reason: reason, ...lists },
      }),
    );
    checkChanged(named, { repo, ...issue });
    if (state !== undefined && issue.state !== state) throw stillSo(named, issue);
    const left = [
      ...(title === undefined || oneLine(issue.title) === oneLine(title) ? [] : ["the title"]),
      ...notSet(issue, lists),
    ];
    const note = left.length === 0 ? "" : ` GitHub did not change ${spokenList(left)}.`;
    return {
      text: `Changed ${kindOf(issue)} #${number} in ${repo}, "${oneLine(issue.title)}": ` +
        `it is ${issue.state}${speakLists(issue)}.${note}`,
      data: {
        ...summarizeIssue(issue),
        repo,
        is_pull_request: isPullRequest(issue),
        not_set: left.length === 0 ? undefined : left,
      },
    };
  },
});

/** GitHub took the request, and yet it is as it was. */
function stillSo({ repo, number }: Named, { state }: Issue): ApiError {
  const message = `GitHub answered, and yet #${number} in ${repo} is still ${state}. Look at it ` +
    "before anything else is done.";
  return new ApiError({ kind: "conflict", message });
}

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
    people.length === 0 ? "" : `, assigned to ${spokenList(people)}`,
    labels.length === 0 ? "" : `, labelled ${spokenList(labels)}`,
  ].join("");
}
