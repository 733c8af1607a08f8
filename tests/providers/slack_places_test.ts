/** Which channel or person is meant, and what is said of those that are not found. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { placeOf } from "../../providers/slack/links.ts";
import { faultOf, type Json } from "../support/api.ts";
import { ALL_SCOPES, GENERAL, scriptedSlack, startSlack } from "../support/slack.ts";

const channel = (id: string, name: string, more: Json = {}) => ({ id, name, ...more });
const CHANNELS = [
  channel("C1GENERAL", "general"),
  channel("C2REVIEW1", "design-review"),
  channel("C3PLANS01", "plans", { is_private: true, num_members: 3 }),
  channel("C4PLANS01", "plans", { is_ext_shared: true, num_members: 40 }),
  channel("C5UMLAUT1", "prüfung"),
];

/** Slack with these channels; one that has `is_archived` is listed where archived ones are. */
function channelsOf(channels: Json[], more: Json = {}) {
  return scriptedSlack({
    "conversations.list": ({ types, exclude_archived, limit }) => {
      if (Number(limit) > 999) return { ok: false, error: "invalid_limit" };
      const kinds = types.split(",");
      const listed = channels.filter((one) =>
        kinds.includes(one.is_private ? "private_channel" : "public_channel") &&
        !(exclude_archived === "true" && one.is_archived)
      );
      return { ok: true, channels: listed, response_metadata: { next_cursor: "" } };
    },
    "conversations.history": { ok: true, messages: [] },
    "conversations.info": ({ channel }) => {
      const found = channels.find(({ id }) => id === channel);
      return found ? { ok: true, channel: found } : { ok: false, error: "channel_not_found" };
    },
    ...more,
  });
}

Deno.test("a channel is meant by its name in any case, its id and a link", async () => {
  const { call } = channelsOf(CHANNELS);
  const rows: [wanted: string, id: string, label: string][] = [
    ["general", "C1GENERAL", "#general"],
    ["#General", "C1GENERAL", "#general"],
    ["GENERAL", "C1GENERAL", "#general"],
    ["design review", "C2REVIEW1", "#design-review"],
    ["Design_Review", "C2REVIEW1", "#design-review"],
    ["Prufung", "C5UMLAUT1", "#prüfung"],
    ["C2REVIEW1", "C2REVIEW1", "#design-review"],
    ["<#C2REVIEW1|old-name>", "C2REVIEW1", "#design-review"],
    ["https://acme.slack.com/archives/C2REVIEW1", "C2REVIEW1", "#design-review"],
    ["https://app.slack.com/client/T0ACME001/C2REVIEW1", "C2REVIEW1", "#design-review"],
    ["C9UNKNOWN1", "C9UNKNOWN1", "that channel"],
  ];
  for (const [wanted, id, label] of rows) {
    const { text, data } = await call("slack_read_messages", { channel: wanted });
    assertEquals([data.channel, text], [id, `Read no messages in ${label}.`], wanted);
  }
});

Deno.test("two channels of one name are asked about", async () => {
  const { asked, call } = channelsOf(CHANNELS);
  const fault = await faultOf(call("slack_post_message", { channel: "plans", text: "Hi" }));
  assertEquals(fault, {
    kind: "invalid",
    message: "Several Slack channels could be plans: #plans, private, 3 members (C3PLANS01); " +
      "#plans, public, shared with another company, 40 members (C4PLANS01). Which one?",
  });
  assert(asked.every(({ method }) => method === "conversations.list"));
});

Deno.test("a channel that is not there is said with those that are like it", async () => {
  const { call } = channelsOf(CHANNELS);
  const reading = async (channel: string) =>
    (await faultOf(call("slack_read_messages", { channel }))).message;
  assertEquals(
    await reading("review"),
    "Slack has no channel called review that this account can see. There is #design-review.",
  );
  for (const heard of ["generel", "gneral", "genral", "generall"]) {
    assertStringIncludes(await reading(heard), "There is #general.");
  }
  assertEquals(
    await reading("nowhere"),
    "Slack has no channel called nowhere that this account can see.",
  );
});

Deno.test("an archived channel is found where no other has its name", async () => {
  const { call } = channelsOf([channel("C6OLD0001", "old", { is_archived: true })]);
  const { data } = await call("slack_read_messages", { channel: "old" });
  assertEquals(data.channel, "C6OLD0001");
});

Deno.test("all pages are looked through, to a bound that is said", async () => {
  let pages = 0;
  const { call } = channelsOf([], {
    "conversations.list": () => {
      pages += 1;
      const channels = [channel(`C${pages}PAGE000`, `page-${pages}`), { id: 5 }];
      return { ok: true, channels, response_metadata: { next_cursor: String(pages) } };
    },
  });
  const { data } = await call("slack_read_messages", { channel: "page-4" });
  assertEquals([data.channel, pages], ["C4PAGE000", 5]);
  const { message } = await faultOf(call("slack_read_messages", { channel: "nowhere" }));
  assertStringIncludes(message, "Only the first 5 were looked through.");
});

Deno.test("public channels are read where private ones were not granted", async () => {
  await using emulated = await startSlack({ strict_scopes: true }, [
    "channels:read",
    "channels:history",
  ]);
  const listed = await emulated.call("slack_list_channels", {});
  assertEquals(listed.data.channels.every(({ is_private }: Json) => !is_private), true);
  assertStringIncludes(
    listed.text,
    "Only public ones could be looked at: the others have not been granted.",
  );
  const { text } = await emulated.call("slack_read_messages", { channel: "general" });
  assertEquals(text, "Read no messages in #general.");
  // It may be a private one: that is asked for.
  const fault = await faultOf(emulated.call("slack_read_messages", { channel: "plans" }));
  assertEquals([fault.kind, fault.scopes], ["missing_scope", ["groups:read"]]);
  const like = await faultOf(emulated.call("slack_read_messages", { channel: "genera" }));
  assertEquals(like.kind, "not_found");
});

Deno.test("direct messages are listed by whom they are with, where that was granted", async () => {
  await using emulated = await startSlack({}, ALL_SCOPES);
  await emulated.call("slack_post_message", { people: ["zoe"], text: "Hi" });
  const { text, data } = await emulated.call("slack_list_channels", { kinds: ["direct"] });
  assertEquals(text, "Found 1 conversation: Zoë Díaz.");
  assertEquals([data.channels[0].name, data.channels[0].is_direct], ["Zoë Díaz", true]);
});

Deno.test("short and empty pages of channels are gone on with", async () => {
  const pages = [[], [channel("C1AAAAAAA", "a")], [channel("C2BBBBBBB", "b"), null]];
  let page = 0;
  const { asked, call } = channelsOf([], {
    "conversations.list": () => {
      const channels = pages[page] ?? [];
      page += 1;
      const next_cursor = page < pages.length ? String(page) : "";
      return { ok: true, channels, response_metadata: { next_cursor } };
    },
  });
  const { text, data } = await call("slack_list_channels", { limit: 10 });
  assertEquals(text, "Found 2 channels: #a; #b. 1 channel could not be read.");
  assertEquals([data.has_more, asked.length], [false, 3]);
});

const person = (id: string, real_name: string, more: Json = {}) => ({ id, real_name, ...more });
const PEOPLE = [
  person("U1ANABELL", "Ana Bell", { name: "ana", profile: { title: "Designer" } }),
  person("U2ANACRUZ", "Ana Cruz", { is_restricted: true }),
  person("U3ANADULL", "Ana Dull", { deleted: true }),
  person("U4BOEK000", "Bo Ek", { deleted: true }),
  person("U5ZOE0000", "Zoë Díaz"),
  person("W6GRID000", "Gry Id"),
  person("U7BOT0000", "Zoë Bot", { is_bot: true }),
];

function peopleOf(members: Json[], more: Json = {}) {
  return scriptedSlack({
    "users.list": ({ limit }) =>
      Number(limit) > 999
        ? { ok: false, error: "invalid_limit" }
        : { ok: true, members, response_metadata: { next_cursor: "" } },
    "users.info": ({ user }) => {
      const found = members.find(({ id }) => id === user);
      return found ? { ok: true, user: found } : { ok: false, error: "user_not_found" };
    },
    "users.lookupByEmail": { ok: false, error: "users_not_found" },
    "conversations.open": ({ users }) => ({ ok: true, channel: { id: "D0DIRECT1", user: users } }),
    "chat.postMessage": { ok: true, channel: "D0DIRECT1", ts: "5.1" },
    ...more,
  });
}

Deno.test("a person is meant by a name as it sounds, a handle, an address and an id", async () => {
  const { asked, call } = peopleOf(PEOPLE);
  for (
    const [wanted, id] of [
      ["ana bell", "U1ANABELL"],
      ["@ana", "U1ANABELL"],
      ["bell", "U1ANABELL"],
      ["zoe", "U5ZOE0000"],
      ["diaz zoe", "U5ZOE0000"],
      ["W6GRID000", "W6GRID000"],
      ["<@W6GRID000>", "W6GRID000"],
    ] as const
  ) {
    await call("slack_post_message", { people: [wanted], text: "Hi" });
    const opened = asked.findLast(({ method }) => method === "conversations.open");
    assertEquals(opened?.args.users, id, wanted);
  }
});

Deno.test("who calls themselves by a first name alone gets nothing that may be another's", async () => {
  const squatter = person("U8SQUAT00", "Ana", { profile: { display_name: "Ana" } });
  const { asked, call } = peopleOf([...PEOPLE, squatter]);
  const fault = await faultOf(call("slack_post_message", { people: ["Ana"], text: "Hi" }));
  assertStringIncludes(fault.message, "Several people in Slack could be Ana: Ana Bell");
  // Both are called so as a whole.
  const twin = peopleOf([...PEOPLE, person("U8SQUAT00", "Ana Bell")]);
  const two = await faultOf(twin.call("slack_post_message", { people: ["Ana Bell"], text: "Hi" }));
  assertStringIncludes(two.message, "Ana Bell (U8SQUAT00)");
  assert(asked.every(({ method }) => method === "users.list"));
});

Deno.test("a person can be told of as me", async () => {
  const { asked, call } = peopleOf(PEOPLE, {
    "auth.test": { ok: true, user_id: "U5ZOE0000" },
  });
  await call("slack_post_message", { people: ["me"], text: "Note" });
  assertEquals(
    asked.find(({ method }) => method === "conversations.open")?.args.users,
    "U5ZOE0000",
  );
});

Deno.test("who could be several people, nobody, or somebody who left is asked about", async () => {
  const { asked, call } = peopleOf(PEOPLE.map((user) => ({ ...user, name: undefined })));
  const posting = async (name: string) =>
    (await faultOf(call("slack_post_message", { people: [name], text: "Hi" }))).message;
  assertEquals(
    await posting("Ana"),
    "Several people in Slack could be Ana: Ana Bell, Designer (U1ANABELL); " +
      "Ana Cruz, guest (U2ANACRUZ). Which one?",
  );
  assertEquals(await posting("Bo"), "Bo Ek's Slack account has been deactivated.");
  assertEquals(await posting("Nobody"), "Slack has nobody called Nobody.");
  assertEquals(
    await posting("no@example.com"),
    "Slack has nobody with the address no@example.com.",
  );
  assert(asked.every(({ method }) => method.startsWith("users.")));
});

Deno.test("a part of a name is not enough where not everybody was looked through", async () => {
  const { call } = peopleOf(PEOPLE, {
    "users.list": { ok: true, members: PEOPLE, response_metadata: { next_cursor: "more" } },
  });
  const posting = (name: string) => call("slack_post_message", { people: [name], text: "Hi" });
  assertStringIncludes((await faultOf(posting("gry"))).message, "Only 35 accounts were looked");
});

Deno.test("guests and people of other workspaces are said to be such", async () => {
  const { call } = peopleOf([
    person("U1A", "Cy One", { is_ultra_restricted: true }),
    person("U2A", "Cy Two", { is_stranger: true }),
    person("U3A", "Cy Three", { deleted: true }),
    person("U4A", "Cy Four", { profile: null, tz: null, is_bot: null }),
    { name: "no id" },
  ]);
  const { text, data } = await call("slack_search_people", { query: "cy" });
  assertEquals(
    text,
    "Found 3 people: Cy One, guest; Cy Two, another workspace; Cy Four. " +
      "1 deactivated account of that name was left out.",
  );
  assertEquals(data.people.map(({ status }: Json) => status), [
    "guest",
    "another workspace",
    undefined,
  ]);
});

Deno.test("placeOf() knows Slack's links, and no others", () => {
  const rows: [link: string, place: Json][] = [
    ["https://acme.slack.com/archives/C1GENERAL/p1700000000000100", {
      channel: "C1GENERAL",
      ts: "1700000000.000100",
      thread: undefined,
    }],
    [
      "https://acme.enterprise.slack.com/archives/C1GENERAL/p1700000000000100?thread_ts=1699999999.000100&cid=C1GENERAL",
      { channel: "C1GENERAL", ts: "1700000000.000100", thread: "1699999999.000100" },
    ],
    ["<https://acme.slack.com/archives/D1GENERAL|here>", {
      channel: "D1GENERAL",
      ts: undefined,
      thread: undefined,
    }],
    ["https://slack.com.evil.example/archives/C1GENERAL/p1700000000000100", undefined],
    ["https://evilslack.com/archives/C1GENERAL", undefined],
    ["http://acme.slack.com/archives/C1GENERAL", undefined],
    ["https://acme.slack.com/archives/C1/../x", undefined],
    ["https://acme.slack.com/files/C1GENERAL", undefined],
    ["general", undefined],
    ["", undefined],
  ];
  for (const [link, place] of rows) assertEquals(placeOf(link), place, link);
});

Deno.test("an id is read as it is given, whatever Slack says of it", async () => {
  const { call } = channelsOf([], {
    "conversations.info": { ok: true, channel: { id: GENERAL, is_im: true, user: "U1ANABELL" } },
    "users.info": { ok: true, user: PEOPLE[0] },
  });
  const { text, data } = await call("slack_read_messages", { channel: "D0DIRECT1" });
  assertEquals(text, "Read no messages in the direct messages with Ana Bell.");
  assertEquals([data.channel, data.people], ["D0DIRECT1", ["Ana Bell"]]);
});
