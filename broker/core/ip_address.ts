/**
 * IP addresses and networks, read from text. One address has one form here: an
 * IPv4 address inside of IPv6 (`::ffff:192.0.2.1`) is that IPv4 address.
 *
 * @module
 */

import { once } from "./lazily.ts";

/** The number of an IPv4 address, or the eight groups of an IPv6 one. */
export type IpAddress = { v4: number } | { v6: number[] };

/** A range of addresses, as CIDR has it. */
export interface Network {
  base: IpAddress;
  bits: number;
}

/** An address as systems write it; `undefined` for everything else, zones (`%eth0`) and ports too. */
export function parseIp(text: string): IpAddress | undefined {
  const v4 = parseV4(text);
  if (v4 !== undefined) return { v4 };
  const v6 = parseV6(text);
  if (v6 === undefined) return undefined;
  const mapped = v6.slice(0, 5).every((group) => group === 0) && v6[5] === 0xffff;
  return mapped ? { v4: v6[6]! * 0x10000 + v6[7]! } : { v6 };
}

/** `10.0.0.0/8`, `fd00::/8`, or one address. `undefined` where it is none, or has bits beyond its mask. */
export function parseNetwork(text: string): Network | undefined {
  const [address = "", length, more] = text.split("/");
  const base = parseIp(address);
  if (base === undefined || more !== undefined) return undefined;
  // `::ffff:10.0.0.0/104` could mean either: written as IPv4 it means one thing.
  if ("v4" in base && address.includes(":")) return undefined;
  const most = "v4" in base ? 32 : 128;
  if (length !== undefined && !/^(0|[1-9]\d{0,2})$/.test(length)) return undefined;
  const bits = length === undefined ? most : Number(length);
  if (bits > most) return undefined;
  const rest = bitsOf(base).slice(bits);
  return rest.includes("1") ? undefined : { base, bits };
}

/** Whether an address lies in a network; one of the other family never does. */
export function isWithin(address: IpAddress, { base, bits }: Network): boolean {
  if ("v4" in address !== "v4" in base) return false;
  return bitsOf(address).slice(0, bits) === bitsOf(base).slice(0, bits);
}

function bitsOf(address: IpAddress): string {
  if ("v4" in address) return address.v4.toString(2).padStart(32, "0");
  return address.v6.map((group) => group.toString(2).padStart(16, "0")).join("");
}

/** Addresses of a machine or a network of its own: behind one may stand one caller, or all. */
const PRIVATE = once(() =>
  [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "::/127",
    "fc00::/7",
    "fe80::/10",
  ].map((text) => parseNetwork(text)!)
);

/** Whether an address is of this machine or of a private network. */
export function isPrivate(address: IpAddress): boolean {
  return PRIVATE().some((network) => isWithin(address, network));
}

/** What is counted as one caller: an IPv4 address, and a /64 of IPv6, which one subscriber has whole. */
export function callerKey(address: IpAddress): string {
  if ("v6" in address) return address.v6.slice(0, 4).map((group) => group.toString(16)).join(":");
  const { v4 } = address;
  return [v4 >>> 24, v4 >>> 16 & 255, v4 >>> 8 & 255, v4 & 255].join(".");
}

/** The number of an IPv4 address in its one spelling. */
export function parseV4(text: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  // A leading zero is octal to some readers: an address has one spelling here.
  const plain = !/(^|\.)0\d/.test(text);
  if (parts === undefined || !plain || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/** Eight groups; an embedded IPv4 address and `::` included. Zones (`%eth0`) are refused. */
export function parseV6(text: string): number[] | undefined {
  if (text.length > 45 || !/^[0-9a-f:.]+$/i.test(text)) return undefined;
  const embedded = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  let source = text;
  if (embedded !== null) {
    const v4 = parseV4(embedded[2]!);
    if (v4 === undefined) return undefined;
    source = `${embedded[1]}${(v4 >>> 16).toString(16)}:${(v4 & 0xffff).toString(16)}`;
  }
  const halves = source.split("::");
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => half === "" ? [] : half.split(":"));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array<string>(missing).fill("0"), ...tail];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.map((group) => parseInt(group, 16));
}
