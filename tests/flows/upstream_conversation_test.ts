import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Client } from "@modelcontextprotocol/sdk/client";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/client/streamableHttp"
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/types"
import {
  type ClientCapabilities,
  ElicitRequestSchema,
  LoggingMessageNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { startFixture2025 } from "../conformance/fixture_server.ts";
import { ask2025 } from "../support/ask.ts";
import { API_KEY, call, type Gateway, startGateway, USER } from "../support/gateway.ts";

function startWith(url: string, more: Record<string, unknown> = {}): Promise<Gateway> {
  const upstreams = [{ name: "fx", title: "Fixture", url, ...more }];
  return startGateway({ env: { UPSTREAMS: JSON.stringify(upstreams) } });
}

/** The SDK's client, as the voice app's server would run it for a user. */
function connected({ url }: Gateway, capabilities: ClientCapabilities, user = USER) {
  const client = new Client({ name: "test", version: "1" }, { capabilities });
  const headers = { "Authorization": `Bearer ${API_KEY}`, "X-User-Id": user };
  /** What a proxy in front of answers that are streams is told. */
  const buffering: (string | null)[] = [];
  const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp`), {
    requestInit: { headers },
    async fetch(input, init) {
      const response = await fetch(input, init);
      const isStream = response.headers.get("Content-Type")?.includes("event-stream");
      if (isStream) buffering.push(response.headers.get("X-Accel-Buffering"));
      return response;
    },
  });
  return {
    ...{ client, buffering },
    connect: () => client.connect(transport as Parameters<typeof client.connect>[0]),
    async [Symbol.asyncDispose]() {
      await client.close();
    },
  };
}

async function textOf(client: Client, name: string, args: Record<string, unknown> = {}) {
  const { content, isError } = await client.callTool({ name, arguments: args });
  const [{ text }] = content as [{ text: string }];
  return { text, isError };
}

Deno.test("a form that an upstream asks for reaches the person, and the answer the upstream", async () => {
  await using fixture = startFixture2025();
  await using gateway = await startWith(fixture.url);
  await using person = connected(gateway, { elicitation: {} });
  const asked: unknown[] = [];
  person.client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
    asked.push(params);
    return { action: "accept", content: { username: "ana", email: "ana@example.com" } };
  });
  await person.connect();
  const args = { message: "Who are you?" };
  const { text } = await textOf(person.client, "fx_test_elicitation", args);
  assertEquals(
    text,
    'Elicitation completed: action=accept, content={"username":"ana","email":"ana@example.com"}',
  );
  const [{ message, requestedSchema }] = asked as [
    { message: string; requestedSchema: { required: string[] } },
  ];
  assertEquals(message, "Fixture asks: Who are you?");
  assertEquals(requestedSchema.required, ["username", "email"]);
  assertEquals(person.buffering, ["no"]);
});

Deno.test("a person may take longer to answer than an upstream may be silent", async () => {
  await using fixture = startFixture2025();
  await using gateway = await startWith(fixture.url, { timeout_ms: 500 });
  await using person = connected(gateway, { elicitation: {} });
  person.client.setRequestHandler(ElicitRequestSchema, async () => {
    // Longer than the server's time, by the clock that it is measured with.
    await gateway.world.sleep(900);
    return { action: "decline" };
  });
  await person.connect();
  const { text } = await textOf(person.client, "fx_test_elicitation", { message: "Who?" });
  assertStringIncludes(text, "action=decline");
});

Deno.test("where nobody can be asked, an upstream is told so, and nobody waits", async () => {
  await using fixture = startFixture2025();
  await using gateway = await startWith(fixture.url);
  // In JSON there is no place for a question, whatever the client declares.
  const headers = { "Mcp-Session-Id": "form-elicitation.x", Accept: "application/json" };
  for (const options of [{}, { headers }]) {
    const { json } = await gateway.mcp(call("fx_test_elicitation", { message: "x" }), options);
    assert(json.result.isError, JSON.stringify(json));
    assertStringIncludes(json.result.content[0].text, "does not support elicitation");
  }
  await using silent = connected(gateway, {});
  await silent.connect();
  const { isError } = await textOf(silent.client, "fx_test_elicitation", { message: "x" });
  assertEquals(isError, true);
});

Deno.test("two people who are asked at once answer their own questions", async () => {
  await using fixture = startFixture2025();
  await using gateway = await startWith(fixture.url);
  const names = ["ana", "bo", "cy"];
  const said = await Promise.all(names.map(async (name) => {
    await using person = connected(gateway, { elicitation: { form: {} } }, name);
    person.client.setRequestHandler(
      ElicitRequestSchema,
      () => ({ action: "accept", content: { username: name, email: name } }),
    );
    await person.connect();
    const calls = Array.from(
      { length: 3 },
      () => textOf(person.client, "fx_test_elicitation", { message: "Who?" }),
    );
    return (await Promise.all(calls)).map(({ text }) => text.includes(`"username":"${name}"`));
  }));
  assertEquals(said.flat(), Array(9).fill(true));
});

Deno.test("what an upstream logs is heard by who has set a level, from that level on", async () => {
  await using fixture = startFixture2025();
  await using gateway = await startWith(fixture.url);
  await using person = connected(gateway, {});
  const heard: unknown[] = [];
  person.client.setNotificationHandler(
    LoggingMessageNotificationSchema,
    ({ params: { level, logger, data } }) => void heard.push([level, logger, data]),
  );
  await person.connect();
  await textOf(person.client, "fx_test_tool_with_logging");
  assertEquals(heard, []);
  await person.client.setLoggingLevel("warning");
  await textOf(person.client, "fx_test_tool_with_logging");
  assertEquals(heard, []);
  await person.client.setLoggingLevel("debug");
  await textOf(person.client, "fx_test_tool_with_logging");
  assertEquals(heard, [
    ["info", "fx", "Tool execution started"],
    ["info", "fx", "Tool processing data"],
    ["info", "fx", "Tool execution completed"],
  ]);
  // A level is its caller's own, and one that is none is refused.
  const { error } = await ask2025(gateway, "logging/setLevel", { level: "loud" });
  assertEquals(error.code, -32602);
});
