import { assert, assertEquals, assertMatch } from "@std/assert";
import { digestHex } from "../../tasks/key.ts";
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

Deno.test("an API key for a provider lists and calls the tools of all its services", async () => {
  const key = "key-for-google";
  const env = { API_KEYS: `crm:sha256:${digestHex(key)}:google` };
  await using gateway = await startGateway({ env });
  const list = { jsonrpc: "2.0", method: "tools/list", id: 1 };
  const listed = await gateway.mcp(list, { key });
  const names = listed.json.result.tools.map(({ name }: { name: string }) => name);
  assertEquals(names, toolNames("gmail", "calendar", "drive"));
  const narrowed = await gateway.mcp(list, { key, path: "/mcp/calendar" });
  assertEquals(
    narrowed.json.result.tools.map(({ name }: { name: string }) => name),
    toolNames("calendar"),
  );
  const { json } = await gateway.mcp(call("github_list_issues", {}), { key });
  assertEquals(json.error.code, -32602);
});
