import { assertEquals } from "@std/assert";
import { isPublicAddress, mayNamePrivately } from "../../../broker/core/public_address.ts";

/** The first and the last address of every special range, and their public neighbours. */
const RANGES: [kind: string, inside: string[], outside: string[]][] = [
  ["this network", ["0.0.0.0", "0.255.255.255"], ["1.0.0.0"]],
  ["private 10/8", ["10.0.0.0", "10.255.255.255"], ["9.255.255.255", "11.0.0.0"]],
  ["CGNAT", ["100.64.0.0", "100.127.255.255"], ["100.63.255.255", "100.128.0.0"]],
  ["loopback", ["127.0.0.0", "127.255.255.255"], ["126.255.255.255", "128.0.0.0"]],
  ["link-local", ["169.254.0.0", "169.254.255.255"], ["169.253.255.255", "169.255.0.0"]],
  ["private 172.16/12", ["172.16.0.0", "172.31.255.255"], ["172.15.255.255", "172.32.0.0"]],
  ["protocol assignments", ["192.0.0.0", "192.0.0.255"], ["191.255.255.255", "192.0.1.0"]],
  ["documentation 1", ["192.0.2.0", "192.0.2.255"], ["192.0.1.255", "192.0.3.0"]],
  ["6to4 relays", ["192.88.99.0", "192.88.99.255"], ["192.88.98.255", "192.88.100.0"]],
  ["private 192.168/16", ["192.168.0.0", "192.168.255.255"], ["192.167.255.255", "192.169.0.0"]],
  ["benchmarks", ["198.18.0.0", "198.19.255.255"], ["198.17.255.255", "198.20.0.0"]],
  ["documentation 2", ["198.51.100.0", "198.51.100.255"], ["198.51.99.255", "198.51.101.0"]],
  ["documentation 3", ["203.0.113.0", "203.0.113.255"], ["203.0.112.255", "203.0.114.0"]],
  ["multicast", ["224.0.0.0", "239.255.255.255"], ["223.255.255.255"]],
  ["Azure's WireServer", ["168.63.129.16"], ["168.63.129.15", "168.63.129.17"]],
  ["IBM's private services", ["161.26.0.0", "161.26.255.255"], ["161.25.255.255", "161.27.0.0"]],
  ["IBM's private endpoints", ["166.8.0.0", "166.11.255.255"], ["166.7.255.255", "166.12.0.0"]],
  ["clouds' metadata", ["169.254.169.254", "100.100.100.200", "192.0.0.192"], []],
  ["clouds' metadata v6", ["fd00:ec2::254", "fd20:ce::254"], []],
  ["reserved and broadcast", ["240.0.0.0", "255.255.255.255"], []],
  ["unspecified and loopback v6", ["::", "::1", "0:0:0:0:0:0:0:1"], []],
  ["IPv4-mapped", ["::ffff:127.0.0.1", "::ffff:8.8.8.8", "::FFFF:7F00:1"], []],
  ["IPv4-compatible and translated", ["::8.8.8.8", "::ffff:0:7f00:1"], []],
  ["NAT64", ["64:ff9b::", "64:ff9b::10.0.0.1", "64:ff9b:1::1"], []],
  ["discard", ["100::", "100::1"], []],
  ["Teredo and IETF", ["2001::", "2001:0:1::", "2001:1ff:ffff::"], ["2001:200::", "2001:4860::"]],
  ["documentation v6", ["2001:db8::", "2001:db8:ffff::1"], ["2001:db7::", "2001:db9::"]],
  ["documentation v6, newer", ["3fff::", "3fff:fff::1"], ["3ffe::"]],
  ["6to4 of private addresses", ["2002:7f00:1::", "2002:a00:1::", "2002:c0a8:1::"], []],
  ["segment routing", ["5f00::1"], []],
  ["unique-local", ["fc00::", "fdff:ffff::1"], []],
  ["link-local v6", ["fe80::", "fe80::1", "febf::1"], []],
  ["site-local", ["fec0::1"], []],
  ["multicast v6", ["ff00::", "ff02::1", "ffff::"], []],
  ["not given out", ["4000::1", "1fff::1", "8000::1"], ["2000::1", "2606:4700::1111"]],
];

for (const [kind, inside, outside] of RANGES) {
  Deno.test(`isPublicAddress() knows ${kind}`, () => {
    for (const address of inside) assertEquals(isPublicAddress(address), false, address);
    for (const address of outside) assertEquals(isPublicAddress(address), true, address);
  });
}

Deno.test("isPublicAddress() takes public addresses in every right spelling", () => {
  const right = ["8.8.8.8", "2606:4700:4700::1111", "2606:4700:4700:0:0:0:0:1111", "2A00::1.2.3.4"];
  for (const address of right) assertEquals(isPublicAddress(address), true, address);
});

Deno.test("isPublicAddress() refuses what is not plainly an address", () => {
  const wrong = [
    "",
    " ",
    "8.8.8",
    "8.8.8.8.8",
    "8.8.8.8 ",
    " 8.8.8.8",
    "8.8.8.8\n",
    "8.8.8.256",
    "8.8.8.-8",
    "8.8.8.+8",
    "8.8.8.0x8",
    "0x08080808",
    "134744072",
    "8.8.8.8:443",
    "8.8.8.8/32",
    "[2606:4700::1]",
    "2606:4700::1%eth0",
    "2606:4700::1::1",
    "2606:4700:::1",
    ":2606:4700::1",
    "2606:4700:4700:0:0:0:0:0:1111",
    "2606:4700:4700:0:0:0:1111",
    "2606:4700::12345",
    "2606:4700::g",
    "2606:4700::8.8.8.256",
    "8.8.8.8::",
    "localhost",
    "dns.google",
    "８.８.８.８",
  ];
  for (const address of wrong) assertEquals(isPublicAddress(address), false, address);
});

Deno.test("isPublicAddress() refuses leading zeros, which others read as octal", () => {
  for (const address of ["012.1.1.1", "8.8.8.010", "0177.0.0.1", "00.0.0.0", "1.02.3.4"]) {
    assertEquals(isPublicAddress(address), false, address);
  }
});

Deno.test("isPublicAddress() judges an IPv4 address inside of 6to4 by itself", () => {
  assertEquals(isPublicAddress("2002:808:808::1"), true);
  for (const address of ["2002:7f00:1::1", "2002:a00:1::1", "2002:a9fe:a9fe::1"]) {
    assertEquals(isPublicAddress(address), false, address);
  }
});

Deno.test("mayNamePrivately() lets nothing be named but a web server, and of this machine by this machine", () => {
  const may = (upstream: string, target: string) =>
    mayNamePrivately(new URL(upstream), new URL(target));
  const here = ["http://localhost/", "https://127.0.0.1:8443/", "http://mcp.localhost:81/"];
  for (const upstream of here) {
    for (const target of here) assertEquals(may(upstream, target), true, target);
    for (const scheme of ["ftp", "file", "ws", "data"]) {
      assertEquals(may(upstream, `${scheme}://localhost/`), false, scheme);
    }
    assertEquals(may(upstream, "http://10.0.0.1/"), false);
    assertEquals(may("https://mcp.example.com/", upstream), false);
    assertEquals(may("http://10.0.0.1/", upstream), false);
  }
  assertEquals(may("ftp://10.0.0.1/", "ftp://10.0.0.1/"), false);
});
