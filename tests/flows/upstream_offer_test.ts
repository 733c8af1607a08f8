import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Client as Client2026, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as Client2025 } from "@modelcontextprotocol/sdk/client";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/client/streamableHttp"
import { StreamableHTTPClientTransport as Transport2025 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/types"
import { ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import { API_KEY, type Gateway, startGateway, USER } from "../support/gateway.ts";
import { remoteTool, startUpstream, type UpstreamDouble } from "../support/upstream_double.ts";

const HEADERS = { "Authorization": `Bearer ${API_KEY}`, "X-User-Id": USER };
const NAMES = ["gh_connect", "gh_read", "gh_of_another_day"];

async function startWith({ url }: UpstreamDouble): Promise<Gateway> {
  const spec = { name: "gh", title: "Hub", url, provider: "github" };
  const gateway = await startGateway({ env: { UPSTREAMS: JSON.stringify([spec]) } });
  gateway.world.speed = 0.05;
  return gateway;
}

async function client2025({ url }: Gateway, capabilities = {}): Promise<Client2025> {
  const client = new Client2025({ name: "test", version: "1" }, { capabilities });
  const transport = new Transport2025(new URL(`${url}/mcp`), { requestInit: { headers: HEADERS } });
  await client.connect(transport as Parameters<typeof client.connect>[0]);
  return client;
}

async function client2026({ url }: Gateway, capabilities = {}): Promise<Client2026> {
  const versionNegotiation = { mode: { pin: "2026-07-28" } } as const;
  const client = new Client2026({ name: "test", version: "1" }, {
    capabilities,
    versionNegotiation,
  });
  const requestInit = { headers: HEADERS };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit }));
  return client;
}

for (const [era, connect] of [["2025", client2025], ["2026", client2026]] as const) {
  Deno.test(`a ${era} client of who is not connected is offered to connect, and told how by any name`, async () => {
    await using upstream = startUpstream({ tools: [remoteTool("read")] });
    await using gateway = await startWith(upstream);
    const client = await connect(gateway);
    const own = async () =>
      (await client.listTools()).tools.map(({ name }) => name)
        .filter((name) => name.startsWith("gh_"));
    assertEquals(await own(), ["gh_connect"]);
    for (const name of NAMES) {
      const answer = await client.callTool({ name, arguments: {} });
      assertEquals(answer.isError, true);
      assertStringIncludes(JSON.stringify(answer.content), "/auth/github?");
    }
    assertEquals(upstream.heard, []);
    await gateway.connect("github");
    assertEquals(await own(), ["gh_read"]);
    const done = await client.callTool({ name: "gh_connect", arguments: {} });
    assertStringIncludes(JSON.stringify(done.content), "Hub is connected");
    await assertRejects(() => client.callTool({ name: "gh_of_another_day", arguments: {} }));
    await client.close();
  });
}

Deno.test("a 2025 client that opens URLs gets the link of any such name as an elicitation", async () => {
  await using upstream = startUpstream({ tools: [remoteTool("read")] });
  await using gateway = await startWith(upstream);
  const client = await client2025(gateway, { elicitation: { url: {} } });
  for (const name of NAMES) {
    const error = await assertRejects(() => client.callTool({ name, arguments: {} }), McpError);
    assertEquals(error.code, ErrorCode.UrlElicitationRequired);
    assertStringIncludes(JSON.stringify(error.data), "/auth/github?");
  }
  await client.close();
});

Deno.test("a 2026 client that opens URLs is asked for input, whatever name it calls", async () => {
  await using upstream = startUpstream({ tools: [remoteTool("read")] });
  await using gateway = await startWith(upstream);
  const client = await client2026(gateway, { elicitation: { url: {} } });
  const asked: string[] = [];
  client.setRequestHandler("elicitation/create", ({ params }) => {
    asked.push((params as { url: string }).url);
    return { action: "decline" };
  });
  for (const name of NAMES) await client.callTool({ name, arguments: {} });
  assertEquals(asked.length, NAMES.length);
  assert(asked.every((url) => url.includes("/auth/github?")));
  await client.close();
});
