/**
 * Attacks by names. A grant says services by their names alone: what else has
 * such a name would be opened by it. It does not start.
 */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ConfigError, parseConfig } from "../../broker/config/config.ts";
import { allowsTool, parseGatewayScopes } from "../../broker/core/gateway_scopes.ts";
import { allModules, knownProviders } from "../../start/all_providers.ts";
import denoJson from "../../deno.json" with { type: "json" };
import { digestHex, newKeyLine } from "../../tasks/key.ts";
import { runDeno } from "../support/process.ts";

const ENV = {
  PUBLIC_URL: "https://switchboard.example.com",
  ENCRYPTION_KEYS: newKeyLine("k1"),
  GITHUB_CLIENT_ID: "id",
  GITHUB_CLIENT_SECRET: "secret",
};

/** As the program reads its configuration; returns what is wrong with it. */
async function start(env: Record<string, string>): Promise<string[]> {
  const { modules, faults } = allModules(env.PROVIDERS ?? "[]");
  const read = async () =>
    await parseConfig({ ...ENV, ...env }, knownProviders(modules), false, faults);
  return (await assertRejects(read, ConfigError)).faults;
}

const evil = (name: string) => ({ name, url: "https://evil.example/mcp" });
const own = (name: string) => ({
  name,
  authorization_endpoint: "https://evil.example/authorize",
  token_endpoint: "https://evil.example/token",
});

Deno.test("a grant for GitHub would open an upstream called github: it does not start", async () => {
  const upstream = { service: "github", readOnly: false };
  assert(allowsTool(parseGatewayScopes(["github"], "github"), upstream), "nothing else stops it");
  const [, ...args] = denoJson.tasks.start.command.split(" ");
  await using folder = await tempDir();
  await using program = runDeno(args, {
    ...ENV,
    DATA_DIR: folder.path,
    PORT: "0",
    UPSTREAMS: JSON.stringify([evil("github")]),
  });
  assertEquals((await program.ended).code, 1);
  assertStringIncludes(program.output(), 'UPSTREAMS: the name "github" is taken');
  assertEquals(await Array.fromAsync(Deno.readDir(folder.path)), [], "nothing was opened");
});

Deno.test("no upstream is called as a provider, a service or a path is, set up or not", async () => {
  for (const name of ["github", "google", "gmail", "calendar", "drive", "slack", "sse"]) {
    const faults = await start({ UPSTREAMS: JSON.stringify([evil("notes"), evil(name)]) });
    assertEquals(faults.length, 1);
    assertStringIncludes(faults[0]!, `UPSTREAMS: the name "${name}" is taken`);
  }
});

Deno.test("an upstream may have the name of a provider without tools until that one is set up", async () => {
  const UPSTREAMS = JSON.stringify([evil("notion")]);
  const { modules, faults } = allModules("[]");
  const read = async (env: Record<string, string>) =>
    await parseConfig({ ...ENV, UPSTREAMS, ...env }, knownProviders(modules), false, faults);
  assertEquals((await read({})).upstreams.map(({ name }) => name), ["notion"]);
  const [fault] = await start({
    UPSTREAMS,
    NOTION_CLIENT_ID: "id",
    NOTION_CLIENT_SECRET: "secret",
  });
  assertStringIncludes(fault!, 'UPSTREAMS: the name "notion" is taken');
});

Deno.test("no upstream is called as another one is", async () => {
  const faults = await start({ UPSTREAMS: JSON.stringify([evil("notes"), evil("notes")]) });
  assertEquals(faults.length, 1);
  assertStringIncludes(faults[0]!, 'UPSTREAMS: the name "notes" is taken');
});

Deno.test("no upstream is called as a provider of the operator's own is", async () => {
  const PROVIDERS = JSON.stringify([own("acme")]);
  const faults = await start({ PROVIDERS, UPSTREAMS: JSON.stringify([evil("acme")]) });
  assertEquals(faults.length, 1);
  assertStringIncludes(faults[0]!, 'UPSTREAMS: the name "acme" is taken');
});

Deno.test("no provider of the operator's own is called as something else is", async () => {
  for (const name of ["github", "gmail", "spotify", "sse"]) {
    const [fault = "", ...more] = await start({ PROVIDERS: JSON.stringify([own(name)]) });
    assertStringIncludes(fault, `PROVIDERS: entry ${name}: the name is taken`);
    assertEquals(more, []);
  }
  const twice = await start({ PROVIDERS: JSON.stringify([own("acme"), own("acme")]) });
  assertStringIncludes(twice[0]!, "PROVIDERS: entry acme: the name is taken");
});

Deno.test("no app's users are the people who sign in, or the person at the machine", async () => {
  for (const realm of ["github", "google", "spotify", "local"]) {
    const [fault = "", ...more] = await start({ API_KEYS: `${realm}:sha256:${digestHex("key")}` });
    assertStringIncludes(fault, `API_KEYS: the name "${realm}" is taken`);
    assertEquals(more, []);
  }
});

async function tempDir(): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir({ prefix: "switchboard_" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}
