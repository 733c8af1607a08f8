/**
 * Two upstream MCP servers. `notes` does its work: slowly, and telling its
 * progress, where it is asked to. `wild` is the attackers' own: what it answers
 * is as bad as they ask for, and it is restarted at random.
 *
 * @module
 */

import { eventOf, result, type Sent, toolOf } from "../../support/scripted_upstream.ts";
import { hugeBody } from "./bends.ts";
import type { Told } from "./ledger.ts";

const EVENT_STREAM = { "Content-Type": "text/event-stream" };
const encoder = new TextEncoder();

/** What `wild` can be asked for. */
export const wildTools = ["garbled", "huge", "flood", "hang", "short", "plain"] as const;
/** What `wild` may say when it is asked for its tools. */
export type WildList = "tools" | "garbled" | "hang";

function textOf(text: string): { content: unknown[] } {
  return { content: [{ type: "text", text }] };
}

/** Greets, and hands every other message on. */
async function mcpServer(
  request: Request,
  answer: (sent: Sent) => Response | Promise<Response>,
): Promise<Response> {
  if (request.method !== "POST") return new Response(null, { status: 405 });
  const sent: Sent = await request.json();
  if (sent.id === undefined || sent.method === undefined) {
    return new Response(null, { status: 202 });
  }
  if (sent.method !== "initialize") return await answer(sent);
  const { protocolVersion } = sent.params;
  const serverInfo = { name: "storm", version: "1" };
  return result(sent, { protocolVersion, capabilities: { tools: {} }, serverInfo });
}

/** Gives back what it is told, and writes down what it is told to. */
export function notes(request: Request, tell: (told: Told) => void): Promise<Response> {
  return mcpServer(request, async (sent) => {
    if (sent.method === "tools/list") {
      return result(sent, { tools: [toolOf("say", true), toolOf("add")] });
    }
    if (sent.method !== "tools/call") return result(sent, {});
    const { name, arguments: { text = "", account = "", steps = 0 } = {}, _meta } = sent.params;
    if (name === "add") tell({ kind: "write", account, text });
    if (steps > 0) return inSteps(sent, text, steps, _meta?.progressToken);
    await Promise.resolve();
    return result(sent, textOf(text));
  });
}

/** Twenty milliseconds for each step, and its progress. */
function inSteps(sent: Sent, text: string, steps: number, progressToken: unknown): Response {
  let step = 0;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      const params = { progress: step += 1, progressToken };
      const isLast = step >= steps;
      const message = isLast
        ? { id: sent.id, result: textOf(text) }
        : { method: "notifications/progress", params };
      controller.enqueue(encoder.encode(eventOf(message)));
      if (isLast) controller.close();
    },
  });
  return new Response(body, { headers: EVENT_STREAM });
}

/** Does what no server should. */
export function wild(request: Request, list: WildList): Promise<Response> {
  return mcpServer(request, (sent) => {
    if (sent.method !== "tools/list") return wildCall(sent);
    if (list === "garbled") {
      return new Response('{"jsonrpc": "2.0", "id": 1, "result": {"tools": [');
    }
    if (list === "hang") return never();
    return result(sent, { tools: wildTools.map((name) => toolOf(name, true)) });
  });
}

function wildCall(sent: Sent): Response | Promise<Response> {
  switch (sent.params?.name as typeof wildTools[number] | undefined) {
    case "garbled":
      return new Response('event: message\ndata: {"jsonrpc"\n\n\u0000\u0001', {
        headers: EVENT_STREAM,
      });
    case "huge":
      return new Response(hugeBody(), { headers: { "Content-Type": "application/json" } });
    case "flood":
      return new Response(flood(sent), { headers: EVENT_STREAM });
    case "hang":
      return never();
    case "short": {
      // Ends before what its length promised.
      const headers = { ...EVENT_STREAM, "Content-Length": "1000" };
      return new Response(encoder.encode("event: mess"), { headers });
    }
    case "plain":
      return result(sent, textOf("nothing to see"));
    // Whatever else a client may ask a server.
    default:
      return result(sent, {});
  }
}

/** Progress without end, a thousand at a time. */
function flood({ params }: Sent): ReadableStream<Uint8Array<ArrayBuffer>> {
  const message = (progress: number) =>
    eventOf({
      method: "notifications/progress",
      params: { progress, progressToken: params._meta?.progressToken, message: "x".repeat(200) },
    });
  let count = 0;
  return new ReadableStream({
    pull(controller) {
      const events = Array.from({ length: 1000 }, () => message(count += 1));
      controller.enqueue(encoder.encode(events.join("")));
    },
  });
}

/** Longer than anybody waits. */
async function never(): Promise<Response> {
  await new Promise((resolve) => setTimeout(resolve, 60_000));
  return new Response(null, { status: 504 });
}
