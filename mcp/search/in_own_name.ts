/**
 * Calls through `call_tool` and `call_read_tool` as calls of the tools
 * themselves. It is done before anything else looks at a request, so that all
 * that holds for a tool holds however it is called: filters, scopes, mending,
 * what is done once, approval, progress, the outcome's words.
 *
 * What cannot be such a call stays as it is, and says why when it is answered.
 *
 * @module
 */

import { readArguments } from "../arguments/read.ts";
import type { AnyEntry, CallableEntry, Catalogue, Visitor } from "../catalogue.ts";
import { describe } from "../described.ts";
import { headerValue, parameterHeaders } from "../upstream/header_values.ts";
import type { ToolCall } from "./search_tools.ts";
import { isThrough, type NamedRequest, type Through } from "./through.ts";
import { CALL_READ_TOOL, isSearchTool } from "./tool_names.ts";

const NAME_HEADER = "Mcp-Name";

/** A request whose calls are the tools' own. */
export async function inOwnName(
  { request, body }: NamedRequest,
  visitor: Visitor,
  catalogue: Pick<Catalogue, "find" | "missingScope">,
): Promise<NamedRequest> {
  if (Array.isArray(body)) {
    const messages = [];
    const all: unknown[] = body;
    for (const message of all) {
      if (!isThrough(message)) {
        messages.push(message);
        continue;
      }
      const meant = await meantBy(message, visitor, catalogue);
      messages.push(meant === undefined ? message : named(message, meant.call));
    }
    return { request, body: messages };
  }
  if (!isThrough(body)) return { request, body };
  const header = request.headers.get(NAME_HEADER);
  // One that says something else than its body is nobody's to answer: that is found where it is read.
  if (header !== null && header !== body.params.name) return { request, body };
  const meant = await meantBy(body, visitor, catalogue);
  if (meant === undefined) return { request, body };
  return { request: withHeaders(request, header, meant), body: named(body, meant.call) };
}

/** A tool that is called, and how. */
interface Meant {
  call: ToolCall;
  entry: AnyEntry | undefined;
}

/** The call that is meant; `undefined` where there is none, or it must not be made. */
async function meantBy(
  { params }: Through,
  visitor: Visitor,
  catalogue: Pick<Catalogue, "find" | "missingScope">,
): Promise<Meant | undefined> {
  const through = await catalogue.find(params.name, visitor);
  if (through?.kind !== "own") return undefined;
  const call = callIn(through.load.made ?? await through.load(), params.arguments);
  if (call === undefined || isSearchTool(call.name)) return undefined;
  const entry = await catalogue.find(call.name, visitor);
  const reads = params.name === CALL_READ_TOOL;
  if (entry !== undefined) return reads && !describe(entry).readOnly ? undefined : { call, entry };
  // Then it is the scope that is asked for, as if the tool had been called.
  const missing = await catalogue.missingScope(call.name, visitor);
  if (missing === undefined || (reads && !missing.endsWith(":read"))) return undefined;
  return { call, entry };
}

function callIn(through: CallableEntry, sent: unknown): ToolCall | undefined {
  const read = readArguments(through, sent);
  return read.kind === "args" ? read.args as ToolCall : undefined;
}

function named(message: Through, { name, arguments: args }: ToolCall) {
  const { arguments: _through, ...params } = message.params;
  return { ...message, params: { ...params, name, ...(args && { arguments: args }) } };
}

/**
 * The headers that the tool's own call would have (MCP 2026-07-28, SEP-2243):
 * those that came say what the body said, which was held against them.
 */
function withHeaders(request: Request, header: string | null, { call, entry }: Meant): Request {
  if (header === null) return request;
  const headers = new Headers(request.headers);
  headers.set(NAME_HEADER, headerValue(call.name));
  if (entry?.kind === "upstream") {
    const read = readArguments(entry, call.arguments);
    const args = read.kind === "args" ? read.args : call.arguments;
    const parameters = parameterHeaders(entry.tool.listed.inputSchema, args);
    for (const [name, value] of Object.entries(parameters)) headers.set(name, value);
  }
  return new Request(request.url, { method: request.method, headers, signal: request.signal });
}
