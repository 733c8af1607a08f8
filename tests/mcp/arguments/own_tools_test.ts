import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { z } from "zod";
import { createCatalogue, type LoadedEntry } from "../../../mcp/catalogue.ts";
import type { ListedForms } from "../../../mcp/listing.ts";
import { judgedSchema } from "../../../mcp/arguments/own_schema.ts";
import { readArguments } from "../../../mcp/arguments/read.ts";
import { modulesWithTools } from "../../support/own_tools.ts";
import { ARGUMENTS } from "../../support/tool_arguments.ts";

const settings = { clientId: "", clientSecret: "", redirectUri: "", fetch };
const providers = modulesWithTools.map((module) => module.create(settings));
const catalogue = createCatalogue(providers);
const visitor = { subject: "voice:u", actor: { kind: "app", id: "voice" }, filter: {} } as const;

async function entryOf(name: string): Promise<LoadedEntry> {
  const entry = await catalogue.find(name, visitor);
  assert(entry?.kind === "own", name);
  return await entry.load();
}

/** What the tool gets; a fault as its text. */
async function read(name: string, args: unknown): Promise<unknown> {
  const found = readArguments(await entryOf(name), args);
  if (found.kind === "args") return found.args;
  assertEquals(found.kind, "fault");
  return found.text;
}

const REPO = "octocat/hello-world";
const N8N = { sessionId: "5f1c", action: "sendMessage", chatInput: "hello", toolCallId: "call_1" };

Deno.test("what platforms send is understood", async () => {
  const rows: [from: string, tool: string, sent: unknown, meant: unknown][] = [
    ["no arguments", "github_list_repositories", undefined, {}],
    ["no arguments, by a client in Go", "github_list_repositories", null, {}],
    [
      "n8n's MCP Client Tool with an agent of its chat trigger",
      "github_list_issues",
      { repo: REPO, ...N8N },
      { repo: REPO },
    ],
    [
      "n8n, of a tool that changes something",
      "github_create_issue",
      { repo: REPO, title: "x", toolCallId: "call_7" },
      { repo: REPO, title: "x" },
    ],
    [
      "LangChain, with null for all that was left out",
      "github_list_issues",
      { repo: REPO, state: null, labels: null, limit: null, page: null, account: null },
      { repo: REPO },
    ],
    [
      "LangChain, of a tool that changes something",
      "github_create_issue",
      { repo: REPO, title: "x", body: null, labels: null },
      { repo: REPO, title: "x" },
    ],
    [
      "Langflow, with an empty text for all that was left out",
      "calendar_list_events",
      { from: "", to: "", time_zone: "", query: "", limit: "", calendar_id: "", page_token: "" },
      {},
    ],
    [
      "Gemini, with numbers as text",
      "github_get_issue",
      { repo: REPO, number: "12", account: "" },
      { repo: REPO, number: 12 },
    ],
    [
      "Claude, with the JSON of a list as text",
      "gmail_send_message",
      { to: '["ana@example.com", "bo@example.com"]', subject: "x", body: "x" },
      { to: ["ana@example.com", "bo@example.com"], subject: "x", body: "x" },
    ],
    [
      "Claude, with an empty list as text",
      "github_create_issue",
      { repo: REPO, title: "x", labels: "[]" },
      { repo: REPO, title: "x", labels: [] },
    ],
    [
      "ElevenLabs, with everything as text",
      "calendar_find_free_time",
      {
        duration_minutes: "45",
        weekdays_only: "true",
        calendars: '["primary","ana@example.com"]',
        limit: "3",
        time_zone: "Europe/Berlin",
      },
      {
        duration_minutes: 45,
        weekdays_only: true,
        calendars: ["primary", "ana@example.com"],
        limit: 3,
        time_zone: "Europe/Berlin",
      },
    ],
    [
      "ElevenLabs, of a tool that changes something",
      "github_comment_on_issue",
      { repo: REPO, number: "5", body: "5" },
      { repo: REPO, number: 5, body: "5" },
    ],
    [
      "a model that fills in what it has no value for",
      "calendar_create_event",
      { title: "x", start: "2026-11-24T14:00:00Z", end: "", time_zone: "", recurrence: "" },
      { title: "x", start: "2026-11-24T14:00:00Z" },
    ],
    [
      "what a schema takes, as it was sent",
      "linear_update_issue",
      { issue: "ENG-1", assignee: null, due_on: null, description: "" },
      { issue: "ENG-1", assignee: null, due_on: null, description: "" },
    ],
    [
      "texts that look like something else",
      "github_create_issue",
      { repo: REPO, title: "5", body: '{"a":[1]}' },
      { repo: REPO, title: "5", body: '{"a":[1]}' },
    ],
  ];
  for (const [from, tool, sent, meant] of rows) {
    const { input } = await entryOf(tool);
    assertEquals(await read(tool, sent), input.parse(meant), from);
  }
});

Deno.test("attacks on whom and what a change is for are refused, with words", async () => {
  const issue = { repo: REPO, number: 1 };
  const event = { event_id: "e" };
  const rows: [tool: string, sent: Record<string, unknown>, words: RegExp][] = [
    ["github_create_issue", { repo: REPO, title: "x", account: "" }, /account: .*empty text/],
    ["github_create_issue", { repo: REPO, title: "x", account: null }, /account: .*is null/],
    ["github_create_issue", { repo: REPO, title: "x", assignees: null }, /assignees: .*is null/],
    ["github_create_issue", { repo: "", title: "x" }, /repo: must look like owner\/name/],
    ["github_update_issue", { ...issue, state: "closed", body: null }, /body: .*is null/],
    ["github_update_issue", { ...issue, remove_assignees: "" }, /remove_assignees: .*empty text/],
    ["calendar_update_event", { ...event, title: "x", attendees: null }, /attendees is no field/],
    ["calendar_update_event", { ...event, remove_attendees: null }, /remove_attendees: /],
    ["calendar_update_event", { ...event, location: null }, /location: .*is null/],
    ["calendar_update_event", { ...event, notify_attendees: "false" }, /the text "false"/],
    ["calendar_delete_event", { ...event, calendar_id: "" }, /calendar_id: .*empty text/],
    ["calendar_delete_event", { ...event, notify_attendees: null }, /notify_attendees: /],
    ["calendar_delete_event", { ...event, send_updates: "true" }, /send_updates is no field/],
    ["gmail_reply", { message_id: "m", body: "x", reply_all: "true" }, /reply_all: .*"true"/],
    ["gmail_send_message", { to: ["a@b.c"], cc: null, subject: "x", body: "x" }, /cc: /],
    ["drive_share_file", { file_id: "f", email: "a@b.c", role: "" }, /role: .*one of reader/],
    ["drive_share_file", { file_id: "f", email: "a@b.c", notify: "false" }, /notify: /],
    ["drive_create_text_file", { name: "x", content: "x", folder_id: "" }, /folder_id: /],
    ["asana_create_task", { name: "x", project: "" }, /project: /],
    ["asana_create_task", { name: "x", workspace: null }, /workspace: /],
    ["asana_update_task", { task: "1", assignee: "" }, /assignee: .*empty text/],
    ["asana_complete_task", { task: "1", completed: "false" }, /completed: .*"false"/],
    ["asana_complete_task", { task: "1", completed: null }, /completed: .*is null/],
    ["linear_create_issue", { title: "x", team: "" }, /team: /],
    ["linear_update_issue", { issue: "ENG-1", assignee: "" }, /assignee: /],
    ["slack_reply_in_thread", {
      channel: "general",
      thread: "1.1",
      text: "x",
      also_to_channel: "true",
    }, /also_to_channel: /],
    [
      "github_comment_on_issue",
      { repo: REPO, number: "0x5", body: "x" },
      /number: .*without quotes/,
    ],
    ["github_comment_on_issue", { repo: REPO, number: " 5", body: "x" }, /number: /],
    ["github_comment_on_issue", { repo: REPO, number: "5.0", body: "x" }, /number: /],
    ["github_comment_on_issue", { repo: REPO, number: "1e3", body: "x" }, /number: /],
  ];
  for (const [tool, sent, words] of rows) {
    const text = await read(tool, sent);
    assert(typeof text === "string", `${tool} ${JSON.stringify(sent)} is taken`);
    assertMatch(text, words);
    assertStringIncludes(text, `The arguments of ${tool} are not right.`);
  }
});

/** Fields that may be left out, and whether null or an empty text is taken for that. */
async function optionalFields(name: string) {
  const { tool, input, listed } = await entryOf(name);
  const required = (shownOf(listed).required ?? []) as string[];
  return Object.keys(input.shape).filter((field) => !required.includes(field))
    .map((field) => ({ field, isMended: tool.hints.readOnly || !!tool.content?.includes(field) }));
}

for (const [name, args] of Object.entries(ARGUMENTS)) {
  const valid = args as Record<string, unknown>;

  Deno.test(`${name} is called with what stands for what is valid, and with nothing else`, async () => {
    const { input } = await entryOf(name);
    const meant = input.parse(valid);
    assertEquals(await read(name, valid), meant);
    assertEquals(await read(name, { ...valid, ...N8N }), meant);
    const texts = Object.entries(valid).map(([field, value]) =>
      [field, typeof value === "string" ? value : JSON.stringify(value)] as const
    );
    assertEquals(await read(name, Object.fromEntries(texts)), meant);
    for (const { field, isMended } of await optionalFields(name)) {
      const { [field]: _given, ...others } = valid;
      for (const nothing of [null, ""]) {
        const sent = { ...others, [field]: nothing };
        if (input.safeParse(sent).success) {
          assertEquals(await read(name, sent), input.parse(sent));
          continue;
        }
        const found = await read(name, sent);
        const without = input.safeParse(others);
        if (isMended && without.success) assertEquals(found, without.data, field);
        else assertStringIncludes(String(found), `${field}: `);
      }
    }
  });
}

Deno.test("what a tool calls its content is neither an account, a target nor a filter", () => {
  const chooses =
    /^(account|repo|number|to|cc|bcc|role|email|issue|task|project|team|workspace|channel|thread|calendar_id)$|_id$|_ids$|assignee|attendee|notify|reply|also_to|completed|recipient/;
  for (const { name, hints, content = [], input } of providers.flatMap(({ tools }) => tools)) {
    assert(!hints.readOnly || content.length === 0, name);
    for (const field of content) {
      assert(!chooses.test(field), `${name} calls ${field} its content`);
      assert(input.shape[field]?.safeParse(undefined).success, `${name} needs ${field}`);
    }
  }
});

const UNLISTED = ["x-made-of", "pattern", "additionalProperties", "default"];
const shownOf = (listed: ListedForms) =>
  listed.of({ outputSchemas: false, account: true }).tool.inputSchema;

Deno.test("the schema that mends is the one that is listed, judged by the one that validates", async () => {
  for (const name of Object.keys(ARGUMENTS)) {
    const { input, listed } = await entryOf(name);
    const { schema, judge } = judgedSchema(input);
    // What lists leave out; see mcp/listed_schema.ts.
    const withoutBounds = (whole: unknown) =>
      JSON.parse(JSON.stringify(whole, (key, value) => {
        const isBound = /^(min|max)(imum|Length|Items)$/.test(key) && typeof value === "number";
        const isUnlisted = UNLISTED.includes(key) &&
          (Array.isArray(value) || typeof value !== "object");
        return isBound || isUnlisted ? undefined : value;
      }));
    const { $schema: _dialect, ...bare } = withoutBounds(schema);
    assertEquals(bare, withoutBounds(shownOf(listed)), name);
    for (const [field, part] of Object.entries(schema.properties as Record<string, unknown>)) {
      for (const value of [null, "", "x", "5", 5, -1, 1.5, true, [], ["x"], {}, "UTC", "a@b.co"]) {
        const is = input.shape[field]!.safeParse(value).success;
        assertEquals(judge(part, value), is, `${name}.${field} ${JSON.stringify(value)}`);
      }
    }
  }
});

Deno.test("the null of what may be null is judged as well, and what is no schema is left open", () => {
  const input = z.strictObject({ a: z.string().max(5).nullable() });
  const { schema, judge } = judgedSchema(input);
  const { a } = schema.properties as { a: { anyOf: unknown[] } };
  const verdicts = (part: unknown) => [null, "a", "too long"].map((value) => judge(part, value));
  assertEquals(verdicts(a), [true, true, false]);
  assertEquals(a.anyOf.map(verdicts), [[false, true, false], [true, false, false]]);
  assertEquals([judge(undefined, 1), judge(false, 1), judge(true, 1)], [undefined, false, true]);
});

Deno.test("words about arguments name the field, what it must be, and what came", async () => {
  const rows: [tool: string, sent: unknown, text: string][] = [
    [
      "github_create_issue",
      { repo: REPO, titel: "x" },
      "title is missing: must be a text. titel is no field of this tool: did you mean title?",
    ],
    [
      "github_read_issue",
      { repository: REPO, number: 1 },
      "repo is missing: must be a text. repository is no field of this tool: did you mean repo?",
    ],
    [
      "calendar_list_events",
      { timeZone: "UTC" },
      "timeZone is no field of this tool: did you mean time_zone?",
    ],
    [
      "github_get_issue",
      { repo: REPO, number: "twelve" },
      "number: must be a number, and is a text of 6 characters. Send the number without quotes, such as 5.",
    ],
    [
      "gmail_reply",
      { message_id: "m", body: "x", reply_all: "true" },
      'reply_all: must be true or false, and is the text "true". Send true or false without quotes.',
    ],
    [
      "github_create_issue",
      { repo: REPO, title: "x", labels: "bug" },
      'labels: must be a list, and is a text of 3 characters. Send a list, such as ["one"].',
    ],
    [
      "github_create_issue",
      { repo: REPO, title: "x", labels: ["bug", 5] },
      "labels.1: must be a text, and is a number.",
    ],
    [
      "github_create_issue",
      { repo: REPO, title: "x", account: "" },
      "account: must have at least 1 character, and is an empty text. Leave it out where nothing is meant.",
    ],
    [
      "github_list_issues",
      { repo: REPO, limit: 500 },
      "limit: must be at most 100, and is a number.",
    ],
    [
      "github_list_issues",
      { repo: REPO, state: "opened" },
      "state: must be one of open, closed, all, and is a text of 6 characters.",
    ],
    [
      "asana_create_task",
      { name: "x", due_on: "soon", assignee: "a/b" },
      "due_on: must be a valid ISO date, and is a text of 4 characters. " +
      "assignee: must be me, a name, an e-mail address or a person's id, and is a text of 3 characters.",
    ],
    ["github_list_issues", [REPO], "arguments: must be an object, and is a list."],
  ];
  for (const [tool, sent, text] of rows) {
    assertEquals(await read(tool, sent), `The arguments of ${tool} are not right. ${text}`);
  }
});

Deno.test("a text that stands for more than a body may hold is refused with words", async () => {
  const deep = "[".repeat(70) + "]".repeat(70);
  assertEquals(
    await read("github_create_issue", { repo: REPO, title: "x", labels: deep }),
    "The arguments of github_create_issue are not right: they are nested too deep, or too many.",
  );
});

Deno.test("no words about arguments hold what was sent, but for names of fields", async () => {
  const secret = "ghp_0123456789abcdefghijklmnopqrstuvwxyz";
  const sent = { repo: secret, title: [secret], labels: { [secret]: secret }, assignees: [5] };
  const text = String(await read("github_create_issue", sent));
  assert(!text.includes("ghp_"), text);
  const many = Object.fromEntries(
    Array.from({ length: 50_000 }, (_, at) => [`field<${at}>\n`.repeat(9), at]),
  );
  const words = String(await read("github_create_issue", many));
  assert(words.length < 2_000 && !/[<>\n]/.test(words), words);
  assertMatch(words, /And \d+ more\.$/);
});
