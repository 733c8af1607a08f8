/**
 * Streams of events on their way out.
 *
 * A proxy in front may gather an answer before it passes it on, as nginx does by
 * default: an event would come when all of them are over, and a question to a
 * person never. `X-Accel-Buffering: no` tells it not to, for that answer alone.
 *
 * https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering
 *
 * @module
 */

import { isEventStream } from "../../broker/core/event_stream.ts";

/** Tells proxies not to gather an answer, where it is a stream of events. */
export function keepUnbuffered(headers: Headers): void {
  if (isEventStream(headers)) headers.set("X-Accel-Buffering", "no");
}
