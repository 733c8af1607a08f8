/** Slack's tools with a token for a whole organisation, whose workspaces have to be named. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { type Json } from "../support/api.ts";
import { scriptedSlack } from "../support/slack.ts";

const missing = { ok: false, error: "missing_argument" };
const CHANNELS: Record<string, Json[]> = {
  T1ONE: [{ id: "C1GENERAL", name: "general" }, { id: "C2SHARED0", name: "shared" }],
  T2TWO: [{ id: "C2SHARED0", name: "shared" }, { id: "C3PLANS00", name: "plans" }],
};

function organisation() {
  return scriptedSlack({
    "auth.teams.list": { ok: true, teams: [{ id: "T1ONE" }, { id: "T2TWO" }] },
    "conversations.list": ({ team_id, limit, cursor = "0" }) => {
      if (team_id === undefined) return missing;
      const end = Number(cursor) + Number(limit);
      const all = CHANNELS[team_id]!;
      const next_cursor = end < all.length ? String(end) : "";
      return {
        ok: true,
        channels: all.slice(Number(cursor), end),
        response_metadata: { next_cursor },
      };
    },
    "conversations.history": { ok: true, messages: [] },
    "users.list": ({ team_id }) =>
      team_id === undefined
        ? missing
        : { ok: true, members: [{ id: `W${team_id}`, real_name: `Ana of ${team_id}` }] },
    "search.messages": ({ team_id }) =>
      team_id === undefined
        ? missing
        : { ok: true, messages: { total: 1, matches: [{ ts: "1.1", text: `In ${team_id}` }] } },
  });
}

Deno.test("channels of all workspaces are found, and those that they share are one", async () => {
  const { call } = organisation();
  for (const [name, id] of [["plans", "C3PLANS00"], ["shared", "C2SHARED0"]]) {
    assertEquals((await call("slack_read_messages", { channel: name })).data.channel, id);
  }
});

Deno.test("channels of all workspaces are listed one workspace after the other", async () => {
  const { call } = organisation();
  const names: string[] = [];
  let cursor: string | undefined;
  do {
    const { data } = await call("slack_list_channels", { limit: 1, cursor });
    names.push(...data.channels.map(({ name }: Json) => name));
    cursor = data.next_cursor;
  } while (cursor !== undefined);
  assertEquals(names, ["general", "shared", "shared", "plans"]);
  const { data } = await call("slack_list_channels", {});
  assertEquals(data.channels.map(({ name }: Json) => name), ["general", "shared", "plans"]);
});

Deno.test("people and messages of all workspaces are found", async () => {
  const { call } = organisation();
  const people = await call("slack_search_people", { query: "ana" });
  assertEquals(people.data.people.map(({ id }: Json) => id), ["WT1ONE", "WT2TWO"]);
  const found = await call("slack_search_messages", { query: "in" });
  assertEquals(found.data.messages.map(({ text }: Json) => text), ["In T1ONE", "In T2TWO"]);
  assertEquals([found.data.total, found.data.has_more], [2, false]);
  const one = await call("slack_search_messages", { query: "in", limit: 1 });
  assertStringIncludes(one.text, "Of each workspace only the first ones were looked at.");
});
