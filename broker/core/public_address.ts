/**
 * Which addresses may be fetched from where strangers name them: public ones only,
 * so that nobody makes this program call its own network (SSRF).
 *
 * @module
 */

import { isLoopback } from "./addresses.ts";
import { parseV4, parseV6 } from "./ip_address.ts";

/**
 * IPv4 ranges that are not the public internet, as [base, bits]: IANA's
 * special-purpose registry, and what clouds answer to their own machines alone
 * though it lies outside of that.
 */
const SPECIAL_V4: [string, number][] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
  // Azure's WireServer, which hands out a machine's secrets.
  ["168.63.129.16", 32],
  // IBM Cloud's private services and service endpoints.
  ["161.26.0.0", 16],
  ["166.8.0.0", 14],
];

/** Whether an IP address, as a resolver writes it, is a public one. */
export function isPublicAddress(address: string): boolean {
  const v4 = parseV4(address);
  if (v4 !== undefined) return isPublicV4(v4);
  const v6 = parseV6(address);
  return v6 !== undefined && isPublicV6(v6);
}

function isPublicV4(address: number): boolean {
  return !SPECIAL_V4.some(([base, bits]) => {
    const size = 2 ** (32 - bits);
    return Math.floor(address / size) === Math.floor(parseV4(base)! / size);
  });
}

function isPublicV6(groups: number[]): boolean {
  const [first = 0, second = 0] = groups;
  // Only 2000::/3 is given out; of it, these carry an IPv4 address or documentation.
  if (first >> 13 !== 1) return false;
  if (first === 0x2002) return isPublicV4((second << 16 >>> 0) + groups[2]!);
  const teredo = first === 0x2001 && second < 0x200;
  const documentation = (first === 0x2001 && second === 0xdb8) || first === 0x3fff;
  return !teredo && !documentation;
}

/**
 * Whether a server that the operator set may name an address that is not
 * public: on this machine, where it is on this machine itself; on its own host,
 * where it is in a private network. What decides is the configured address,
 * never what its name resolves to: whoever runs a public name could let it lead
 * into this network later.
 */
export function mayNamePrivately(upstream: URL, target: URL, isPrivate = false): boolean {
  if (isThisMachine(upstream.hostname)) return isWeb(target) && isThisMachine(target.hostname);
  const isOwn = isPrivate || isPrivateHost(upstream.hostname);
  // In clear text only where the operator has set that for the server itself.
  const isNoWorse = target.protocol === "https:" || target.protocol === upstream.protocol;
  return isOwn && isWeb(target) && isNoWorse && target.hostname === upstream.hostname;
}

function isWeb({ protocol }: URL): boolean {
  return protocol === "https:" || protocol === "http:";
}

function isThisMachine(hostname: string): boolean {
  return isLoopback(hostname) || hostname.endsWith(".localhost");
}

/** Ends of names that nobody can register (RFC 6762 §3 and appendix G, RFC 8375, RFC 6761). */
const PRIVATE_ENDS =
  /\.(local|localhost|internal|intranet|private|corp|home|lan|home\.arpa|test|invalid)$/;

/** Whether an address or a name can only be one of a network of one's own. */
export function isPrivateHost(hostname: string): boolean {
  const literal = hostname.replace(/^\[(.*)\]$/, "$1");
  const isLiteral = literal !== hostname || /^[\d.]+$/.test(hostname);
  if (isLiteral) return !isPublicAddress(literal);
  return !hostname.includes(".") || PRIVATE_ENDS.test(hostname);
}
