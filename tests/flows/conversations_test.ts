/**
 * Ten everyday conversations, as somebody hears them who sees nothing. With `TRANSCRIPT` set they
 * are printed.
 */

import { assert, assertEquals } from "@std/assert";
import { call, type Gateway, startGateway } from "../support/gateway.ts";
import type { Json } from "../support/api.ts";

/** What is said, and the call that a model makes of it; `before` is what the last answers held. */
interface Turn {
  says: string;
  tool: string;
  args?: Json | ((before: Json[]) => Json);
  /** Something that the answer must say. */
  hears?: RegExp;
  /** It is refused, in words. */
  isError?: boolean;
  /** Another user, who has connected nothing. */
  userId?: string;
}

const REPO = "octocat/hello-world";
const day = (days: number, hour: number) => {
  const at = new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  return `${at}T${String(hour).padStart(2, "0")}:00:00Z`;
};

/** The id that the last answer gave, however its tool names it. */
const last = (before: Json[], back = 1): string => {
  const data = before.at(-back);
  const things = ["event", "file", "task", "issue", "draft"].map((name) => data[name]);
  const ids = [
    data.task,
    data.issue,
    ...[data, ...things].flatMap((thing) => [thing?.id, thing?.gid]),
  ];
  const found = ids.find((id) => typeof id === "string");
  if (typeof found !== "string") throw new Error(`No id in ${JSON.stringify(data)}`);
  return found;
};

const CONVERSATIONS: Record<string, Turn[]> = {
  "the week": [
    {
      says: "What is on this week?",
      tool: "calendar_list_events",
      args: { from: day(0, 0), to: day(7, 0) },
      hears: /Dentist/,
    },
    {
      says: "When am I free tomorrow for an hour?",
      tool: "calendar_find_free_time",
      args: { from: day(1, 8), to: day(1, 18), duration_minutes: 60 },
      hears: /free/,
    },
    {
      says: "Put lunch with Ana in tomorrow at noon.",
      tool: "calendar_create_event",
      args: {
        title: "Lunch with Ana",
        start: day(1, 12),
        end: day(1, 13),
        attendees: ["ana@example.com"],
      },
      hears: /Lunch with Ana/,
    },
    {
      says: "Make it one o'clock.",
      tool: "calendar_update_event",
      args: (before: Json[]) => ({ event_id: last(before), start: day(1, 13), end: day(1, 14) }),
      hears: /1:00 PM/,
    },
    {
      says: "No, cancel it.",
      tool: "calendar_delete_event",
      args: (before: Json[]) => ({ event_id: last(before, 2) }),
      hears: /Deleted/,
    },
  ],
  "an invitation": [
    {
      says: "Am I asked to anything?",
      tool: "calendar_list_events",
      args: { from: day(0, 0), to: day(2, 0) },
      hears: /not answered/,
    },
    {
      says: "Say yes to the standup.",
      tool: "calendar_answer_invitation",
      args: (before: Json[]) => ({
        event_id: before.at(-1).events.find(({ title }: Json) => /standup/i.test(title)).id,
        answer: "yes",
      }),
      hears: /yes|accept/i,
    },
  ],
  "mail": [
    {
      says: "Any new mail?",
      tool: "gmail_search_messages",
      args: { query: "is:unread" },
      hears: /Lunch on Friday/,
    },
    {
      says: "Read the one about lunch.",
      tool: "gmail_read_message",
      args: { message_id: "msg_lunch" },
      hears: /noon/,
    },
    {
      says: "Say noon is fine.",
      tool: "gmail_reply",
      args: { message_id: "msg_lunch", body: "Noon is fine." },
      hears: /Ana/,
    },
    {
      says: "Put it away.",
      tool: "gmail_label_messages",
      args: { message_ids: ["msg_lunch"], remove: ["INBOX"] },
    },
    {
      says: "Write a note to Bo, I want to look at it first.",
      tool: "gmail_create_draft",
      args: { to: ["bo@example.com"], subject: "The review", body: "Thanks for the notes." },
      hears: /draft/i,
    },
    {
      says: "Good, send it.",
      tool: "gmail_send_message",
      args: (before: Json[]) => ({ draft_id: before.at(-1).draft_id ?? last(before) }),
      hears: /sent/i,
    },
  ],
  "an issue": [
    {
      says: "Which repositories do I have?",
      tool: "github_list_repositories",
      hears: /hello-world/,
    },
    {
      says: "Open an issue: the door is stuck.",
      tool: "github_create_issue",
      args: { repo: REPO, title: "The door is stuck" },
      hears: /issue/,
    },
    {
      says: "Add that it is the back door.",
      tool: "github_comment",
      args: (before: Json[]) => ({
        repo: REPO,
        number: before.at(-1).number,
        body: "It is the back door.",
      }),
    },
    {
      says: "Read it to me.",
      tool: "github_read_issue",
      args: (before: Json[]) => ({ repo: REPO, number: before.at(-2).number }),
      hears: /back door/,
    },
    {
      says: "Close it.",
      tool: "github_update_issue",
      args: (before: Json[]) => ({ repo: REPO, number: before.at(-3).number, state: "closed" }),
      hears: /closed/i,
    },
    { says: "What is still open?", tool: "github_find_issues", args: { repo: REPO } },
  ],
  "files": [
    {
      says: "Find my plan for spring.",
      tool: "drive_search_files",
      args: { query: "Plan for spring", name_only: true },
      hears: /Plan for spring/,
    },
    { says: "What did I work on lately?", tool: "drive_search_files" },
    {
      says: "Make a shopping list: milk and bread.",
      tool: "drive_create_file",
      args: { name: "Shopping.txt", content: "Milk\nBread" },
      hears: /Shopping/,
    },
    {
      says: "Read it back.",
      tool: "drive_read_file",
      args: (before: Json[]) => ({ file_id: last(before) }),
      hears: /Milk/,
    },
    {
      says: "Share it with Ana.",
      tool: "drive_share_file",
      args: (before: Json[]) => ({
        file_id: last(before, 2),
        email: "ana@example.com",
        role: "reader",
      }),
      hears: /ana/i,
    },
  ],
  "tasks": [
    {
      says: "What do I have to do?",
      tool: "asana_find_tasks",
      args: { mine: true },
      hears: /task/,
    },
    {
      says: "Add: buy paint, by the fourth of December.",
      tool: "asana_create_task",
      args: { name: "Buy paint", due_on: "2026-12-04" },
      hears: /paint/,
    },
    {
      says: "What does it say?",
      tool: "asana_read_task",
      args: (before: Json[]) => ({ task: last(before) }),
      hears: /December/,
    },
    {
      says: "Done.",
      tool: "asana_update_task",
      args: (before: Json[]) => ({ task: last(before, 2), completed: true }),
      hears: /complete|done/i,
    },
  ],
  "the team's issues": [
    {
      says: "What is assigned to me?",
      tool: "linear_find_issues",
      args: { assigned_to_me: true },
      hears: /door/,
    },
    {
      says: "New one: paint the fence.",
      tool: "linear_create_issue",
      args: { team: "WEB", title: "Paint the fence" },
      hears: /fence/,
    },
    {
      says: "Say that I begin on Monday.",
      tool: "linear_comment_on_issue",
      args: (before: Json[]) => ({ issue: last(before), body: "I begin on Monday." }),
    },
    {
      says: "Read it to me.",
      tool: "linear_read_issue",
      args: (before: Json[]) => ({ issue: last(before, 2) }),
      hears: /Monday/,
    },
    {
      says: "Which people are there?",
      tool: "linear_look_up",
      args: { kinds: ["people"] },
      hears: /Octocat/,
    },
  ],
  "the team's chat": [
    { says: "Which channels are there?", tool: "slack_list_channels", hears: /general/ },
    {
      says: "Tell general that lunch is at noon.",
      tool: "slack_post_message",
      args: { channel: "general", text: "Lunch is at noon." },
      hears: /general/,
    },
    {
      says: "What was said there?",
      tool: "slack_read_messages",
      args: { channel: "general" },
      hears: /noon/,
    },
    {
      says: "Who is Octocat?",
      tool: "slack_search_people",
      args: { query: "octocat" },
      hears: /Octocat/,
    },
  ],
  "what is not there": [
    {
      says: "Read issue four hundred.",
      tool: "github_read_issue",
      args: { repo: REPO, number: 400 },
      isError: true,
    },
    {
      says: "What is in the channel party?",
      tool: "slack_read_messages",
      args: { channel: "party" },
      isError: true,
    },
    {
      says: "Which issues has Zoe?",
      tool: "linear_find_issues",
      args: { assignee: "Zoe" },
      isError: true,
    },
    {
      says: "What has Zoe to do?",
      tool: "asana_find_tasks",
      args: { assignee: "Zoe" },
      isError: true,
    },
    {
      says: "Read the mail that I just threw away.",
      tool: "gmail_read_message",
      args: { message_id: "nothing" },
      isError: true,
    },
    {
      says: "Delete that event once more.",
      tool: "calendar_delete_event",
      args: { event_id: "nothing" },
      isError: true,
    },
  ],
  "what is not connected": [
    {
      says: "Any new mail?",
      tool: "gmail_search_messages",
      userId: "stranger",
      hears: /Gmail is not connected yet\. Open the link/,
      isError: true,
    },
    {
      says: "Which repositories has hubot?",
      tool: "github_list_repositories",
      args: { account: "hubot" },
      hears: /octocat/,
      isError: true,
    },
  ],
};

/** What nobody can listen to. */
const UNSPEAKABLE: [string, RegExp][] = [
  ["an address", /\bhttps?:\/\//],
  ["a moment as computers write it", /\d{4}-\d\d-\d\d/],
  [
    "an id",
    /\b(?=[A-Za-z0-9_-]{12,}\b)(?=[A-Za-z0-9_-]*\d)(?=[A-Za-z0-9_-]*[A-Za-z])[A-Za-z0-9_-]+\b/,
  ],
  ["a word of a program", /\b(null|undefined|NaN|true|false|Invalid Date)\b|\[object/],
  ["marks", /[*_`#|]{2,}|[{}<>]/],
];

/** Holds a conversation; returns it as it is heard. */
async function hold(gateway: Gateway, name: string, turns: Turn[]): Promise<string> {
  const before: Json[] = [];
  const lines = [`— ${name}`];
  for (const { says, tool, args = {}, hears = /./, isError = false, userId } of turns) {
    const given = typeof args === "function" ? args(before) : args;
    const options = { path: "/mcp?voice=true", ...(userId === undefined ? {} : { userId }) };
    const { json } = await gateway.mcp(call(tool, given), options);
    const { content, structuredContent, isError: failed = false } = json.result;
    const said = content.map(({ text }: Json) => text).join("\n");
    lines.push(`  ${says}`, `    ${said.replaceAll("\n", "\n    ")}`);
    const heard = lines.join("\n");
    assertEquals(failed, isError, heard);
    assert(hears.test(said), heard);
    for (const [what, pattern] of UNSPEAKABLE) {
      assert(!pattern.test(said), `${what} is read out:\n${heard}`);
    }
    before.push(structuredContent);
  }
  return lines.join("\n");
}

Deno.test("ten everyday conversations can be listened to", async () => {
  const services = ["github", "google", "asana", "slack", "linear"];
  await using gateway = await startGateway({ emulate: ["asana", "slack", "linear"] });
  for (const service of services) await gateway.connect(service);
  for (const [name, turns] of Object.entries(CONVERSATIONS)) {
    const heard = await hold(gateway, name, turns);
    if (Deno.env.has("TRANSCRIPT")) console.log(heard);
  }
});
