/**
 * Ways to an upstream MCP server.
 *
 * @module
 */

// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/client/streamableHttp"
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/shared/transport"
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { StartAs } from "../../broker/core/system_user.ts";
import type { UpstreamSpec } from "../../broker/core/upstream.ts";
import { type BoundedDeps, boundedFetch } from "./bounded.ts";
import { Lines } from "./lines.ts";

/**
 * What is reached for inside of the SDK's stdio transport (1.32.2), which is
 * pinned. Where it has moved, the test of a line of 150 MB fails.
 */
interface Inside {
  _process?: { stdout: { destroy(): void } };
}

/** What leads out of this process. */
export interface WaysOut extends BoundedDeps {
  /** Absent where no process can be started as another user. */
  startAs?: StartAs | undefined;
}

/** A transport, not started yet. */
export async function connectTransport(
  spec: UpstreamSpec,
  token: string | undefined,
  deps: WaysOut,
): Promise<Transport> {
  if (spec.kind === "stdio" && spec.runAs !== undefined) {
    const { command, args, env, runAs: user } = spec;
    const { startAs } = deps;
    if (startAs === undefined) throw new Error("no process starts as another user here");
    const { ProcessTransport } = await import("./process_transport.ts");
    return new ProcessTransport({ command, args, env, user }, startAs);
  }
  if (spec.kind === "stdio") {
    const { StdioClientTransport } = await import(
      // @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/client/stdio"
      "@modelcontextprotocol/sdk/client/stdio.js"
    );
    const { command, args, env } = spec;
    const stdio = new StdioClientTransport({ command, args, env, stderr: "ignore" });
    // It ends the process, but gives it two seconds first, and reads on meanwhile.
    const lines = new Lines(() => (stdio as unknown as Inside)._process?.stdout.destroy());
    // In the place of the SDK's own, which copies all that it has with every piece.
    return Object.assign(stdio, { _readBuffer: lines }) as Transport;
  }
  const headers: Record<string, string> = { ...spec.headers };
  if (token !== undefined) headers.Authorization = `Bearer ${token}`;
  // What is too long ends the connection, however that goes; the call is told by its own answer.
  const bounded = boundedFetch(deps, () => void transport.close().catch(() => {}));
  const transport = new StreamableHTTPClientTransport(new URL(spec.url), {
    requestInit: { headers },
    // A redirect would carry the token to another host.
    fetch: (url, init) => bounded(url, { ...init, redirect: "error" }),
  });
  return transport as Transport;
}
