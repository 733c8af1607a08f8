import { assertEquals, assertStringIncludes } from "@std/assert";
import { gmailTools } from "../../providers/google/gmail.ts";
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
