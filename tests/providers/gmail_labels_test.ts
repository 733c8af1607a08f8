import { assertEquals, assertStringIncludes } from "@std/assert";
import { gmailTools } from "../../providers/google/gmail/tools.ts";
import { google } from "../../providers/google/google.ts";
import {
  answeredBy,
  callTool,
  type EmulatedApi,
  faultOf,
  type Json,
  startApi,
  wrongFields,
} from "../support/api.ts";

const EMAIL = "me@example.com";
const MESSAGES = "/gmail/v1/users/me/messages";

function start(): Promise<EmulatedApi> {
  return startApi(google, {
    users: [{ email: EMAIL, name: "Me" }],
    labels: [
      { id: "Label_1", user_email: EMAIL, name: "Ops/Review" },
      { id: "Label_2", user_email: EMAIL, name: "Receipts" },
    ],
    messages: [1, 2, 3].map((index) => ({
      id: `msg_${index}`,
      user_email: EMAIL,
      to: EMAIL,
      from: "ana@example.com",
      subject: `Number ${index}`,
      body_text: "Hello",
      label_ids: ["INBOX", "UNREAD"],
    })),
  });
}

async function labelsOf(emulator: EmulatedApi, id: string): Promise<string[]> {
  return (await emulator.read(`${MESSAGES}/${id}`)).labelIds.sort();
}

function label(emulator: EmulatedApi, args: Json) {
  return callTool(gmailTools, "label_messages", args, emulator.api);
}

Deno.test("gmail_label_messages() adds and removes labels by name and by id", async () => {
  await using emulator = await start();
  const { text, data } = await label(emulator, {
    message_ids: ["msg_1", "msg_2"],
    add: ["ops/review", "Label_2", "starred"],
    remove: ["UNREAD"],
  });
  assertEquals(text, "On 2 messages, added Ops/Review, Receipts, STARRED and removed UNREAD.");
  assertEquals(data.message_ids, ["msg_1", "msg_2"]);
  for (const id of ["msg_1", "msg_2"]) {
    assertEquals(await labelsOf(emulator, id), ["INBOX", "Label_1", "Label_2", "STARRED"]);
  }
  assertEquals(await labelsOf(emulator, "msg_3"), ["INBOX", "UNREAD"]);
  const one = await label(emulator, { message_ids: ["msg_1"], remove: ["Ops/Review", "STARRED"] });
  assertEquals(one.text, "On 1 message, removed Ops/Review, STARRED.");
  assertEquals(await labelsOf(emulator, "msg_1"), ["INBOX", "Label_2"]);
});

Deno.test("gmail_label_messages() says which labels there are when one is not", async () => {
  await using emulator = await start();
  const fault = await faultOf(label(emulator, { message_ids: ["msg_1"], add: ["Invoices"] }));
  assertEquals(fault.kind, "not_found");
  assertStringIncludes(
    fault.message,
    'Gmail has no label "Invoices". There are Ops/Review; Receipts.',
  );
  assertEquals(await labelsOf(emulator, "msg_1"), ["INBOX", "UNREAD"]);
});

Deno.test("gmail_label_messages() refuses what makes no sense", async () => {
  await using emulator = await start();
  const message_ids = ["msg_1"];
  const nothing = await faultOf(label(emulator, { message_ids }));
  assertStringIncludes(nothing.message, "Say which labels");
  const both = await faultOf(label(emulator, { message_ids, add: ["INBOX"], remove: ["inbox"] }));
  assertStringIncludes(both.message, "INBOX cannot be both added and removed");
  const wrong = (args: Json) =>
    wrongFields(gmailTools, "label_messages", { message_ids, add: ["x"], ...args });
  assertEquals(wrong({ message_ids: [] }), ["message_ids"]);
  assertEquals(wrong({ message_ids: ["a", "../b"] }), ["message_ids.1"]);
  assertEquals(wrong({ add: "x" }), ["add"]);
  assertEquals(wrong({ labels: ["x"] }), ["labels"]);
});

Deno.test("gmail_archive_messages() takes messages out of the inbox", async () => {
  await using emulator = await start();
  const archive = (message_ids: string[]) =>
    callTool(gmailTools, "archive_messages", { message_ids }, emulator.api);
  const { text, data } = await archive(["msg_1", "msg_3"]);
  assertEquals(text, "Archived 2 messages.");
  assertEquals(data.removed, ["INBOX"]);
  assertEquals(await labelsOf(emulator, "msg_1"), ["UNREAD"]);
  assertEquals(await labelsOf(emulator, "msg_2"), ["INBOX", "UNREAD"]);
  assertEquals((await archive(["msg_1"])).text, "Archived 1 message.");
  assertEquals((await faultOf(archive(["nothing"]))).kind, "not_found");
});

Deno.test("gmail labels are changed in one request for many messages", async () => {
  const seen: [string, Json][] = [];
  const api = answeredBy(google, async (request) => {
    seen.push([new URL(request.url).pathname, await request.json()]);
    return new Response(null, { status: 204 });
  });
  const message_ids = [...Array.from({ length: 500 }, (_, index) => `m${index % 499}`)];
  const { data } = await callTool(gmailTools, "archive_messages", { message_ids }, api);
  assertEquals(data.message_ids.length, 499);
  assertEquals(seen.length, 1);
  const [[path, body]] = seen as [[string, Json]];
  assertEquals(path, `${MESSAGES}/batchModify`);
  assertEquals(body.ids.length, 499);
  assertEquals([body.addLabelIds, body.removeLabelIds], [[], ["INBOX"]]);
});

const googleError = (code: number) =>
  Response.json({ error: { code, message: "No." } }, { status: code });

/** Gmail with these labels; what was asked of it, and what it says of each message. */
function gmailWith(
  names: string[],
  answers: { message?: (id: string) => Response; batch?: (at: number) => Response } = {},
) {
  const asked: { path: string; body?: Json }[] = [];
  const system = ["INBOX", "UNREAD", "STARRED", "SENT", "DRAFT", "CATEGORY_PROMOTIONS"];
  const labels = [
    ...system.map((id) => ({ id, name: id, type: "system" })),
    ...names.map((name, at) => ({ id: `Label_${at}`, name, type: "user" })),
  ];
  let batches = 0;
  const api = answeredBy(google, async (request) => {
    const path = new URL(request.url).pathname.replace("/gmail/v1/users/me/", "");
    const body = request.method === "POST" ? await request.json() : undefined;
    asked.push({ path, body });
    if (path === "labels" && body !== undefined) return Response.json({ id: "New_1", ...body });
    if (path === "labels") return Response.json({ labels });
    if (path === "messages/batchModify") {
      return answers.batch?.(batches++) ?? new Response(null, { status: 204 });
    }
    const [, id = ""] = /^messages\/([^/]+)/.exec(path) ?? [];
    return answers.message?.(id) ?? Response.json({ id });
  });
  const change = (args: Json) =>
    callTool(gmailTools, "gmail_label_messages", { message_ids: ["m"], ...args }, api);
  /** The ids that are put on and taken off. */
  const changes = async (args: Json) => {
    await change(args);
    const { body } = asked.findLast(({ body }) => body?.addLabelIds !== undefined)!;
    return [body.addLabelIds, body.removeLabelIds];
  };
  return { asked, api, change, changes };
}

Deno.test("gmail_label_messages() knows the words that people use", async () => {
  const { changes } = gmailWith(["Ops/Review", "Receipts 2026", "ops"]);
  const rows: [Json, add: string[], remove: string[]][] = [
    [{ add: ["read"] }, [], ["UNREAD"]],
    [{ add: ["unread"] }, ["UNREAD"], []],
    [{ remove: ["Read"] }, ["UNREAD"], []],
    [{ add: ["archive"] }, [], ["INBOX"]],
    [{ add: ["bin"] }, ["TRASH"], []],
    [{ add: ["Trash"], remove: ["Spam"] }, ["TRASH"], ["SPAM"]],
    [{ add: ["star", "Starred"] }, ["STARRED"], []],
    [{ add: ["Important"], remove: ["promotions"] }, ["IMPORTANT"], ["CATEGORY_PROMOTIONS"]],
    [{ add: ["Promotions category"] }, ["CATEGORY_PROMOTIONS"], []],
    [{ add: [" OPS / review "] }, ["Label_0"], []],
    [{ add: ["Review"] }, ["Label_0"], []],
    [{ add: ["receipts  2026"] }, ["Label_1"], []],
    [{ add: ["Label_2"] }, ["Label_2"], []],
  ];
  for (const [args, add, remove] of rows) {
    assertEquals(await changes(args), [add, remove], JSON.stringify(args));
  }
  const { change } = gmailWith([]);
  const said: [Json, string][] = [
    [{ remove: ["UNREAD"] }, "Marked 1 message as read."],
    [{ add: ["UNREAD"] }, "Marked 1 message as unread."],
    [{ add: ["STARRED"] }, "Starred 1 message."],
    [{ remove: ["STARRED"] }, "Took the star off 1 message."],
    [{ remove: ["TRASH"] }, "Took 1 message out of the trash."],
    [{ add: ["spam"] }, "Moved 1 message to spam."],
    [{ add: ["inbox"] }, "Moved 1 message to the inbox."],
    [{ add: ["STARRED"], remove: ["INBOX"] }, "On 1 message, added STARRED and removed INBOX."],
  ];
  for (const [args, text] of said) assertEquals((await change(args)).text, text);
  // Somebody's own label comes first.
  const own = gmailWith(["Read", "Promotions", "a/Review", "b/Review"]);
  assertEquals(await own.changes({ add: ["read", "promotions"] }), [["Label_0", "Label_1"], []]);
  assertEquals((await faultOf(own.change({ add: ["review"] }))).kind, "not_found");
  const both = await faultOf(own.change({ add: ["starred"], remove: ["star"] }));
  assertStringIncludes(both.message, "cannot be both added and removed");
  for (const fixed of ["sent", "DRAFT"]) {
    assertStringIncludes(
      (await faultOf(own.change({ add: [fixed] }))).message,
      "Gmail itself decides",
    );
  }
});

Deno.test("gmail_label_messages() names the labels that are the most like an unknown one", async () => {
  const names = [
    "Invoices",
    "Travel/Invoice scans",
    "Holidays",
    "Work",
    "Family",
    "School",
    "Bank",
  ];
  const { change, asked } = gmailWith(names);
  const fault = await faultOf(change({ add: ["invoces"] }));
  assertEquals(fault.kind, "not_found");
  assertStringIncludes(fault.message, 'no label "invoces". The nearest are Invoices;');
  assertEquals(asked.length, 1);
});

Deno.test("gmail_label_messages() makes a label only where that is asked for", async () => {
  await using emulator = await start();
  const args = { message_ids: ["msg_1"], add: ["Trips/Łódź"] };
  assertEquals((await faultOf(label(emulator, args))).kind, "not_found");
  const { text, data } = await label(emulator, { ...args, create: true });
  assertEquals(text, "On 1 message, added Trips/Łódź. Made the label Trips/Łódź.");
  assertEquals(data.created, ["Trips/Łódź"]);
  const { labels } = await emulator.read("/gmail/v1/users/me/labels");
  const made = labels.find(({ name }: Json) => name === "Trips/Łódź");
  assertEquals((await labelsOf(emulator, "msg_1")).includes(made.id), true);
  // It is there now.
  assertEquals((await label(emulator, { ...args, create: true })).data.created, undefined);
  // Nothing is made where the rest cannot be done.
  const { change, asked } = gmailWith([]);
  await faultOf(change({ add: ["New"], remove: ["Other"], create: true }));
  assertEquals(asked.filter(({ body }) => body !== undefined), []);
});

Deno.test("gmail_label_messages() says which messages were not changed", async () => {
  const message_ids = ["a", "gone", "stays", "b"];
  const { change } = gmailWith([], {
    message: (id) =>
      id === "gone"
        ? googleError(404)
        : Response.json({ id, labelIds: id === "stays" ? ["INBOX"] : ["STARRED"] }),
  });
  const { text, data } = await change({ message_ids, add: ["STARRED"] });
  assertEquals(
    text,
    "Starred 2 messages. 1 message was not there any more. 1 message was not changed.",
  );
  assertEquals([data.message_ids, data.not_changed], [["a", "b"], 2]);
  const one = await change({ message_ids: ["stays"], add: ["STARRED"] });
  assertStringIncludes(one.text, "Starred no messages. 1 message was not changed.");
  const gone = gmailWith([], { message: () => googleError(404) });
  const fault = await faultOf(gone.change({ message_ids: ["a", "b"], add: ["STARRED"] }));
  assertEquals([fault.kind, fault.mayBeDone], ["not_found", false]);
  // It is done, and could not be looked at.
  const unseen = gmailWith([], { message: () => googleError(500) });
  const done = await unseen.change({ message_ids: ["a", "b"], add: ["STARRED"] });
  assertEquals(done.data.message_ids, ["a", "b"]);
  assertStringIncludes(done.text, "Gmail did not say whether all of them are still there.");
});

Deno.test("gmail_label_messages() changes thousands of messages, and says where it came to an end", async () => {
  const message_ids = Array.from({ length: 2_500 }, (_, index) => `m${index}`);
  const { change, asked } = gmailWith([]);
  const { text, data } = await change({ message_ids, add: ["TRASH"] });
  assertEquals(asked.map(({ body }) => body.ids.length), [1_000, 1_000, 500]);
  assertEquals(data.message_ids.length, 2_500);
  assertStringIncludes(text, "Moved 2500 messages to the trash.");
  const broken = gmailWith([], { batch: (at) => at === 1 ? googleError(500) : new Response() });
  const part = await broken.change({ message_ids, add: ["TRASH"] });
  assertEquals([part.data.message_ids.length, part.data.not_changed], [1_000, 1_500]);
  assertStringIncludes(part.text, "The other 1500 may not have been changed: Google is not");
  const wrong = (args: Json) => wrongFields(gmailTools, "label_messages", args);
  assertEquals(wrong({ message_ids: Array(5_001).fill("m") }), ["message_ids"]);
  assertEquals(wrongFields(gmailTools, "archive_messages", { message_ids: ["m"], add: ["x"] }), [
    "add",
  ]);
});

Deno.test("gmail_list_labels() lists the labels, and counts the messages of some", async () => {
  await using emulator = await start();
  const list = (args: Json = {}) => callTool(gmailTools, "list_labels", args, emulator.api);
  const { text, data } = await list();
  assertEquals(text, "The person's own labels: Ops/Review; Receipts.");
  assertEquals(data.labels.slice(0, 2), [
    { id: "Label_1", name: "Ops/Review", is_own: true },
    { id: "Label_2", name: "Receipts", is_own: true },
  ]);
  assertEquals(data.labels.some(({ id, is_own }: Json) => id === "INBOX" && !is_own), true);
  const counted = await list({ count: ["inbox", "receipts"] });
  assertEquals(
    counted.text,
    "INBOX has 3 messages, 3 unread. Receipts has no messages.",
  );
  assertEquals(counted.data.counts[0], { name: "INBOX", messages: 3, unread: 3 });
  assertStringIncludes((await faultOf(list({ count: ["Trips"] }))).message, 'no label "Trips"');
});

Deno.test("gmail_list_labels() says what it leaves out, and what cannot be counted", async () => {
  const many = gmailWith(Array.from({ length: 400 }, (_, at) => `Label number ${at}`));
  const { text, data } = await callTool(gmailTools, "list_labels", {}, many.api);
  assertEquals([data.labels.length, data.labels_left_out], [300, 106]);
  assertStringIncludes(text, "106 labels are left out.");
  const api = answeredBy(
    google,
    ({ url }) =>
      url.endsWith("/labels")
        ? Response.json({ labels: [{ id: "A", name: "a" }, { id: "B", name: "b", type: null }] })
        : url.endsWith("/A")
        ? Response.json({ id: "A", name: "a", messagesTotal: null })
        : googleError(404),
  );
  const counted = await callTool(gmailTools, "list_labels", { count: ["A", "B"] }, api);
  assertEquals(counted.data.counts, [{ name: "a", messages: 0, unread: 0 }]);
  assertStringIncludes(counted.text, "1 label could not be counted.");
});
