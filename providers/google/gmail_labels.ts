/**
 * Sorting e-mail: labels, and the archive, which is the lack of one.
 *
 * https://developers.google.com/workspace/gmail/api/guides/labels
 *
 * @module
 */

import { z } from "zod";
import { invalid, notFound } from "../api_errors.ts";
import { type ApiClient, tool } from "../provider.ts";
import { count, enumerate, oneLine } from "../text.ts";
import { MessageId, MESSAGES } from "./gmail_message.ts";

const SCOPE = "https://www.googleapis.com/auth/gmail.modify";

const Labels = z.object({
  labels: z.array(z.object({ id: z.string(), name: z.string(), type: z.string().nullish() }))
    .nullish(),
});
type Label = NonNullable<z.output<typeof Labels>["labels"]>[number];

const messageIds = z.array(MessageId).min(1).max(500)
  .describe("The messages' ids, from gmail_search_messages.");

const labelNames = z.array(z.string().min(1).max(225)).max(50).default([]);

const output = z.object({
  message_ids: z.array(z.string()),
  added: z.array(z.string()),
  removed: z.array(z.string()),
});

/** What happens to the labels of some messages. */
interface Change {
  message_ids: string[];
  add: Label[];
  remove: Label[];
}

export const labelMessages = tool({
  name: "gmail_label_messages",
  aliases: ["label_messages"],
  service: "gmail",
  title: "Label e-mails",
  description: "Add labels to messages of the person's Gmail, or take them off. Use it to sort " +
    "messages, to star them (STARRED), to mark them read or unread (UNREAD), or to move them to " +
    "the bin (TRASH) or back.",
  input: z.strictObject({
    message_ids: messageIds,
    add: labelNames.describe("Labels to add, by name or id."),
    remove: labelNames.describe("Labels to take off, by name or id; to mark as read: UNREAD."),
  }),
  output,
  hints: { readOnly: false, idempotent: true },
  content: ["add", "remove"],
  scopes: [[SCOPE]],
  async run({ message_ids, add, remove }, { api }) {
    if (add.length + remove.length === 0) throw invalid("Say which labels to add or remove.");
    const { labels } = await api.json("/gmail/v1/users/me/labels", Labels);
    const find = (name: string) => findLabel(labels ?? [], name);
    const change = { message_ids, add: add.map(find), remove: remove.map(find) };
    const both = change.add.find(({ id }) => change.remove.some((label) => label.id === id));
    if (both !== undefined) throw invalid(`${both.name} cannot be both added and removed.`);
    const data = await modify(api, change);
    const done = [
      ...(data.added.length === 0 ? [] : [`added ${data.added.join(", ")}`]),
      ...(data.removed.length === 0 ? [] : [`removed ${data.removed.join(", ")}`]),
    ].join(" and ");
    return { text: `On ${count(data.message_ids.length, "message")}, ${oneLine(done)}.`, data };
  },
});

export const archiveMessages = tool({
  name: "gmail_archive_messages",
  aliases: ["archive_messages"],
  service: "gmail",
  title: "Archive e-mails",
  description: "Take messages out of the inbox of the person's Gmail and keep them. Use it when " +
    "they are done with messages. Nothing is deleted; a search still finds them.",
  input: z.strictObject({ message_ids: messageIds }),
  output,
  hints: { readOnly: false, idempotent: true },
  scopes: [[SCOPE]],
  async run({ message_ids }, { api }) {
    const data = await modify(api, {
      message_ids,
      add: [],
      remove: [{ id: "INBOX", name: "INBOX" }],
    });
    return { text: `Archived ${count(data.message_ids.length, "message")}.`, data };
  },
});

/** https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/batchModify */
async function modify(api: ApiClient, { message_ids, add, remove }: Change) {
  const ids = [...new Set(message_ids)];
  const body = { addLabelIds: add.map(idOf), removeLabelIds: remove.map(idOf) };
  // Of a batch Gmail does not say that a message does not exist; of a single one it does.
  const [path, more] = ids.length === 1 ? [`${ids[0]}/modify`, {}] : ["batchModify", { ids }];
  await api.json(`${MESSAGES}/${path}`, z.unknown(), {
    method: "POST",
    body: { ...more, ...body },
  });
  return { message_ids: ids, added: add.map(nameOf), removed: remove.map(nameOf) };
}

/**
 * A label by its id, by its exact name, or else by its name in any case. In this
 * order, because a person may have two labels that differ by case alone.
 */
function findLabel(labels: Label[], name: string): Label {
  const wanted = name.toLowerCase();
  const label = labels.find(({ id }) => id === name) ??
    labels.find((label) => label.name === name) ??
    labels.find((label) => label.name.toLowerCase() === wanted);
  if (label !== undefined) return label;
  const own = labels.filter(({ type }) => type === "user").map(nameOf);
  const known = own.length === 0
    ? "There are none of the person's own."
    : `There are ${enumerate(own)}.`;
  throw notFound(`Gmail has no label "${oneLine(name)}". ${known}`);
}

function idOf({ id }: Label): string {
  return id;
}

function nameOf({ name }: Label): string {
  return name;
}
