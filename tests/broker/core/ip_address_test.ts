import { assertEquals } from "@std/assert";
import {
  callerKey,
  isPrivate,
  isWithin,
  parseIp,
  parseNetwork,
} from "../../../broker/core/ip_address.ts";

const keyOf = (text: string) => {
  const address = parseIp(text);
  return address && callerKey(address);
};

Deno.test("callerKey() is one per IPv4 address and per /64 of IPv6", () => {
  const keys: Record<string, string | undefined> = {
    "203.0.113.7": "203.0.113.7",
    "255.255.255.255": "255.255.255.255",
    "::ffff:203.0.113.7": "203.0.113.7",
    "::FFFF:cb00:7107": "203.0.113.7",
    "0:0:0:0:0:ffff:203.0.113.7": "203.0.113.7",
    "2001:db8:1:2:3:4:5:6": "2001:db8:1:2",
    "2001:0DB8:0001:0002::1": "2001:db8:1:2",
    "2001:db8:1:2::": "2001:db8:1:2",
    "2001:db8::1": "2001:db8:0:0",
    "::1": "0:0:0:0",
  };
  for (const [text, key] of Object.entries(keys)) assertEquals(keyOf(text), key, text);
});

Deno.test("parseIp() takes nothing that two readers could take for two addresses", () => {
  for (
    const text of [
      "",
      "unknown",
      "_hidden",
      "203.0.113",
      "203.0.113.07",
      "0xcb.0.113.7",
      "3405803783",
      "203.0.113.256",
      "203.0.113.7 ",
      "203.0.113.7\n",
      "203.0.113.7:80",
      "[2001:db8::1]",
      "fe80::1%eth0",
      "2001:db8::1::2",
      "2001:db8",
      "1:2:3:4:5:6:7:8:9",
      "::ffff:203.0.113.777",
      "١.١.١.١",
      ":".repeat(10_000),
    ]
  ) assertEquals(parseIp(text), undefined, text.slice(0, 40));
});

Deno.test("parseNetwork() and isWithin() keep to the mask, and to the family", () => {
  const within = (address: string, network: string) =>
    isWithin(parseIp(address)!, parseNetwork(network)!);
  const yes = [
    ["10.255.0.1", "10.0.0.0/8"],
    ["::ffff:10.1.2.3", "10.0.0.0/8"],
    ["192.0.2.129", "192.0.2.128/25"],
    ["192.0.2.1", "192.0.2.1"],
    ["192.0.2.1", "192.0.2.1/32"],
    ["fd12::9", "fd00::/8"],
    ["2001:db8:0:1::5", "2001:db8::/47"],
    ["2001:db8::5", "2001:db8::5/128"],
  ];
  const no = [
    ["11.0.0.1", "10.0.0.0/8"],
    ["192.0.2.127", "192.0.2.128/25"],
    ["192.0.2.2", "192.0.2.1"],
    ["10.0.0.1", "::/8"],
    ["::10.0.0.1", "10.0.0.0/8"],
    ["2001:db8:0:2::5", "2001:db8::/63"],
  ];
  for (const [address, network] of yes) assertEquals(within(address!, network!), true, address);
  for (const [address, network] of no) assertEquals(within(address!, network!), false, address);
});

Deno.test("parseNetwork() takes no mask that does not fit", () => {
  for (
    const text of [
      "10.0.0.0/33",
      "10.0.0.0/-1",
      "10.0.0.0/",
      "10.0.0.0/8/8",
      "10.0.0.0/08",
      "10.0.0.0/8 ",
      "10.0.0.0/255.0.0.0",
      "10.0.0.1/8",
      "2001:db8::1/64",
      "::ffff:10.0.0.0/104",
      "fd00::/129",
      "localhost",
      "*",
    ]
  ) assertEquals(parseNetwork(text), undefined, text);
});

Deno.test("parseNetwork() takes no IPv4 written as IPv6, whichever way its mask counts", () => {
  for (const address of ["::ffff:0.0.0.0", "::FFFF:0:0", "0:0:0:0:0:ffff:0.0.0.0"]) {
    for (const mask of ["", "/0", "/8", "/32", "/96", "/128"]) {
      assertEquals(parseNetwork(address + mask), undefined, address + mask);
    }
  }
});

Deno.test("isPrivate() knows machines and networks of their own", () => {
  const all: Record<string, boolean> = {
    "127.0.0.1": true,
    "127.9.9.9": true,
    "::1": true,
    "::ffff:127.0.0.1": true,
    "10.0.0.1": true,
    "172.31.255.255": true,
    "172.32.0.0": false,
    "192.168.1.1": true,
    "100.64.0.1": true,
    "169.254.1.1": true,
    "fd00::1": true,
    "fe80::1": true,
    "203.0.113.7": false,
    "2001:db8::1": false,
    "::2": false,
  };
  for (const [text, expected] of Object.entries(all)) {
    assertEquals(isPrivate(parseIp(text)!), expected, text);
  }
});

Deno.test("an IPv4 address stands in one of IPv6 behind zeros alone", () => {
  assertEquals(parseIp("::ffff:10.0.0.1"), parseIp("10.0.0.1"));
  for (const text of ["2001:db8::ffff:a00:1", "1::ffff:10.0.0.1", "0:0:0:0:1:ffff:10.0.0.1"]) {
    assertEquals("v6" in parseIp(text)!, true, text);
  }
});
