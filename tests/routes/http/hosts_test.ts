import { assertEquals, assertThrows } from "@std/assert";
import { isOwnOrigin, requireKnownHost, requireKnownOrigin } from "../../../routes/http/hosts.ts";
import { HttpRefusal } from "../../../routes/http/errors.ts";

const HTTPS = { publicUrl: "https://sb.example.com", allowedHosts: ["tunnel.example"] };
const HTTP = { publicUrl: "http://sb.example.com", allowedHosts: [] };
const PORT = { publicUrl: "https://sb.example.com:8443", allowedHosts: [] };

function request(headers: Record<string, string>): Request {
  return new Request("http://10.0.0.7:8000/health", { headers });
}

Deno.test("a host with its scheme's usual port is the host without", () => {
  for (
    const [hosts, host] of [
      [HTTPS, "sb.example.com"],
      [HTTPS, "sb.example.com:443"],
      [HTTPS, "SB.example.com:443"],
      [HTTPS, "tunnel.example:443"],
      [HTTP, "sb.example.com:80"],
      [PORT, "sb.example.com:8443"],
    ] as const
  ) requireKnownHost(request({ Host: host }), hosts);
});

Deno.test("no other port and no other name is the host", () => {
  for (
    const [hosts, host] of [
      [HTTPS, "sb.example.com:8443"],
      [HTTPS, "sb.example.com:4430"],
      [HTTPS, "evil.example:443"],
      [HTTPS, "sb.example.com.evil.example:443"],
      [HTTPS, "sb.example.com:443@evil.example"],
      [HTTPS, "evil.example/sb.example.com:443"],
      [HTTPS, "sb.example.com:443/"],
      [HTTPS, "sb.example.com:"],
      [HTTPS, ""],
      [HTTP, "sb.example.com:443"],
      [PORT, "sb.example.com"],
      [PORT, "sb.example.com:443"],
    ] as const
  ) {
    assertThrows(() => requireKnownHost(request({ Host: host }), hosts), HttpRefusal);
  }
});

Deno.test("an origin with its scheme's usual port is the origin without", () => {
  for (
    const [hosts, origin] of [
      [HTTPS, "https://sb.example.com:443"],
      [HTTP, "http://sb.example.com:80"],
    ] as const
  ) {
    requireKnownOrigin(request({ Origin: origin }), hosts);
    assertEquals(isOwnOrigin(origin, hosts.publicUrl), true, origin);
  }
  for (
    const origin of [
      "null",
      "",
      "http://sb.example.com",
      "https://sb.example.com:8443",
      "https://sb.example.com/",
      "https://sb.example.com:443/x",
      "https://me@sb.example.com",
      "https://sb.example.com.evil.example",
      "https://tunnel.example",
    ]
  ) assertEquals(isOwnOrigin(origin, HTTPS.publicUrl), false, origin);
});
