/**
 * A local MCP server that tells of itself, and fails when it is asked to. It
 * needs nothing but what it is started with.
 *
 * @module
 */

import { createInterface } from "node:readline";
import process from "node:process";

const READ = { readOnlyHint: true };
const TOOLS = [
  { name: "env", annotations: READ },
  { name: "crash", annotations: READ },
  { name: "fill", annotations: READ },
  { name: "chatter", annotations: READ },
  { name: "deaf", annotations: READ },
  { name: "change" },
].map((tool) => ({ ...tool, inputSchema: { type: "object" } }));

function call(name: string, args: Record<string, unknown>): string {
  switch (name) {
    case "env":
      return JSON.stringify({ pid: process.pid, env: Deno.env.toObject() });
    case "chatter":
      // More than a pipe holds: who does not read it, stops this process.
      for (let n = 0; n < 200; n++) console.error("chatter ".repeat(100));
      return "said";
    case "fill": {
      const kept = Array.from(
        { length: Number(args.mb) },
        () => new Uint8Array(1024 * 1024).fill(1),
      );
      return `kept ${kept.length}`;
    }
    default:
      console.error(String(args.last));
      Deno.exit(1);
  }
}

if (import.meta.main) {
  if (Deno.args.includes("--fail")) {
    console.error("cannot start: no notes here");
    Deno.exit(3);
  }
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) {
    const { id, method, params } = JSON.parse(line);
    if (id === undefined) continue;
    if (method === "initialize") {
      const { protocolVersion } = params;
      const serverInfo = { name: "local", version: "1" };
      answer(id, { protocolVersion, capabilities: { tools: {} }, serverInfo });
    } else if (method === "tools/list") answer(id, { tools: TOOLS });
    // From now on it reads nothing, and answers nothing.
    else if (params.name === "deaf") {
      lines.pause();
      process.stdin.pause();
      await new Promise(() => setInterval(() => {}, 1_000_000));
    } else {
      answer(id, { content: [{ type: "text", text: call(params.name, params.arguments) }] });
    }
  }
}

function answer(id: unknown, result: unknown): void {
  console.log(JSON.stringify({ jsonrpc: "2.0", id, result }));
}
