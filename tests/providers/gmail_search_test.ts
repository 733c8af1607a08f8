import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { gmailTools } from "../../providers/google/gmail/tools.ts";
import { google } from "../../providers/google/google.ts";
import { ApiError, type Tool } from "../../providers/provider.ts";
import { answeredBy, callTool, faultOf, type Json, startApi } from "../support/api.ts";

const EMAIL = "me@example.com";
const USER = "/gmail/v1/users/me";

const googleError = (code: number, reason: string) =>
  Response.json({ error: { code, message: "No.", errors: [{ reason }] } }, { status: code });
const tooMany = () => googleError(429, "rateLimitExceeded");

/** A mailbox whose answers are given one after the other; the last one for good. */
function mailbox(ids: string[], answers: Record<string, (() => Response)[]>) {
  const asked: string[] = [];
  const api = answeredBy(google, ({ url }) => {
    const id = new URL(url).pathname.slice(`${USER}/messages`.length).slice(1);
    asked.push(id || "list");
    const list = answers[id || "list"] ?? [];
    const answer = list.length > 1 ? list.shift() : list[0];
    if (answer !== undefined) return answer();
    if (id === "") return Response.json({ messages: ids.map((id) => ({ id })) });
    const headers = [{ name: "From", value: `${id}@example.com` }, { name: "Subject", value: id }];
    return Response.json({ id, threadId: "t", payload: { headers } });
  });
  const search = (args: Json = {}) =>
    callTool(gmailTools, "gmail_search_messages", { query: "x", ...args }, api);
  return { search, asked };
}

const IDS = ["a", "b", "c", "d", "e", "f", "g", "h"];
const good = (id: string) => () => Response.json({ id, threadId: "t" });

Deno.test("one refusal because of too many requests costs one more request, not the search", async () => {
  const refusals = [
    tooMany,
    () => googleError(403, "rateLimitExceeded"),
    () => googleError(403, "userRateLimitExceeded"),
  ];
  for (const refused of refusals) {
    for (const id of ["list", "a", "c", "h"]) {
      const rest = id === "list"
        ? () => Response.json({ messages: IDS.map((id) => ({ id })) })
        : good(id);
      const { search, asked } = mailbox(IDS, { [id]: [refused, rest] });
      const { data } = await search();
      assertEquals(data.messages.map(({ id }: Json) => id), IDS, id);
      assertEquals([data.not_read, asked.filter((one) => one === id).length], [undefined, 2]);
    }
  }
  // All of the first burst are refused once.
  const all = Object.fromEntries(IDS.map((id) => [id, [tooMany, good(id)]]));
  assertEquals((await mailbox(IDS, all).search()).data.messages.length, 8);
});

Deno.test("what cannot be read is said, and the others are given", async () => {
  const nonsense = () => Response.json([null]);
  for (
    const answer of [tooMany, nonsense, () => googleError(500, "x"), () => googleError(403, "x")]
  ) {
    const { search, asked } = mailbox(IDS, { h: [answer] });
    const { text, data } = await search();
    assertEquals([data.messages.length, data.not_read], [7, 1]);
    assertStringIncludes(text, "Found 7 messages.");
    assertStringIncludes(text, "1 more could not be read at the moment.");
    assertEquals(asked.filter((id) => id === "h").length, answer === tooMany ? 2 : 1);
  }
  const { search } = mailbox(IDS, { a: [() => googleError(404, "notFound")], b: [nonsense] });
  const { text, data } = await search();
  assertEquals([data.deleted_meanwhile, data.not_read, data.messages.length], [1, 1, 6]);
  assertStringIncludes(text, "1 more was deleted meanwhile. 1 more could not be read");
});

Deno.test("a search of which nothing can be read says why", async () => {
  const all = (answer: () => Response) => Object.fromEntries(IDS.map((id) => [id, [answer]]));
  const slow = mailbox(IDS, all(tooMany));
  assertEquals((await faultOf(slow.search())).kind, "rate_limited");
  assertEquals(slow.asked.length < 10, true);
  assertEquals((await faultOf(mailbox(IDS, { list: [tooMany] }).search())).kind, "rate_limited");
  assertEquals(
    (await faultOf(mailbox(IDS, all(() => googleError(500, "x"))).search())).kind,
    "unavailable",
  );
  const gone = await mailbox(IDS, all(() => googleError(404, "notFound"))).search();
  assertEquals([gone.data.messages, gone.data.deleted_meanwhile], [[], 8]);
  // Others would hear the same: a link is the cure.
  const { search, asked } = mailbox(IDS, { c: [() => googleError(401, "authError")] });
  await assertRejects(search, ApiError);
  assertEquals(asked.length <= 9, true);
});

Deno.test("a search that finds nothing says what lies in the trash and in spam", async () => {
  const asked: URLSearchParams[] = [];
  const answer = (hidden: number) =>
    answeredBy(google, ({ url }) => {
      const { searchParams } = new URL(url);
      asked.push(searchParams);
      const count = searchParams.has("includeSpamTrash") ? hidden : 0;
      const messages = Array.from({ length: count }, () => ({ id: "a" }));
      return Response.json({ messages, nextPageToken: count === 10 ? "p" : undefined });
    });
  const said = async (hidden: number, query: string) =>
    (await callTool(gmailTools, "search_messages", { query }, answer(hidden))).text;
  assertEquals(
    await said(1, "from:ana"),
    "Found no messages. 1 is in the trash or in spam.",
  );
  assertStringIncludes(await said(10, "from:ana"), "10 or more are in the trash or in spam");
  assertEquals(asked.at(-1)?.get("q"), "from:ana");
  assertEquals(await said(0, "from:ana"), "Found no messages.");
  assertEquals(await said(3, "in:inbox from:ana"), "Found no messages.");
});

Deno.test("a message in the trash, in spam or among the drafts is said to be there", async () => {
  const api = answeredBy(google, ({ url }) => {
    const id = new URL(url).pathname.split("/").at(-1)!;
    if (id === "messages") {
      const ids = ["TRASH", "SPAM", "DRAFT", "SENT"];
      return Response.json({ messages: ids.map((id) => ({ id })), resultSizeEstimate: 201 });
    }
    const headers = [{ name: "To", value: "Bo <bo@example.com>" }, { name: "Subject", value: "x" }];
    return Response.json({ id, threadId: null, labelIds: [id, "X-NEW"], payload: { headers } });
  });
  const { text, data } = await callTool(gmailTools, "search_messages", { query: "x" }, api);
  assertEquals(
    text,
    'Found 4 messages. 1: "x" from somebody, in the trash. 2: "x" from somebody, in spam. ' +
      '3: "x" from somebody, a draft. 4: "x" from somebody.',
  );
  assertEquals(data.messages.map(({ place, to }: Json) => [place, to]), [
    ["trash", undefined],
    ["spam", undefined],
    ["drafts", "Bo <bo@example.com>"],
    [undefined, "Bo <bo@example.com>"],
  ]);
});

Deno.test("gmail_search_messages() lists drafts with the ids by which they are sent", async () => {
  await using emulator = await startApi(google, { users: [{ email: EMAIL, name: "Me" }] });
  const to = ["Łukasz <lukasz@example.com>", "bo@example.com"];
  const mail = { to, subject: "Zweiter Entwurf", body: "Later" };
  await callTool(gmailTools, "create_draft", mail, emulator.api);
  const args = { drafts: true };
  const { text, data } = await callTool(gmailTools, "search_messages", args, emulator.api);
  assertEquals(text, 'Found 1 draft. 1: "Zweiter Entwurf" to Łukasz.');
  const [draft] = data.messages;
  assertEquals(draft.to, "Łukasz <lukasz@example.com>, bo@example.com");
  const stored = await emulator.read(`${USER}/drafts/${draft.draft_id}`);
  assertEquals(stored.message.id, draft.id);
  // Each of its two ids is good for reading it.
  for (const message_id of [draft.id, draft.draft_id]) {
    const read = await callTool(gmailTools, "read_message", { message_id }, emulator.api);
    assertEquals([read.data.id, read.data.text], [draft.id, "Later"]);
    assertStringIncludes(read.text, "It is a draft, which was not sent.");
  }
});

Deno.test("what pads a preview is not read out", async () => {
  const snippet = `News for you ${"&#847; \u034F &zwnj;\u200C&nbsp;\u00A0 ".repeat(20)}`;
  const { search } = mailbox(["a"], { a: [() => Response.json({ id: "a", snippet })] });
  assertEquals((await search()).data.messages[0].snippet, "News for you");
});

Deno.test("each tool asks for the least that it needs, and takes what implies it", () => {
  const AUTH = "https://www.googleapis.com/auth/gmail.";
  const named = (lists: string[][]) =>
    lists.map((list) =>
      list.map((one) => one.replace(AUTH, "").replace(/^https:.*/, "all")).join("+")
    );
  const scopesOf = (name: string, args: Json = {}) => {
    const tool = gmailTools.find((tool) => tool.name === name) as Tool;
    return named(tool.scopesFor?.(tool.input.parse(args) as never) ?? tool.scopes);
  };
  const reading = ["readonly", "modify", "all"];
  assertEquals(scopesOf("gmail_search_messages"), reading);
  assertEquals(scopesOf("gmail_search_messages", { drafts: true }), [...reading, "compose"]);
  assertEquals(scopesOf("gmail_read_message", { message_id: "m" }), reading);
  assertEquals(scopesOf("gmail_send_message"), ["send", "compose", "modify", "all"]);
  assertEquals(scopesOf("gmail_send_message", { draft_id: "d" }), ["compose", "modify", "all"]);
  const both = ["readonly+send", "readonly+compose", "modify", "all"];
  assertEquals(scopesOf("gmail_send_message", { forward: "m" }), both);
  assertEquals(scopesOf("gmail_reply", { message_id: "m", body: "x" }), both);
  assertEquals(scopesOf("gmail_reply", { message_id: "m", body: "x", draft: true }), [
    "readonly+compose",
    "modify",
    "all",
  ]);
  assertEquals(scopesOf("gmail_create_draft", { body: "x" }), ["compose", "modify", "all"]);
  assertEquals(scopesOf("gmail_label_messages", { message_ids: ["m"] }), ["modify", "all"]);
  assertEquals(scopesOf("gmail_list_labels"), ["labels", "readonly", "modify", "all"]);
});
