/**
 * An upstream MCP server whose one tool takes as long as the test wants, and
 * tells how far it is when the test says so. The tool changes something, so it
 * goes on when its caller is gone.
 *
 * @module
 */

import { serve } from "./serve.ts";

/** A server, and the call that it is at. */
export interface SlowUpstream extends AsyncDisposable {
  url: string;
  /** An entry of `UPSTREAMS`. */
  entry: { name: string; title: string; url: string };
  /** Resolves with the next call. */
  called(): Promise<SlowCall>;
}

/** A call that waits for the test. */
export interface SlowCall {
  /** Sends `notifications/progress`; false where the gateway no longer listens. */
  progress(): boolean;
  /** Sends the result; its text is "worked". */
  finish(text?: string): void;
}

/** Starts it. Its tool is `slow_work` in the gateway's list. */
export function startSlowUpstream(): SlowUpstream {
  const calls: SlowCall[] = [];
  const waiting: ((call: SlowCall) => void)[] = [];
  const server = serve(
    async (request) => {
      if (request.method !== "POST") return new Response(null, { status: 405 });
      const { id, method, params } = await request.json();
      if (id === undefined) return new Response(null, { status: 202 });
      const answer = (result: unknown) => Response.json({ jsonrpc: "2.0", id, result });
      if (method === "initialize") {
        const { protocolVersion } = params;
        const serverInfo = { name: "slow", version: "1" };
        return answer({ protocolVersion, capabilities: { tools: {} }, serverInfo });
      }
      if (method === "tools/list") {
        const tool = { name: "work", inputSchema: { type: "object" } };
        return answer({ tools: [tool] });
      }
      if (method !== "tools/call") {
        const error = { code: -32601, message: "Method not found" };
        return Response.json({ jsonrpc: "2.0", id, error });
      }
      const { call, body } = slowCall(id, params._meta?.progressToken);
      const next = waiting.shift();
      if (next === undefined) calls.push(call);
      else next(call);
      return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
    },
  );
  const { port } = server;
  const url = `http://127.0.0.1:${port}/mcp`;
  return {
    url,
    entry: { name: "slow", title: "Slow", url },
    called: () => {
      const call = calls.shift();
      return call === undefined
        ? new Promise((resolve) => waiting.push(resolve))
        : Promise.resolve(call);
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
}

function slowCall(id: unknown, progressToken: unknown) {
  let out: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
  let open = true;
  let steps = 0;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => {
      out = controller;
    },
    cancel: () => {
      open = false;
    },
  });
  const send = (message: unknown) => {
    const event = `event: message\ndata: ${JSON.stringify(message)}\n\n`;
    if (open) out.enqueue(new TextEncoder().encode(event));
    return open;
  };
  const call: SlowCall = {
    progress: () => {
      const params = { progress: steps += 1, progressToken };
      return send({ jsonrpc: "2.0", method: "notifications/progress", params });
    },
    finish: (text = "worked") => {
      const result = { content: [{ type: "text", text }] };
      if (send({ jsonrpc: "2.0", id, result })) out.close();
      open = false;
    },
  };
  return { call, body };
}
