/**
 * Reading a whole conversation, oldest first, without what its messages repeat.
 *
 * https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.threads/get
 *
 * @module
 */

import { z } from "zod";
import { type ApiClient, ApiError } from "../../provider.ts";
import { count } from "../../text.ts";
import { loaderOf } from "./attachment.ts";
import { patiently, readEach } from "./fetch.ts";
import { dateOf, Message, MESSAGES, placeOf, senderOf, USER } from "./message.ts";
import { speakDay } from "./invitation.ts";
import { type Body, type File, filesOf, readBody } from "./mail_parts.ts";
import { Conversation } from "./mail_quotes.ts";
import { speakMailbox } from "./mime.ts";

/** Those before are left out. */
const MAX_MESSAGES = 100;
/** The newest of a conversation that is too long for one answer. */
const MAX_ONE_BY_ONE = 20;
/** Listed one by one, the newest; the text has them all. */
const MAX_LISTED = 30;

const Thread = z.object({ id: z.string(), messages: z.array(Message).nullish() });

export const ThreadMessage = z.object({
  id: z.string(),
  from: z.string(),
  date: z.string().optional(),
  unread: z.boolean(),
  place: z.enum(["trash", "spam", "drafts"]).optional(),
});

/** A conversation, put together. */
export interface ReadThread {
  /** The one that was asked for. */
  message: Message;
  text: string;
  messages: z.output<typeof ThreadMessage>[];
  messages_left_out?: number | undefined;
  files: File[];
  people: string[];
  notes: string[];
}

/** The conversation of a message; the id of a conversation will do as well. */
export async function readThread(
  api: ApiClient,
  id: string,
  now: number,
): Promise<ReadThread> {
  const { messages: all, failed } = await threadOf(api, id);
  const messages = all.slice(-MAX_MESSAGES);
  const conversation = new Conversation();
  const pieces: string[] = [];
  const files: File[] = [];
  let [cut, unread] = [0, 0];
  for (const message of messages) {
    const load = loaderOf(api, message.id);
    const body = message.payload ? await readBody(message.payload, load) : NO_BODY;
    const { text, isCut } = conversation.next(body.text);
    cut += isCut ? 1 : 0;
    unread += body.unread + (body.isCut ? 1 : 0);
    const own = message.payload ? filesOf(message.payload) : [];
    files.push(...own.map((file) => ({ ...file, messageId: message.id })));
    const says = text === "" && body.unread === 0 ? "It has no text." : asItsOwn(text);
    const attached = own.length === 0 ? "" : `Attached: ${own.map(({ name }) => name).join(", ")}`;
    pieces.push(
      [headline(message, now), says, attached].filter(Boolean).join("\n"),
    );
  }
  const leftOut = all.length - messages.length;
  return {
    message: all.find((message) => message.id === id) ?? messages.at(-1) ?? { id },
    text: pieces.join("\n\n"),
    messages: messages.slice(-MAX_LISTED).map(summarize),
    messages_left_out: all.length > MAX_LISTED
      ? all.length - Math.min(MAX_LISTED, messages.length)
      : undefined,
    files,
    people: [...new Set(messages.map((message) => speakMailbox(senderOf(message))))],
    notes: [
      ...(leftOut > 0 ? [`The oldest ${count(leftOut, "message")} are left out.`] : []),
      ...(failed > 0 ? [`${count(failed, "message")} of it could not be read.`] : []),
      ...(cut > 0 ? ["What they quote of each other is left out."] : []),
      ...(unread > 0 ? ["Some text could not be had."] : []),
    ],
  };
}

/** Of a message that came without its parts. */
const NO_BODY: Body = { text: "", unread: 1 };

/** As {@linkcode headline} writes it: who hears the conversation takes it for another message. */
const HEADLINE =
  /^.{1,400}, (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, [A-Z][a-z]{2,8} \d{1,2}(?:, \d{4})?(?: \([^()]{1,30}\))?:\s*$/;

/** A line of a message that looks like the beginning of another one is said to be a part of it. */
function asItsOwn(text: string): string {
  return text.split("\n").map((line) =>
    HEADLINE.test(line.slice(0, 500)) ? `(In the text of this message:) ${line}` : line
  ).join("\n");
}

interface WholeThread {
  messages: Message[];
  /** Messages that could not be read. */
  failed: number;
}

async function threadOf(api: ApiClient, id: string): Promise<WholeThread> {
  const query = { format: "minimal" };
  try {
    const { threadId } = await patiently(() => api.json(`${MESSAGES}/${id}`, Message, { query }));
    return await wholeThread(api, threadId ?? id);
  } catch (error) {
    if (!(error instanceof ApiError) || error.fault.kind !== "not_found") throw error;
    return await wholeThread(api, id);
  }
}

/** At once, or where that is too much for one answer, the newest messages one by one. */
async function wholeThread(api: ApiClient, id: string): Promise<WholeThread> {
  const read = async (format: string) => {
    const path = `${USER}/threads/${encodeURIComponent(id)}`;
    const thread = await patiently(() => api.json(path, Thread, { query: { format } }));
    return inOrder(thread.messages ?? []);
  };
  try {
    return { messages: await read("full"), failed: 0 };
  } catch (error) {
    if (!(error instanceof ApiError) || error.fault.kind !== "unavailable") throw error;
    const all = await read("minimal");
    const older = all.slice(0, -MAX_ONE_BY_ONE);
    const { results, gone, failed } = await readEach(
      all.slice(-MAX_ONE_BY_ONE),
      (message) => api.json(`${MESSAGES}/${message.id}`, Message, { query: { format: "full" } }),
    );
    return { messages: results, failed: older.length + gone + failed };
  }
}

function inOrder(messages: Message[]): Message[] {
  return messages.toSorted((one, other) =>
    Number(one.internalDate ?? 0) - Number(other.internalDate ?? 0)
  );
}

function summarize(message: Message): z.output<typeof ThreadMessage> {
  return {
    id: message.id,
    from: senderOf(message, 50),
    date: dateOf(message),
    unread: message.labelIds?.includes("UNREAD") ?? false,
    place: placeOf(message),
  };
}

function headline(message: Message, now: number): string {
  const date = dateOf(message);
  const place = placeOf(message);
  const where = place === undefined
    ? ""
    : place === "drafts"
    ? " (a draft, not sent)"
    : ` (in the ${place === "spam" ? "spam folder" : place})`;
  const from = speakMailbox(senderOf(message)) || "Somebody";
  return `${from}${date === undefined ? "" : `, ${speakDay(date, now)}`}${where}:`;
}
