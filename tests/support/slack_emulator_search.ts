/**
 * Slack's two searches, which its emulator does not have: over the messages that it holds.
 *
 * https://docs.slack.dev/reference/methods/search.messages
 *
 * @module
 */

import type { Json } from "./api.ts";

/** Asks the emulator itself, with the token of the request. */
export type Ask = (method: string, args: Record<string, string>) => Promise<Json>;

const ALL_KINDS = ["public_channel", "private_channel", "mpim", "im"];
const KIND_SCOPES: Record<string, string> = {
  public_channel: "search:read.public",
  private_channel: "search:read.private",
  mpim: "search:read.mpim",
  im: "search:read.im",
};

/** The answer of a search; `scopes` are those of its token, `undefined` where all are granted. */
export async function searchedSlack(
  method: string,
  args: URLSearchParams,
  ask: Ask,
  scopes: string[] | undefined,
): Promise<Json> {
  const isParts = method === "assistant.search.context";
  const kinds = isParts
    ? (args.get("channel_types") ?? "public_channel").split(",").filter(Boolean)
    : ALL_KINDS;
  const needed = isParts ? kinds.map((kind) => KIND_SCOPES[kind] ?? "") : ["search:read"];
  const missing = needed.filter((scope) => scopes !== undefined && !scopes.includes(scope));
  if (missing.length > 0) {
    const provided = scopes?.join(",");
    return { ok: false, error: "missing_scope", needed: missing.join(","), provided };
  }
  const query = args.get("query") ?? "";
  if (query.trim() === "") return { ok: false, error: isParts ? "missing_query" : "no_query" };
  const found = await matching(query, kinds, ask);
  if (args.get("sort") === "timestamp") found.sort((a, b) => Number(b.ts) - Number(a.ts));
  return isParts ? partsOf(found, args) : pageOf(found, args, query);
}

async function matching(query: string, kinds: string[], ask: Ask): Promise<Json[]> {
  const terms = query.split(/\s+/).filter(Boolean);
  const filters = terms.filter((term) => /^(in|from|after|before):/.test(term));
  const words = terms.filter((term) => !filters.includes(term)).map((word) => word.toLowerCase());
  const { user_id: me } = await ask("auth.test", {});
  const { channels } = await ask("conversations.list", { types: kinds.join(","), limit: "999" });
  const found: Json[] = [];
  for (const channel of channels) {
    const { messages } = await ask("conversations.history", { channel: channel.id, limit: "999" });
    for (const parent of messages) {
      const thread = await ask("conversations.replies", { channel: channel.id, ts: parent.ts });
      for (const message of thread.messages) {
        const text = message.text.toLowerCase();
        const fits = words.every((word) => text.includes(word)) &&
          filters.every((filter) => passes(filter, message, channel, me));
        if (fits) found.push({ ...message, channel });
      }
    }
  }
  return found;
}

function passes(filter: string, message: Json, channel: Json, me: string): boolean {
  const [, name = "", value = ""] = /^(\w+):(.*)$/.exec(filter) ?? [];
  const id = /^<[@#](\w+)>$/.exec(value)?.[1];
  const day = new Date(Number(message.ts) * 1_000).toISOString().slice(0, 10);
  switch (name) {
    case "in":
      return id === undefined ? channel.name === value : [channel.id, channel.user].includes(id);
    case "from":
      return message.user === (value === "me" ? me : id);
    case "after":
      return day > value;
    default:
      return day < value;
  }
}

function pageOf(found: Json[], args: URLSearchParams, query: string): Json {
  const count = Number(args.get("count") ?? "20");
  const page = Number(args.get("page") ?? "1");
  const pages = Math.ceil(found.length / count);
  const matches = found.slice((page - 1) * count, page * count).map(({ channel, ...message }) => ({
    ...message,
    // A found reply does not say its thread; its link does.
    thread_ts: undefined,
    iid: crypto.randomUUID(),
    team: "T000000001",
    username: "somebody",
    channel: {
      id: channel.id,
      // Of direct messages it is whom they are with.
      name: channel.is_im ? channel.user : channel.name,
      is_im: channel.is_im ?? false,
    },
    permalink: linkOf(channel, message),
  }));
  const paging = { count, total: found.length, page, pages };
  const pagination = { total_count: found.length, page, page_count: pages, per_page: count };
  return { ok: true, query, messages: { matches, total: found.length, paging, pagination } };
}

function partsOf(found: Json[], args: URLSearchParams): Json {
  const limit = Number(args.get("limit") ?? "20");
  const from = Number(args.get("cursor") ?? "0");
  const messages = found.slice(from, from + limit).map(({ channel, ...message }) => ({
    author_name: `Author ${message.user}`,
    author_user_id: message.user,
    team_id: "T000000001",
    channel_id: channel.id,
    channel_name: channel.name,
    message_ts: message.ts,
    content: message.text,
    is_author_bot: false,
    permalink: linkOf(channel, message),
  }));
  const next_cursor = from + limit < found.length ? String(from + limit) : "";
  return { ok: true, results: { messages }, response_metadata: { next_cursor } };
}

function linkOf(channel: Json, { ts, thread_ts }: Json): string {
  const thread = thread_ts && thread_ts !== ts ? `?thread_ts=${thread_ts}&cid=${channel.id}` : "";
  return `https://emulate.slack.com/archives/${channel.id}/p${ts.replace(".", "")}${thread}`;
}
