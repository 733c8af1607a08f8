import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { calendarTools } from "../../providers/google/calendar/tools.ts";
import { driveTools } from "../../providers/google/drive/tools.ts";
import { gmailTools } from "../../providers/google/gmail/tools.ts";
import { google } from "../../providers/google/google.ts";
import { github } from "../../providers/github/github.ts";
import { githubTools } from "../../providers/github/tools.ts";
import { answeredBy, callTool, type Json, startApi } from "../support/api.ts";

// callTool() itself fails where an answer is more than a model can take in.

const EMAIL = "me@example.com";
const LONG = "長い文".repeat(2_000);

function times<T>(length: number, make: (index: number) => T): T[] {
  return Array.from({ length }, (_, index) => make(index));
}

Deno.test("a mailbox of 2,000 messages is gone through page by page", async () => {
  await using emulator = await startApi(google, {
    users: [{ email: EMAIL }],
    messages: times(2_000, (index) => ({
      id: `msg_${index}`,
      user_email: EMAIL,
      to: EMAIL,
      from: `"${"Long name ".repeat(20)}" <p${index}@example.com>`,
      subject: `${index} ${LONG.slice(0, 400)}`,
      body_text: LONG,
      label_ids: ["INBOX"],
      date: new Date(Date.UTC(2026, 10, 1) + index * 60_000).toISOString(),
    })),
  });
  const seen = new Set<string>();
  let token: string | undefined;
  for (let page = 0; page < 4; page++) {
    const args = { query: "in:inbox", limit: 50, page_token: token };
    const { text, data } = await callTool(gmailTools, "search_messages", args, emulator.api);
    assertEquals([data.messages.length, data.has_more], [50, true]);
    assertStringIncludes(text, "Found 50 messages.");
    assertStringIncludes(text, "And 45 more. There are more.");
    data.messages.forEach(({ id }: Json) => seen.add(id));
    token = data.next_page_token;
  }
  assertEquals(seen.size, 200);
});

Deno.test("a calendar of 500 events is gone through page by page", async () => {
  const day = (index: number) => new Date(Date.UTC(2026, 10, 24) + index * 3_600_000).toISOString();
  await using emulator = await startApi(google, {
    users: [{ email: EMAIL }],
    calendars: [{ id: "primary", user_email: EMAIL, summary: EMAIL, primary: true }],
    calendar_events: times(500, (index) => ({
      id: `evt_${index}`,
      user_email: EMAIL,
      calendar_id: "primary",
      summary: `${index} ${LONG.slice(0, 500)}`,
      description: LONG,
      location: LONG.slice(0, 1_000),
      start_date_time: day(index),
      end_date_time: day(index + 1),
      attendees: times(60, (person) => ({ email: `person.${person}@department.example.com` })),
    })),
  });
  const list = (args: Json) => callTool(calendarTools, "list_events", args, emulator.api);
  let args: Json = { to: "2027-01-01", limit: 100 };
  for (let page = 0; page < 5; page++) {
    const { text, data } = await list(args);
    assertEquals([data.events.length, data.has_more], [100, page < 4]);
    assertEquals(text.includes("There are more in this time."), page < 4);
    assertEquals(text.includes("and 95 more"), true);
    const { from, to, next_page_token: page_token } = data;
    args = { from, to, limit: 100, page_token };
  }
  const few = await list({ limit: 1 });
  assertEquals(few.data.events[0].attendees.length + few.data.events[0].attendees_left_out, 60);
  const free = await callTool(
    calendarTools,
    "find_free_time",
    { to: "2027-01-01", duration_minutes: 5, limit: 50 },
    emulator.api,
  );
  assertEquals(free.data.has_more, false);
});

Deno.test("a file of 5 MB is cut, and it is said what was left out", async () => {
  const size = 5 * 1024 * 1024;
  const whole = "x".repeat(size);
  const onDrive = answeredBy(
    google,
    ({ url }) =>
      url.includes("alt=media")
        ? new Response(whole)
        : Response.json({ id: "f", name: "big", mimeType: "text/csv", size: String(size) }),
  );
  const file = await callTool(driveTools, "read_document", { file_id: "f" }, onDrive);
  const onGitHub = answeredBy(
    github,
    ({ headers }) =>
      headers.get("Accept")?.includes("raw")
        ? new Response(whole)
        : Response.json({ type: "file", size, encoding: "none", content: "" }),
  );
  const args = { repo: "a/b", path: "big" };
  const source = await callTool(githubTools, "github_read_file", args, onGitHub);
  for (const { text, data } of [file, source]) {
    assertEquals([data.truncated, data.next_offset], [true, 20_000]);
    assertStringIncludes(text, "5.2 MB. These are characters 1 to 20,000.");
    assert(text.length < 1_500);
  }
});

Deno.test("lists of long texts are shortened, and nothing drops out of them", async () => {
  const issue = (index: number) => ({
    number: index + 1,
    title: LONG.slice(0, 256),
    state: "open",
    html_url: `https://github.com/octocat/hello-world/issues/${index + 1}`,
    user: { login: "x".repeat(39) },
    labels: times(100, (label) => ({ name: `${label}${LONG.slice(0, 45)}` })),
    assignees: times(10, (person) => ({ login: `${"y".repeat(37)}${person}` })),
    created_at: "2026-11-01T10:00:00Z",
    updated_at: "2026-11-01T10:00:00Z",
    head: { ref: "head", label: "hubot:head" },
    base: { ref: "main", label: "octocat:main" },
    requested_reviewers: times(15, (person) => ({ login: `${"z".repeat(37)}${person}` })),
  });
  const issues = answeredBy(github, () => Response.json(times(100, issue)));
  const args = { repo: "octocat/hello-world", limit: 100 };
  const listed = await callTool(githubTools, "list_issues", args, issues);
  assertEquals(listed.data.issues.length, 100);
  const [{ labels, assignees, left_out }] = listed.data.issues;
  assertEquals(labels.length + assignees.length + left_out, 110);
  const pulls = await callTool(githubTools, "list_pull_requests", args, issues);
  assertEquals(pulls.data.pull_requests.length, 100);
  const results = { total_count: 5_000, items: times(100, issue) };
  const search = answeredBy(github, () => Response.json(results));
  const found = await callTool(githubTools, "search_issues", { query: "x", limit: 100 }, search);
  assertEquals([found.data.items.length, found.data.total], [100, 5_000]);

  const files = answeredBy(google, () =>
    Response.json({
      files: times(100, (index) => ({
        id: `${index}`.padStart(44, "f"),
        name: LONG.slice(0, 1_000),
        mimeType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        modifiedTime: "2026-11-20T10:00:00.000Z",
        size: "123456",
        webViewLink: `https://docs.google.com/document/d/${"f".repeat(44)}/edit?usp=drivesdk`,
        owners: [{ emailAddress: "somebody.with.a.name@department.example.com" }],
      })),
    }));
  const drive = await callTool(driveTools, "list_files", { limit: 100 }, files);
  assertEquals(drive.data.files.length, 100);
});
