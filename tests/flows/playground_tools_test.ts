/**
 * Each native tool through the front door of a gateway that has the playground's emulators, and what
 * it did read back through another one: what somebody sees who starts with `deno task dev`.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Json } from "../support/api.ts";
import { call, type Gateway, startGateway, toolNames } from "../support/gateway.ts";
import { BRANCH } from "../support/github_emulator.ts";

const REPO = "octocat/hello-world";
const SERVICES = ["github", "gmail", "calendar", "drive", "asana", "slack", "linear"];
const DAY = { from: "2031-01-06T00:00:00Z", to: "2031-01-07T00:00:00Z" };

/** Calls a tool, which must do what it is asked; gives its data, with what it says as `said`. */
type Use = (name: string, args?: Record<string, unknown>) => Promise<Json>;

const FLOWS: Record<string, (use: Use) => Promise<void>> = {
  async "issues of GitHub"(use) {
    const { repositories } = await use("github_list_repositories");
    assertEquals(repositories.map(({ repo }: Json) => repo), [REPO]);
    const { number } = await use("github_create_issue", { repo: REPO, title: "The door sticks" });
    const args = { repo: REPO, number };
    const found = await use("github_find_issues", { repo: REPO });
    assertEquals(found.items.map(({ title }: Json) => title), ["The door sticks"]);
    await use("github_comment", { ...args, body: "It is the damp." });
    await use("github_update_issue", { ...args, add_labels: ["house"], state: "closed" });
    const issue = await use("github_read_issue", { ...args, include: ["comments"] });
    assertEquals([issue.state, issue.labels], ["closed", ["house"]]);
    assertStringIncludes(issue.said, "It is the damp.");
  },

  async "pull requests of GitHub"(use) {
    const ask = { repo: REPO, title: "Greet better", head: BRANCH };
    const { number } = await use("github_create_pull_request", ask);
    const args = { repo: REPO, number };
    const include = ["diff", "files", "reviews", "checks", "comments"];
    const open = await use("github_read_pull_request", { ...args, include });
    assertStringIncludes(JSON.stringify(open), "+Welcome to my first repository");
    assertStringIncludes(open.said, "1 file in 2 commits, 1 line added and 1 taken away.");
    await use("github_comment", { ...args, body: "Warmer, good.", review: "comment" });
    const reviewed = await use("github_read_pull_request", { ...args, include });
    assertStringIncludes(JSON.stringify(reviewed), "Warmer, good.");
    await use("github_merge_pull_request", args);
    const merged = await use("github_read_pull_request", args);
    assertStringIncludes(merged.said, "is merged");
    const { text } = await use("github_read_file", { repo: REPO, path: "README.md" });
    assertStringIncludes(text, "Welcome");
    const { commits } = await use("github_list_commits", { repo: REPO });
    assert(commits.length > 1, JSON.stringify(commits));
  },

  async "runs and code of GitHub"(use) {
    const { runs } = await use("github_read_workflow_runs", { repo: REPO });
    assertEquals(runs.map(({ result }: Json) => result), ["success", "failure"]);
    const { jobs } = await use("github_read_workflow_runs", { repo: REPO, run: runs[1].run });
    assertStringIncludes(jobs[0].log_end, "The greeting is wrong");
    const { said } = await use("github_search_code", { query: "repository", repo: REPO });
    assertStringIncludes(said, "README.md");
  },

  async "messages of Gmail"(use) {
    const { messages: [lunch] } = await use("gmail_search_messages", { query: "noon" });
    const { id } = await use("gmail_reply", { message_id: lunch.id, body: "Noon it is." });
    const thread = await use("gmail_read_message", { message_id: lunch.id, thread: true });
    assertStringIncludes(thread.said, "Noon it is.");
    const args = { to: ["bo@example.com"], forward: "msg_invoice", body: "Yours, I think." };
    const forwarded = await use("gmail_send_message", args);
    const sent = await use("gmail_read_message", { message_id: forwarded.id });
    assertStringIncludes(sent.text, "Due in 14 days.");
    const plain = { to: ["bo@example.com"], subject: "Keys", body: "Under the mat." };
    const keys = await use("gmail_send_message", plain);
    const read = await use("gmail_read_message", { message_id: keys.id });
    assertEquals([read.subject, read.text], ["Keys", "Under the mat."]);
    assert(id !== forwarded.id);
  },

  async "drafts and labels of Gmail"(use) {
    const draft = { to: ["bo@example.com"], subject: "Later", body: "Soon." };
    const { draft_id } = await use("gmail_create_draft", draft);
    const drafts = async (): Promise<string[]> =>
      (await use("gmail_search_messages", { drafts: true })).messages
        .map((message: Json) => message.draft_id);
    assert((await drafts()).includes(draft_id));
    const { id } = await use("gmail_send_message", { draft_id });
    assert(!(await drafts()).includes(draft_id));
    assertEquals((await use("gmail_read_message", { message_id: id })).text, "Soon.");
    const change = { message_ids: ["msg_invoice"], add: ["Bills"], remove: ["UNREAD"] };
    await use("gmail_label_messages", change);
    const { messages } = await use("gmail_search_messages", { query: "label:Bills" });
    assertEquals(messages.map(({ id, unread }: Json) => [id, unread]), [["msg_invoice", false]]);
    const { said } = await use("gmail_list_labels", { count: ["Bills"] });
    assertStringIncludes(said, "1 message");
  },

  async "Google Calendar"(use) {
    const { calendars } = await use("calendar_list_calendars");
    assert(calendars.some(({ primary }: Json) => primary));
    const plan = { title: "Tea", start: "2031-01-06T10:00:00Z", attendees: ["bo@example.com"] };
    const { id: event_id } = await use("calendar_create_event", { ...plan, add_meet: true });
    const change = { event_id, title: "Coffee", start: "2031-01-06T12:00:00Z" };
    await use("calendar_update_event", change);
    const { events: [event] } = await use("calendar_list_events", DAY);
    assertEquals([event.title, Date.parse(event.start)], ["Coffee", Date.parse(change.start)]);
    assertStringIncludes(event.meeting_url, "https://meet.google.com/");
    const free = await use("calendar_find_free_time", { ...DAY, time_zone: "UTC" });
    assertEquals(free.slots.map(({ start }: Json) => Date.parse(start)), [
      Date.parse("2031-01-06T00:00:00Z"),
      Date.parse("2031-01-06T13:00:00Z"),
    ]);
    await use("calendar_answer_invitation", { event_id: "evt_standup", answer: "yes" });
    const { events } = await use("calendar_list_events");
    const standup = events.find(({ id }: Json) => id === "evt_standup");
    assertEquals(standup.your_answer, "yes");
    await use("calendar_delete_event", { event_id });
    assertEquals((await use("calendar_list_events", DAY)).events, []);
    const recurrence = ["RRULE:FREQ=WEEKLY;COUNT=3"];
    const weekly = { title: "Yoga", start: "2031-02-03T10:00:00Z", recurrence };
    const { id: series } = await use("calendar_create_event", weekly);
    const month = { from: "2031-02-01T00:00:00Z", to: "2031-03-01T00:00:00Z" };
    assertEquals((await use("calendar_list_events", month)).events.length, 3);
    await use("calendar_delete_event", { event_id: series });
    assertEquals((await use("calendar_list_events", month)).events, []);
  },

  async "Google Drive"(use) {
    const { files: [plan] } = await use("drive_search_files", { query: "beans" });
    assertEquals(plan.name, "Plan for spring.txt");
    const read = async (file_id: string) =>
      await use("drive_read_file", { file_id, include: ["text", "permissions"] });
    assertEquals((await read(plan.id)).text, "Sow the beans in April.");
    assertEquals((await read("drv_notes")).text, "The review is on Tuesday.");
    const folder = await use("drive_create_file", { name: "House", kind: "folder" });
    const { id: file_id } = await use("drive_create_file", { name: "List.txt", content: "Milk" });
    await use("drive_change_file", { file_id, append: "Bread", folder_id: folder.id });
    await use("drive_share_file", { file_id, email: "bo@example.com", role: "writer" });
    const shared = await read(file_id);
    assertStringIncludes(shared.text, "Bread");
    assertStringIncludes(JSON.stringify(shared.access), "bo@example.com");
    const copy = await use("drive_create_file", { copy_of: file_id, name: "Copy.txt" });
    assertStringIncludes((await read(copy.id)).text, "Milk");
    const inside = await use("drive_search_files", { folder_id: folder.id });
    assertEquals(inside.files.map(({ name }: Json) => name).sort(), ["Copy.txt", "List.txt"]);
    await use("drive_change_file", { file_id, trashed: true });
    const trash = await use("drive_search_files", { place: "trash" });
    assertEquals(trash.files.map(({ id }: Json) => id), [file_id]);
  },

  async Asana(use) {
    const { said } = await use("asana_look_up", { kinds: ["workspaces", "projects", "people"] });
    assertStringIncludes(said, "The Octocat");
    const { task } = await use("asana_create_task", { name: "Paint the door" });
    await use("asana_comment_on_task", { task, text: "In blue." });
    await use("asana_update_task", { task, completed: true });
    const read = await use("asana_read_task", { task, comments: 5 });
    assertEquals([read.name, read.completed], ["Paint the door", true]);
    assertStringIncludes(JSON.stringify(read.comments), "In blue.");
    const { tasks } = await use("asana_find_tasks", { text: "door", completed: true });
    assertEquals(tasks.map((found: Json) => found.task), [task]);
  },

  async Slack(use) {
    const { channels } = await use("slack_list_channels");
    assert(channels.some(({ name }: Json) => name === "general"), JSON.stringify(channels));
    const { people } = await use("slack_search_people", { query: "octocat" });
    assertEquals(people.length, 1);
    const post = { channel: "general", text: "The door is painted" };
    const { ts } = await use("slack_post_message", post);
    await use("slack_add_reaction", { channel: "general", message: ts, emoji: "eyes" });
    const { messages: [message] } = await use("slack_read_messages", { channel: "general" });
    assertStringIncludes(JSON.stringify(message), "eyes");
    const { messages } = await use("slack_search_messages", { query: "painted" });
    assertEquals(messages.map(({ text }: Json) => text), ["The door is painted"]);
  },

  async Linear(use) {
    const { said } = await use("linear_look_up", { kinds: ["teams", "people"] });
    assertStringIncludes(said, "Website");
    const ask = { title: "Paint the door", team: "WEB" };
    const { issue } = await use("linear_create_issue", ask);
    await use("linear_comment_on_issue", { issue, body: "In blue." });
    await use("linear_update_issue", { issue, state: "Done" });
    const read = await use("linear_read_issue", { issue });
    assertEquals([read.title, read.state], ["Paint the door", "Done"]);
    assertStringIncludes(JSON.stringify(read.comments), "In blue.");
    const { issues } = await use("linear_find_issues", { team: "WEB" });
    assertEquals(issues.map(({ title }: Json) => title), ["Fix the door"]);
  },
};

async function startConnected(): Promise<Gateway> {
  const gateway = await startGateway({ emulate: ["asana", "slack", "linear"] });
  for (const service of ["github", "google", "asana", "linear"]) await gateway.connect(service);
  await gateway.connect("slack", { scope: "slack slack.react slack.search" });
  return gateway;
}

Deno.test("every native tool does in the playground what it says", async (t) => {
  await using gateway = await startConnected();
  const used = new Set<string>();
  const use: Use = async (name, args = {}) => {
    const { json } = await gateway.mcp(call(name, args));
    const { content, structuredContent, isError } = json.result ?? {};
    assert(structuredContent !== undefined && !isError, `${name}: ${JSON.stringify(json)}`);
    used.add(name);
    return { ...structuredContent, said: content[0].text };
  };
  for (const [name, flow] of Object.entries(FLOWS)) await t.step(name, () => flow(use));
  await t.step("and none is left out", () => {
    assertEquals(toolNames(...SERVICES).filter((name) => !used.has(name)), []);
  });
});

Deno.test("what stands in front of an emulator answers nobody without a token that is good", async () => {
  await using gateway = await startGateway();
  await gateway.connect("google");
  const { json } = await gateway.api("/token/google", { body: { user_id: "user_123" } });
  const { google, github } = gateway.emulators;
  const urls = [
    `${google}/calendar/v3/calendars/primary/events`,
    `${google}/drive/v3/files`,
    `${google}/gmail/v1/users/me/messages`,
    `${github}/repos/${REPO}/actions/runs`,
  ];
  const statuses = async (token: string) =>
    await Promise.all(urls.map(async (url) => {
      const answer = await fetch(url, { headers: { Authorization: `Bearer ${token}` } });
      await answer.body?.cancel();
      return answer.status;
    }));
  assertEquals(await statuses("made-up"), [401, 401, 401, 401]);
  assertEquals(await statuses(json.access_token), [200, 200, 200, 401]);
  const body = new URLSearchParams({ token: json.access_token });
  await (await fetch(`${google}/oauth2/revoke`, { method: "POST", body })).body?.cancel();
  assertEquals(await statuses(json.access_token), [401, 401, 401, 401]);
});
