import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Client as Client2026 } from "@modelcontextprotocol/client";
import { StdioClientTransport as Stdio2026 } from "@modelcontextprotocol/client/stdio";
import { Client as Client2025 } from "@modelcontextprotocol/sdk/client";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/client/stdio"
import { StdioClientTransport as Stdio2025 } from "@modelcontextprotocol/sdk/client/stdio.js";
import denoJson from "../../deno.json" with { type: "json" };
import { parseLocalConfig } from "../../broker/config/config.ts";
import { composeLocal, knownProviders } from "../../compose.ts";
import { callTool } from "../../mcp/call.ts";
import { providerModules } from "../../providers/registry.ts";
import { newKeyLine } from "../../tasks/key.ts";
import { startEmulator } from "../support/emulators.ts";
import { startGateway, USER } from "../support/gateway.ts";
import { denoArgs, runDeno, systemEnv } from "../support/process.ts";
import { testWorld } from "../support/world.ts";

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

Deno.test("stdio sends a company's token to the company's API alone", async () => {
  const github = await startEmulator("github");
  const asked: string[] = [];
  // GitHub Enterprise Server has its API below a path of its own host.
  await using enterprise = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (sent) => {
    const { pathname } = new URL(sent.url);
    asked.push(`${pathname} ${sent.headers.get("Authorization")}`);
    return fetch(github.url + pathname.replace("/api/v3", ""), {
      method: sent.method,
      headers: sent.headers,
      body: sent.body,
    });
  });
  const api = `http://127.0.0.1:${enterprise.addr.port}/api/v3/`;
  const client = await client2025({ GITHUB_TOKEN: "company-token", GITHUB_API_URL: api });
  const created = await client.callTool({ name: "github_create_issue", arguments: ISSUE });
  assertMatch(JSON.stringify(created.content), /Created issue #1/);
  await client.close();
  await github.close();
  assertEquals(asked, ["/api/v3/repos/octocat/hello-world/issues Bearer company-token"]);
});

/** Setting → where the first request of a call goes. */
const ADDRESSES: [env: Record<string, string>, api: string][] = [
  [{}, "https://api.github.com"],
  [{ GITHUB_BASE_URL: "https://git.example.com/" }, "https://git.example.com"],
  [{ GITHUB_BASE_URL: "https://git.example.com///" }, "https://git.example.com"],
  [{ GITHUB_API_URL: "https://git.example.com/api/v3/" }, "https://git.example.com/api/v3"],
  [
    { GITHUB_BASE_URL: "https://git.example.com/", GITHUB_API_URL: "https://api.example.com/" },
    "https://api.example.com",
  ],
];
for (const [env, api] of ADDRESSES) {
  const names = Object.entries(env).map((pair) => pair.join("=")).join(" ") || "no address";
  Deno.test(`stdio with ${names} asks ${api} and nobody else`, async () => {
    const asked: string[] = [];
    const config = parseLocalConfig({ GITHUB_TOKEN: "t", ...env }, knownProviders(providerModules));
    const { deps, caller } = composeLocal(config, testWorld(), {
      modules: providerModules,
      store: undefined,
      fetch(input) {
        asked.push(input instanceof Request ? input.url : String(input));
        return Promise.resolve(Response.json({ message: "Not Found" }, { status: 404 }));
      },
      version: "0",
    });
    const name = "github_create_issue";
    const entry = await deps.catalogue.find(name, caller);
    const { signal } = new AbortController();
    const outcome = await callTool(deps, caller, entry, { name, args: ISSUE, id: 1, signal });
    assertEquals(outcome.kind, "error");
    assertEquals(asked, [`${api}/repos/octocat/hello-world/issues`]);
  });
}

Deno.test("stdio does not start with a bad PUBLIC_URL or API_URL, and names both", async () => {
  await using program = runDeno(command, {
    GITHUB_TOKEN: "secret-token",
    GITHUB_API_URL: "http://git.example.com/api/v3",
    PUBLIC_URL: "http://switchboard.example.com",
  });
  assertEquals((await program.ended).code, 1);
  assertStringIncludes(program.output(), "2 fault(s)");
  assertStringIncludes(program.output(), "PUBLIC_URL: must be https");
  assertStringIncludes(program.output(), "GITHUB_API_URL: must be an https URL");
  assert(!program.output().includes("secret-token"));
});
