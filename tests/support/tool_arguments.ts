/**
 * One call of every tool, for the tests that go through all of them.
 *
 * @module
 */

import type { Json } from "./api.ts";

const REPO = "octocat/hello-world";
const START = "2026-11-24T14:00:00Z";
const CHANNEL = "C0123456789";
const THREAD = "1764000000.000100";

const GITHUB: Record<string, Json> = {
  github_list_repositories: {},
  github_find_issues: { repo: REPO },
  github_read_issue: { repo: REPO, number: 1 },
  github_create_issue: { repo: REPO, title: "x" },
  github_update_issue: { repo: REPO, number: 1, add_labels: ["x"] },
  github_comment: { repo: REPO, number: 1, body: "x" },
  github_read_pull_request: {
    repo: REPO,
    number: 1,
    include: ["diff", "files", "reviews", "checks", "comments"],
  },
  github_create_pull_request: { repo: REPO, title: "x", head: "x" },
  github_merge_pull_request: { repo: REPO, number: 1 },
  github_read_workflow_runs: { repo: REPO, run: 1 },
  github_search_code: { query: "x" },
  github_list_commits: { repo: REPO },
  github_read_file: { repo: REPO, path: "README.md" },
};

/** Arguments that are right, for every tool. */
export const ARGUMENTS: Record<string, Json> = {
  ...GITHUB,
  // The same tools, for the app itself.
  ...Object.fromEntries(
    Object.entries(GITHUB).map(([name, args]) => [name.replace("github_", "github_app_"), args]),
  ),
  gmail_search_messages: { query: "x" },
  gmail_read_message: { message_id: "m" },
  gmail_send_message: { to: ["a@b.c"], subject: "x", body: "x" },
  gmail_reply: { message_id: "m", body: "x" },
  gmail_create_draft: { body: "x" },
  gmail_label_messages: { message_ids: ["m"], add: ["STARRED"] },
  gmail_list_labels: {},
  calendar_create_event: { title: "x", start: START },
  calendar_list_events: {},
  calendar_update_event: { event_id: "e", start: START },
  calendar_delete_event: { event_id: "e" },
  calendar_answer_invitation: { event_id: "e", answer: "yes" },
  calendar_find_free_time: { time_zone: "UTC" },
  calendar_list_calendars: {},
  drive_search_files: { query: "x" },
  drive_read_file: { file_id: "f" },
  drive_create_file: { name: "x", content: "x" },
  drive_change_file: { file_id: "f", name: "x" },
  drive_share_file: { file_id: "f", email: "a@b.c" },
  asana_create_task: { name: "x" },
  asana_update_task: { task: "1", name: "x" },
  asana_comment_on_task: { task: "1", text: "x" },
  asana_find_tasks: {},
  asana_read_task: { task: "1" },
  asana_look_up: { kinds: ["projects"] },
  slack_post_message: { channel: CHANNEL, text: "x" },
  slack_read_messages: { channel: CHANNEL },
  slack_list_channels: {},
  slack_search_people: { query: "x" },
  slack_search_messages: { query: "x" },
  slack_add_reaction: { channel: CHANNEL, message: THREAD, emoji: "eyes" },
  linear_create_issue: { title: "x" },
  linear_update_issue: { issue: "WEB-1", title: "x" },
  linear_comment_on_issue: { issue: "WEB-1", body: "x" },
  linear_find_issues: {},
  linear_read_issue: { issue: "WEB-1" },
  linear_look_up: { kinds: ["teams"] },
};
