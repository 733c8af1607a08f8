import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Client as Client2026 } from "@modelcontextprotocol/client";
import { StdioClientTransport as Stdio2026 } from "@modelcontextprotocol/client/stdio";
import { Client as Client2025 } from "@modelcontextprotocol/sdk/client";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/client/stdio"
import { StdioClientTransport as Stdio2025 } from "@modelcontextprotocol/sdk/client/stdio.js";
import denoJson from "../../deno.json" with { type: "json" };
import { newKeyLine } from "../../tasks/key.ts";
import { startEmulator } from "../support/emulators.ts";
import { startGateway, USER } from "../support/gateway.ts";
import { denoArgs, systemEnv } from "../support/process.ts";
import { serve } from "../support/serve.ts";

const [, ...command] = denoJson.tasks.stdio.command.split(" ");
const cwd = new URL("../../", import.meta.url).pathname;
const ISSUE = { repo: "octocat/hello-world", title: "From the desk" };

/**
 * Both SDKs' stdio clients end their process and leave the timer behind that
 * would have ended it the hard way (Deno 2.5.7 counts it, 2.9.6 does not).
 */
const LEAKY = { sanitizeOps: false, sanitizeResources: false };

function server(env: Record<string, string>) {
  return {
    command: Deno.execPath(),
    args: denoArgs(command),
    cwd,
    env: { ...systemEnv(), ...env },
    stderr: "pipe" as const,
  };
}

async function client2025(env: Record<string, string>) {
  const client = new Client2025({ name: "test", version: "1" });
  const transport = new Stdio2025(server(env));
  await client.connect(transport as Parameters<typeof client.connect>[0]);
  return client;
}

async function client2026(env: Record<string, string>) {
  const client = new Client2026({ name: "test", version: "1" }, {
    versionNegotiation: { mode: { pin: "2026-07-28" } },
  });
  await client.connect(new Stdio2026(server(env)));
  return client;
}

for (const [era, connect] of [["2025", client2025], ["2026", client2026]] as const) {
  Deno.test(`stdio serves a ${era} client with a token from env`, LEAKY, async () => {
    const github = await startEmulator("github");
    const client = await connect({ GITHUB_TOKEN: "from-env", GITHUB_BASE_URL: github.url });
    const { tools } = await client.listTools();
    assert(tools.length > 0 && tools.every(({ name }) => name.startsWith("github_")));
    const created = await client.callTool({ name: "github_create_issue", arguments: ISSUE });
    assertMatch(JSON.stringify(created.content), /Created issue #1/);
    await client.close();
    await github.close();
  });
}

Deno.test("stdio takes null and JSON in the place of arguments", LEAKY, async () => {
  const github = await startEmulator("github");
  const client = await client2025({ GITHUB_TOKEN: "from-env", GITHUB_BASE_URL: github.url });
  const args = JSON.stringify({ ...ISSUE, body: null });
  for (const [name, sent] of [["create_issue", args], ["github_list_repositories", null]]) {
    // What the client's own types do not let through.
    const result = await client.callTool({ name: name!, arguments: sent as never });
    assertEquals(result.isError, undefined, JSON.stringify(result));
  }
  await client.close();
  await github.close();
});

Deno.test("stdio takes the connections of a gateway on the same machine", LEAKY, async () => {
  const keys = newKeyLine("k1");
  await using gateway = await startGateway({ env: { ENCRYPTION_KEYS: keys } });
  await gateway.connect("github");
  const env = {
    ENCRYPTION_KEYS: keys,
    KV_PATH: gateway.kvPath,
    PUBLIC_URL: gateway.url,
    GITHUB_CLIENT_ID: "github-client",
    GITHUB_CLIENT_SECRET: "github-secret",
    GITHUB_BASE_URL: gateway.emulators.github,
  };
  const mine = await client2025({ ...env, SUBJECT: `voice:${USER}` });
  const created = await mine.callTool({ name: "github_create_issue", arguments: ISSUE });
  assertEquals(created.isError, undefined, JSON.stringify(created));
  await mine.close();
  const other = await client2025(env);
  const missing = await other.callTool({ name: "github_create_issue", arguments: ISSUE });
  assertEquals(missing.isError, true);
  assertStringIncludes(JSON.stringify(missing.content), `${gateway.url}/auth/github?user_id=me`);
  await other.close();
});

Deno.test("stdio sends a company's token to the company's API alone", LEAKY, async () => {
  const github = await startEmulator("github");
  const asked: string[] = [];
  // GitHub Enterprise Server has its API below a path of its own host.
  await using enterprise = serve((sent) => {
    const { pathname } = new URL(sent.url);
    asked.push(`${pathname} ${sent.headers.get("Authorization")}`);
    return fetch(github.url + pathname.replace("/api/v3", ""), {
      method: sent.method,
      headers: sent.headers,
      body: sent.body,
    });
  });
  const api = `http://127.0.0.1:${enterprise.port}/api/v3/`;
  const client = await client2025({ GITHUB_TOKEN: "company-token", GITHUB_API_URL: api });
  const created = await client.callTool({ name: "github_create_issue", arguments: ISSUE });
  assertMatch(JSON.stringify(created.content), /Created issue #1/);
  await client.close();
  await github.close();
  assertEquals(asked, ["/api/v3/repos/octocat/hello-world/issues Bearer company-token"]);
});
