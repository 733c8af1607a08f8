/**
 * What a conversation with an upstream begins with, in each era of MCP, over
 * whichever wire.
 *
 * @module
 */

import { isRecord } from "../../broker/core/json.ts";

/** The newest revision of the era with sessions; its servers answer with the one that they speak. */
export const STATEFUL_REVISION = "2025-11-25";
/** The first revision of the era without; later ones are asked for by name. */
export const STATELESS_REVISION = "2026-07-28";

/** What a server said of itself. */
export interface Greeting {
  revision: string;
  capabilities: Record<string, unknown>;
  instructions: string | undefined;
}

/** What this client is and can, as it says so. */
export interface ClientSays {
  clientInfo: { name: string; version: string };
  capabilities: Record<string, unknown>;
}

/** `initialize` (until 2025-11-25). */
export function initializeParams({ clientInfo, capabilities }: ClientSays) {
  return { protocolVersion: STATEFUL_REVISION, capabilities, clientInfo };
}

/** What `initialize` was answered with, as far as it can be used. */
export function greetingOf(result: Record<string, unknown>): Greeting {
  const { protocolVersion, capabilities, instructions } = result;
  return {
    // It becomes a header.
    revision: typeof protocolVersion === "string" && /^[\w.-]{1,32}$/.test(protocolVersion)
      ? protocolVersion
      : STATEFUL_REVISION,
    capabilities: isRecord(capabilities) ? capabilities : {},
    instructions: typeof instructions === "string" ? instructions : undefined,
  };
}

/** What `server/discover` was answered with (2026-07-28); `undefined` where it is no such answer. */
export function discoveryOf(result: Record<string, unknown>): Greeting | undefined {
  const { supportedVersions } = result;
  if (!Array.isArray(supportedVersions) || !supportedVersions.includes(STATELESS_REVISION)) {
    return undefined;
  }
  return { ...greetingOf(result), revision: STATELESS_REVISION };
}

/** The parameters of a request in the era without sessions: each says who asks, and what it can. */
export function envelope(
  params: Record<string, unknown>,
  { clientInfo, capabilities }: ClientSays,
): Record<string, unknown> {
  const meta = isRecord(params._meta) ? params._meta : {};
  const { elicitation } = capabilities;
  // A page to open can be told in words to everybody.
  const pages = { ...(isRecord(elicitation) ? elicitation : {}), url: {} };
  return {
    ...params,
    _meta: {
      ...meta,
      "io.modelcontextprotocol/protocolVersion": STATELESS_REVISION,
      "io.modelcontextprotocol/clientInfo": clientInfo,
      "io.modelcontextprotocol/clientCapabilities": { ...capabilities, elicitation: pages },
    },
  };
}

/** Parameters with the token by which progress is told. */
export function withProgressToken(
  params: Record<string, unknown>,
  progressToken: number,
): Record<string, unknown> {
  const meta = isRecord(params._meta) ? params._meta : {};
  return { ...params, _meta: { ...meta, progressToken } };
}
