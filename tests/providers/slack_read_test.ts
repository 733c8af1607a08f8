/** Reading Slack: threads, direct messages, and all that a message can be beside its text. */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { faultOf, type Json } from "../support/api.ts";
import { ALL_SCOPES, GENERAL, scriptedSlack, startSlack } from "../support/slack.ts";

const TS = "1764000000.000100";
const PEOPLE: Record<string, Json> = {
  U1ANA: { id: "U1ANA", real_name: "Ana Bell" },
  U2BO: { id: "U2BO", real_name: "Bo Gone", deleted: true },
};

/** What is read of a channel that holds these messages, the first of them the newest. */
async function readAs(...messages: Json[]) {
  const { call } = scriptedSlack({
    "conversations.info": ({ channel }) => ({
      ok: true,
      channel: { id: channel, name: channel === GENERAL ? "general" : "plans" },
    }),
    "conversations.history": {
      ok: true,
      messages: messages.map((message, at) => ({
        type: "message",
        user: "U1ANA",
        ts: `176400000${9 - at}.000100`,
        ...message,
      })),
    },
    "users.info": ({ user }) =>
      PEOPLE[user]
        ? { ok: true, user: PEOPLE[user] }
        : { ok: false, error: user === "U9OUT" ? "user_not_visible" : "user_not_found" },
  });
  return await call("slack_read_messages", { channel: GENERAL });
}

const spoken = async (message: Json): Promise<string> =>
  (await readAs(message)).text.replace("Read 1 message in #general: ", "").slice(0, -1);

Deno.test("a thread is read from any of its messages, and by a link", async () => {
  await using emulated = await startSlack();
  const post = (args: Json) => emulated.call("slack_post_message", { channel: "general", ...args });
  const { data: first } = await post({ text: "Lunch?" });
  const { data: reply } = await post({ text: "Noon", thread: first.ts });
  assertEquals([first.thread, reply.thread], [undefined, first.ts]);
  const link = `https://emulate.slack.com/archives/${GENERAL}/p${reply.ts.replace(".", "")}`;
  for (
    const args of [
      { channel: "general", thread: first.ts },
      { channel: "general", thread: reply.ts },
      { channel: "general", thread: link },
      { channel: link },
      { channel: link.replace(reply.ts.replace(".", ""), first.ts.replace(".", "")) },
    ]
  ) {
    const { text, data } = await emulated.call("slack_read_messages", args);
    assertStringIncludes(text, 'Read the thread in #general: The Octocat wrote "Lunch?"');
    assertEquals(data.messages.map((one: Json) => [one.ts, one.thread]), [
      [first.ts, first.ts],
      [reply.ts, first.ts],
    ], JSON.stringify(args));
    assertEquals(data.thread, first.ts);
  }
});

Deno.test("one reply is said to be one where Slack gives the thread only later", async () => {
  const { call } = scriptedSlack({
    "conversations.replies": ({ ts }) =>
      ts === "2.1"
        ? { ok: true, messages: [{ ts: "2.1", thread_ts: "1.1", text: "Noon", user: "U1ANA" }] }
        : new Response("", { status: 429, headers: { "Retry-After": "40" } }),
  });
  const { text, data } = await call("slack_read_messages", { channel: GENERAL, thread: "2.1" });
  assertStringIncludes(
    text,
    "This is one reply of the thread only: Slack gives the others in 40 seconds.",
  );
  assertEquals([data.thread, data.has_more, data.messages.length], ["1.1", false, 1]);
});

Deno.test("a message that is not there has no thread", async () => {
  await using emulated = await startSlack();
  const read = emulated.call("slack_read_messages", { channel: "general", thread: TS });
  assertEquals((await faultOf(read)).kind, "not_found");
});

Deno.test("direct messages are read by the names of the people in them", async () => {
  await using emulated = await startSlack({}, ALL_SCOPES);
  const zoe = await emulated.as("zoe");
  await zoe.call("slack_post_message", { people: ["octocat@example.com"], text: "Psst" });
  await zoe.call("slack_post_message", { people: ["The Octocat", "Admin User"], text: "All" });
  const one = await emulated.call("slack_read_messages", { people: ["zoe diaz"] });
  assertEquals(
    one.text,
    'Read 1 message in the direct messages with Zoë Díaz: Zoë Díaz wrote "Psst".',
  );
  const handle = await emulated.call("slack_read_messages", { channel: "@zoe" });
  assertEquals(handle.data.messages, one.data.messages);
  const id = await emulated.call("slack_read_messages", { channel: one.data.channel });
  assertEquals(id.text, one.text);
  const group = await emulated.call("slack_read_messages", { people: ["zoe", "admin user"] });
  assertEquals(group.data.messages.map(({ text }: Json) => text), ["All"]);
  // Reading begins none.
  const before = await emulated.read("conversations.list", { types: "im,mpim" });
  const none = await faultOf(emulated.call("slack_read_messages", { people: ["admin user"] }));
  assertEquals(none, {
    kind: "not_found",
    message: "Slack has no direct messages with Admin User yet.",
  });
  const after = await emulated.read("conversations.list", { types: "im,mpim" });
  assertEquals(after.channels.length, before.channels.length);
});

Deno.test("either a channel or people are named", async () => {
  const { asked, call } = scriptedSlack({});
  for (const args of [{}, { channel: "general", people: ["Ana"] }]) {
    assertEquals((await faultOf(call("slack_read_messages", args))).kind, "invalid");
  }
  assertEquals(asked, []);
});

Deno.test("a message without text says what it holds", async () => {
  const rows: [message: Json, said: string][] = [
    [{ text: "Hi" }, 'Ana Bell wrote "Hi"'],
    [{ text: "" }, "Ana Bell posted a message without words"],
    [
      { text: null, blocks: null, attachments: null, files: null },
      "Ana Bell posted a message without words",
    ],
    [
      {
        text: "",
        files: [{ id: "F1", name: "r.pdf", title: "Report", pretty_type: "PDF", size: 34_000 }],
      },
      'Ana Bell wrote "File: Report (PDF, 34 kB)"',
    ],
    [
      { text: "", files: [{ id: "F1", mode: "tombstone" }] },
      'Ana Bell wrote "File: a file that was deleted"',
    ],
    [
      { text: "Look", files: [{ id: "F1", mode: "hidden_by_limit" }] },
      `Ana Bell wrote "Look File: a file that the workspace's plan hides"`,
    ],
    [
      { text: "", files: [{ id: "F1", file_access: "check_file_info" }] },
      'Ana Bell wrote "File: a file that cannot be looked at here"',
    ],
    [
      {
        text: "",
        subtype: "file_share",
        files: [{ subtype: "slack_audio", transcription: { preview: { content: "Call me" } } }],
      },
      'Ana Bell wrote "Voice message: Call me"',
    ],
    [
      {
        text: "",
        attachments: [{
          title: "Build 7",
          text: "failed",
          fields: [{ title: "By", value: "<@U1ANA>" }],
        }],
      },
      'Ana Bell wrote "Attached: Build 7. failed. By: @Ana Bell"',
    ],
    [
      { text: "", attachments: [{ text: "One" }, null, 5] },
      'Ana Bell wrote "Attached: One 2 further attachments cannot be read here"',
    ],
    [{ text: "", attachments: [{ fallback: "A pun" }] }, 'Ana Bell wrote "Attached: A pun"'],
    [
      { text: "", attachments: [{}] },
      'Ana Bell wrote "Attached: something that cannot be read here"',
    ],
    [
      {
        text: "See",
        attachments: [{ is_msg_unfurl: true, author_name: "Cy", text: "Old &amp; new" }],
      },
      'Ana Bell wrote "See Quoted from Cy: Old & new"',
    ],
    [
      { text: "See <https://x.y>", attachments: [{ from_url: "https://x.y", title: "X" }] },
      'Ana Bell wrote "See https://x.y Preview of a link: X"',
    ],
  ];
  for (const [message, said] of rows) assertEquals(await spoken(message), said);
});

Deno.test("blocks are read, and what cannot be read of them is said", async () => {
  const section = (text: string) => ({ type: "section", text: { type: "mrkdwn", text } });
  const rich = (...elements: Json[]) => ({
    type: "rich_text",
    elements: [{ type: "rich_text_section", elements }],
  });
  const rows: [message: Json, said: string][] = [
    [{ text: "", blocks: [section("*Deploy* by <@U1ANA>")] }, "*Deploy* by @Ana Bell"],
    // The text is for the notification only.
    [{ text: "New build", blocks: [section("Build 7 failed")] }, "Build 7 failed"],
    // Rich text is the text once more.
    [{ text: "Hi <@U1ANA>", blocks: [rich({ type: "text", text: "Hi" })] }, "Hi @Ana Bell"],
    [
      {
        text: "",
        blocks: [rich(
          { type: "user", user_id: "U1ANA" },
          { type: "text", text: " at " },
          { type: "link", url: "https://x.y", text: "X" },
          { type: "emoji", name: "tada" },
          { type: "broadcast", range: "here" },
        )],
      },
      "@Ana Bell at X(party popper emoji)@here",
    ],
    [
      {
        text: "",
        blocks: [
          { type: "header", text: { type: "plain_text", text: "Vote" } },
          { type: "divider" },
          { type: "context", elements: [{ type: "mrkdwn", text: "by noon" }] },
          {
            type: "actions",
            elements: [{ type: "button", text: { type: "plain_text", text: "Yes" } }],
          },
          { type: "image", alt_text: "a cat", image_url: "https://x.y/cat.png" },
        ],
      },
      "Vote by noon Button: Yes Image: a cat",
    ],
    [{ text: "", blocks: [{ type: "hologram" }] }, "A part of it cannot be read here."],
    [
      { text: "Seen", blocks: [{ type: "hologram" }, null, "x"] },
      "Seen A part of it cannot be read here.",
    ],
  ];
  for (const [message, said] of rows) {
    assertEquals(
      await spoken({ bot_id: "B1", user: undefined, username: "ci", ...message }),
      `ci wrote "${said}"`,
    );
  }
  const deep = Array(20).fill(0).reduce((inner) => ({ type: "rich_text", elements: [inner] }), {});
  assertStringIncludes(await spoken({ text: "", blocks: [deep] }), "cannot be read here");
});

Deno.test("what became of a message, and who wrote it, is said", async () => {
  const rows: [message: Json, said: string][] = [
    [{ text: "Hi", edited: { user: "U1ANA", ts: "1" } }, 'Ana Bell wrote "Hi" (edited)'],
    [
      { text: "This message was deleted.", subtype: "tombstone", user: "USLACKBOT" },
      "a message that was deleted",
    ],
    [
      { text: "<@U1ANA> has joined the channel", subtype: "channel_join" },
      "@Ana Bell has joined the channel",
    ],
    [{ text: "waves", subtype: "me_message" }, "Ana Bell waves"],
    [{ text: "Hi", is_ephemeral: true }, 'Ana Bell wrote "Hi" (only for this person)'],
    [
      { text: "Noon", subtype: "thread_broadcast", thread_ts: "1.1", root: { ts: "1.1" } },
      'Ana Bell wrote "Noon" (from a thread)',
    ],
    [
      {
        text: "Hi",
        reactions: [{ name: "+1", count: 3, users: [] }, { name: "eyes", count: 1, users: [] }],
      },
      'Ana Bell wrote "Hi" (2 reactions: thumbs up from 3, eyes)',
    ],
    [
      { text: "Hi", thread_ts: "1764000009.000100", reply_count: 2 },
      'Ana Bell wrote "Hi" (2 replies)',
    ],
    [
      {
        text: "",
        subtype: "huddle_thread",
        room: { date_start: 1_000, date_end: 2_500, participant_history: ["U1", "U2"] },
      },
      "A huddle: 25 minutes, 2 people",
    ],
    [
      { text: "A huddle started", subtype: "huddle_thread", room: { has_ended: false } },
      "A huddle started: it goes on",
    ],
    [
      { text: "Go", subtype: "bot_message", bot_id: "B1", username: "Onboarding", user: undefined },
      'Onboarding wrote "Go"',
    ],
    [
      { text: "Go", bot_id: "B1", bot_profile: { name: "Workflow" }, user: undefined },
      'Workflow wrote "Go"',
    ],
    [{ text: "Hi", user: "U2BO" }, 'Bo Gone (deactivated) wrote "Hi"'],
    [{ text: "Hi", user: "U9OUT" }, 'somebody wrote "Hi"'],
    [
      { text: "Hi", user: "U9OUT", user_profile: { real_name: "Out Sider" } },
      'Out Sider wrote "Hi"',
    ],
    [{ text: "New", subtype: "something_new" }, "New"],
    [{ text: "", subtype: "something_new" }, "Ana Bell posted a message without words"],
  ];
  for (const [message, said] of rows) assertEquals(await spoken(message), said);
  const { data } = await readAs({
    text: "Hi",
    edited: {},
    reactions: [{ name: "eyes", count: 2 }],
    new_member: 1,
  });
  const [{ edited, reactions, kind }] = data.messages;
  assertEquals([edited, reactions, kind], [true, [{ emoji: "eyes", count: 2 }], undefined]);
});

Deno.test("a channel that a text names by its id alone is named", async () => {
  assertEquals(await spoken({ text: "See <#C2PLANS01|>" }), 'Ana Bell wrote "See #plans"');
});

Deno.test("what is left out of an answer is said", async () => {
  const answered = async (page: Json, args: Json = {}) => {
    const { call } = scriptedSlack({
      "conversations.history": { ok: true, messages: [], ...page },
      "users.info": { ok: false, error: "missing_scope", needed: "users:read" },
    });
    return await call("slack_read_messages", { channel: GENERAL, ...args });
  };
  const limited = await answered({ is_limited: true });
  assertStringIncludes(limited.text, "The workspace's plan hides older messages.");
  const endless = await answered({ has_more: true });
  assertStringIncludes(endless.text, "There are more, and Slack does not say where.");
  const odd = await answered({ messages: [null, { text: "no ts" }, { ts: TS, text: "Hi" }] });
  assertStringIncludes(odd.text, "2 messages could not be read.");
  assertEquals(odd.data.messages.length, 1);
  const messages = Array.from(
    { length: 15 },
    (_, at) => ({ ts: `${at}.1`, text: "x", user: `U${at}AB` }),
  );
  const few = await answered(
    { messages, response_metadata: { next_cursor: "n" } },
    { limit: 30 },
  );
  assertStringIncludes(few.text, "There are older ones. Slack gave 15 of the 30");
  assertStringIncludes(few.text, "The names of people have not been granted.");
  assertEquals(few.data.notes ?? few.notes, few.notes);
  assertEquals([few.data.has_more, few.data.next_cursor], [true, "n"]);
});

Deno.test("a part of a block that is too long, or unknown, is said to be unread", async () => {
  const cell = (text: string) => ({ type: "raw_text", text });
  const table = (rows: Json[]) => [{ type: "table", rows }];
  const unread = "A part of it cannot be read here.";
  const rows: [Json, boolean][] = [
    [table([[cell("One"), cell("Two")]]), false],
    [table([[cell("One"), { type: "brand_new", value: 7 }]]), true],
    [table(Array.from({ length: 61 }, () => [cell("One")])), true],
    [[{
      type: "actions",
      elements: Array.from({ length: 61 }, () => ({
        type: "button",
        text: { type: "plain_text", text: "Go" },
      })),
    }], true],
  ];
  for (const [blocks, isUnread] of rows) {
    const { data } = await readAs({ text: "", blocks });
    const { text } = data.messages[0];
    assertEquals(text.includes(unread), isUnread, text);
  }
  const picture = { type: "image", image_url: "https://x.y/z", alt_text: "A chart" };
  const { data } = await readAs({ text: "", blocks: [{ type: "context", elements: [picture] }] });
  assertEquals(data.messages[0].text, "A chart");
});

Deno.test("names that have not been granted are asked for once", async () => {
  const messages = Array.from({ length: 10 }, (_, at) => ({ ts: `${at}.1`, user: `U${at}AB` }));
  const { asked, call } = scriptedSlack({
    "conversations.history": { ok: true, messages },
    "users.info": { ok: false, error: "missing_scope", needed: "users:read" },
  });
  await call("slack_read_messages", { channel: GENERAL });
  assertEquals(asked.filter(({ method }) => method === "users.info").length, 1);
});

Deno.test("messages are read since a day or a moment", async () => {
  const { asked, call } = scriptedSlack({ "conversations.history": { ok: true, messages: [] } });
  for (const since of ["2026-11-23", "2026-11-23T09:00:00+01:00"]) {
    await call("slack_read_messages", { channel: GENERAL, since });
  }
  const oldest = asked.filter(({ method }) => method === "conversations.history")
    .map(({ args }) => args.oldest);
  assertEquals(oldest, ["1795392000.000000", "1795420800.000000"]);
  // Without an end Slack gives the ones closest to the beginning.
  const latest = asked.filter(({ method }) => method === "conversations.history")
    .map(({ args }) => args.latest);
  assertEquals(latest, ["1795478400.000000", "1795478400.000000"]);
  await assertRejects(() => call("slack_read_messages", { channel: GENERAL, since: "yesterday" }));
});

Deno.test("a long message is read as a whole where it is alone", async () => {
  const text = "word ".repeat(1_000).trim();
  const alone = await readAs({ text });
  assertEquals([alone.data.messages[0].text, alone.data.messages[0].truncated], [text, false]);
  const two = await readAs({ text }, { text: "Hi" });
  assertEquals(two.data.messages[0].truncated, true);
});

Deno.test("a thread is gone on with by the ts of a reply", async () => {
  const { call } = scriptedSlack({
    "conversations.replies": ({ ts, cursor }) => {
      const one = (ts: string) => ({ ts, thread_ts: "1.1", text: `At ${ts}`, user: "U1ANA" });
      if (ts === "2.1") return { ok: true, messages: cursor === undefined ? [one("2.1")] : [] };
      return cursor === undefined
        ? { ok: true, messages: [one("1.1")], response_metadata: { next_cursor: "n" } }
        : { ok: true, messages: [one("2.1"), one("3.1")] };
    },
    "conversations.history": { ok: true, messages: [] },
  });
  const read = (args: Json) =>
    call("slack_read_messages", { channel: GENERAL, thread: "2.1", ...args });
  const first = await read({ limit: 1 });
  assertEquals([first.data.messages[0].ts, first.data.next_cursor], ["1.1", "n"]);
  const rest = await read({ limit: 2, cursor: "n" });
  assertEquals(rest.data.messages.map(({ ts }: Json) => ts), ["2.1", "3.1"]);
});

Deno.test("a dead token is not taken for a name that is not there", async () => {
  const { call } = scriptedSlack({
    "conversations.history": { ok: true, messages: [{ ts: TS, user: "U1ANA" }] },
    "users.info": { ok: false, error: "token_revoked" },
  });
  assertEquals(
    (await faultOf(call("slack_read_messages", { channel: GENERAL }))).kind,
    "unauthorized",
  );
});

Deno.test("what a stranger writes does not become an answer without end", async () => {
  const many = Array.from({ length: 500 }, () => ({ type: "section", text: "x".repeat(100) }));
  const { data } = await readAs({
    text: "<@".repeat(50_000) + ":a".repeat(50_000),
    blocks: many,
    attachments: many.map(() => ({ text: "y", blocks: many.slice(0, 10) })),
    reactions: Array.from({ length: 500 }, () => ({ name: "x".repeat(1_000), count: 1 })),
  });
  assert(data.messages[0].text.length <= 8_000);
});
