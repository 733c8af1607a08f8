/**
 * Sorting e-mail: labels, read and unread, the trash, and the archive, which is
 * the lack of a label.
 *
 * https://developers.google.com/workspace/gmail/api/guides/labels
 *
 * @module
 */

import { z } from "zod";
import { unique } from "../../../broker/core/lists.ts";
import { invalid } from "../../api_errors.ts";
import { type ApiClient, ApiError, tool } from "../../provider.ts";
import { count, oneLine } from "../../text.ts";
import { readEach } from "./fetch.ts";
import {
  findLabel,
  Label,
  LABELS,
  listOf,
  noSuchLabel,
  refuseFixed,
  reserved,
  type Wanted,
} from "./label_names.ts";
import { MessageId, MESSAGES } from "./message.ts";
import { TO_LABEL } from "./scopes.ts";

/** https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/batchModify */
const BATCH = 1_000;
/** So many are looked at again: of a batch Gmail does not say what became of each. */
export const MAX_CHECKED = 50;
export const MAX_MESSAGES = 5_000;
const NAME_LENGTH = 225;

const labelNames = z.array(z.string().min(1).max(NAME_LENGTH)).max(50).default([]);

/** What happens to the labels of some messages. */
interface Change {
  ids: string[];
  add: Pick<Label, "id" | "name">[];
  remove: Pick<Label, "id" | "name">[];
}

/** What became of it. */
interface Outcome {
  done: string[];
  gone: number;
  unchanged: number;
  unchecked: number;
  /** Why it did not come to its end. */
  because?: string | undefined;
}

export const labelMessages = tool({
  name: "gmail_label_messages",
  aliases: ["label_messages"],
  // Archiving was a tool of its own.
  formerly: {
    gmail_archive_messages: { args: { remove: ["INBOX"] }, only: ["message_ids"] },
    archive_messages: { args: { remove: ["INBOX"] }, only: ["message_ids"] },
  },
  service: "gmail",
  title: "Label e-mails",
  description:
    "Add or take off labels of Gmail messages: star (STARRED), mark read (remove UNREAD), " +
    "archive (remove INBOX), bin (TRASH). Nothing is deleted at once; Gmail empties the trash " +
    "after 30 days.",
  input: z.strictObject({
    message_ids: z.array(MessageId).min(1).max(MAX_MESSAGES),
    add: labelNames.describe("Names, also Gmail's own."),
    remove: labelNames,
    create: z.boolean().default(false).describe("Make labels to add that do not exist yet."),
  }),
  output: z.object({
    message_ids: z.array(z.string()),
    added: z.array(z.string()),
    removed: z.array(z.string()),
    created: z.array(z.string()).optional(),
    not_changed: z.number().optional(),
  }),
  hints: { readOnly: false, idempotent: true },
  content: ["add", "remove", "create"],
  scopes: TO_LABEL,
  async run({ message_ids, create, ...names }, { api }) {
    if (names.add.length + names.remove.length === 0) {
      throw invalid("Say which labels to add or remove.");
    }
    const { created, ...labels } = await resolve(api, names, create);
    const change = { ids: unique(message_ids), ...labels };
    const outcome = await modify(api, change);
    const { done, gone, unchanged, unchecked, because } = outcome;
    const missed = gone + unchanged;
    const notes = [
      ...(created.length > 0 ? [`Made the label ${created.map(oneLine).join(", ")}.`] : []),
      ...(gone > 0 ? [`${count(gone, "message")} ${be(gone)} not there any more.`] : []),
      ...(unchanged === 0
        ? []
        : because === undefined
        ? [`${count(unchanged, "message")} ${be(unchanged)} not changed.`]
        : [`The other ${unchanged} may not have been changed: ${because}`]),
      ...(unchecked > 0 ? ["Gmail did not say whether all of them are still there."] : []),
    ];
    return {
      text: [speakChange(change, done.length), ...notes].join(" "),
      notes,
      data: {
        message_ids: done,
        added: change.add.map(({ name }) => name),
        removed: change.remove.map(({ name }) => name),
        created: created.length > 0 ? created : undefined,
        not_changed: missed > 0 ? missed : undefined,
      },
    };
  },
});

function be(number: number): string {
  return number === 1 ? "was" : "were";
}

function speakChange({ add, remove }: Change, done: number): string {
  const messages = count(done, "message");
  const isOnly = (id: string, list: Change["add"], other: Change["add"]) =>
    list.length === 1 && other.length === 0 && list[0]!.id === id;
  if (isOnly("INBOX", remove, add)) return `Archived ${messages}.`;
  if (isOnly("INBOX", add, remove)) return `Moved ${messages} to the inbox.`;
  if (isOnly("TRASH", add, remove)) return `Moved ${messages} to the trash.`;
  if (isOnly("TRASH", remove, add)) return `Took ${messages} out of the trash.`;
  if (isOnly("SPAM", add, remove)) return `Moved ${messages} to spam.`;
  if (isOnly("STARRED", add, remove)) return `Starred ${messages}.`;
  if (isOnly("STARRED", remove, add)) return `Took the star off ${messages}.`;
  if (isOnly("UNREAD", add, remove)) return `Marked ${messages} as unread.`;
  if (isOnly("UNREAD", remove, add)) return `Marked ${messages} as read.`;
  const namesOf = (list: Change["add"]) => list.map(({ name }) => name).join(", ");
  const parts = [
    ...(add.length === 0 ? [] : [`added ${namesOf(add)}`]),
    ...(remove.length === 0 ? [] : [`removed ${namesOf(remove)}`]),
  ].join(" and ");
  return `On ${messages}, ${oneLine(parts)}.`;
}

/** The labels that are meant; those that are to be made are made, once it is clear that all are known. */
async function resolve(
  api: ApiClient,
  names: { add: string[]; remove: string[] },
  create: boolean,
): Promise<Pick<Change, "add" | "remove"> & { created: string[] }> {
  const isKnown = [...names.add, ...names.remove].every((name) => reserved(name) !== undefined);
  const all = isKnown ? [] : await listOf(api);
  const find = (name: string) => reserved(name) ?? findLabel(all, name);
  const change = { add: [] as Change["add"], remove: [] as Change["remove"] };
  const put = ({ label, isInverse }: Wanted, list: "add" | "remove") => {
    refuseFixed(label);
    const other = list === "add" ? "remove" : "add";
    const target = change[isInverse ? other : list];
    if (!target.some(({ id }) => id === label.id)) target.push(label);
  };
  const missing: string[] = [];
  for (const name of names.remove) {
    const found = find(name);
    if (found === undefined) throw noSuchLabel(all, name);
    put(found, "remove");
  }
  for (const name of names.add) {
    const found = find(name);
    if (found !== undefined) put(found, "add");
    else if (create) missing.push(name.trim());
    else throw noSuchLabel(all, name);
  }
  const both = change.add.find(({ id }) => change.remove.some((label) => label.id === id));
  if (both !== undefined) throw invalid(`${both.name} cannot be both added and removed.`);
  const created: string[] = [];
  for (const name of unique(missing)) {
    const label = await api.json(LABELS, Label, { method: "POST", body: { name } });
    change.add.push(label);
    created.push(label.name);
  }
  return { ...change, created };
}

async function modify(api: ApiClient, change: Change): Promise<Outcome> {
  const { ids } = change;
  const body = {
    addLabelIds: change.add.map(({ id }) => id),
    removeLabelIds: change.remove.map(({ id }) => id),
  };
  // Of a batch Gmail does not say that a message does not exist; of a single one it does.
  if (ids.length === 1) {
    const answer = await api.json(`${MESSAGES}/${ids[0]}/modify`, Modified, {
      method: "POST",
      body,
    });
    return outcomeOf(ids.filter(() => !isUndone(answer, change)), ids.length, 0);
  }
  const sent: string[] = [];
  for (let at = 0; at < ids.length; at += BATCH) {
    const batch = ids.slice(at, at + BATCH);
    try {
      await api.json(`${MESSAGES}/batchModify`, z.unknown(), {
        method: "POST",
        body: { ids: batch, ...body },
      });
    } catch (error) {
      // What was done before is done, and has to be said; so is what may have been done.
      if (sent.length === 0 || !(error instanceof ApiError)) throw error;
      return { ...outcomeOf(sent, ids.length, 0, sent.length), because: error.fault.message };
    }
    sent.push(...batch);
  }
  if (sent.length > MAX_CHECKED) return outcomeOf(sent, sent.length, 0, sent.length);
  return await check(api, sent, change);
}

function outcomeOf(done: string[], asked: number, gone: number, unchecked = 0): Outcome {
  return { done, gone, unchanged: asked - done.length - gone, unchecked };
}

/** What Gmail says of a message that it changed. */
const Modified = z.object({ id: z.string(), labelIds: z.array(z.string()).nullish() });

function isUndone(answer: z.output<typeof Modified>, { add, remove }: Change): boolean {
  const { labelIds } = answer;
  if (!labelIds) return false;
  const has = ({ id }: { id: string }) => labelIds.includes(id);
  return !add.every(has) || remove.some(has);
}

/** Looks at each message again. What cannot be looked at was changed as well: Gmail said so. */
async function check(api: ApiClient, ids: string[], change: Change): Promise<Outcome> {
  const query = { format: "minimal" };
  const states = new Map<string, "gone" | "undone" | "done">();
  try {
    await readEach(ids, async (id) => {
      try {
        const answer = await api.json(`${MESSAGES}/${id}`, Modified, { query });
        states.set(id, isUndone(answer, change) ? "undone" : "done");
      } catch (error) {
        if (!(error instanceof ApiError) || error.fault.kind !== "not_found") throw error;
        states.set(id, "gone");
      }
    });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
  const gone = [...states.values()].filter((state) => state === "gone").length;
  if (gone === ids.length) {
    const message = "Gmail has none of these messages any more.";
    throw new ApiError({ kind: "not_found", message, mayBeDone: false });
  }
  const done = ids.filter((id) => (states.get(id) ?? "done") === "done");
  return outcomeOf(done, ids.length, gone, ids.length - states.size);
}
