/**
 * Whose budget a request counts against: the connection's own address, or what
 * the operator's proxies say in the one header that is named. Nothing else is
 * ever read from such a header: no host, no scheme.
 *
 * @module
 */

import {
  callerKey,
  type IpAddress,
  isPrivate,
  isWithin,
  type Network,
  parseIp,
} from "../../broker/core/ip_address.ts";
import type { World } from "../../broker/core/world.ts";

/** Whom the operator trusts to say who calls. */
export interface TrustedProxies {
  networks: Network[];
  /** In lower case. */
  header: string;
}

/** The connection, as Deno hands it over. */
export type Connection = { remoteAddr: Deno.Addr } | undefined;

/** Finds out who calls; `undefined` where one address may stand for everybody. */
export type FindCaller = (request: Request, connection: Connection) => string | undefined;

/**
 * How {@linkcode FindCaller} finds a caller, for whoever looks at a deployment from outside: by the
 * address that `connection` comes from; `proxy`: a trusted one named it, `said`: in the caller's own
 * words; not at all, so that all count as one, since the connection is from a private address
 * (`private`), or the proxy named nobody (`unnamed`), or proxies alone (`inside`). `unlisted`: by a
 * private address that passes on another's, and is none of the trusted.
 */
export type CallerFound =
  | "connection"
  | "proxy"
  | "said"
  | "private"
  | "unnamed"
  | "inside"
  | "unlisted";

/** {@linkcode CallerFound}; `said`: the address that the caller put into the header itself. */
export type ExplainCaller = (
  request: Request,
  connection: Connection,
  said: string,
) => CallerFound | undefined;

/** Nothing is told but how: no address, of the caller or of a proxy. */
export function createExplainCaller({ networks, header }: TrustedProxies): ExplainCaller {
  const isTrusted = (address: IpAddress) => networks.some((network) => isWithin(address, network));
  return ({ headers }, connection, said) => {
    const peer = connection?.remoteAddr;
    const address = peer && "hostname" in peer ? parseIp(peer.hostname) : undefined;
    if (address === undefined) return undefined;
    const text = headers.get(header) ?? "";
    if (networks.length === 0) return isPrivate(address) ? "private" : "connection";
    if (!isTrusted(address)) return isPrivate(address) && text !== "" ? "unlisted" : "connection";
    const passed: IpAddress[] = [];
    for (const hop of hopsOf(text)) {
      const found = addressIn(hop);
      if (found === undefined) break;
      if (!isTrusted(found)) {
        if (!isSame(found, said)) return "proxy";
        // A caller inside of these networks is passed over like a proxy: nobody can tell.
        return passed.length > 0 && passed.every(isPrivate) ? "inside" : "said";
      }
      passed.push(found);
    }
    return passed.length === 0 ? "unnamed" : "inside";
  };
}

function isSame(address: IpAddress, text: string): boolean {
  const other = parseIp(text);
  return other !== undefined && callerKey(other) === callerKey(address);
}

/** What the address of a connection is. */
type Peer = { kind: "none" | "private" | "proxy" } | { kind: "caller"; key: string };

/** Longer chains of proxies are not looked through. */
const MAX_HOPS = 10;
/** Addresses that connect, of which is remembered what they are: clients and proxies keep theirs. */
const MOST_PEERS = 1_000;
/** Of a longer header its end counts: what stands before is a stranger's. */
const MAX_CHARACTERS = 1_000;

/**
 * {@linkcode FindCaller} for a deployment. Where a caller cannot be told apart
 * from others the log says so, once: limits per address do not hold for it.
 */
export function createFindCaller(
  { networks, header }: TrustedProxies,
  { log }: Pick<World, "log">,
): FindCaller {
  const isTrusted = (address: IpAddress) => networks.some((network) => isWithin(address, network));
  let isSaid = false;
  const unknown = (detail: string): undefined => {
    if (!isSaid) log({ level: "warn", event: "caller_address_unknown", detail });
    isSaid = true;
  };
  const peers = new Map<string, Peer>();
  const peerAt = (address: string): Peer => {
    const known = peers.get(address);
    if (known !== undefined) return known;
    const peer = peerOf(address);
    if (peers.size >= MOST_PEERS) peers.clear();
    peers.set(address, peer);
    return peer;
  };
  const peerOf = (text: string): Peer => {
    const address = parseIp(text);
    if (address === undefined) return { kind: "none" };
    if (networks.length === 0 && isPrivate(address)) return { kind: "private" };
    return isTrusted(address) ? { kind: "proxy" } : { kind: "caller", key: callerKey(address) };
  };
  return ({ headers }, connection) => {
    const address = connection?.remoteAddr;
    if (address === undefined || !("hostname" in address)) return undefined;
    const peer = peerAt(address.hostname);
    switch (peer.kind) {
      case "none":
        return undefined;
      case "private":
        return unknown("requests come from a private address; see TRUSTED_PROXIES");
      case "caller":
        return peer.key;
    }
    for (const hop of hopsOf(headers.get(header) ?? "")) {
      const address = addressIn(hop);
      if (address === undefined) break;
      if (!isTrusted(address)) return callerKey(address);
    }
    // The proxy itself, or one that does not say for whom it asks: that could be everybody.
    return unknown(`a trusted proxy names no caller in ${header}; see TRUSTED_PROXY_HEADER`);
  };
}

/** The entries from the right, where the nearest proxy writes. Several lines are one list (RFC 9110 §5.3). */
function* hopsOf(header: string): Generator<string> {
  const cut = header.slice(-MAX_CHARACTERS);
  // What is cut off in its middle is no entry.
  const entries = cut.split(",").slice(header.length > MAX_CHARACTERS ? 1 : 0);
  for (const entry of entries.reverse().slice(0, MAX_HOPS)) {
    yield entry.replaceAll(/^[ \t]+|[ \t]+$/g, "");
  }
}

/** `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:4711`; nothing else. */
function addressIn(entry: string): IpAddress | undefined {
  const [, bracketed] = /^\[([0-9a-f:.]{2,45})\](?::\d{1,5})?$/i.exec(entry) ?? [];
  if (bracketed !== undefined) return bracketed.includes(":") ? parseIp(bracketed) : undefined;
  const [, v4 = entry] = /^([\d.]{7,15}):\d{1,5}$/.exec(entry) ?? [];
  return parseIp(v4);
}
