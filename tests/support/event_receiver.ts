/**
 * A receiver of events on this machine, as an app runs one: it takes what is
 * signed with its secret, by the library that the standard names, and nothing
 * else.
 *
 * @module
 */

import { Webhook } from "standardwebhooks";
import { serve } from "./serve.ts";

/** What came, and is what it says it is. */
export interface Came {
  id: string;
  // deno-lint-ignore no-explicit-any -- tests look where they know something stands
  body: any;
}

/** A running receiver. */
export interface EventReceiver extends AsyncDisposable {
  url: string;
  /** Its member of `EVENTS`. */
  config: { url: string; secret: string };
  secret: string;
  /** What it took, in order; and all that was tried. */
  taken: Came[];
  tried: Came[];
  /** How it answers; absent: 204. */
  answer: ((came: Came) => Response | Promise<Response>) | undefined;
  /** How many were not signed as they must be. */
  unsigned: number;
  /** Resolves when so many were tried. */
  whenTried(count: number): Promise<void>;
}

/** A secret that nobody else has. */
export function newEventSecret(): string {
  return `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))}`;
}

/** Starts one. */
export function startReceiver(secret = newEventSecret()): EventReceiver {
  const webhook = new Webhook(secret);
  let waiting: { count: number; resolve: () => void }[] = [];
  const server = serve(async (request) => {
    const body = await request.text();
    const headers = Object.fromEntries(request.headers);
    const came = { id: headers["webhook-id"] ?? "", body: JSON.parse(body) };
    try {
      // Of the time it says: a test's clock is its own.
      const at = Number(headers["webhook-timestamp"]) * 1000;
      const expected = webhook.sign(came.id, new Date(at), body).split(",")[1];
      const signed = headers["webhook-signature"]!.split(" ").map((one) => one.split(",")[1]);
      if (!signed.includes(expected!)) throw new Error("other signature");
    } catch {
      receiver.unsigned += 1;
      return new Response(null, { status: 400 });
    }
    receiver.tried.push(came);
    const enough = waiting.filter(({ count }) => receiver.tried.length >= count);
    waiting = waiting.filter((each) => !enough.includes(each));
    for (const { resolve } of enough) resolve();
    const answer = await receiver.answer?.(came) ?? new Response(null, { status: 204 });
    if (answer.ok) receiver.taken.push(came);
    return answer;
  });
  const url = `http://127.0.0.1:${server.port}/events`;
  const receiver: EventReceiver = {
    url,
    config: { url, secret },
    secret,
    taken: [],
    tried: [],
    answer: undefined,
    unsigned: 0,
    whenTried(count) {
      if (receiver.tried.length >= count) return Promise.resolve();
      return new Promise((resolve) => waiting.push({ count, resolve }));
    },
    [Symbol.asyncDispose]: server.close,
  };
  return receiver;
}
