import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ConfigError, parseConfig, variables } from "../../broker/config/config.ts";
import { variable } from "../../broker/core/variable.ts";
import { allModules, knownProviders } from "../../start/all_providers.ts";
import denoJson from "../../deno.json" with { type: "json" };
import { providerModules } from "../../providers/registry.ts";
import { failureOf } from "../../tasks/failed.ts";
import { newKeyLine } from "../../tasks/key.ts";
import { runDeno } from "../support/process.ts";

/**
 * Whoever sets up a gateway puts a key where another thing should stand, once in
 * a while. What the start prints is pasted into chats and kept by log services:
 * no value of any variable is in it.
 */

const MARK = "sk_live_MARK";
const ENV = { PUBLIC_URL: "https://switchboard.example.com", ENCRYPTION_KEYS: newKeyLine("k1") };

const ENDPOINTS = {
  authorization_endpoint: "https://acme.example/authorize",
  token_endpoint: "https://acme.example/token",
};

/** A secret by itself, and in the places of a value that a parser looks at. */
function shapes(name: string): string[] {
  const entry = (value: unknown) => JSON.stringify([value]);
  switch (name) {
    case "UPSTREAMS":
      return [
        MARK,
        `[{"name":"notes","url":"https://x.example","headers":{"Authorization":"${MARK}"`,
        entry(MARK),
        entry({ name: MARK, url: "https://x.example" }),
        entry({ name: "notes", url: MARK }),
        entry({ name: "notes", url: `http://ana:${MARK}@x.example` }),
        entry({ name: "notes", url: "https://x.example", [MARK]: 1 }),
        entry({ name: "notes", url: "https://x.example", headers: { [MARK]: 1 } }),
        entry({ name: "notes", url: "https://x.example", provider: MARK }),
        entry({ name: "notes", url: "https://x.example", timeout_ms: MARK }),
        entry({ name: "notes", command: "x", env: { [MARK]: 1 }, trust: "same_user" }),
        entry({ name: "notes", command: "x", args: [{ [MARK]: 1 }], trust: MARK }),
        entry({ name: "notes", command: MARK, user: MARK }),
      ];
    case "PROVIDERS":
      return [
        MARK,
        entry(MARK),
        entry({ ...ENDPOINTS, name: MARK }),
        entry({ ...ENDPOINTS, name: "acme", [MARK]: 1 }),
        entry({ ...ENDPOINTS, name: "acme", token_endpoint: `https://x:${MARK}@acme.example` }),
        entry({ ...ENDPOINTS, name: "acme", client_authentication: MARK }),
        entry({ ...ENDPOINTS, name: "acme", authorization_parameters: { [MARK]: 1 } }),
        entry({ ...ENDPOINTS, name: "acme", issuer: MARK }),
      ];
    case "MCP_CLIENTS":
      return [
        MARK,
        entry(MARK),
        entry({ client_id: MARK, client_name: "x", redirect_uris: [MARK] }),
        entry({ client_id: "x", client_name: "x", redirect_uris: [`http://x/${MARK}`] }),
        entry({ client_id: "x", client_name: "x", redirect_uris: ["https://x"], [MARK]: 1 }),
        entry({
          client_id: "x",
          client_name: "x",
          redirect_uris: ["https://x"],
          client_secret_sha256: MARK,
        }),
      ];
    case "API_KEYS":
      return [MARK, `voice:${MARK}`, `voice:sha256:${MARK}`, `${MARK}:sha256:${"0".repeat(64)}`];
    case "ENCRYPTION_KEYS":
      return [MARK, `k1:${MARK}`, `${newKeyLine("k1")},${MARK}`];
    case "KV_PATH":
      return [
        `/proc/${MARK}/kv.sqlite`,
        `https://ana:${MARK}@kv.example.com`,
        `http://kv.example.com/${MARK}`,
        `https://127.0.0.1:1/${MARK}`,
      ];
    case "DATA_DIR":
      return [`/proc/${MARK}`, `/dev/null/${MARK}`];
    default:
      return [MARK, `https://ana:${MARK}@x.example`, `http://x.example/?key=${MARK}`];
  }
}

const VARIABLES = [
  ...variables,
  "SUBJECT",
  "GITHUB_TOKEN",
  ...providerModules.flatMap(({ name }) =>
    ["CLIENT_ID", "CLIENT_SECRET", "BASE_URL", "API_URL"].map((suffix) => variable(name, suffix))
  ),
];

const TASKS = ["start", "stdio", "rekey", "upstreams"] as const;
type Task = (typeof TASKS)[number];

/** Which tasks say more than the faults of the configuration: they go on with it. */
const READERS: Record<string, readonly Task[]> = {
  KV_PATH: TASKS,
  DATA_DIR: TASKS,
  ENCRYPTION_KEYS: ["rekey"],
  SUBJECT: ["stdio"],
  GITHUB_TOKEN: ["stdio"],
  ENCRYPTION_KEYS_FILE: ["start", "stdio", "rekey"],
};

/** What is wrong with the configuration, as the start tells it; `undefined`: nothing. */
async function faultsIn(env: Record<string, string>): Promise<string | undefined> {
  const { modules, faults } = allModules(env.PROVIDERS ?? "[]");
  try {
    await parseConfig(env, knownProviders(modules), false, faults);
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

function envWith(name: string, value: string): Record<string, string> {
  const provider = /^([A-Z]+)_(?:BASE|API)_URL$/.exec(name)?.[1];
  const app: Record<string, string> = provider === undefined
    ? {}
    : { [`${provider}_CLIENT_ID`]: "id", [`${provider}_CLIENT_SECRET`]: "secret" };
  const env = { ...ENV, ...app, [name]: value };
  // The file is read only without it.
  return name === "ENCRYPTION_KEYS_FILE" ? { ...env, ENCRYPTION_KEYS: "" } : env;
}

/** What a task prints until it has ended, or serves. */
async function printed(task: Task, env: Record<string, string>): Promise<string> {
  const [, ...args] = denoJson.tasks[task].command.split(" ");
  const folder = await Deno.makeTempDir({ prefix: "switchboard_" });
  try {
    await using program = runDeno(args, { DATA_DIR: folder, PORT: "0", ...env });
    const served = program.said(/"event":"listening"/).catch(() => "it ended");
    await Promise.race([program.ended, served]);
    return program.output();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

for (const name of VARIABLES) {
  Deno.test(`what is set as ${name} stands in nothing that the start or a task prints`, async () => {
    for (const value of shapes(name)) {
      const env = envWith(name, value);
      const faults = await faultsIn(env);
      assert(!faults?.includes("MARK"), `${value}:\n${faults}`);
      const tasks = READERS[name] ?? (faults === undefined ? ["start"] as const : []);
      for (const task of tasks) {
        const said = await printed(task, env);
        assert(!said.includes("MARK"), `${task} with ${value}:\n${said}`);
      }
    }
  });
}

Deno.test("the start tells all faults at once, by their variables and without a value", async () => {
  // Half of a client's credentials is a fault, both are none; so is a name without its issuer.
  const wrong: string[] = [];
  for (const name of VARIABLES.filter((name) => !/_CLIENT_|^OIDC_NAME$/.test(name))) {
    if (await faultsIn(envWith(name, MARK)) !== undefined) wrong.push(name);
  }
  assert(wrong.length > 15);
  const apps = Object.assign({}, ...wrong.map((name) => envWith(name, MARK)));
  const said = await printed("start", {
    ...apps,
    ...Object.fromEntries(wrong.map((x) => [x, MARK])),
  });
  for (const name of wrong.filter((name) => name !== "ENCRYPTION_KEYS_FILE")) {
    assertStringIncludes(said, `\n  ${name}: `);
  }
  assert(!said.includes("MARK"), said);
});

Deno.test("a fault that nobody foresaw is told by its kind and its place", () => {
  const said = failureOf("start", new RangeError(MARK));
  assertMatch(said, /^Cannot start: RangeError at \S+\.ts:\d+$/);
  assertEquals(failureOf("start", MARK), "Cannot start: unknown at ");
});
