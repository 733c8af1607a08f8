import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { USER } from "../support/gateway.ts";
import { mount, SERVICE } from "../support/upstream_service.ts";

const HOUR_MS = 60 * 60_000;

Deno.test("an MCP server is connected by one click, and nothing of it is configured but its address", async () => {
  await using mounted = await mount();
  const { server, gateway } = mounted;
  const page = await mounted.connect();
  assertStringIncludes(page.html, "Notes connected");
  const { json } = await mounted.token();
  assertEquals(server.whose(json.access_token)?.sub, USER);
  assertEquals(server.whose(json.access_token)?.resource, server.url);
  assertEquals(server.registrations.length, 1);
  const [connection] = (await gateway.api(`/connections?user_id=${USER}`)).json.connections;
  assertEquals(connection.provider, SERVICE);
  assertEquals(connection.kind, "oauth");
});

Deno.test("its tokens are refreshed like any other's, the resource said each time", async () => {
  await using mounted = await mount({ tokenSeconds: 600, resource: "required" });
  const { server, gateway } = mounted;
  await mounted.connect();
  const { json: first } = await mounted.token();
  gateway.world.skew = HOUR_MS;
  const { json: second } = await mounted.token();
  assert(first.access_token !== second.access_token);
  const refreshes = server.heard.filter(({ body }) => body.grant_type === "refresh_token");
  assertEquals(refreshes.map(({ body }) => body.resource), [server.url]);
});
