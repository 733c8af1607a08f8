import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { ConfigError, parseConfig } from "../../../broker/config/config.ts";
import { parseLocalConfig } from "../../../broker/config/local.ts";
import { parseKvPath } from "../../../broker/config/vault.ts";
import { allModules, knownProviders } from "../../../start/all_providers.ts";
import { newKeyLine } from "../../../tasks/key.ts";

/** Every address that a setting can name, over http to another machine. */

const ENV = { PUBLIC_URL: "https://switchboard.example.com", ENCRYPTION_KEYS: newKeyLine("k1") };
const LOOPBACK = ["http://localhost:9", "http://127.0.0.1:9", "http://[::1]:9"];
const FOREIGN = [
  "http://acme.example",
  "http://10.0.0.7",
  "http://mcp",
  "http://localhost.acme.example",
  "http://127.0.0.1.acme.example",
  "http://localhost@acme.example",
  "http://0.0.0.0",
  "HTTP://acme.example",
  "http:acme.example",
];

async function faultsOf(env: Record<string, string>): Promise<string[]> {
  const { modules, faults } = allModules(env.PROVIDERS ?? "[]");
  try {
    await parseConfig({ ...ENV, ...env }, knownProviders(modules), false, faults);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

function provider(member: string, value: string) {
  const whole = {
    name: "acme",
    authorization_endpoint: "https://acme.example/authorize",
    token_endpoint: "https://acme.example/token",
  };
  return JSON.stringify([{ ...whole, [member]: value }]);
}

const upstream = (more: Record<string, unknown>) => JSON.stringify([{ name: "notes", ...more }]);
const app = { GITHUB_CLIENT_ID: "id", GITHUB_CLIENT_SECRET: "secret" };
const client = (uri: string) =>
  JSON.stringify([{ client_id: "desk", client_name: "Desk", redirect_uris: [uri] }]);

/** Setting → env with an address in it. */
const SETTINGS: Record<string, (address: string) => Record<string, string>> = {
  ...Object.fromEntries(
    ["authorization", "token", "revocation", "userinfo"].map((kind) => [
      `PROVIDERS ${kind}_endpoint`,
      (address: string) => ({ PROVIDERS: provider(`${kind}_endpoint`, address) }),
    ]),
  ),
  "PROVIDERS api_url": (address) => ({ PROVIDERS: provider("api_url", address) }),
  "UPSTREAMS url": (address) => ({ UPSTREAMS: upstream({ url: address }) }),
  "UPSTREAMS url with headers": (address) => ({
    UPSTREAMS: upstream({ url: address, headers: { Authorization: "Bearer x" } }),
  }),
  "UPSTREAMS url with a provider": (address) => ({
    ...app,
    UPSTREAMS: upstream({ url: address, provider: "github", clear_text: true }),
  }),
  GITHUB_BASE_URL: (address) => ({ ...app, GITHUB_BASE_URL: address }),
  GITHUB_API_URL: (address) => ({ ...app, GITHUB_API_URL: address }),
  PUBLIC_URL: (address) => ({ PUBLIC_URL: address }),
  RETURN_URLS: (address) => ({ RETURN_URLS: address }),
  "MCP_CLIENTS redirect_uris": (address) => ({ MCP_CLIENTS: client(address) }),
  KV_PATH: (address) => ({ KV_PATH: address }),
};

for (const [setting, envWith] of Object.entries(SETTINGS)) {
  const [variable = ""] = setting.split(" ");
  Deno.test(`${setting} may be http on this machine, and never on another`, async () => {
    for (const address of [...LOOPBACK, "https://acme.example"]) {
      assertEquals(await faultsOf(envWith(address)), [], address);
    }
    for (const address of FOREIGN) {
      const [fault = "none", ...more] = await faultsOf(envWith(address));
      assertStringIncludes(fault, `${variable}: `, address);
      assert(/https|not a URL|Invalid URL|Invalid input/.test(fault), fault);
      assertEquals(more, []);
    }
  });
}

Deno.test('an upstream elsewhere is spoken to in clear only with "clear_text": true', async () => {
  const url = "http://mcp.internal:3000/mcp";
  assertStringIncludes(
    (await faultsOf({ UPSTREAMS: upstream({ url }) }))[0]!,
    '"clear_text": true',
  );
  assertEquals(await faultsOf({ UPSTREAMS: upstream({ url, clear_text: true }) }), []);
  for (const clear_text of ["true", 1, null]) {
    assertStringIncludes(
      (await faultsOf({ UPSTREAMS: upstream({ url, clear_text }) }))[0]!,
      "clear_text",
    );
  }
});

Deno.test("endpoints and a remote KV hold no password that a page or a log would show", async () => {
  const address = "https://ana:secret@acme.example";
  for (
    const setting of ["PROVIDERS authorization_endpoint", "PROVIDERS token_endpoint", "KV_PATH"]
  ) {
    const [fault = "none"] = await faultsOf(SETTINGS[setting]!(address));
    assertStringIncludes(fault, "without user");
    assert(!fault.includes("secret@"));
  }
});

Deno.test("stdio and the tasks refuse a remote KV in clear as well", () => {
  const env = { ...ENV, KV_PATH: "http://kv.example.com" };
  for (const read of [() => parseKvPath(env, false), () => parseLocalConfig(env, [])]) {
    assertStringIncludes(assertThrows(read, ConfigError).message, "KV_PATH: must be https");
  }
  assertEquals(parseKvPath({ KV_PATH: "http://localhost:4512" }, false), "http://localhost:4512");
});
