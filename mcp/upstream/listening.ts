/**
 * What a remote server says while nobody asks it anything: that a list has
 * changed. It is heard as long as the session is kept, where the server says
 * that it tells.
 *
 * @module
 */

import { isRecord } from "../../broker/core/json.ts";
import { discard } from "../../broker/core/bodies.ts";
import { Meter } from "./bounded.ts";
import { readEvents } from "./events.ts";
import { type Around, jsonOf, LONGEST_RESUME_MS, RESUME_MS, tell } from "./exchange.ts";
import { UpstreamFault } from "./fault.ts";
import { standardHeaders } from "./header_values.ts";
import { isEventStream } from "../../broker/core/event_stream.ts";
import { type ClientSays, envelope } from "./open.ts";
import { type Incoming, messagesOf, replyTo } from "./rpc.ts";

/** How often a stream that ends is opened again, in a row, without having said anything. */
export const MAX_SILENT_STREAMS = 5;
/** Which lists there are, and what a server of 2026-07-28 is asked to tell of each. */
const LISTS = {
  tools: "toolsListChanged",
  prompts: "promptsListChanged",
  resources: "resourcesListChanged",
};

/** What to be told of, as a server without sessions is asked for it; empty where it tells of nothing. */
export function told(capabilities: Readonly<Record<string, unknown>>): Record<string, true> {
  return Object.fromEntries(
    Object.entries(LISTS).flatMap(([list, name]) => {
      const capability = capabilities[list];
      return isRecord(capability) && capability.listChanged === true ? [[name, true]] : [];
    }),
  );
}

/** What is listened to. */
export interface Listening {
  /** As it is by now: its token changes. */
  around(): Around;
  says: ClientSays;
  notifications: Record<string, true>;
  nextId(): number;
}

/** Listens until the session ends, or the server does not want to be listened to. Does not throw. */
export async function listen(listening: Listening): Promise<void> {
  const { closing, ways: { world } } = listening.around();
  // Of all streams together: a session lives for hours, and a stream's comments come every few seconds.
  const meter = new Meter(world);
  let last: string | undefined;
  let pauseMs = RESUME_MS;
  for (let silent = 0; silent < MAX_SILENT_STREAMS && !closing.aborted; silent++) {
    try {
      const response = await opened(listening, last);
      if (response === undefined) return;
      for await (const event of readEvents(response, meter, closing)) {
        silent = 0;
        last = event.id ?? last;
        pauseMs = Math.min(Math.max(event.retry ?? 0, RESUME_MS), LONGEST_RESUME_MS);
        const around = listening.around();
        const isTaken = around.isStateful && around.aside?.offer(event) === true;
        const messages = messagesOf(jsonOf(event));
        if (!isTaken) hear(around, messages, meter);
        // Whoever tells of changes all the time is not read faster. What is about a call is read at
        // once: later it might be taken for the next one's.
        if (messages.some(isChange)) await world.sleep(RESUME_MS, closing);
      }
    } catch (error) {
      // It has said too much, or it says no: what it lists is asked for anew after a while anyway.
      if (error instanceof UpstreamFault && (!error.mayBeDone || error.why.kind === "too_much")) {
        return;
      }
    }
    await world.sleep(pauseMs, closing);
    pauseMs = Math.min(2 * pauseMs, LONGEST_RESUME_MS);
  }
}

async function opened(
  { around, says, notifications, nextId }: Listening,
  last: string | undefined,
): Promise<Response | undefined> {
  const { wire, token, closing: signal, isStateful } = around();
  const going = { signal, token };
  if (isStateful) return await wire.open(last, going);
  const method = "subscriptions/listen";
  const params = envelope({ notifications }, says);
  const request = { jsonrpc: "2.0", id: nextId(), method, params };
  const response = await wire.post(request, standardHeaders(method, params), going);
  if (isEventStream(response.headers)) return response;
  await discard(response);
  return undefined;
}

/** Whether a list has changed. */
function isChange(message: Incoming): message is Incoming & { kind: "notification" } {
  return message.kind === "notification" && message.message.method.endsWith("/list_changed");
}

/** Nobody's request is concerned: whoever is asked something here is nobody. */
function hear(around: Around, messages: Incoming[], meter: Meter): void {
  for (const message of messages) {
    if (isChange(message)) around.heard(message.message);
    else if (message.kind === "request" && around.isStateful) {
      meter.request();
      replyTo(message, undefined, around.closing)
        .then((reply) => tell(around, reply)).catch(() => {});
    }
  }
}
