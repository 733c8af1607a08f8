/**
 * What is at an address at which no MCP server is: the page beside it, the old
 * transport, a redirect, another path of the same host.
 *
 * @module
 */

import { discard, readText } from "../../broker/core/bodies.ts";
import { isEventStream } from "../../broker/core/event_stream.ts";
import { initialize } from "./rpc.ts";
import type { Ways } from "./ways.ts";

/** What is found there, and what to do. */
export interface Instead {
  found: string;
  cure: string;
}

/** Where most are. */
const USUAL_PATH = "/mcp";
const COMPARE = "Compare its address with its vendor's page: the path counts, mostly /mcp.";

/** Looks once more, with nobody's key. `undefined`: nothing that can be told; what was found stands. */
export async function whatIsInstead(
  address: string,
  { fetch, patience }: Ways,
): Promise<Instead | undefined> {
  const signal = AbortSignal.timeout(patience.answerMs);
  const ask = (url: string, init: RequestInit) =>
    fetch(url, { redirect: "manual", ...init, signal });
  const url = new URL(address);
  try {
    const answer = await ask(address, initialize());
    await discard(answer);
    const { status, headers } = answer;
    if (status >= 300 && status < 400) {
      const to = URL.parse(headers.get("Location") ?? "", address);
      return { found: `leads on to ${to?.origin ?? "nowhere"} (status ${status}).`, cure: COMPARE };
    }
    if (status >= 500) {
      return { found: `is out of order (status ${status}).`, cure: "Ask who runs it." };
    }
    if (status === 401 || status === 403) return undefined;
    const stream = await ask(address, { headers: { Accept: "text/event-stream" } });
    await discard(stream);
    if (stream.ok && isEventStream(stream.headers)) {
      return {
        found: "speaks the old transport alone (HTTP with SSE), which is not spoken here.",
        cure: "Its vendor's page names the address of Streamable HTTP, mostly /mcp.",
      };
    }
    const what = answer.ok
      ? "what answers is no MCP server"
      : status === 404 || status === 405
      ? "nothing is at that path"
      : "what answers does not take the greeting of a client";
    const found = `${what} (status ${status}).`;
    const there = url.pathname === USUAL_PATH ? undefined : url.origin + USUAL_PATH;
    if (there === undefined || !await isServer(await ask(there, initialize()))) {
      return { found, cure: COMPARE };
    }
    return { found, cure: `One is at ${there}: set that as its url in UPSTREAMS.` };
  } catch {
    return undefined;
  }
}

/** Whether it answers as one, or asks who is there. */
export async function isServer(answer: Response): Promise<boolean> {
  if (answer.status === 401 || answer.ok && isEventStream(answer.headers)) {
    await discard(answer);
    return true;
  }
  const text = await readText(answer, { limit: 1024 * 1024 }).catch(() => "");
  return answer.ok && text.includes('"jsonrpc"');
}
