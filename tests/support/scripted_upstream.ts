/**
 * An upstream MCP server over Streamable HTTP that greets as it should, and
 * then does what the test says.
 *
 * @module
 */

/** A message as it came. */
export interface Sent {
  id: number;
  method: string;
  // deno-lint-ignore no-explicit-any -- tests look where they know something stands
  params: any;
}

type Answer = (sent: Sent, request: Request) => Response | Promise<Response>;

/** By method; `GET` is the stream for what the server says unasked. */
export type Script = Partial<Record<"tools/list" | "tools/call" | "initialized" | "GET", Answer>>;

/** A started server. */
export interface ScriptedUpstream extends AsyncDisposable {
  url: string;
  /** The methods of everything that came, in order. */
  seen: string[];
}

/** Starts it; with no script it has one tool, which answers. */
export function startUpstream(script: Script): ScriptedUpstream {
  const seen: string[] = [];
  // Ended the hard way: Deno's server does not notice that nobody waits for a silent stream any more.
  const stop = new AbortController();
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {}, signal: stop.signal },
    async (request) => {
      if (request.method === "GET" && script.GET !== undefined) {
        seen.push("GET");
        return await script.GET({ id: 0, method: "GET", params: {} }, request);
      }
      if (request.method !== "POST") return new Response(null, { status: 405 });
      const sent: Sent = await request.json();
      seen.push(sent.method ?? "answer");
      if (sent.method === "notifications/initialized" && script.initialized !== undefined) {
        return await script.initialized(sent, request);
      }
      if (sent.id === undefined || sent.method === undefined) {
        return new Response(null, { status: 202 });
      }
      switch (sent.method) {
        case "initialize":
          return result(sent, {
            protocolVersion: sent.params.protocolVersion,
            capabilities: { tools: {} },
            serverInfo: { name: "scripted", version: "1" },
          });
        case "server/discover":
          // As a server of sessions says it that knows nothing of those without.
          return failure(sent, { code: -32601, message: "Method not found" });
        case "tools/list":
          return await script["tools/list"]?.(sent, request) ??
            result(sent, { tools: [toolOf("read", true), toolOf("write")] });
        default:
          return await script["tools/call"]?.(sent, request) ??
            result(sent, { content: [{ type: "text", text: "done" }] });
      }
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/mcp`,
    seen,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await server.finished;
    },
  };
}

/** An answer in JSON. */
export function result({ id }: Sent, result: unknown): Response {
  return Response.json({ jsonrpc: "2.0", id, result });
}

/** An error in JSON. */
export function failure({ id }: Sent, error: unknown): Response {
  return Response.json({ jsonrpc: "2.0", id, error });
}

/** A tool as it is listed. */
export function toolOf(name: string, readOnlyHint = false, description = "Does it.") {
  return { name, description, inputSchema: { type: "object" }, annotations: { readOnlyHint } };
}

/** A message as an event of a stream. */
export function eventOf(message: Record<string, unknown>): string {
  return `data: ${JSON.stringify({ jsonrpc: "2.0", ...message })}\n\n`;
}

/** What became of a stream. */
export interface Stream {
  response: Response;
  /** Resolves when the other side has hung up. */
  hungUp: Promise<void>;
}

/** Events for as long as the other side takes them; after the last one, silence. */
export function stream(next: (count: number) => string | undefined, everyMs = 0): Stream {
  const hungUp = Promise.withResolvers<void>();
  let count = 0;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (everyMs > 0) await new Promise((resolve) => setTimeout(resolve, everyMs));
      const text = next(count++);
      if (text === undefined) return await hungUp.promise;
      controller.enqueue(new TextEncoder().encode(text));
    },
    cancel: () => hungUp.resolve(),
  });
  const headers = { "Content-Type": "text/event-stream" };
  return { response: new Response(body, { headers }), hungUp: hungUp.promise };
}
