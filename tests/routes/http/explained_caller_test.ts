/** How it is found who calls, as the doctor sees it from outside. */

import { assertEquals } from "@std/assert";
import { parseNetwork } from "../../../broker/core/ip_address.ts";
import {
  type CallerFound,
  createExplainCaller,
  createFindCaller,
} from "../../../routes/http/caller_address.ts";

const SAID = "203.0.113.77";

/** `header`: as it arrives. */
function both(trusted: string[], peer: string, header?: string) {
  const proxies = {
    networks: trusted.map((text) => parseNetwork(text)!),
    header: "x-forwarded-for",
  };
  const headers = header === undefined ? undefined : { "X-Forwarded-For": header };
  const request = new Request("https://mine.org/health", headers && { headers });
  const connection = { remoteAddr: { transport: "tcp", hostname: peer, port: 1 } as Deno.NetAddr };
  return {
    found: createExplainCaller(proxies)(request, connection, SAID),
    counted: createFindCaller(proxies, { log() {} })(request, connection),
  };
}

const ROWS: [
  name: string,
  trusted: string[],
  peer: string,
  header: string | undefined,
  found: CallerFound,
  counted: string | undefined,
][] = [
  ["a caller who connects", [], "198.51.100.4", SAID, "connection", "198.51.100.4"],
  ["a proxy that is not named", [], "127.0.0.1", SAID, "private", undefined],
  [
    "another proxy than the one named",
    ["10.0.0.0/8"],
    "172.17.0.1",
    SAID,
    "unlisted",
    "172.17.0.1",
  ],
  ["a caller past the proxy", ["10.0.0.0/8"], "198.51.100.4", SAID, "connection", "198.51.100.4"],
  ["a proxy that sets it", ["10.0.0.0/8"], "10.0.0.2", "198.51.100.4", "proxy", "198.51.100.4"],
  ["one that adds", ["10.0.0.0/8"], "10.0.0.2", `${SAID}, 198.51.100.4`, "proxy", "198.51.100.4"],
  ["one that passes it on", ["10.0.0.0/8"], "10.0.0.2", SAID, "said", SAID],
  ["one that takes it away", ["10.0.0.0/8"], "10.0.0.2", undefined, "unnamed", undefined],
  [
    "callers who are trusted, too",
    ["10.0.0.0/8", "198.51.0.0/16"],
    "10.0.0.2",
    `${SAID}, 198.51.100.4`,
    "said",
    SAID,
  ],
  ["a caller beside the proxy", ["127.0.0.1"], "127.0.0.1", `${SAID}, 127.0.0.1`, "inside", SAID],
  ["the proxy's own machine", ["127.0.0.1"], "127.0.0.1", "127.0.0.1", "inside", undefined],
];

for (const [name, trusted, peer, header, found, counted] of ROWS) {
  Deno.test(`how it is found who calls: ${name}`, () => {
    assertEquals(both(trusted, peer, header), { found, counted });
  });
}
