import { assertEquals } from "@std/assert";
import { type Network, parseNetwork } from "../../../broker/core/ip_address.ts";
import { createFindCaller } from "../../../routes/http/caller_address.ts";
import { testWorld } from "../../support/world.ts";

const PROXY = "10.0.0.1";
const CALLER = "203.0.113.7";

/** Who calls, by the connection and the header; the log beside it. */
function finder(trusted: string, header = "x-forwarded-for") {
  const world = testWorld();
  const networks: Network[] = trusted.split(",").filter(Boolean).map((text) => parseNetwork(text)!);
  const find = createFindCaller({ networks, header }, world);
  const ask = (peer: string, headers: HeadersInit = {}) => {
    const request = new Request("http://localhost/", { headers });
    return find(request, { remoteAddr: { transport: "tcp", hostname: peer, port: 4711 } });
  };
  const behind = (value: string) => ask(PROXY, { [header]: value });
  return { ask, behind, find, world };
}

Deno.test("without trusted proxies the connection counts, whatever a header says", () => {
  const { ask } = finder("");
  const headers = {
    "X-Forwarded-For": "198.51.100.1",
    "Forwarded": "for=198.51.100.2",
    "X-Real-IP": "198.51.100.3",
    "CF-Connecting-IP": "198.51.100.4",
    "X-Deno-Client-Address": "198.51.100.5:1",
  };
  assertEquals(ask(CALLER, headers), CALLER);
  assertEquals(ask("2001:db8:1:2:3::4", headers), "2001:db8:1:2");
});

Deno.test("a private peer counts as nobody where nothing is trusted, and the log says so once", () => {
  const { ask, world } = finder("");
  for (const peer of ["127.0.0.1", "::1", "10.1.2.3", "::ffff:192.168.1.1", "fd00::1"]) {
    assertEquals(ask(peer, { "X-Forwarded-For": CALLER }), undefined, peer);
  }
  assertEquals(world.events.map(({ event }) => event), ["caller_address_unknown"]);
});

Deno.test("only a trusted peer is believed", () => {
  const { ask, behind } = finder("10.0.0.0/8,fd00::/8");
  assertEquals(behind(CALLER), CALLER);
  assertEquals(ask("fd00::9", { "X-Forwarded-For": CALLER }), CALLER);
  assertEquals(ask("::ffff:10.0.0.1", { "X-Forwarded-For": CALLER }), CALLER);
  assertEquals(ask("198.51.100.1", { "X-Forwarded-For": CALLER }), "198.51.100.1");
  assertEquals(ask("192.168.0.1", { "X-Forwarded-For": CALLER }), "192.168.0.1");
  // Another header than the one that is named is a stranger's.
  assertEquals(ask(PROXY, { "X-Real-IP": CALLER, "Forwarded": `for=${CALLER}` }), undefined);
});

Deno.test("the rightmost address that is not trusted counts, whatever stands before it", () => {
  const { behind } = finder("10.0.0.0/8,192.0.2.8");
  for (
    const [value, expected] of [
      [`198.51.100.1, ${CALLER}`, CALLER],
      [`198.51.100.1,${CALLER}, 10.0.0.2`, CALLER],
      [`${CALLER}, 192.0.2.8, 10.0.0.2`, CALLER],
      [`10.0.0.3, ${CALLER}`, CALLER],
      [`unknown, <script>, , ${CALLER}`, CALLER],
      [`" ,${CALLER}`, CALLER],
      [`\t ${CALLER} \t`, CALLER],
      ["198.51.100.1, 192.168.7.7, 10.0.0.2", "192.168.7.7"],
    ]
  ) assertEquals(behind(value!), expected, value);
});

Deno.test("ports, brackets and IPv4 inside of IPv6 are read for what they are", () => {
  const { behind } = finder("10.0.0.0/8");
  for (
    const [value, expected] of [
      [`${CALLER}:4711`, CALLER],
      ["[2001:db8:1:2::5]", "2001:db8:1:2"],
      ["[2001:db8:1:2::5]:443", "2001:db8:1:2"],
      ["2001:db8:1:2::5", "2001:db8:1:2"],
      [`::ffff:${CALLER}`, CALLER],
      [`[::ffff:${CALLER}]:443`, CALLER],
    ]
  ) assertEquals(behind(value!), expected, value);
});

Deno.test("what is no address makes nobody's budget another's", () => {
  const { behind } = finder("10.0.0.0/8");
  for (
    const entry of [
      "",
      ",",
      "unknown",
      "_hidden",
      "for=203.0.113.7",
      '"203.0.113.7"',
      "203.0.113.7:",
      "203.0.113.7:123456",
      "203.0.113.7:80:80",
      "203.0.113",
      "[203.0.113.7]",
      "[2001:db8::1",
      "2001:db8::1]",
      "[2001:db8::1]443",
      "[[2001:db8::1]]",
      "fe80::1%eth0",
      "example.com",
      "203.0.113.7 198.51.100.1",
      "203.0.113.7;198.51.100.1",
    ]
  ) {
    assertEquals(behind(entry), undefined, entry);
    // An entry that a trusted proxy wrote is not passed over to reach one that a stranger wrote.
    assertEquals(behind(`${CALLER}, ${entry}`), undefined, entry);
    assertEquals(behind(`${CALLER}, ${entry}, 10.0.0.2`), undefined, entry);
  }
});

Deno.test("a chain of trusted proxies alone is nobody, however long it is", () => {
  const { behind, world } = finder("10.0.0.0/8");
  assertEquals(behind("10.0.0.3, 10.0.0.2"), undefined);
  assertEquals(behind([CALLER, ...Array(500).fill("10.0.0.2")].join(",")), undefined);
  assertEquals(world.events.map(({ event }) => event), ["caller_address_unknown"]);
});

Deno.test("nobody is looked for behind more proxies than anybody has", () => {
  const { behind } = finder("10.0.0.0/8");
  const proxies = (count: number) => Array(count).fill("10.0.0.2").join(",");
  assertEquals(behind(`${CALLER},${proxies(9)}`), CALLER);
  assertEquals(behind(`${CALLER},${proxies(10)}`), undefined);
});

Deno.test("several header lines are one list, and a header of 10 KB is read from its end", () => {
  const { ask, behind } = finder("10.0.0.0/8");
  const lines = new Headers();
  lines.append("X-Forwarded-For", "198.51.100.1");
  lines.append("X-Forwarded-For", CALLER);
  assertEquals(ask(PROXY, lines), CALLER);
  for (const junk of ["1,", "198.51.100.1, ", "x", ",", " ", "[", ":", '"']) {
    const value = junk.repeat(10_240 / junk.length);
    assertEquals(behind(`${value}, ${CALLER}`), CALLER, junk);
    assertEquals(behind(`${value}198.51.100.1, ${CALLER}, 10.0.0.2`), CALLER, junk);
  }
  // Cut in its middle, an address would be another one.
  const end = ",10.0.0.2";
  const cut = "98.51.100.1";
  assertEquals(behind(`1${cut}${" ".repeat(1_000 - cut.length - end.length)}${end}`), undefined);
});

Deno.test("one address in a header of the operator's choice will do", () => {
  const { behind } = finder("10.0.0.0/8", "cf-connecting-ip");
  assertEquals(behind(CALLER), CALLER);
});

Deno.test("a connection that has no address, or none that is known, is nobody", () => {
  const { ask, find } = finder("10.0.0.0/8");
  const request = new Request("http://localhost/", { headers: { "X-Forwarded-For": CALLER } });
  assertEquals(find(request, undefined), undefined);
  assertEquals(find(request, { remoteAddr: { transport: "unix", path: "/run/x" } }), undefined);
  for (const peer of ["", "localhost", "unknown"]) {
    assertEquals(ask(peer, { "X-Forwarded-For": CALLER }), undefined);
  }
});
