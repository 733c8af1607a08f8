/** What stdio says where a token is missing, or is none that works. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { parseLocalConfig } from "../../broker/config/local.ts";
import { knownProviders } from "../../start/all_providers.ts";
import { composeLocal } from "../../start/local.ts";
import denoJson from "../../deno.json" with { type: "json" };
import { defineServer } from "../../mcp/define.ts";
import { providerModules } from "../../providers/registry.ts";
import { newKeyLine } from "../../tasks/key.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { parseKeyRing } from "../../broker/config/vault.ts";
import { createStore } from "../../vault/store.ts";
import { memoryRecords } from "../support/memory_records.ts";
import { runDeno } from "../support/process.ts";
import { testWorld } from "../support/world.ts";

const KEYS = newKeyLine("k1");

/** A local server, in an environment. */
async function local(env: Record<string, string>, status = 401) {
  const world = testWorld();
  const config = parseLocalConfig(env, knownProviders(providerModules));
  const ring = await importKeyRing(parseKeyRing(KEYS));
  const store = config.vault && createStore(memoryRecords(), ring, world);
  const { deps, caller } = await composeLocal(config, world, {
    modules: providerModules,
    store,
    fetch: () => Promise.resolve(Response.json({ message: "Bad credentials" }, { status })),
    version: "0",
  });
  const definition = defineServer(deps);
  const visit = { caller, find: (name: string) => deps.catalogue.find(name, caller) };
  return {
    world,
    instructions: await definition.instructions(visit, new Set(["initialize"])) ?? "",
    tools: async () => (await definition.list(visit)).length,
    /** What the client hears. */
    async call(name: string, args: Record<string, unknown> = {}): Promise<string> {
      const answer = await definition.call(visit, {
        ...{
          name,
          args,
          id: 1,
          asker: new AbortController(),
          progressToken: undefined,
          client: {},
        },
        countsCalls: false,
        notify: () => Promise.resolve(),
      });
      return "text" in answer ? answer.text : answer.result.content[0].text;
    },
  };
}

Deno.test("stdio without any token says which variables there are, to the client and in the log", async () => {
  const server = await local({});
  assertEquals(await server.tools(), 0);
  for (const name of ["GITHUB_TOKEN", "GOOGLE_TOKEN", "ASANA_TOKEN", "SLACK_TOKEN"]) {
    assertStringIncludes(server.instructions, name);
  }
  const [event] = server.world.events;
  assertEquals([event?.event, event?.detail], ["no_tokens", server.instructions]);
});

Deno.test("stdio says which variable a tool lacks, by its name or by its short one", async () => {
  const server = await local({ GITHUB_TOKEN: "t" });
  assertStringIncludes(server.instructions, "Connected: GitHub. Where");
  for (const [name, variable] of [["gmail_send_message", "GOOGLE"], ["create_event", "GOOGLE"]]) {
    assertEquals(await server.call(name!), `Unknown tool: ${name}. ${variable}_TOKEN is not set.`);
  }
  assertEquals(
    await server.call("asana_create_task"),
    "Unknown tool: asana_create_task. ASANA_TOKEN is not set.",
  );
  for (const name of ["no_such_tool", "constructor", ""]) {
    assertEquals(await server.call(name), `Unknown tool: ${name}`);
  }
  assertEquals(server.world.events, []);
});

Deno.test("stdio with a vault lacks a client id, not a token", async () => {
  const server = await local({ ENCRYPTION_KEYS: KEYS, KV_PATH: "unused" });
  assertStringIncludes(server.instructions, "GITHUB_CLIENT_ID");
  assertEquals(
    await server.call("github_create_issue"),
    "Unknown tool: github_create_issue. GITHUB_CLIENT_ID is not set.",
  );
});

Deno.test("stdio says which token a provider does not take any more", async () => {
  const server = await local({ GITHUB_TOKEN: "expired-token" });
  const words = await server.call("github_create_issue", { repo: "a/b", title: "x" });
  assertEquals(
    words,
    "GitHub must be connected again: it does not take the token in GITHUB_TOKEN any more.",
  );
});

Deno.test("stdio starts without tokens, and says so on standard error", async () => {
  const [, ...command] = denoJson.tasks.stdio.command.split(" ");
  await using program = runDeno(command, {});
  await program.ended;
  assertStringIncludes(program.output(), "no_tokens");
  assertStringIncludes(program.output(), "GITHUB_TOKEN");
});
