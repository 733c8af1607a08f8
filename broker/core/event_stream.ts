/**
 * Answers that come event by event (Server-Sent Events, HTML Standard §9.2).
 *
 * @module
 */

/** Whether an answer with these headers is a stream of events. */
export function isEventStream(headers: Headers): boolean {
  return /^\s*text\/event-stream\s*(;|$)/i.test(headers.get("Content-Type") ?? "");
}
