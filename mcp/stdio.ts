/**
 * MCP on stdin and stdout, both protocol eras, for Claude Desktop and Cursor.
 * Nothing else may write to stdout.
 *
 * @module
 */

import {
  serveStdio,
  type ServeStdioOptions,
  StdioServerTransport,
} from "@modelcontextprotocol/server/stdio";
import type { Caller } from "./call.ts";
import { withCallArguments } from "./arguments/in_body.ts";
import { defineServer } from "./define.ts";
import type { McpDeps } from "./definition.ts";
import { createServer } from "./eras/era_2026.ts";

/** Serves one caller until stdin ends. */
export function serveLocal(deps: McpDeps, caller: Caller): { close(): Promise<void> } {
  const { world, catalogue } = deps;
  const definition = defineServer(deps);
  const visit = { caller, find: (name: string) => catalogue.find(name, caller) };
  // No upstream stands behind it, and so nothing but tools.
  const occasion = { visit, methods: new Set<unknown>(), capabilities: { tools: {} } };
  const greeted = new Set(["initialize"]);
  const serve = async () => {
    const instructions = await definition.instructions(visit, greeted);
    return createServer(definition, { ...occasion, instructions });
  };
  return serveStdio(serve, {
    transport: openingArguments(new StdioServerTransport()),
    onerror: ({ name }) => world.log({ level: "warn", event: "mcp_message_refused", detail: name }),
  });
}

type Transport = NonNullable<ServeStdioOptions["transport"]>;

/** Hands on each message as {@linkcode withCallArguments} makes it. */
function openingArguments(transport: Transport): Transport {
  let heard: Transport["onmessage"];
  return Object.defineProperty(transport, "onmessage", {
    get: (): Transport["onmessage"] =>
      heard && ((message, extra) => heard?.(withCallArguments(message) as typeof message, extra)),
    set(hear: Transport["onmessage"]) {
      heard = hear;
    },
  });
}
