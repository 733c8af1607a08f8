/**
 * Other programs that serve MCP, each in a process of its own, with the tools
 * that Switchboard lists and nobody to ask who calls.
 *
 * @module
 */

import type { Connect, Question } from "./caller.ts";
import { EventCaller } from "./event_caller.ts";
import { type Era, mcpQuestion } from "./messages.ts";
import { packaged, peerVersion } from "./packages.ts";
import { type Started, started } from "./started.ts";
import { ask, HEALTH } from "./switchboard.ts";

/** One of them. */
export interface McpPeer {
  name: string;
  /** The revisions that it speaks. */
  eras: readonly Era[];
  /** Starts it with the tools of a file. */
  start(tools: string): Promise<Started>;
  /** What it wants to hear before it is called; gives headers for every call. */
  open?(target: Started): Promise<Record<string, string>>;
  /** Where it does not speak to its callers as others do. */
  connect?: Connect;
  /** What it calls the tools that are behind it. */
  prefix?: string;
}

const here = new URL("peers/", import.meta.url);
const config = new URL("packages.json", import.meta.url).pathname;

/** The first words of an older client. */
const INITIALIZE: Question = mcpQuestion("2025", "initialize", {
  protocolVersion: "2025-11-25",
  capabilities: {},
  clientInfo: { name: "bench", version: "1" },
});

function onNode(file: string) {
  return (tools: string) =>
    started({
      command: "node",
      args: (port) => [new URL(file, here).pathname, String(port), tools],
      ready: HEALTH,
    });
}

function onDeno(file: string) {
  const flags = ["run", "--quiet", "--allow-all", "--config", config];
  return (tools: string) =>
    started({
      command: Deno.execPath(),
      args: (port) => [...flags, new URL(file, here).pathname, String(port), tools],
      ready: HEALTH,
    });
}

/** In front of a server on stdin and stdout, one for all callers. */
function supergateway(tools: string): Promise<Started> {
  const behind = ["node", new URL("stdio_server.js", here).pathname, "0", tools];
  const options = ["--outputTransport", "streamableHttp", "--stateful", "--logLevel", "none"];
  return started({
    command: "node",
    args: (port) => [
      packaged("supergateway/dist/index.js"),
      ...["--stdio", behind.join(" "), ...options, "--port", String(port)],
    ],
    ready: INITIALIZE,
  });
}

/** The same, over the older HTTP with server-sent events. */
async function mcpHub(tools: string): Promise<Started> {
  const server = { command: "node", args: [new URL("stdio_server.js", here).pathname, "0", tools] };
  const target = await started({
    command: "node",
    args: (port, folder) => [
      packaged("mcp-hub/dist/cli.js"),
      ...["--port", String(port), "--config", `${folder}/servers.json`],
    ],
    env: (_port, folder) => ({ HOME: folder, XDG_STATE_HOME: folder }),
    files: { "servers.json": JSON.stringify({ mcpServers: { peer: server } }) },
    ready: { method: "GET", path: "/api/health" },
  });
  // It answers before it has connected.
  const isThere = async () =>
    (await ask(target.port, { method: "GET", path: "/api/health" })).body
      .includes('"status":"connected"');
  while (!await isThere()) await new Promise((resolve) => setTimeout(resolve, 100));
  return target;
}

/** A session, whose name goes with every call. */
async function openSession({ port }: Started): Promise<Record<string, string>> {
  const { head } = await ask(port, INITIALIZE);
  const [, id] = /^mcp-session-id: (\S+)/m.exec(head) ?? [];
  if (id === undefined) throw new Error("There is no session");
  return { "Mcp-Session-Id": id };
}

/** All of them. */
export const mcpPeers: McpPeer[] = [
  {
    name: `MCP SDK v1 ${peerVersion("@modelcontextprotocol/sdk")}, as its example, Node`,
    eras: ["2025"],
    start: onNode("sdk_v1_example.js"),
  },
  {
    name: `@modelcontextprotocol/server ${peerVersion("@modelcontextprotocol/server")}, Deno`,
    eras: ["2025", "2026"],
    start: onDeno("sdk_v2.js"),
  },
  {
    name: `@hono/mcp ${peerVersion("@hono/mcp")}, Node`,
    eras: ["2025"],
    start: onNode("hono_mcp.js"),
  },
  {
    name: `fastmcp ${peerVersion("fastmcp")}, Node`,
    eras: ["2025"],
    start: onNode("fastmcp_node.js"),
  },
  {
    name: `fastmcp/edge ${peerVersion("fastmcp")}, Deno`,
    eras: ["2025"],
    start: onDeno("fastmcp_edge.js"),
  },
  {
    name: `supergateway ${peerVersion("supergateway")} and a stdio server, Node`,
    eras: ["2025"],
    start: supergateway,
    open: openSession,
  },
  {
    name: `mcp-hub ${peerVersion("mcp-hub")} and a stdio server, Node`,
    eras: ["2025"],
    start: mcpHub,
    connect: (port) => EventCaller.open(port, "/mcp"),
    prefix: "peer__",
  },
];
