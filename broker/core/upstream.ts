/**
 * Upstream MCP servers: what the operator set, and what was approved of them.
 *
 * @module
 */

import type { SystemUser } from "./system_user.ts";

interface CommonSpec {
  name: string;
  title: string;
  timeoutMs: number;
}

/** A remote server over Streamable HTTP. */
export interface RemoteUpstream extends CommonSpec {
  kind: "http";
  url: string;
  /** Whose token of the subject is sent along. */
  provider?: string | undefined;
  headers: Record<string, string>;
  /**
   * It is connected by each person, as a provider of its own that has the upstream's name; or it is,
   * if it asks for that. Absent: it is not.
   */
  oauth?: "always" | "if_asked" | undefined;
  /** This program's client there, where the operator has registered one. */
  client?: { id: string; secret?: string | undefined } | undefined;
}

/** A local server over stdio. */
export interface LocalUpstream extends CommonSpec {
  kind: "stdio";
  command: string;
  args: string[];
  env: Record<string, string>;
  /** `person`: a process of each subject's own. */
  per?: "person" | undefined;
  /** Absent: as the gateway's own user, which the operator said is trusted. */
  runAs?: SystemUser | undefined;
}

/** An upstream as the operator set it: somewhere else, or a process on this machine. */
export type UpstreamSpec = RemoteUpstream | LocalUpstream;

/**
 * Whether what it lists and answers is a person's own, since a person's token, or a process of the
 * person's own, stands behind it. What is known of one person is never told of such an upstream.
 */
export function isPersonal(spec: UpstreamSpec): boolean {
  return spec.kind === "http" ? spec.provider !== undefined : spec.per === "person";
}

/**
 * A call that tells how far it is may take longer than its upstream's time, and
 * so may a list of several pages: this many times as long, and no longer.
 */
export const LONGEST_TIMES = 5;

/** The longest time that one thing asked of an upstream takes, in ms. */
export function longestTime({ timeoutMs }: Pick<CommonSpec, "timeoutMs">): number {
  return LONGEST_TIMES * timeoutMs;
}

/** Whether a tool's public name is one of an upstream's; see `toolName` in `mcp/upstream/`. */
export function ownsTool({ name }: Pick<CommonSpec, "name">, tool: string): boolean {
  return tool.startsWith(`${name}_`);
}

/**
 * What was approved of an upstream MCP server, and what waits for the operator:
 * of one of its tools, by our name, or, without one, of its instructions.
 */
export interface DefinitionRecord {
  upstream: string;
  tool?: string | undefined;
  /** Absent where nothing is approved but an older form that is no longer listed. */
  approved?: Definition | undefined;
  /** Whether a tool's word is taken for being read-only or idempotent. */
  areHintsBelieved: boolean;
  /** Listed after that in another form: withheld until it is accepted. */
  waiting?: Definition | undefined;
  /** What was approved before 0.2.0. */
  older?: OlderDefinition | undefined;
}

/** A definition as it is remembered. */
export interface Definition {
  /** SHA-256, hexadecimal, of all of it: JSON with sorted members. */
  digest: string;
  /** The same, indented, for the operator to compare. */
  text: string;
  /** What is not kept of the text. */
  rest?: { length: number; digest: string } | undefined;
}

/** What was kept of all tools of an upstream before 0.2.0, by the upstream's own names. */
export interface OlderRecord {
  approved: Record<string, OlderDefinition>;
}

/** A digest, of those members of a tool that were known then, and part of its description. */
export interface OlderDefinition {
  digest: string;
  description: string;
}
