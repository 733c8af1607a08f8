/**
 * The tools that every one of the others is given: those of Switchboard's list,
 * each answering the same text. Arguments: a port, and a file with the list.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import process from "node:process";
import { z } from "zod";

const [portText, file] = process.argv.slice(-2);

/** Where to listen. */
export const port = Number(portText);
/** As `tools/list` gives them. */
export const tools = JSON.parse(readFileSync(file, "utf8"));

/** What each tool answers. */
export const TEXT = "Say what to change: state, title, body, labels or assignees.";
/** The same as a result. */
export const result = { content: [{ type: "text", text: TEXT }] };

/** Made once: whoever makes them for each request pays for it each time. */
export const shaped = tools.map(({ name, title, description, inputSchema, annotations }) => ({
  name,
  title,
  description,
  annotations,
  inputSchema: z.fromJSONSchema(inputSchema),
}));

/** An `McpServer` of either SDK, with all tools. */
export function register(server) {
  for (const { name, title, description, annotations, inputSchema } of shaped) {
    server.registerTool(name, { title, description, annotations, inputSchema }, () => result);
  }
  return server;
}
