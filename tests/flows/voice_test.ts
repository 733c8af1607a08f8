import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { TIMEOUT_MS, VOICE_TIMEOUT_MS } from "../../routes/mcp/wish.ts";
import { Browser } from "../support/browser.ts";
import { signInForm } from "../support/emulators.ts";
import { call, startGateway, USER } from "../support/gateway.ts";

/** Byte for byte what a voice app sends. */
const CREATE_ISSUE =
  `{"jsonrpc":"2.0","method":"tools/call","params":{"name":"create_issue","arguments":{"repo":"octocat/hello-world","title":"Email parser broken","body":"Reported via voice"}},"id":1}`;

Deno.test("a voice app's call asks to connect, and after that creates the issue", async () => {
  await using gateway = await startGateway();
  const before = await gateway.mcp(CREATE_ISSUE, { path: "/mcp/sse" });
  assertEquals(before.status, 200);
  assertEquals(before.json.result.isError, true);
  const url = before.json.result.structuredContent.connect_url;
  assertEquals(
    before.json.result.content[0].text,
    `GitHub is not connected yet. Open ${url} to connect it.`,
  );

  const browser = new Browser();
  const confirm = await browser.open(url);
  assertStringIncludes(confirm.html, USER);
  const signIn = await browser.submit(confirm);
  const done = await browser.submit(signIn, { form: signInForm(signIn) });
  assertStringIncludes(done.html, "✓ GitHub connected");

  const after = await gateway.mcp(CREATE_ISSUE, { path: "/mcp/sse" });
  assertEquals(after.status, 200);
  assertMatch(after.headers.get("Content-Type") ?? "", /^application\/json/);
  assertEquals(after.json.id, 1);
  const issueUrl = `${gateway.emulators.github}/octocat/hello-world/issues/1`;
  assertEquals(after.json.result.content, [{
    type: "text",
    text: `Created issue #1: ${issueUrl}`,
  }]);

  const response = await fetch(`${gateway.emulators.github}/repos/octocat/hello-world/issues/1`);
  const issue = await response.json();
  assertEquals(issue.title, "Email parser broken");
  assertEquals(issue.body, "Reported via voice");
});

Deno.test("a voice app adds an event once Google Calendar is connected", async () => {
  await using gateway = await startGateway();
  const page = await gateway.connect("calendar");
  assertStringIncludes(page.html, "✓ Google Calendar connected");
  const { json } = await gateway.mcp({
    jsonrpc: "2.0",
    method: "tools/call",
    params: {
      name: "calendar_create_event",
      arguments: { title: "Call Ana", start: "2030-05-06T14:00", time_zone: "Europe/Paris" },
    },
    id: "a",
  });
  assert(!json.result.isError, JSON.stringify(json));
  const { json: token } = await gateway.api("/token/calendar", { body: { user_id: USER } });
  const events = await fetch(
    `${gateway.emulators.google}/calendar/v3/calendars/primary/events?q=Call`,
    { headers: { Authorization: `Bearer ${token.access_token}` } },
  );
  const [event] = (await events.json()).items;
  assertEquals(event.summary, "Call Ana");
});

Deno.test("a voice adds an event for tomorrow at 2 pm and hears it back", async () => {
  await using gateway = await startGateway();
  await gateway.connect("calendar");
  const tomorrow = new Date(gateway.world.now() + 24 * 3_600_000).toISOString().slice(0, 10);
  const say = (name: string, args: Record<string, unknown>, id: number) =>
    gateway.mcp(call(name, args, id), { path: "/mcp/sse?voice=true" });
  const added = await say("create_event", {
    title: "Call the plumber",
    start: `${tomorrow}T14:00`,
    time_zone: "UTC",
  }, 1);
  assertMatch(added.json.result.content[0].text, /^Added "Call the plumber" on .* at 2:00 PM\.$/);
  const range = { from: tomorrow, to: tomorrow, time_zone: "UTC" };
  const heard = await say("list_events", range, 2);
  assertStringIncludes(heard.json.result.content[0].text, "Call the plumber");
});

Deno.test("a voice finds a mail and reads it", async () => {
  await using gateway = await startGateway();
  await gateway.connect("gmail");
  const found = await gateway.mcp(call("search_messages", { query: "subject:Lunch" }));
  assertStringIncludes(found.json.result.content[0].text, "Lunch on Friday?");
  const [{ id }] = found.json.result.structuredContent.messages;
  const read = await gateway.mcp(call("read_message", { message_id: id }, 2), { path: "/sse" });
  assertStringIncludes(read.json.result.content[0].text, "Shall we say noon?");
});

Deno.test("a call takes as long as the caller says, within bounds", async () => {
  await using gateway = await startGateway();
  const { world } = gateway;
  const { sleep } = world;
  const asked = new Set<number>();
  world.sleep = (ms, signal) => {
    asked.add(ms);
    return sleep(ms, signal);
  };
  for (
    const [query, ms] of [
      ["timeout_ms=1", TIMEOUT_MS.least],
      ["timeout_ms=1234&voice=true", 1_234],
      ["timeout_ms=99999", TIMEOUT_MS.most],
      ["voice=true", VOICE_TIMEOUT_MS],
    ] as const
  ) {
    asked.clear();
    await gateway.mcp(CREATE_ISSUE, { path: `/mcp?${query}` });
    assert(asked.has(ms), `${query}: ${[...asked]}`);
    assert(![1, 99_999].some((said) => asked.has(said)), query);
  }
  // A token that was made for a voice is one, unless the address says otherwise.
  const body = { user_id: USER, services: ["*"], voice: true };
  const { json: { token } } = await gateway.api("/sessions", { body });
  const caller = { key: null, userId: null, headers: { Authorization: `Bearer ${token}` } };
  for (const [path, isVoice] of [["/mcp", true], ["/mcp?voice=false", false]] as const) {
    asked.clear();
    await gateway.mcp(CREATE_ISSUE, { ...caller, path });
    assertEquals(asked.has(VOICE_TIMEOUT_MS), isVoice, path);
  }
});
