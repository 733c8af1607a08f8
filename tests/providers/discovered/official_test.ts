import { assert, assertEquals } from "@std/assert";
import { officialServers } from "../../../providers/discovered/official.ts";
import { usableAddress } from "../../../providers/discovered/address.ts";

Deno.test("official servers have names that work as upstreams, and are no two", () => {
  const names = officialServers.map(({ name }) => name);
  for (const name of names) assert(/^[a-z][a-z0-9_]{0,19}_mcp$/.test(name), name);
  assertEquals(names, [...new Set(names)].sort());
  assertEquals(new Set(officialServers.map(({ url }) => url)).size, names.length);
  for (const name of ["notion_mcp", "linear_mcp", "sentry_mcp"]) assert(names.includes(name));
});

Deno.test("official servers are public https addresses of whoever documents them", () => {
  for (const { name, title, url, docs } of officialServers) {
    const named = { upstream: new URL(url), isPrivate: false };
    assert(usableAddress(url, named) !== undefined, name);
    assert(usableAddress(docs, named) !== undefined, name);
    assert(title.length > 0 && title.length <= 80, name);
    // Its host bears the service's name: an address that was mistyped is somebody else's.
    const service = name.slice(0, -"_mcp".length);
    assert(new URL(url).hostname.split(".").includes(service), name);
  }
});
