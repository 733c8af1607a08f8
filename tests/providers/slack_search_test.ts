/** Searching Slack's messages. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { slackQuery } from "../../providers/slack/search_query.ts";
import { faultOf, type Json } from "../support/api.ts";
import { ALL_SCOPES, GENERAL, scriptedSlack, startSlack } from "../support/slack.ts";

Deno.test("messages are found by words, place, author and day, in both of Slack's ways", async () => {
  const parts = ALL_SCOPES.filter((scope) => scope !== "search:read");
  for (const scopes of [ALL_SCOPES, parts]) {
    await using emulated = await startSlack({ strict_scopes: true }, scopes);
    const zoe = await emulated.as("zoe");
    const post = (args: Json) => emulated.call("slack_post_message", args);
    const { data: first } = await post({ channel: "general", text: "Budget for lunch" });
    const { data: reply } = await zoe.call("slack_post_message", {
      channel: "general",
      thread: first.ts,
      text: "The budget is 12",
    });
    await post({ channel: "plans", text: "Budget of the year" });
    await zoe.call("slack_post_message", {
      people: ["octocat@example.com"],
      text: "Secret budget",
    });
    const find = async (args: Json) => {
      const { data } = await emulated.call("slack_search_messages", args);
      return data.messages.map(({ text }: Json) => text).sort();
    };
    const today = new Date(Number(first.ts) * 1_000).toISOString().slice(0, 10);
    assertEquals(await find({ query: "budget" }), [
      "Budget for lunch",
      "Budget of the year",
      "Secret budget",
      "The budget is 12",
    ]);
    assertEquals(await find({ query: "budget", channel: "Plans" }), ["Budget of the year"]);
    assertEquals(await find({ query: "budget", channel: "@zoe" }), ["Secret budget"]);
    assertEquals(await find({ query: "budget", from: "me", channel: "#general" }), [
      "Budget for lunch",
    ]);
    assertEquals(await find({ from: "Zoe Diaz" }), ["Secret budget", "The budget is 12"]);
    assertEquals((await find({ query: "budget", since: today, until: today })).length, 4);
    assertEquals(await find({ query: "budget", until: "2001-01-01" }), []);
    // What is found can be answered, though it is a reply.
    const { data } = await emulated.call("slack_search_messages", { query: "is 12" });
    const [found] = data.messages;
    assertEquals([found.ts, found.thread, found.channel], [reply.ts, first.ts, GENERAL]);
    assertStringIncludes(found.link, `/archives/${GENERAL}/p`);
  }
});

Deno.test("a search goes on page by page", async () => {
  await using emulated = await startSlack({}, ALL_SCOPES);
  for (const text of ["Lunch 1", "Lunch 2", "Lunch 3"]) {
    await emulated.call("slack_post_message", { channel: GENERAL, text });
  }
  const find = (args: Json) => emulated.call("slack_search_messages", { query: "lunch", ...args });
  const first = await find({ limit: 2 });
  assertStringIncludes(first.text, "Found 2 of 3 messages: ");
  assertStringIncludes(first.text, "There are more.");
  const last = await find({ limit: 2, cursor: first.data.next_cursor });
  assertEquals([last.data.messages.length, last.data.has_more], [1, false]);
  assertEquals((await faultOf(find({ cursor: "page:x" }))).kind, "invalid");
  assertEquals((await faultOf(find({ cursor: "x" }))).kind, "invalid");
});

Deno.test("only public channels are searched where no more was granted, and that is said", async () => {
  const message = {
    message_ts: "1764000000.000100",
    content: "Lunch &amp; <@U1ANA0000>",
    author_name: "Ana Bell",
    author_user_id: "U1ANA0000",
    channel_id: GENERAL,
    channel_name: "general",
    permalink: `https://acme.slack.com/archives/${GENERAL}/p1764000000000100`,
  };
  const { asked, call } = scriptedSlack({
    "search.messages": { ok: false, error: "missing_scope", needed: "search:read" },
    "assistant.search.context": ({ channel_types }) =>
      channel_types.length > 1
        ? { ok: false, error: "missing_scope" }
        : { ok: true, results: { messages: [message] }, response_metadata: { next_cursor: "n" } },
  });
  const { text, data } = await call("slack_search_messages", { query: "lunch" });
  assertEquals(
    text,
    'Found 1 message: Ana Bell wrote "Lunch & @Ana Bell" in #general. There are more. ' +
      "Only public channels were searched.",
  );
  assertEquals(data.next_cursor, "part:public:n");
  await call("slack_search_messages", { query: "lunch", cursor: data.next_cursor });
  const { method, args } = asked.findLast(({ method }) => method !== "users.info")!;
  assertEquals([method, args.cursor, args.channel_types], [
    "assistant.search.context",
    "n",
    ["public_channel"],
  ]);
});

Deno.test("where no search was granted the one for everything is asked for", async () => {
  const { call } = scriptedSlack({
    "search.messages": { ok: false, error: "missing_scope", needed: "search:read" },
    "assistant.search.context": { ok: false, error: "missing_scope", needed: "search:read.im" },
  });
  const fault = await faultOf(call("slack_search_messages", { query: "lunch" }));
  assertEquals([fault.kind, fault.scopes], ["missing_scope", ["search:read"]]);
});

Deno.test("what Slack finds is read as loosely as it can be, and what is left out is said", async () => {
  const { call } = scriptedSlack({
    "search.messages": {
      ok: true,
      messages: {
        total: 9,
        matches: [
          null,
          { ts: "1.1", text: "", files: [{ title: "Plan" }], channel: null, permalink: null },
          {
            ts: "2.1",
            text: "Hi",
            username: "ana",
            channel: { id: "D0DIRECT1", name: "U1ANA0000" },
          },
          { ts: "3.1", text: "Hi", permalink: "https://evil.example/x", channel: { id: GENERAL } },
        ],
        paging: null,
      },
    },
    "users.info": { ok: true, user: { id: "U1ANA0000", real_name: "Ana Bell" } },
  });
  const { text, data } = await call("slack_search_messages", { query: "x" });
  assertEquals(
    text,
    'Found 3 of 9 messages: somebody wrote "File: Plan"; ana wrote "Hi" in direct messages; ' +
      'somebody wrote "Hi". Slack counts more than it gives. 1 message could not be read.',
  );
  assertEquals(data.messages.map(({ link }: Json) => link), [undefined, undefined, undefined]);
});

Deno.test("a search says what it was for, in Slack's words", () => {
  const rows: [wanted: Parameters<typeof slackQuery>[0], query: string][] = [
    [{ query: " lunch " }, "lunch"],
    [{ query: "has:link", from: "me" }, "has:link from:me"],
    [{ query: "x", channel: { id: "C1", name: "general" } }, "x in:general"],
    [{ query: "x", channel: { id: "C1" } }, "x in:<#C1>"],
    [{ query: "", from: "U1", withPerson: "U2" }, "in:<@U2> from:<@U1>"],
    // Slack leaves the named days out; people do not.
    [
      { query: "x", since: "2026-03-01", until: "2026-12-31" },
      "x after:2026-02-28 before:2027-01-01",
    ],
  ];
  for (const [wanted, query] of rows) assertEquals(slackQuery(wanted), query);
});

Deno.test("a search for nothing is not made", async () => {
  const { asked, call } = scriptedSlack({});
  assertEquals((await faultOf(call("slack_search_messages", {}))).kind, "invalid");
  assertEquals(asked, []);
});

Deno.test("a group conversation is not spoken of by Slack's name for it", async () => {
  const match = {
    ts: "1764000000.000100",
    text: "Hi",
    username: "ana",
    channel: { id: "G0GROUP12", name: "mpdm-ana--bo--me-1", is_mpim: true },
  };
  const { call } = scriptedSlack({
    "search.messages": { ok: true, messages: { total: 1, matches: [match] } },
  });
  const { text } = await call("slack_search_messages", { query: "hi" });
  assertEquals(text, 'Found 1 message: ana wrote "Hi" in a group conversation.');
});
