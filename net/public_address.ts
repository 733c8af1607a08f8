/**
 * Which addresses a client's metadata may be fetched from: public ones only,
 * so that nobody makes this program call its own network (SSRF).
 *
 * @module
 */

import { parseV4, parseV6 } from "../broker/core/ip_address.ts";

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
