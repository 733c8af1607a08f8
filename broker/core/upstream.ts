/**
 * Upstream MCP servers: what the operator set, and what was approved of them.
 *
 * @module
 */

interface CommonSpec {
  name: string;
  title: string;
  timeoutMs: number;
}

/** A remote server over Streamable HTTP. */
export interface RemoteUpstream extends CommonSpec {
  kind: "http";
  url: string;
  provider?: string | undefined;
  headers: Record<string, string>;
}

/** A local server over stdio. */
export interface LocalUpstream extends CommonSpec {
  kind: "stdio";
  command: string;
  args: string[];
  env: Record<string, string>;
}

/** An upstream as the operator set it: somewhere else, or a process on this machine. */
export type UpstreamSpec = RemoteUpstream | LocalUpstream;

/** Whether a tool's public name is one of an upstream's; see `toolName` in `mcp/upstream/`. */
export function ownsTool({ name }: Pick<CommonSpec, "name">, tool: string): boolean {
  return tool.startsWith(`${name}_`);
}

/** What was approved of an upstream MCP server's tools, and what waits for the operator. */
export interface UpstreamRecord {
  /** Tool → digest of its definition, and its description for the operator to compare. */
  approved: Record<string, ToolDefinition>;
  /** Changed after they were approved: withheld until accepted. */
  withheld: Record<string, ToolDefinition>;
}

/** A tool's definition as it is remembered. */
export interface ToolDefinition {
  digest: string;
  description: string;
}
