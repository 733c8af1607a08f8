import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { oauthFlowOf } from "../../broker/core/credential.ts";
import type { ApiClient } from "../../providers/provider.ts";
import { mentionsIn, plainText } from "../../providers/slack/mrkdwn.ts";
import { slack } from "../../providers/slack/slack.ts";
import { slackTools } from "../../providers/slack/tools.ts";
import {
  answeredBy,
  callTool,
  checkSchemas,
  faultOf,
  type Json,
  wrongFields,
} from "../support/api.ts";
import { CLIENT } from "../support/more_emulators.ts";
import { GENERAL, startSlack } from "../support/slack.ts";

const saying = (answer: Json) => answeredBy(slack, () => Response.json(answer));
const list = (api: ApiClient) => callTool(slackTools, "slack_list_channels", {}, api);

/** slack.create() against canned answers of the token endpoint and of methods. */
function answered(answer: Json, status = 200) {
  const requests: Request[] = [];
  const provider = slack.create({
    ...CLIENT,
    fetch(input, init) {
      requests.push(new Request(input, init));
      return Promise.resolve(Response.json(answer, { status }));
    },
  });
  return { provider, requests };
}

const tokenSet = { accessToken: "xoxp-1", tokenType: "Bearer", issuedAt: 0, scopes: [] };

Deno.test("slackTools have schemas that clients can read", () => {
  checkSchemas(slackTools);
});

Deno.test("slack connects with the person's token, identifies and revokes", async () => {
  await using emulated = await startSlack();
  const { provider, signedIn, tokens } = emulated;
  const { searchParams } = signedIn.authorizationUrl;
  assertEquals(signedIn.authorizationUrl.pathname, "/oauth/v2/authorize");
  assertEquals(searchParams.has("scope"), false, "no bot");
  const scopes = provider.services[0]!.scopes;
  assertEquals(searchParams.get("user_scope"), scopes.join(","));
  assertEquals(searchParams.get("code_challenge_method"), "S256");
  assert(tokens.accessToken.startsWith("xoxp-"), "not the bot's");
  assertEquals([tokens.tokenType, tokens.scopes], ["Bearer", scopes]);
  assertEquals([tokens.expiresIn, tokens.refreshToken], [undefined, undefined]);

  const account = await provider.identify(emulated.tokenSet);
  const { user_id } = await emulated.read("auth.test", {});
  assertEquals(account, { id: `T000000001.${user_id}`, label: "octocat (Emulate)" });
  const again = await oauthFlowOf(provider).exchange(signedIn.code, signedIn.verifier);
  assertEquals(again, { kind: "rejected", code: "invalid_grant" });

  assertEquals(await oauthFlowOf(provider).revoke(emulated.tokenSet), { kind: "revoked" });
  assertEquals((await faultOf(list(emulated.api))).kind, "unauthorized");
  assertEquals(
    await oauthFlowOf(provider).revoke(emulated.tokenSet),
    { kind: "revoked" },
    "it is over",
  );
  await assertRejects(() => provider.identify(emulated.tokenSet), Error, "did not say who");
});

Deno.test("slack's own hosts are asked where no other is set", async () => {
  const { provider } = answered({});
  const url = await oauthFlowOf(provider).authorizationUrl({
    state: "s",
    verifier: "v".repeat(43),
    scopes: ["chat:write"],
  });
  assertEquals(url.origin + url.pathname, "https://slack.com/oauth/v2/authorize");
  assertEquals(provider.apiUrl("/auth.test").href, "https://slack.com/api/auth.test");
});

Deno.test("slack reads a person's rotating token, at first and after a refresh", async () => {
  const first = answered({
    ok: true,
    app_id: "A0KRD7HC3",
    authed_user: {
      id: "U1234",
      scope: "chat:write,users:read",
      access_token: "xoxe.xoxp-1",
      token_type: "user",
      expires_in: 43200,
      refresh_token: "xoxe-1",
    },
    team: { id: "T9TK3CUKW", name: "Slack Softball Team" },
    enterprise: null,
    is_enterprise_install: false,
  });
  assertEquals(await oauthFlowOf(first.provider).exchange("code", "v".repeat(43)), {
    kind: "issued",
    tokens: {
      accessToken: "xoxe.xoxp-1",
      tokenType: "Bearer",
      refreshToken: "xoxe-1",
      expiresIn: 43200,
      scopes: ["chat:write", "users:read"],
      extra: undefined,
    },
  });
  assertEquals(first.requests[0]?.url, "https://slack.com/api/oauth.v2.access");

  const next = answered({
    ok: true,
    access_token: "xoxe.xoxp-2",
    expires_in: 43200,
    refresh_token: "xoxe-2",
    token_type: "user",
    scope: "chat:write,users:read",
    app_id: "A0KRD7HC3",
    team: { id: "T9TK3CUKW", name: "Slack Softball Team" },
  });
  const answer = await oauthFlowOf(next.provider).refresh("xoxe-1");
  assert(answer.kind === "issued");
  assertEquals([answer.tokens.accessToken, answer.tokens.refreshToken], ["xoxe.xoxp-2", "xoxe-2"]);
  assertEquals(answer.tokens.tokenType, "Bearer");
  const sent = new URLSearchParams(await next.requests[0]!.text());
  assertEquals([sent.get("grant_type"), sent.get("refresh_token")], ["refresh_token", "xoxe-1"]);
});

Deno.test("slack never takes a bot's token for a person's", async () => {
  const bot = { ok: true, access_token: "xoxb-1", token_type: "bot", scope: "chat:write" };
  for (const authed_user of [{ id: "U1" }, undefined, null, "U1"]) {
    const { provider } = answered({ ...bot, authed_user });
    assertEquals((await oauthFlowOf(provider).exchange("code", "v".repeat(43))).kind, "failed");
  }
});

Deno.test("slack's refusals of a token request are RFC 6749's", async () => {
  const codes = {
    invalid_code: "invalid_grant",
    invalid_refresh_token: "invalid_grant",
    bad_client_secret: "invalid_client",
    bad_redirect_uri: "bad_redirect_uri",
  };
  for (const [error, code] of Object.entries(codes)) {
    const { provider } = answered({ ok: false, error });
    assertEquals(await oauthFlowOf(provider).refresh("xoxe-1"), { kind: "rejected", code });
  }
});

Deno.test("a refusal of a token request that is over by itself ends no connection", async () => {
  for (const error of ["internal_error", "service_unavailable", "ratelimited"]) {
    const { provider } = answered({ ok: false, error });
    assertEquals((await oauthFlowOf(provider).refresh("xoxe-1")).kind, "failed", error);
  }
});

Deno.test("slack says when it could not revoke", async () => {
  const kinds = async (answer: Json, status?: number) =>
    (await oauthFlowOf(answered(answer, status).provider).revoke(tokenSet)).kind;
  assertEquals(await kinds({ ok: true, revoked: true }), "revoked");
  assertEquals(await kinds({ ok: false, error: "token_revoked" }), "revoked");
  assertEquals(await kinds({ ok: false, error: "fatal_error" }), "failed");
  assertEquals(await kinds({}, 500), "failed");
});

Deno.test("slack renews an expired token to revoke it", async () => {
  const used: string[] = [];
  const revoke = (renewal: Json) => {
    const provider = slack.create({
      ...CLIENT,
      fetch(input, init) {
        const token = new Headers(init?.headers).get("Authorization") ?? "";
        used.push(`${new URL(String(input)).pathname} ${token}`.trim());
        if (token === "") return Promise.resolve(Response.json(renewal));
        const isNew = token === "Bearer xoxp-2";
        const error = "token_expired";
        return Promise.resolve(
          Response.json(isNew ? { ok: true, revoked: true } : { ok: false, error }),
        );
      },
    });
    return oauthFlowOf(provider).revoke({ ...tokenSet, refreshToken: "xoxe-1" });
  };
  const renewal = { ok: true, access_token: "xoxp-2", token_type: "user" };
  assertEquals(await revoke(renewal), { kind: "revoked" });
  const revoked = "/api/auth.revoke Bearer";
  assertEquals(used, [`${revoked} xoxp-1`, "/api/oauth.v2.access", `${revoked} xoxp-2`]);
  assertEquals((await revoke({ ok: false, error: "invalid_refresh_token" })).kind, "revoked");
  assertEquals((await revoke({ ok: false, error: "fatal_error" })).kind, "failed");
});

Deno.test("slack_list_channels() lists channels page by page", async () => {
  await using emulated = await startSlack();
  const first = await emulated.call("slack_list_channels", { limit: 3 });
  assertEquals(first.text, "Found 3 channels: #general; #random; #random-2. There are more.");
  assertEquals(first.data.channels[0].channel, GENERAL);
  assertEquals(first.data.channels[2].topic, "t".repeat(300));
  const { next_cursor: cursor } = first.data;
  const last = await emulated.call("slack_list_channels", { limit: 3, cursor });
  assertEquals([last.text, last.data.has_more], ["Found 1 channel: #plans.", false]);
  assertEquals(last.data.channels[0].is_private, true);
});

Deno.test("slack_post_message() posts in the person's name, by a channel's name or id", async () => {
  await using emulated = await startSlack();
  const text = "Grüße & <@U000000001>,\n*bold*";
  const sent = "Grüße &amp; &lt;@U000000001&gt;,\n*bold*";
  const posted = await emulated.call("slack_post_message", { channel: "#General", text });
  assertEquals(
    posted.text,
    "Posted the message to #general. What looks like a mention in it notified nobody.",
  );
  await emulated.call("slack_post_message", { channel: GENERAL, text: "Second" });

  const { messages } = await emulated.read("conversations.history", { channel: GENERAL });
  assertEquals(messages.map((message: Json) => message.text), ["Second", sent]);
  const { notes: _notes, ...data } = posted.data;
  assertEquals(data, {
    channel: GENERAL,
    channel_name: "general",
    ts: messages[1].ts,
  });
  const { user_id } = await emulated.read("auth.test", {});
  assertEquals(messages[0].user, user_id);
});

Deno.test("slack_reply_in_thread() replies, and slack_read_messages() reads the thread", async () => {
  await using emulated = await startSlack();
  const post = (text: string) => emulated.call("slack_post_message", { channel: "general", text });
  const { data: { ts: thread } } = await post("Lunch?");
  const args = { channel: "general", thread, text: "Noon" };
  const reply = await emulated.call("slack_reply_in_thread", args);
  assertEquals(reply.text, "Replied in the thread in #general.");
  const stored = await emulated.read("conversations.replies", { channel: GENERAL, ts: thread });
  assertEquals(stored.messages.map((m: Json) => [m.ts, m.thread_ts]), [
    [thread, stored.messages[0].thread_ts],
    [reply.data.ts, thread],
  ]);

  const read = await emulated.call("slack_read_messages", { channel: "general", thread });
  assertEquals(
    read.text,
    'Read the thread in #general: The Octocat wrote "Lunch?" (1 reply); The Octocat wrote "Noon".',
  );
  const all = await emulated.call("slack_read_messages", { channel: "general" });
  assertEquals(all.data.messages.map((m: Json) => [m.text, m.replies]), [["Lunch?", 1]]);
});

Deno.test("slack_read_messages() reads the newest first, page by page, with names", async () => {
  await using emulated = await startSlack();
  for (const text of ["One", "Two", `@Admin User ${"x".repeat(700)}`]) {
    const mention = text.startsWith("@") ? ["Admin User"] : [];
    await emulated.call("slack_post_message", { channel: GENERAL, text, mention });
  }
  const read = (args: Json) => emulated.call("slack_read_messages", { channel: GENERAL, ...args });
  const first = await read({ limit: 2 });
  const [newest, older] = first.data.messages;
  assertEquals([newest.from, older.text], ["The Octocat", "Two"]);
  assertEquals(newest.text, `@Admin User ${"x".repeat(487)}…`);
  assertEquals([newest.truncated, older.truncated], [true, false]);
  assertEquals(
    new Date(newest.sent_at).getTime() / 1000,
    Math.floor(Number(newest.ts) * 1000) / 1000,
  );
  assertStringIncludes(
    first.text,
    `Read 2 messages in #general: The Octocat wrote "@Admin User x`,
  );
  assertStringIncludes(first.text, "There are older ones.");
  const last = await read({ limit: 2, cursor: first.data.next_cursor });
  assertEquals([last.data.messages[0].text, last.data.has_more], ["One", false]);
});

Deno.test("slack_read_messages() does without names that Slack does not give", async () => {
  const api = answeredBy(slack, (request) =>
    Response.json(
      request.url.includes("users.info") ? { ok: false, error: "user_not_found" } : {
        ok: true,
        has_more: false,
        messages: [
          { type: "message", ts: "1700000000.000100", user: "U0GONE", text: "Hi" },
          {
            type: "message",
            subtype: "bot_message",
            ts: "1700000001.000100",
            username: "ci",
            text: "",
          },
          { type: "message", ts: "1700000002.000100" },
        ],
      },
    ));
  const { text, data } = await callTool(
    slackTools,
    "slack_read_messages",
    { channel: GENERAL },
    api,
  );
  assertEquals(data.messages.map((message: Json) => message.from), ["U0GONE", "ci", undefined]);
  assertEquals(
    text,
    'Read 3 messages in that channel: somebody wrote "Hi"; ci posted a message without words; ' +
      "somebody posted a message without words.",
  );
});

Deno.test("slack_read_messages() stays within 25,000 tokens", async () => {
  const message = { ts: "1700000000.000100", user: "U0GONE", text: "🦆".repeat(2_000) };
  const api = saying({ ok: true, messages: Array(200).fill(message), user: { id: "U0GONE" } });
  const args = { channel: GENERAL, limit: 100 };
  const { data } = await callTool(slackTools, "slack_read_messages", args, api);
  assertEquals(data.messages.length, 100);
});

Deno.test("slack_search_people() finds people by name and by e-mail address", async () => {
  await using emulated = await startSlack();
  const search = (query: string, limit = 10) =>
    emulated.call("slack_search_people", { query, limit });
  const { text, data } = await search("diaz ZOE");
  assertEquals(text, "Found 1 person: Zoë Díaz, Designer.");
  const [zoe] = data.people;
  assertEquals([zoe.handle, zoe.title, zoe.email], ["zoe", "Designer", "zoe@example.com"]);
  assertEquals([data.has_more, data.searched_all], [false, true]);
  assertEquals((await search("zoe@example.com")).data.people[0].id, zoe.id);
  assertEquals((await search("nobody@example.com")).text, "Found no people.");
  const few = await search("o", 1);
  assertEquals(few.data.has_more, true);
  assertStringIncludes(few.text, "There are more.");
});

Deno.test("slack_search_people() leaves out bots and those who left, and ends somewhere", async () => {
  const members = [
    { id: "USLACKBOT", name: "slackbot", real_name: "Ana Slackbot", is_bot: false },
    { id: "U1", name: "ana", real_name: "Ana Bot", is_bot: true },
    { id: "U2", name: "ana2", real_name: "Ana Gone", deleted: true },
    { id: "U3", name: "ana3", profile: { real_name: "", display_name: "Ana" } },
  ];
  let pages = 0;
  const api = answeredBy(slack, () => {
    pages += 1;
    return Response.json({ ok: true, members, response_metadata: { next_cursor: "more" } });
  });
  const args = { query: "ana", limit: 50 };
  const { text, data } = await callTool(slackTools, "slack_search_people", args, api);
  assertEquals([pages, data.people.length, data.searched_all], [5, 5, false]);
  assertEquals(data.people[0], { id: "U3", name: "Ana", handle: "Ana" });
  assertStringIncludes(text, "5 deactivated accounts of that name were left out.");
  assertStringIncludes(text, "Only the first 20 accounts were looked through.");
});

Deno.test("slack tools say when there is no such channel, and when it is closed", async () => {
  await using emulated = await startSlack();
  const post = (channel: string) =>
    faultOf(emulated.call("slack_post_message", { channel, text: "Hi" }));
  assertEquals(await post("nowhere"), {
    kind: "not_found",
    message: "Slack has no channel called nowhere that this account can see.",
  });
  assertEquals((await post("C0NOWHERE1")).kind, "not_found");
  const archive = saying({ ok: false, error: "is_archived" });
  const args = { channel: GENERAL, text: "Hi" };
  const fault = await faultOf(callTool(slackTools, "slack_post_message", args, archive));
  assertEquals(fault, { kind: "forbidden", message: "This Slack channel is archived." });
});

Deno.test("slack names what is missing when a scope was not granted", async () => {
  const seed = { strict_scopes: true };
  await using emulated = await startSlack(seed, ["channels:read", "groups:read", "users:read"]);
  const args = { channel: "general", text: "Hi" };
  const fault = await faultOf(emulated.call("slack_post_message", args));
  assertEquals(fault, {
    kind: "missing_scope",
    message: "Slack has not been granted enough for this.",
    scopes: ["chat:write"],
  });
});

Deno.test("slack's refusals with 200 are faults of the right kind", async () => {
  const kind = async (error: string) => (await faultOf(list(saying({ ok: false, error })))).kind;
  for (const error of ["invalid_auth", "token_revoked", "token_expired", "account_inactive"]) {
    assertEquals(await kind(error), "unauthorized", error);
  }
  assertEquals(await kind("ratelimited"), "rate_limited");
  assertEquals(await kind("internal_error"), "unavailable");
  assertEquals(await kind("restricted_action"), "forbidden");
  assertEquals(await kind("msg_too_long"), "invalid");
  const odd = await faultOf(list(saying({ ok: false, error: "invalid_arguments" })));
  assertEquals(odd.message, "Slack did not accept the request. It says: invalid arguments.");
  const strange = await faultOf(list(saying({ ok: false, error: "xoxp-secret <b>" })));
  assertEquals(strange.message, "Slack did not accept the request.");
  assertEquals(await kind("constructor"), "invalid");
  assertEquals((await faultOf(list(saying({ ok: true })))).kind, "unavailable");
  assertEquals((await faultOf(list(saying({ ok: false })))).kind, "unavailable");
});

Deno.test("slack says when to try again", async () => {
  const headers = { "Retry-After": "17" };
  const api = answeredBy(slack, () => Response.json({ ok: false }, { status: 429, headers }));
  const fault = await faultOf(list(api));
  assertEquals([fault.kind, fault.retryAfter], ["rate_limited", 17]);
  const down = answeredBy(slack, () => new Response("<html>", { status: 503 }));
  assertEquals((await faultOf(list(down))).kind, "unavailable");
});

Deno.test("plainText() turns Slack's marks into words", () => {
  const names = { people: new Map([["U1AB", "Ana"]]), channels: new Map([["C3", "plans"]]) };
  const cases: [string, string][] = [
    ["Hi <@U1AB> and <@U2CD> and <@U3EF|bo>", "Hi @Ana and @somebody and @bo"],
    ["see <#C1|general>, <#C2>, <#C3|>", "see #general, a channel that cannot be seen, #plans"],
    ["<https://x.y/?a=1&amp;b=2|the page> <mailto:a@x.y|a@x.y>", "the page a@x.y"],
    ["<https://x.y>", "https://x.y"],
    ["<!here> <!subteam^S1|@ops> <!date^1^{date}|today>", "@here @ops today"],
    ["<!subteam^S1>, <!channel>", "@a group, @channel"],
    ["<!date^1392734382^{date}>", "February 18, 2014 at 2:39 PM UTC"],
    ["<mailto:a@x.y>, <tel:+1>", "a@x.y, +1"],
    [
      "Done :tada: :+1::skin-tone-3: at 10:30:45",
      "Done (party popper emoji) (thumbs up emoji) at 10:30:45",
    ],
    [":white_check_mark: a:b:c", "(white check mark emoji) a:b:c"],
    ["1 &lt; 2 &amp;lt; 3", "1 < 2 &lt; 3"],
    ["a < b", "a < b"],
  ];
  for (const [text, words] of cases) assertEquals(plainText(text, names), words);
});

Deno.test("slack tools name the argument that is wrong", () => {
  const wrong = (name: string, args: Json) => wrongFields(slackTools, name, args);
  assertEquals(wrong("slack_post_message", { channel: "général-2", text: "x" }), []);
  assertEquals(wrong("slack_post_message", { channel: "general", text: "\n" }), ["text"]);
  assertEquals(wrong("slack_post_message", { channel: "general", text: "x".repeat(12_001) }), [
    "text",
  ]);
  for (const channel of ["", "#", "C1/../x", "general\n", "<#C1>", "https://x.y/a"]) {
    assertEquals(wrong("slack_read_messages", { channel }), ["channel"], channel);
  }
  assertEquals(wrong("slack_reply_in_thread", { channel: "a", thread: "now", text: "x" }), [
    "thread",
  ]);
  assertEquals(wrong("slack_list_channels", { limit: 201 }), ["limit"]);
  assertEquals(wrong("slack_search_people", { query: "x", name: "x" }), ["name"]);
});

Deno.test("mentionsIn() finds people, and comes to an end with what is made to be slow", () => {
  assertEquals(mentionsIn("<@U123> and <@W456|bo>, not <#C789> or <@u1>"), ["U123", "W456"]);
  for (const piece of ["<@UAA|", "<@UAA", "<@", "<"]) {
    assertEquals(mentionsIn(piece.repeat(1_000_000)), [], piece);
  }
});
