/**
 * Upstream MCP servers: what the operator set, and what was approved of them.
 *
 * @module
 */

import { isPrivateHost } from "./public_address.ts";
import type { Subject } from "./subject.ts";
import type { SystemUser } from "./system_user.ts";

interface CommonSpec {
  name: string;
  title: string;
  timeoutMs: number;
  /** What our names for its tools begin with: `<name>_` where absent, nothing where empty. */
  prefix?: string | undefined;
  /** Tools of a name not seen before wait for the operator; absent: they are adopted. */
  newTools?: "withhold" | undefined;
  /** It honestly describes a tool to one person otherwise than to another. */
  perPersonDefinitions?: boolean | undefined;
  /** Tools that are shown to who is not connected: all that are accepted, or these. */
  showTools?: boolean | string[] | undefined;
}

/** A remote server over Streamable HTTP. */
export interface RemoteUpstream extends CommonSpec {
  kind: "http";
  url: string;
  /** Whose token of the subject is sent along. Of one that may ask for OAuth: as it is known now. */
  provider?: string | undefined;
  headers: Record<string, string>;
  /**
   * It is connected by each person, as a provider of its own that has the upstream's name; or it is,
   * if it asks for that. Absent: it is not.
   */
  oauth?: "always" | "if_asked" | undefined;
  /** It stands in a network of the operator's own, though its name does not say so. */
  isPrivate?: boolean | undefined;
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
  /** Whose token of the person goes into `tokenEnv`. */
  provider?: string | undefined;
  /** The variable that the person's provider token is in. */
  tokenEnv?: string | undefined;
  /** Of processes at a time, where each person has one. */
  maxProcesses?: number | undefined;
  /** What each may keep in memory. */
  memoryMb?: number | undefined;
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
 * Whether it is the operator's own for sure: a process of this machine, or a server in a network of
 * the operator's own. What is said to it stays there.
 */
export function isOwnServer(spec: UpstreamSpec): boolean {
  if (spec.kind === "stdio") return true;
  return spec.isPrivate === true || isPrivateHost(new URL(spec.url).hostname);
}

/** How it is learnt whether an upstream asks who calls; see `providers/discovered/`. */
export interface UpstreamAccess {
  /** It answered a request that said nothing of who asks. Does not throw. */
  answered(): Promise<void>;
  /**
   * It refused one; `challenge` is its `WWW-Authenticate`. Afterwards {@linkcode tokenService} says
   * whose token it wants.
   *
   * @throws {Refusal} where nobody finds out how its people sign in.
   */
  refused(challenge?: string): Promise<void>;
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

/**
 * The service whose token of the subject goes to an upstream, or to the subject's own process of
 * it; absent where none does.
 */
export function tokenService(spec: UpstreamSpec): string | undefined {
  return isPersonal(spec) ? spec.provider : undefined;
}

/** What the names of an upstream's tools may begin with, and nobody else's. */
export function prefixesOf({ name, prefix = "" }: Pick<CommonSpec, "name" | "prefix">): string[] {
  return prefix === "" ? [`${name}_`] : [`${name}_`, prefix];
}

/**
 * Whether a tool's public name can be an upstream's alone; see `tool_name.ts` in `mcp/upstream/`.
 * One with an empty prefix has others beside.
 */
export function ownsTool(spec: Pick<CommonSpec, "name" | "prefix">, tool: string): boolean {
  return prefixesOf(spec).some((prefix) => tool.startsWith(prefix));
}

/**
 * What was approved of an upstream MCP server, and what waits for the operator:
 * of one of its tools, by our name, or, without one, of its instructions.
 */
export interface DefinitionRecord {
  upstream: string;
  tool?: string | undefined;
  /**
   * All that may be listed, for whomever, the newest first. Empty where nothing is but an older
   * form that is no longer listed, or a tool that waits from the first.
   */
  accepted: AcceptedDefinition[];
  /** Listed after that in other forms, the newest first: withheld until they are accepted. */
  waiting: RecordedDefinition[];
  /** What was approved before 0.2.0. */
  older?: OlderDefinition | undefined;
}

/** A definition that is on record, by its digest. */
export interface RecordedDefinition {
  /** SHA-256, hexadecimal, of all of it: JSON with sorted members. */
  digest: string;
  /** Where it does not stand in a record of its own, as until 0.2.0. */
  kept?: KeptText | undefined;
}

/** One that was adopted, or accepted by the operator. */
export interface AcceptedDefinition extends RecordedDefinition {
  /** Whether a tool's word is taken for being read-only or idempotent. */
  areHintsBelieved: boolean;
}

/** What is kept of a definition's text. */
export interface KeptText {
  /** JSON with sorted members, indented, for the operator to compare. */
  text: string;
  /** What is not kept of it. */
  rest?: { length: number; digest: string } | undefined;
}

/** A definition as it is now. */
export interface Definition extends KeptText {
  /** As in {@linkcode RecordedDefinition}. */
  digest: string;
}

/** What the last lists of an upstream left out; for the operator. */
export interface ListReport {
  upstream: string;
  findings: ListFinding[];
}

/** One thing that is not listed. */
export interface ListFinding {
  /** A reason, such as `input_not_an_object`, or `cut_off`. */
  reason: string;
  /** The upstream's own name of the tool, or how much there was of the list. */
  what: string;
  /** When it was last seen, in epoch ms. */
  at: number;
}

/** What is kept of an upstream for one person; see `kept_lists.ts` in `mcp/upstream/`. */
export type KeptList =
  & (
    | {
      kind: "list";
      /** Of the connection that it was listed with, and of the upstream's address. */
      mark: string;
      listedAt: number;
      instructions: unknown;
      /** What it stands under together with the number of a page. */
      id: string;
      pages: number;
      expiresAt: number;
    }
    | { kind: "page"; tools: unknown[]; expiresAt: number }
    /** By our name of a tool: the digests of those definitions that the person was shown. */
    | { kind: "shown"; tools: Record<string, string[]>; expiresAt: number }
  )
  & {
    /** Whose it is; absent in records of versions before 0.2. */
    subject?: Subject | undefined;
  };

/** What was kept of all tools of an upstream before 0.2.0, by the upstream's own names. */
export interface OlderRecord {
  approved: Record<string, OlderDefinition>;
}

/** A digest, of those members of a tool that were known then, and part of its description. */
export interface OlderDefinition {
  digest: string;
  description: string;
}
