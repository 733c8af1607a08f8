/**
 * Finding e-mails and drafts.
 *
 * https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/list
 *
 * @module
 */

import { z } from "zod";
import { type ApiClient, ApiError, tool } from "../../provider.ts";
import { count, fitting, shorten } from "../../text.ts";
import { Draft, DRAFTS } from "./draft.ts";
import { patiently, readEach, type Readings } from "./fetch.ts";
import { dateOf, headerOf, Message, MESSAGES, placeOf, senderOf, tidy } from "./message.ts";
import { TO_DRAFT, TO_READ } from "./scopes.ts";
import { decodeEntities } from "../text/html_entities.ts";
import { speakMailbox } from "./mime.ts";

const SNIPPET_LENGTH = 300;
const SPOKEN_MESSAGES = 5;

const MessagePage = z.object({
  messages: z.array(z.object({ id: z.string() })).nullish(),
  nextPageToken: z.string().nullish(),
});
const DraftPage = z.object({
  drafts: z.array(z.object({ id: z.string() })).nullish(),
  nextPageToken: z.string().nullish(),
});

/** One without a message cannot be told from others. */
const WholeDraft = Draft.extend({ message: Message });

const MessageSummary = z.object({
  id: z.string(),
  draft_id: z.string().optional(),
  thread_id: z.string(),
  from: z.string(),
  to: z.string().optional(),
  subject: z.string(),
  date: z.string().optional(),
  snippet: z.string(),
  unread: z.boolean(),
  place: z.enum(["trash", "spam", "drafts"]).optional(),
});
type MessageSummary = z.output<typeof MessageSummary>;

/** A message that was found, and which draft it is. */
interface Found {
  message: Message;
  draftId?: string;
}

export const searchMessages = tool({
  name: "gmail_search_messages",
  aliases: ["search_messages"],
  service: "gmail",
  title: "Search e-mail",
  description: "Find messages in Gmail, newest first, or drafts. Trash and spam are " +
    "searched only with in:trash, in:spam or in:anywhere.",
  input: z.strictObject({
    query: z.string().min(1).max(500).optional().describe(
      "Gmail search, such as: in:inbox; is:unread newer_than:2d; from:ana subject:invoice; " +
        "has:attachment before:2026/11/01.",
    ),
    drafts: z.boolean().default(false).describe("For sending one."),
    limit: z.int().min(1).max(50).default(10),
    page_token: z.string().min(1).max(2_048).optional().describe(
      "An answer's next_page_token, with its query.",
    ),
  }),
  output: z.object({
    messages: z.array(MessageSummary),
    not_read: z.number().optional().describe("Could not be read."),
    deleted_meanwhile: z.number().optional(),
    has_more: z.boolean(),
    next_page_token: z.string().optional(),
  }),
  hints: { readOnly: true },
  scopes: TO_READ,
  scopesFor: ({ drafts }) => drafts ? [...TO_READ, TO_DRAFT[0]!] : TO_READ,
  async run({ query, drafts, limit, page_token }, { api }) {
    const page = { q: query, maxResults: limit, pageToken: page_token };
    const { readings, next } = await (drafts ? findDrafts(api, page) : findMessages(api, page));
    const { results, gone, failed } = readings;
    const isNothing = results.length + failed === 0 && !drafts && page_token === undefined;
    const notes = [
      ...(gone > 0 ? [`${gone} more ${gone === 1 ? "was" : "were"} deleted meanwhile.`] : []),
      ...(failed > 0 ? [`${failed} more could not be read at the moment.`] : []),
      ...(isNothing ? await hiddenPlaces(api, query) : []),
    ];
    return {
      text: [
        speakFound(results, drafts ? "draft" : "message"),
        ...notes,
        ...(next ? ["There are more."] : []),
      ].join(" "),
      notes,
      data: {
        messages: fitting(results, summarize),
        not_read: failed > 0 ? failed : undefined,
        deleted_meanwhile: gone > 0 ? gone : undefined,
        has_more: Boolean(next),
        next_page_token: next || undefined,
      },
    };
  },
});

interface Page {
  q: string | undefined;
  maxResults: number;
  pageToken: string | undefined;
}

interface FoundPage {
  readings: Readings<Found>;
  next: string | null | undefined;
}

async function findMessages(api: ApiClient, page: Page): Promise<FoundPage> {
  const { messages, nextPageToken } = await patiently(() =>
    api.json(MESSAGES, MessagePage, { query: { ...page } })
  );
  const readings = await readEach(asked(messages, page), async ({ id }): Promise<Found> => {
    const query = { format: "metadata", metadataHeaders: ["From", "To", "Subject"] };
    return { message: await api.json(`${MESSAGES}/${encodeURIComponent(id)}`, Message, { query }) };
  });
  return { readings, next: nextPageToken };
}

async function findDrafts(api: ApiClient, page: Page): Promise<FoundPage> {
  const { drafts, nextPageToken } = await patiently(() =>
    api.json(DRAFTS, DraftPage, { query: { ...page } })
  );
  const readings = await readEach(asked(drafts, page), async ({ id }): Promise<Found> => {
    const query = { format: "metadata" };
    const draft = await api.json(`${DRAFTS}/${encodeURIComponent(id)}`, WholeDraft, { query });
    return { message: draft.message, draftId: draft.id };
  });
  return { readings, next: nextPageToken };
}

/** No more than were asked for are looked at, however many a list names. */
function asked<T>(listed: T[] | null | undefined, { maxResults }: Page): T[] {
  return (listed ?? []).slice(0, maxResults);
}

/** Gmail leaves trash and spam out of a search: who finds nothing has to know. */
async function hiddenPlaces(api: ApiClient, query: string | undefined): Promise<string[]> {
  if (/\b(in|label|is):"?(anywhere|trash|spam|drafts?|sent|inbox|starred)\b/i.test(query ?? "")) {
    return [];
  }
  let found: z.output<typeof MessagePage>;
  try {
    found = await api.json(MESSAGES, MessagePage, {
      query: { q: query, maxResults: 10, includeSpamTrash: true },
    });
  } catch (error) {
    if (!(error instanceof ApiError) || error.fault.kind === "unauthorized") throw error;
    return ["Trash and spam were not looked into."];
  }
  const { messages, nextPageToken } = found;
  const there = messages?.length ?? 0;
  if (there === 0) return [];
  const isMore = Boolean(nextPageToken);
  const many = isMore ? `${there} or more` : String(there);
  return [
    `${many} ${there === 1 && !isMore ? "is" : "are"} in the trash or in spam.`,
  ];
}

/** Shortens a message, each text to at most `length`. */
function summarize({ message, draftId }: Found, length = SNIPPET_LENGTH): MessageSummary {
  const place = draftId === undefined ? placeOf(message) : undefined;
  const isOwn = draftId !== undefined || place === "drafts" ||
    message.labelIds?.includes("SENT");
  return {
    id: message.id,
    draft_id: draftId,
    thread_id: message.threadId ?? message.id,
    from: senderOf(message, length),
    to: isOwn ? headerOf(message, "to", length) : undefined,
    subject: headerOf(message, "subject", length),
    date: dateOf(message),
    // Of all that Gmail sends, only the snippet is escaped as HTML.
    snippet: tidy(decodeEntities(message.snippet ?? ""), Math.min(SNIPPET_LENGTH, length)),
    unread: message.labelIds?.includes("UNREAD") ?? false,
    place,
  };
}

function speakFound(found: Found[], noun: string): string {
  const rest = found.length - SPOKEN_MESSAGES;
  return [
    `Found ${count(found.length, noun)}.`,
    ...found.slice(0, SPOKEN_MESSAGES).map((one, index) => {
      const subject = headerOf(one.message, "subject") || "(No subject)";
      return `${index + 1}: "${subject}"${speakPeople(one)}${speakPlace(one)}.`;
    }),
    ...(rest > 0 ? [`And ${rest} more.`] : []),
  ].join(" ");
}

function speakPeople({ message, draftId }: Found): string {
  if (draftId === undefined) {
    return ` from ${speakMailbox(senderOf(message)) || "somebody"}`;
  }
  const [to = ""] = headerOf(message, "to").split(/,(?=[^,]*@)/);
  return to === "" ? "" : ` to ${shorten(speakMailbox(to.trim()), 100)}`;
}

function speakPlace({ message, draftId }: Found): string {
  const place = draftId === undefined ? placeOf(message) : undefined;
  if (place === undefined) return "";
  return place === "drafts" ? ", a draft" : place === "spam" ? ", in spam" : ", in the trash";
}
