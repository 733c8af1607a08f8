/** Posting to Slack: where it goes, what is sent, and what Slack says that it did. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { toMrkdwn } from "../../providers/slack/writing.ts";
import { slackTools } from "../../providers/slack/tools.ts";
import { faultOf, type Json, wrongFields } from "../support/api.ts";
import { ALL_SCOPES, GENERAL, scriptedSlack, startSlack } from "../support/slack.ts";

const POSTED = { ok: true, channel: GENERAL, ts: "5.1", message: { text: "Hi" } };
const INFO = { ok: true, channel: { id: GENERAL, name: "general" } };
const ANA = {
  id: "U1ANA0000",
  name: "ana",
  real_name: "Ana Bell",
  profile: { display_name: "anab" },
};

/** What is sent for these arguments. */
async function sent(args: Json, answers: Json = {}): Promise<Json> {
  const { asked, call } = scriptedSlack({
    "conversations.info": INFO,
    "chat.postMessage": POSTED,
    "users.list": { ok: true, members: [ANA] },
    ...answers,
  });
  await call("slack_post_message", { channel: GENERAL, ...args });
  return asked.find(({ method }) => method === "chat.postMessage")!.args;
}

Deno.test("a reply to a reply goes into the thread that it is in", async () => {
  await using emulated = await startSlack();
  const post = (args: Json) => emulated.call("slack_post_message", { channel: "general", ...args });
  const { data: first } = await post({ text: "Lunch?" });
  const { data: reply } = await post({ text: "Noon", thread: first.ts });
  const linkTo = ({ ts }: Json, thread = "") =>
    `https://emulate.slack.com/archives/${GENERAL}/p${ts.replace(".", "")}${thread}`;
  for (
    const args of [
      { thread: reply.ts, text: "1" },
      { thread: linkTo(reply), text: "2" },
      { thread: linkTo(reply, `?thread_ts=${first.ts}&cid=${GENERAL}`), text: "3" },
      { channel: linkTo(reply), text: "4" },
      { channel: linkTo(first), text: "5" },
      { channel: undefined, thread: linkTo(reply), text: "6" },
    ]
  ) {
    const { text, data } = await post(args);
    assertEquals([text, data.thread], ["Replied in the thread in #general.", first.ts]);
  }
  const stored = await emulated.read("conversations.replies", { channel: GENERAL, ts: first.ts });
  assertEquals(
    stored.messages.map(({ text }: Json) => text),
    ["Lunch?", "Noon", "1", "2", "3", "4", "5", "6"],
  );
});

Deno.test("somebody whose name was not granted is written to by their id, which is not read out", async () => {
  const { call } = scriptedSlack({
    "users.info": { ok: false, error: "missing_scope", needed: "users:read" },
    "conversations.open": { ok: true, channel: { id: "D0DIRECT1", user: "U1ANA0000" } },
    "chat.postMessage": { ok: true, channel: "D0DIRECT1", ts: "5.1" },
  });
  const { text, data } = await call("slack_post_message", { people: ["U1ANA0000"], text: "Hi" });
  assertEquals([text, data.people], ["Posted the message to that direct message.", undefined]);
});

Deno.test("a link to a message elsewhere is not taken for one here", async () => {
  const { asked, call } = scriptedSlack({ "conversations.info": INFO });
  const link = "https://acme.slack.com/archives/C0OTHER001/p1764000000000100";
  for (
    const [name, args] of [
      ["slack_post_message", { thread: link, text: "Hi" }],
      ["slack_read_messages", { thread: link }],
      ["slack_add_reaction", { message: link, emoji: "eyes" }],
    ] as const
  ) {
    const fault = await faultOf(call(name, { channel: GENERAL, ...args }));
    assertStringIncludes(fault.message, "another conversation");
  }
  assert(asked.every(({ method }) => method === "conversations.info"));
});

Deno.test("the former slack_reply_in_thread never posts outside a thread", async () => {
  await using emulated = await startSlack();
  const reply = (args: Json) =>
    emulated.call("slack_reply_in_thread", { channel: "general", text: "Hi", ...args });
  assertEquals(
    wrongFields(slackTools, "slack_reply_in_thread", { channel: "general", text: "Hi" }),
    ["thread"],
  );
  const only = { channel: "general", text: "Hi", only_in_thread: true };
  const outside = await faultOf(emulated.call("slack_post_message", only));
  assertEquals(outside.message, "A reply needs the thread it is for.");
  assertEquals((await faultOf(reply({ thread: "1764000000.000100" }))).kind, "not_found");
  assertEquals(wrongFields(slackTools, "slack_reply_in_thread", { people: ["Ana"], text: "x" }), [
    "thread",
    "people",
  ]);
  const { messages } = await emulated.read("conversations.history", { channel: GENERAL });
  assertEquals(messages, []);
});

Deno.test("who may send and not read replies where they say, and is told so", async () => {
  await using emulated = await startSlack({ strict_scopes: true }, [
    "chat:write",
    "channels:read",
    "groups:read",
  ]);
  const post = (args: Json) => emulated.call("slack_post_message", { channel: "general", ...args });
  const { data: { ts } } = await post({ text: "Lunch?" });
  const { text, data } = await post({ text: "Noon", thread: ts });
  assertEquals(data.thread, ts);
  assertStringIncludes(text, "Replied in the thread in #general. It could not be made sure");
});

Deno.test("a thread is found by Slack's other method where one may not be asked again", async () => {
  const limited = () => new Response("", { status: 429, headers: { "Retry-After": "30" } });
  const answers = {
    "conversations.replies": limited,
    "conversations.history": { ok: true, messages: [{ ts: "2.1", text: "Lunch?" }] },
    "chat.postMessage": { ...POSTED, message: { thread_ts: "2.1" } },
  };
  assertEquals((await sent({ thread: "2.1", text: "Hi" }, answers)).thread_ts, "2.1");
  const { asked, call } = scriptedSlack({
    "conversations.replies": limited,
    "conversations.history": { ok: true, messages: [] },
  });
  const args = { channel: GENERAL, thread: "3.1", text: "Hi" };
  const fault = await faultOf(call("slack_post_message", args));
  assertEquals([fault.kind, fault.retryAfter, fault.mayBeDone], ["rate_limited", 30, undefined]);
  assert(asked.every(({ method }) => method !== "chat.postMessage"));
});

Deno.test("a message goes to people by their names, and to nobody else", async () => {
  await using emulated = await startSlack({}, ALL_SCOPES);
  const zoe = await emulated.as("zoe");
  const posted = await emulated.call("slack_post_message", { people: ["Zoe Diaz"], text: "Psst" });
  assertEquals(posted.text, "Sent the message to Zoë Díaz.");
  assertEquals(posted.data.people, ["Zoë Díaz"]);
  const { messages } = await zoe.read("conversations.history", { channel: posted.data.channel });
  assertEquals(messages.map(({ text }: Json) => text), ["Psst"]);
  // Again in the same conversation, by handle, address and id.
  const [{ id }] = (await emulated.call("slack_search_people", { query: "zoe" })).data.people;
  for (const args of [{ channel: "@zoe" }, { people: ["zoe@example.com"] }, { people: [id] }]) {
    const { data } = await emulated.call("slack_post_message", { ...args, text: "Hi" });
    assertEquals(data.channel, posted.data.channel);
  }
  const group = await emulated.call("slack_post_message", {
    people: ["zoe", "admin user"],
    text: "Both",
  });
  const { members } = await emulated.read("conversations.members", { channel: group.data.channel });
  assertEquals(members.length, 3);
  assert(group.data.channel !== posted.data.channel);
});

Deno.test("nothing is sent where Slack opens a conversation with somebody else", async () => {
  for (
    const channel of [{ id: "D0WRONG001", user: "U2BO00000" }, { id: "D0WRONG001", is_im: true }]
  ) {
    const { asked, call } = scriptedSlack({
      "users.info": ({ user }) => ({ ok: true, user: { ...ANA, id: user } }),
      "conversations.open": { ok: true, channel },
    });
    const people = channel.user && !channel.is_im ? ["U1ANA0000"] : ["U1ANA0000", "U3CY00000"];
    const fault = await faultOf(call("slack_post_message", { people, text: "Hi" }));
    assertStringIncludes(fault.message, "Nothing was sent.");
    assert(asked.every(({ method }) => method !== "chat.postMessage"));
  }
});

Deno.test("who has another id in each workspace is the same person", async () => {
  const { call } = scriptedSlack({
    "users.info": { ok: true, user: { ...ANA, id: "W1ANA0000" } },
    "conversations.open": { ok: true, channel: { id: "D0DIRECT1", user: "W1ANA0000" } },
    "chat.postMessage": { ok: true, channel: "D0DIRECT1", ts: "5.1" },
  });
  const { text } = await call("slack_post_message", { people: ["U1ANA0000"], text: "Hi" });
  assertEquals(text, "Sent the message to Ana Bell.");
});

Deno.test("what Slack says it did is what is told", async () => {
  const posting = async (answer: Json, args: Json = {}) => {
    const { call } = scriptedSlack({
      "conversations.info": INFO,
      "conversations.replies": { ok: true, messages: [{ ts: "2.1" }] },
      "chat.postMessage": { ok: true, ...answer },
    });
    return await call("slack_post_message", { channel: GENERAL, text: "Hi", ...args });
  };
  for (const answer of [{}, { ts: "5.1" }, { channel: GENERAL, ts: null }]) {
    assertEquals((await faultOf(posting(answer))).kind, "unavailable", JSON.stringify(answer));
  }
  const other = await faultOf(posting({ channel: "C0OTHER001", ts: "5.1" }));
  assertStringIncludes(other.message, "posted this in another conversation than #general");
  assertEquals(other.mayBeDone, true);
  const beside = await faultOf(
    posting({ channel: GENERAL, ts: "5.1", message: { text: "Hi" } }, { thread: "2.1" }),
  );
  assertEquals([beside.message, beside.mayBeDone], [
    "Slack did not post this in that thread in #general.",
    true,
  ]);
  const cut = await posting({ channel: GENERAL, ts: "5.1", warning: "message_truncated" });
  assertStringIncludes(cut.text, "Slack cut the end of it off.");
});

Deno.test("a text notifies nobody, whatever it says", async () => {
  const rows = [
    "<!channel> <!here> <!everyone> <!subteam^S1>",
    "<@U1ANA0000> <#C000000001> <@U1ANA0000|ana>",
    "&lt;!channel&gt; <!date^1^{date}|x>",
    "[x](<!channel>) <https://x.y|<!here>>",
    "**<!channel>** `<!here>` ```\n<!everyone>\n```",
    "# <@U1ANA0000>",
    "[<!here>](https://x.y)",
    "[@Ana](https://x.y/<!here>)",
    "<<!channel>>",
    "<mailto:a@x.y|<@U1ANA0000>>",
  ];
  for (const text of rows) {
    const { text: written } = await sent({ text });
    // What Slack would take for a mark: only links are left.
    for (const [mark] of written.matchAll(/<[^<>]*>/g)) {
      assert(/^<https?:\/\/[^<>]*>$/.test(mark), `${text} → ${written}`);
    }
    assert(!/<[!@#]/.test(written), `${text} → ${written}`);
  }
  const body = await sent({ text: "@here @channel https://x.y" });
  assertEquals(
    [body.parse, body.link_names, body.unfurl_links, body.unfurl_media],
    ["none", false, false, false],
  );
});

Deno.test("people are notified where `mention` names them", async () => {
  const rows: [text: string, mention: string[], written: string][] = [
    // Her handle.
    ["Hi @Ana, look", ["ana bell"], "Hi <@U1ANA0000>, look"],
    ["Hi @Ana Bell, look", ["ana bell"], "Hi <@U1ANA0000>, look"],
    ["Hi @anab", ["Ana Bell"], "Hi <@U1ANA0000>"],
    ["Hi <@U1ANA0000>", ["Ana Bell"], "Hi <@U1ANA0000>"],
    ["Look & see", ["Ana Bell"], "<@U1ANA0000> Look &amp; see"],
    ["@anabel", ["Ana Bell"], "<@U1ANA0000> @anabel"],
  ];
  for (const [text, mention, written] of rows) {
    assertEquals((await sent({ text, mention })).text, written, text);
  }
  const { asked, call } = scriptedSlack({ "users.list": { ok: true, members: [ANA] } });
  const args = { channel: GENERAL, text: "Hi", mention: ["Nobody"] };
  assertEquals((await faultOf(call("slack_post_message", args))).kind, "not_found");
  assert(asked.every(({ method }) => method !== "chat.postMessage"));
});

Deno.test("Markdown is written as Slack does, and Slack's own marks stay", () => {
  const rows: [markdown: string, written: string][] = [
    ["**bold** and *bold* and _it_", "*bold* and *bold* and _it_"],
    ["__bold__ snake__case__name", "*bold* snake__case__name"],
    ["~~gone~~", "~gone~"],
    ["# Title\n## **Second** #", "*Title*\n*Second #*"],
    ["- one\n* two\n  - three", "• one\n• two\n  • three"],
    ["[the page](https://x.y/?a=1&b=2)", "<https://x.y/?a=1&amp;b=2|the page>"],
    ["<https://x.y|the page> <https://x.y>", "<https://x.y|the page> <https://x.y>"],
    ["[bank.example](https://evil.example)", "bank.example (<https://evil.example>)"],
    [
      "<https://evil.example|https://bank.example>",
      "https://bank.example (<https://evil.example>)",
    ],
    ["[x](javascript:alert)", "[x](javascript:alert)"],
    ["> quoted\na > b", "> quoted\na &gt; b"],
    ["`**x** <y>` ```js\n**z**\n```", "`**x** &lt;y&gt;` ```\n**z**\n```"],
    ["2 ** 3 ** 4", "2 ** 3 ** 4"],
    ["1 < 2 && 3 > 2", "1 &lt; 2 &amp;&amp; 3 &gt; 2"],
  ];
  for (const [markdown, written] of rows) assertEquals(toMrkdwn(markdown), written);
  for (const piece of ["[", "**a", "`", "# ", "__a", "<https://", "~~a", "[a](https://", "> "]) {
    assert(toMrkdwn(piece.repeat(12_000 / piece.length)).length > 0, piece);
  }
});

Deno.test("a text that Slack would cut is not sent", async () => {
  const { asked, call } = scriptedSlack({});
  const args = { channel: GENERAL, text: "&".repeat(9_000) };
  assertEquals((await faultOf(call("slack_post_message", args))).kind, "invalid");
  assertEquals(asked, []);
  assertEquals((await sent({ text: "&".repeat(7_000) })).text.length, 35_000);
});

Deno.test("a reply can be shown in the channel as well, and nothing else can", async () => {
  const answers = {
    "conversations.replies": { ok: true, messages: [{ ts: "2.1" }] },
    "chat.postMessage": { ...POSTED, message: { thread_ts: "2.1" } },
  };
  const body = await sent({ text: "Hi", thread: "2.1", also_to_channel: true }, answers);
  assertEquals([body.thread_ts, body.reply_broadcast], ["2.1", true]);
  const { call } = scriptedSlack({});
  const alone = call("slack_post_message", { channel: GENERAL, text: "Hi", also_to_channel: true });
  assertEquals((await faultOf(alone)).kind, "invalid");
});
