/**
 * The MCP endpoint with an API key, as a voice app calls it: the beginning and
 * the list of tools, in both revisions of the protocol. The key goes to that
 * address, and is told to nobody.
 *
 * @module
 */

import { digestHex } from "../../broker/core/secrets.ts";
import { type Finding, findingsAbout } from "./finding.ts";
import { type PublicLook, type Read, read } from "./asking.ts";
import { CLIENT, initialize, rpc } from "./rpc.ts";

const WHAT = "MCP";
const { fault } = findingsAbout(WHAT);
const META = "io.modelcontextprotocol/";
/** A user that no app has, so that nothing of anybody is seen. */
const USER = "switchboard-doctor";

/** Both revisions. */
export async function mcpFindings(look: PublicLook, key: string): Promise<Finding[]> {
  const caller = { Authorization: `Bearer ${key}`, "X-User-Id": USER };
  const begun = await read(look, "/mcp", initialize(caller));
  if (begun.status === 401) {
    const withBreak = digestHex(`${key}\n`);
    const owner = look.digests?.find(({ sha256 }) => sha256 === withBreak)?.realm;
    if (owner !== undefined) {
      return [fault(
        `API_KEYS has the digest of the key of ${owner} with a line break behind it.`,
        "`echo` adds one: `printf %s <key> | sha256sum` prints the digest that is wanted.",
      )];
    }
    return [fault(
      "the API key is not known there.",
      '`printf %s "$SWITCHBOARD_API_KEY" | sha256sum` must print the digest that API_KEYS has.',
    )];
  }
  if (resultOf(begun) === undefined) return [notMcp("initialize", begun)];
  const [older, newer] = await Promise.all([
    read(look, "/mcp", asked("2025-11-25", "tools/list", caller)),
    read(look, "/mcp", asked("2026-07-28", "tools/list", caller)),
  ]);
  return [listFinding("2025-11-25", older!), listFinding("2026-07-28", newer!)];
}

function listFinding(revision: string, answer: Read): Finding {
  const tools = resultOf(answer)?.tools;
  if (!Array.isArray(tools)) return notMcp(`tools/list of ${revision}`, answer);
  const found = `${revision}: ${tools.length} tools are listed.`;
  if (tools.length > 0) return { what: WHAT, state: "ok", found };
  return {
    what: WHAT,
    state: "note",
    found,
    cure: "Set up a provider with tools, or an MCP server; see what the key is limited to.",
  };
}

function asked(revision: string, method: string, headers: Record<string, string>): RequestInit {
  const isModern = revision >= "2026";
  const _meta = {
    [`${META}protocolVersion`]: revision,
    [`${META}clientInfo`]: CLIENT,
    [`${META}clientCapabilities`]: {},
  };
  return rpc({ id: 2, method, params: isModern ? { _meta } : {} }, {
    ...headers,
    "MCP-Protocol-Version": revision,
    ...(isModern && { "Mcp-Method": method }),
  });
}

function resultOf({ json }: Read): Record<string, unknown> | undefined {
  const result = json?.result;
  return typeof result === "object" && result !== null
    ? result as Record<string, unknown>
    : undefined;
}

function notMcp(what: string, { status, json }: Read): Finding {
  const said = typeof json?.error === "string" && /^[a-z_]{1,40}$/.test(json.error)
    ? `, ${json.error}`
    : "";
  return fault(
    `${what} is not answered as MCP (status ${status}${said}).`,
    "See the gateway's log, and whether the proxy in front changes requests or answers.",
  );
}
