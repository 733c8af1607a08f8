/** Slack through the front door: a refusal with 200 leads to a fresh token, or to the link that cures. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { call, startGateway } from "../support/gateway.ts";
import { faultyFetch } from "../support/faulty_fetch.ts";
import type { Json } from "../support/api.ts";

/** What an earlier version asked for. */
const OLD_SCOPES = "channels:read groups:read channels:history groups:history users:read " +
  "users:read.email chat:write";

/** The scopes that the link of a refused call asks for. */
function askedFor(result: Json): string | null {
  assertEquals(result.isError, true, JSON.stringify(result));
  assertStringIncludes(result.content[0].text, result.structuredContent.connect_url);
  return new URL(result.structuredContent.connect_url).searchParams.get("scope");
}

Deno.test("a token that Slack says with 200 is dead leads to the link", async () => {
  for (const error of ["token_revoked", "token_expired", "invalid_auth", "account_inactive"]) {
    const faulty = faultyFetch();
    await using gateway = await startGateway({ emulate: ["slack"], fetch: faulty.fetch });
    await gateway.connect("slack");
    faulty.on("/api/conversations.list", () => Response.json({ ok: false, error }));
    const { json } = await gateway.mcp(call("slack_list_channels"));
    assertEquals(json.result.structuredContent.error, "reauthorization_required", error);
    askedFor(json.result);
    faulty.reset();
    const again = await gateway.mcp(call("slack_list_channels"));
    assert(!again.json.result.isError, "nothing is held against it");
  }
});

Deno.test("who granted the earlier scopes goes on, and new tools ask for just what they lack", async () => {
  await using gateway = await startGateway({ emulate: ["slack"] });
  await gateway.connect("slack", { scope: OLD_SCOPES });
  const use = async (name: string, args: Json = {}) =>
    (await gateway.mcp(call(name, args))).json.result;
  assert(!(await use("slack_list_channels")).isError);
  const posted = await use("slack_post_message", { channel: "general", text: "Lunch?" });
  const { ts } = posted.structuredContent;
  const reply = { channel: "general", thread: ts, text: "Noon" };
  assert(!(await use("slack_reply_in_thread", reply)).isError);
  assert(!(await use("slack_read_messages", { channel: "general" })).isError);
  assert(!(await use("slack_search_people", { query: "o" })).isError);
  const rows: [name: string, args: Json, scope: string][] = [
    ["slack_search_messages", { query: "lunch" }, "slack.search"],
    ["slack_add_reaction", { channel: "general", message: ts, emoji: "eyes" }, "slack.react"],
    ["slack_post_message", { people: ["octocat"], text: "Hi" }, "im:write"],
    ["slack_post_message", { people: ["a b", "c d"], text: "Hi" }, "mpim:write"],
    ["slack_read_messages", { people: ["octocat"] }, "im:read im:history"],
    ["slack_list_channels", { kinds: ["direct"] }, "im:read"],
  ];
  for (const [name, args, scope] of rows) {
    assertEquals(askedFor(await use(name, args)), scope, name);
  }
  // The link is the cure.
  await gateway.connect("slack", { scope: "slack.search" });
  assert(!(await use("slack_search_messages", { query: "lunch" })).isError);
});

Deno.test("a scope that Slack misses with 200 is asked for, and what can go on without does", async () => {
  const faulty = faultyFetch();
  await using gateway = await startGateway({ emulate: ["slack"], fetch: faulty.fetch });
  await gateway.connect("slack");
  const missing = (needed: string) => () =>
    Response.json({ ok: false, error: "missing_scope", needed, provided: "identify" });
  faulty.on("/api/users.info", missing("users:read"));
  await gateway.mcp(call("slack_post_message", { channel: "general", text: "Lunch?" }));
  const read = await gateway.mcp(call("slack_read_messages", { channel: "general" }));
  assertStringIncludes(
    read.json.result.content[0].text,
    "The names of people have not been granted.",
  );
  faulty.on("/api/conversations.history", missing("channels:history,groups:history"));
  const refused = await gateway.mcp(call("slack_read_messages", { channel: "general" }));
  assertEquals(refused.json.result.structuredContent.error, "insufficient_scope");
  assertEquals(askedFor(refused.json.result), "channels:history");
});

Deno.test("a message that Slack may have posted is not posted again", async () => {
  const faulty = faultyFetch();
  await using gateway = await startGateway({ emulate: ["slack"], fetch: faulty.fetch });
  await gateway.connect("slack");
  faulty.on("/api/chat.postMessage", async (_request, send) => {
    await (await send()).body?.cancel();
    return Response.json({ ok: false, error: "internal_error" });
  });
  const args = { channel: "general", text: "Once" };
  const { json } = await gateway.mcp(call("slack_post_message", args));
  assertEquals(json.result.structuredContent.error, "may_have_been_done");
  assertStringIncludes(json.result.content[0].text, "look first");
  const again = await gateway.mcp(call("slack_post_message", args));
  assertEquals(again.json.result.structuredContent.error, "may_have_been_done");
  assertEquals(faulty.count("/api/chat.postMessage"), 1);
});
