/** What an upstream says when it gives no result, as far as it is for its caller. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Client as Client2025 } from "@modelcontextprotocol/sdk/client";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/client/streamableHttp"
import { StreamableHTTPClientTransport as Transport2025 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import {
  Client as Client2026,
  StreamableHTTPClientTransport as Transport2026,
} from "@modelcontextprotocol/client";
import { MAX_ERROR_WORDS } from "../../mcp/upstream/fault.ts";
import { API_KEY, call, type Gateway, startGateway, USER } from "../support/gateway.ts";
import { failure, result, type Sent, startUpstream, toolOf } from "../support/scripted_upstream.ts";

const LIST = { jsonrpc: "2.0", method: "tools/list", id: 1 };
let ids = 0;

async function startBoth(
  answer: (sent: Sent, gateway: Request) => Response,
  more: Record<string, unknown> = {},
) {
  const upstream = startUpstream({ "tools/call": answer });
  const entry = { name: "up", title: "Up", url: upstream.url, ...more };
  const gateway = await startGateway({ env: { UPSTREAMS: JSON.stringify([entry]) } });
  return {
    gateway,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

async function read(gateway: Gateway) {
  await gateway.mcp(LIST);
  return (await gateway.mcp(call("up_read", {}, `w${ids++}`))).json.result;
}

Deno.test("429 says when to come again, by a number or a date", async () => {
  const soon = new Date(Date.now() + 90_000).toUTCString();
  const headers = [["Retry-After", "7"], ["Retry-After", soon], ["X", "no"], ["Retry-After", "-1"]];
  for (const [name, value] of headers as [string, string][]) {
    await using both = await startBoth(() =>
      new Response("slow down", { status: 429, headers: { [name]: value } })
    );
    const { isError, structuredContent: { error, retry_after } } = await read(both.gateway);
    assertEquals([isError, error], [true, "rate_limited"]);
    if (value === "7") assertEquals(retry_after, 7);
    else if (value === soon) assert(retry_after > 60 && retry_after <= 91, `${retry_after}`);
    else assertEquals(retry_after, 30);
  }
});

Deno.test("an error's words are bounded, and hide nothing and turn nothing round", async () => {
  const message = `\u202Ewrong\u0007 way\u200B${"x".repeat(2 * MAX_ERROR_WORDS)}`;
  await using both = await startBoth((sent) => failure(sent, { code: -32000, message }));
  const { content: [{ text }] } = await read(both.gateway);
  assertMatch(text, /^Up: wrong  ?way ?x+/);
  assert(text.length <= MAX_ERROR_WORDS + 10, `${text.length}`);
});

Deno.test("an error that is no error of JSON-RPC's is told all the same", async () => {
  for (const error of ["it broke", { message: "it broke" }, { code: "E1", message: "it broke" }]) {
    await using both = await startBoth((sent) => failure(sent, error));
    assertStringIncludes((await read(both.gateway)).content[0].text, "it broke");
  }
});

Deno.test("neither the caller nor the log gets a token that an error repeats", async () => {
  let token = "";
  await using both = await startBoth((sent, { headers }) => {
    token = (headers.get("Authorization") ?? "").slice("Bearer ".length);
    return failure(sent, { code: -32000, message: `Bad token ${token}` });
  }, { provider: "github" });
  await both.gateway.connect("github");
  const result = await read(both.gateway);
  assert(token.length > 8);
  assertStringIncludes(result.content[0].text, "Bad token [removed]");
  assert(!JSON.stringify([result, both.gateway.world.events]).includes(token));
});

Deno.test("a page that the person must open is told, where it is a safe one", async () => {
  const asked = async (url: unknown, message = "Sign in at Pay.") => {
    const elicitations = [{ mode: "url", message, url, elicitationId: "e1" }];
    await using both = await startBoth((sent) =>
      failure(sent, { code: -32042, message: "open a page", data: { elicitations } })
    );
    return await read(both.gateway);
  };
  const told = await asked("https://pay.example/sign-in?x=1");
  assertEquals(told.structuredContent.connect_url, "https://pay.example/sign-in?x=1");
  assertStringIncludes(
    told.content[0].text,
    "Sign in at Pay. Open https://pay.example/sign-in?x=1",
  );
  // The upstream itself is on this machine.
  const here = await asked("http://localhost:9/x");
  assertEquals(here.structuredContent.connect_url, "http://localhost:9/x");
  const unsafe = [
    "http://pay.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "https://user:pass@pay.example/",
    `https://pay.example/${"x".repeat(3_000)}`,
    "file:///etc/passwd",
    "/relative",
    7,
    null,
  ];
  for (const url of unsafe) {
    const { isError, structuredContent } = await asked(url);
    assertEquals([isError, structuredContent.connect_url], [true, undefined], String(url));
  }
});

Deno.test("a client that opens pages is asked to open the upstream's", async () => {
  const elicitations = [{
    mode: "url",
    message: "Pay.",
    url: "https://pay.example/",
    elicitationId: "e",
  }];
  await using both = await startBoth((sent) =>
    failure(sent, { code: -32042, message: "open", data: { elicitations } })
  );
  await both.gateway.mcp(LIST);
  const meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": { elicitation: { url: {} } },
  };
  const { params } = call("up_read");
  const { json } = await both.gateway.mcp(
    { jsonrpc: "2.0", id: 1, method: "tools/call", params: { ...params, _meta: meta } },
    {
      headers: {
        "Accept": "application/json, text/event-stream",
        "Mcp-Protocol-Version": "2026-07-28",
        "Mcp-Method": "tools/call",
        "Mcp-Name": "up_read",
      },
    },
  );
  const { connect: { params: asked } } = json.result.inputRequests;
  assertEquals([asked.mode, asked.url], ["url", "https://pay.example/"]);
});

Deno.test("403 insufficient_scope becomes a link for just that", async () => {
  await using both = await startBoth(() =>
    new Response(null, {
      status: 403,
      headers: {
        "WWW-Authenticate": 'Basic realm="x", Bearer realm="a, b", error="insufficient_scope", ' +
          'scope="admin:org", resource_metadata="https://up.example/.well-known"',
      },
    }), { provider: "github" });
  await both.gateway.connect("github");
  const { isError, structuredContent } = await read(both.gateway);
  assertEquals([isError, structuredContent.error], [true, "insufficient_scope"]);
  const { json } = await both.gateway.api("/links", { body: { user_id: USER, service: "github" } });
  assert(structuredContent.connect_url.split("?")[0].startsWith(json.url.split("/auth/")[0]));
  assertMatch(structuredContent.connect_url, /admin%3Aorg|scope=/);
});

Deno.test("403 without a scope to ask for says that it is not allowed", async () => {
  for (const challenge of ["Bearer", 'Bearer error="insufficient_scope"', 'Basic realm="x"']) {
    await using both = await startBoth(() =>
      new Response(null, { status: 403, headers: { "WWW-Authenticate": challenge } })
    );
    const { content: [{ text }], structuredContent } = await read(both.gateway);
    assertEquals(structuredContent.error, "forbidden", challenge);
    assertStringIncludes(text, "does not allow this");
  }
});

Deno.test("no client throws the answer of a done call away for the schema that its tool listed", async () => {
  const outputSchema = { type: "object", properties: { n: { type: "number" } }, required: ["n"] };
  const results = [
    { content: [{ type: "text", text: "done" }] },
    { content: [{ type: "text", text: "done" }], structuredContent: null },
    { content: [{ type: "text", text: "done" }], structuredContent: { n: "no number" } },
    { content: [{ type: "text", text: "done" }], structuredContent: { n: 1 } },
  ];
  await using upstream = startUpstream({
    "tools/list": (sent) => result(sent, { tools: [{ ...toolOf("read", true), outputSchema }] }),
    "tools/call": (sent) => result(sent, results[sent.params.arguments.n]),
  });
  await using gateway = await startGateway({
    env: { UPSTREAMS: JSON.stringify([{ name: "up", title: "Up", url: upstream.url }]) },
  });
  await gateway.mcp(LIST);
  const url = new URL(`${gateway.url}/mcp`);
  const requestInit = { headers: { "Authorization": `Bearer ${API_KEY}`, "X-User-Id": USER } };
  const info = { name: "test", version: "1" };
  const old = new Client2025(info);
  await old.connect(new Transport2025(url, { requestInit }) as Parameters<typeof old.connect>[0]);
  const young = new Client2026(info, { versionNegotiation: { mode: "auto" } });
  await young.connect(new Transport2026(url, { requestInit }));
  for (const client of [old, young]) {
    const { tools } = await client.listTools();
    assert(tools.some(({ name }) => name === "up_read"));
    for (const [n, { structuredContent }] of results.entries()) {
      const answer = await client.callTool({ name: "up_read", arguments: { n } });
      assertEquals(answer.isError, undefined);
      assertEquals(answer.structuredContent, structuredContent ?? undefined);
    }
    await client.close();
  }
});
