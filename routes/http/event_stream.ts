/**
 * Answers that come event by event.
 *
 * A proxy in front may gather an answer before it passes it on, as nginx does by
 * default: an event would come when all of them are over, and a question to a
 * person never. `X-Accel-Buffering: no` tells it not to, for that answer alone.
 *
 * https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering
 *
 * @module
 */

/** Whether an answer with these headers is a stream of events. */
export function isEventStream(headers: Headers): boolean {
  return /^\s*text\/event-stream\s*(;|$)/i.test(headers.get("Content-Type") ?? "");
}

/** An answer that no proxy gathers, where it is a stream of events. */
export function unbuffered(answer: Response): Response {
  if (isEventStream(answer.headers)) answer.headers.set("X-Accel-Buffering", "no");
  return answer;
}
