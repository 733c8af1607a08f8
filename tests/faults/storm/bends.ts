/**
 * How the provider treats accounts whose name says that it is to be treated
 * badly: `x-api_500-3` is answered with 500 by the API. Only attackers have
 * such accounts.
 *
 * @module
 */

import { gzipSync } from "node:zlib";

/** Where in its work a provider is bent. */
export type Point = "api" | "refresh" | "userinfo";

/** Every way to answer badly. */
export const ways = ["500", "429", "hang", "garbled", "huge", "bomb"] as const;
export type Way = typeof ways[number];

const HANG_MS = 20_000;
const MEGABYTE = 1024 * 1024;
/** More than any limit of a gateway. */
const HUGE_MEGABYTES = 24;
/** 64 MB of zeros are 64 KB in a gzip. */
const BOMB = Uint8Array.from(gzipSync(new Uint8Array(64 * MEGABYTE)));
const FILLING = new Uint8Array(MEGABYTE).fill(97);

/** A bad answer, for an account that is to get one at this point. */
export async function bent(point: Point, account: string): Promise<Response | undefined> {
  const [, at, way] = /^x-([a-z]+)_([0-9a-z]+)-/.exec(account) ?? [];
  if (at !== point) return undefined;
  return await badAnswer(way as Way);
}

async function badAnswer(way: Way): Promise<Response> {
  const headers = { "Content-Type": "application/json" };
  switch (way) {
    case "500":
      return Response.json({ error: "server_error" }, { status: 500 });
    case "429":
      return Response.json({ error: "slow_down" }, {
        status: 429,
        headers: { "Retry-After": "7" },
      });
    case "hang":
      await new Promise((resolve) => setTimeout(resolve, HANG_MS));
      return new Response(null, { status: 504 });
    case "garbled":
      return new Response('{"access_token": "half of', { headers });
    case "huge":
      return new Response(hugeBody(), { headers });
    case "bomb":
      return new Response(BOMB, { headers: { ...headers, "Content-Encoding": "gzip" } });
  }
}

/** As many bytes as anybody takes, up to the end of them. */
export function hugeBody(): ReadableStream<Uint8Array<ArrayBuffer>> {
  let left = HUGE_MEGABYTES;
  return new ReadableStream({
    pull(controller) {
      if (left-- > 0) controller.enqueue(FILLING);
      else controller.close();
    },
  });
}
