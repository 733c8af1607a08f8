import { assert, assertEquals, assertMatch } from "@std/assert";
import { call, startGateway, toolNames, USER } from "../support/gateway.ts";

const SEED = ["github", "gmail", "calendar", "drive", "asana"];

Deno.test("the seed's five services together stay under 40 tools", () => {
  const names = toolNames(...SEED, "slack", "linear");
  for (const name of names) assertMatch(name, /^[a-z0-9_]{1,40}$/);
  assert(toolNames(...SEED).length < 40);
  assertEquals(new Set(names).size, names.length);
});

for (
  const [service, tool] of [
    ["asana", "asana_list_workspaces"],
    ["slack", "slack_list_channels"],
    ["linear", "linear_list_issues"],
  ] as const
) {
  Deno.test(`${service} is asked for, connected, called, handed out and disconnected`, async () => {
    await using gateway = await startGateway({ emulate: [service] });
    const before = await gateway.mcp(call(tool));
    assertEquals(before.json.result.structuredContent.error, "not_connected");
    const page = await gateway.connect(service);
    assertEquals(page.status, 200, page.html);
    const after = await gateway.mcp(call(tool));
    assert(!after.json.result.isError, JSON.stringify(after.json));
    const { status } = await gateway.api(`/token/${service}`, { body: { user_id: USER } });
    assertEquals(status, 200);
    const gone = await gateway.api(`/connections/${service}?user_id=${USER}`, { method: "DELETE" });
    assertEquals([gone.json.deleted, gone.json.revoked], [true, true], gone.text);
    assertEquals((await gateway.mcp(call(tool))).json.result.isError, true);
  });
}
