/**
 * Links to Slack's conversations and messages.
 *
 * `https://team.slack.com/archives/C123/p1700000000000100?thread_ts=1699999999.000100&cid=C123`
 *
 * @module
 */

/** An id holds a digit. Without one it is taken for a name in capitals, such as GENERAL. */
const CONVERSATION_ID = /^[CGD](?=[A-Z]*\d)[A-Z0-9]{7,20}$/;
const TS = /^\d{1,12}\.\d{1,8}$/;

/** What a link leads to. */
export interface LinkedPlace {
  channel: string;
  /** The message. */
  ts?: string | undefined;
  /** The message that its thread begins with. */
  thread?: string | undefined;
}

/** Whether this is a conversation's id. */
export function isConversationId(text: string): boolean {
  return CONVERSATION_ID.test(text);
}

/** What a link leads to, if it is one of Slack's. */
export function placeOf(link: string): LinkedPlace | undefined {
  const url = URL.parse(link.trim().replace(/^<([^|>]*).*>$/, "$1"));
  if (url === null || url.protocol !== "https:") return undefined;
  if (!/(^|\.)slack(-gov)?\.com$/.test(url.hostname)) return undefined;
  const [first, second = "", third = ""] = url.pathname.split("/").filter(Boolean);
  const channel = first === "archives" ? second : first === "client" ? third : "";
  if (!isConversationId(channel)) return undefined;
  const ts = first === "archives" ? timestampOf(third) : undefined;
  const thread = url.searchParams.get("thread_ts") ?? "";
  return { channel, ts, thread: TS.test(thread) ? thread : undefined };
}

/** `p1700000000000100` → `1700000000.000100` */
function timestampOf(part: string): string | undefined {
  const [, seconds, rest] = /^p(\d{10})(\d{6})$/.exec(part) ?? [];
  return seconds === undefined ? undefined : `${seconds}.${rest}`;
}
