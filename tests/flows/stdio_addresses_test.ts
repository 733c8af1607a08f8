/** Where stdio sends a token, and where it refuses to. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parseLocalConfig } from "../../broker/config/local.ts";
import { knownProviders } from "../../start/all_providers.ts";
import { composeLocal } from "../../start/local.ts";
import denoJson from "../../deno.json" with { type: "json" };
import { callTool } from "../../mcp/call.ts";
import { providerModules } from "../../providers/registry.ts";
import { runDeno } from "../support/process.ts";
import { testWorld } from "../support/world.ts";

const [, ...command] = denoJson.tasks.stdio.command.split(" ");
const ISSUE = { repo: "octocat/hello-world", title: "From the desk" };

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
    const { deps, caller } = await composeLocal(config, testWorld(), {
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
    const outcome = await callTool(deps, caller, entry, {
      name,
      args: ISSUE,
      id: 1,
      countsCalls: false,
      asker: { signal },
    });
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
