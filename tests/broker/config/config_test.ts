import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ConfigError, parseConfig } from "../../../broker/config/config.ts";
import { isOnDeploy } from "../../../broker/config/env.ts";
import { GRANT_DAYS } from "../../../broker/core/grant.ts";
import { readKeyFile } from "../../../broker/config/vault.ts";
import { digestHex, newKeyLine } from "../../../tasks/key.ts";

const KEY = newKeyLine("k1");
const GOOD = { PUBLIC_URL: "https://switchboard.example.com", ENCRYPTION_KEYS: KEY };
const NAMES = [
  { name: "github", services: ["github"] },
  { name: "google", services: ["gmail", "calendar", "drive"] },
];

async function faultsOf(env: Record<string, string>): Promise<string[]> {
  return (await assertRejects(() => parseConfig(env, NAMES, false), ConfigError)).faults;
}

Deno.test("parseConfig() needs a public URL and a key ring, nothing else", async () => {
  const config = await parseConfig(GOOD, NAMES, false);
  assertEquals(config.port, 8000);
  assertEquals(config.kvPath, ".data/switchboard.sqlite");
  assertEquals(config.providers.size, 0);
  assertEquals(config.encryptionKeys[0]!.bytes.length, 32);
});

Deno.test("parseConfig() tells every fault at once, with an example", async () => {
  const faults = await faultsOf({
    PORT: "eighty",
    PUBLIC_URL: "http://switchboard.example.com",
    ENCRYPTION_KEYS: "k1:short",
    API_KEYS: "voice:plain-text-key",
    RETURN_URLS: "nowhere",
    ALLOWED_HOSTS: "https://x",
    GITHUB_CLIENT_ID: "id",
    GOOGLE_CLIENT_SECRET: "secret",
    GITHUB_BASE_URL: "ftp://x",
  });
  const names = [
    "PORT",
    "PUBLIC_URL",
    "ENCRYPTION_KEYS",
    "API_KEYS",
    "RETURN_URLS",
    "ALLOWED_HOSTS",
    "GITHUB_BASE_URL",
    "GITHUB_CLIENT_SECRET",
    "GOOGLE_CLIENT_ID",
  ];
  assertEquals(faults.map((fault) => fault.split(":")[0]).sort(), [...names].sort());
  for (const fault of faults) assertStringIncludes(fault, "Example: ");
});

Deno.test("parseConfig() never repeats what may be a secret", async () => {
  const error = await assertRejects(
    () =>
      parseConfig(
        {
          ENCRYPTION_KEYS: "hunter2hunter2",
          API_KEYS: "voice:hunter2hunter2",
          GITHUB_CLIENT_SECRET: "hunter2hunter2",
        },
        NAMES,
        false,
      ),
    ConfigError,
  );
  assert(!error.message.includes("hunter2"), error.message);
});

Deno.test("parseConfig() takes PUBLIC_URL as an origin", async () => {
  const urlOf = async (PUBLIC_URL: string) =>
    (await parseConfig({ ...GOOD, PUBLIC_URL }, NAMES, false)).publicUrl;
  assertEquals(await urlOf("https://Example.com/"), "https://example.com");
  assertEquals(await urlOf("http://localhost:8000"), "http://localhost:8000");
  assertEquals(await urlOf("http://127.0.0.1:8000/"), "http://127.0.0.1:8000");
  for (
    const bad of [
      "example.com",
      "https://example.com/path",
      "https://example.com?x=1",
      "https://example.com#x",
      "https://u@example.com",
      "https://:pw@example.com",
      "http://localhost.example.com",
      "http://127.0.0.1.example.com",
    ]
  ) assertEquals((await faultsOf({ ...GOOD, PUBLIC_URL: bad })).length, 1, bad);
});

Deno.test("parseConfig() reads API keys with the services they are for", async () => {
  const hex = digestHex("key");
  const { apiKeys } = await parseConfig(
    { ...GOOD, API_KEYS: `voice:sha256:${hex}, crm:sha256:${hex}:google+github` },
    NAMES,
    false,
  );
  assertEquals(apiKeys.map(({ realm, services }) => [realm, services]), [
    ["voice", undefined],
    ["crm", ["google", "github"]],
  ]);
  assertEquals(
    (await faultsOf({ ...GOOD, API_KEYS: `a:sha256:${hex},a:sha256:${hex}` })).length,
    1,
  );
  assertEquals((await faultsOf({ ...GOOD, API_KEYS: `Voice:sha256:${hex}` })).length, 1);
});

Deno.test("parseConfig() takes no API key whose digest or whose limit is cut short or goes on", async () => {
  const hex = digestHex("key");
  const entries = [
    "crm:sha256:",
    `crm:sha256:${hex.slice(1)}`,
    `crm:sha256:${hex}0`,
    `crm:sha256:${hex.slice(1)}g`,
    `crm:md5:${hex}`,
    `crm:sha256:${hex}:google:github`,
    `crm:sha256:${hex}:google:`,
  ];
  for (const entry of entries) {
    const [fault = "none", ...more] = await faultsOf({ ...GOOD, API_KEYS: entry });
    assertStringIncludes(fault, "API_KEYS: an entry is not <name>", entry);
    assertEquals(more, []);
  }
});

Deno.test("parseConfig() takes a limit of no service for a limit, and not for none", async () => {
  const hex = digestHex("key");
  for (const limit of ["", "+"]) {
    const { apiKeys } = await parseConfig(
      { ...GOOD, API_KEYS: `crm:sha256:${hex}:${limit}` },
      NAMES,
      false,
    );
    assertEquals(apiKeys[0]!.services, []);
  }
});

Deno.test("parseConfig() reads what one person may hold, and says which entry of it is none", async () => {
  const wrong = ["connections", "connections=0", "connections=1001", "clients=off", "people=3"];
  for (const text of [...wrong, "clients=1,clients=2"]) {
    const [fault = "none", ...more] = await faultsOf({ ...GOOD, QUOTAS: text });
    assert(fault.startsWith("QUOTAS: "), `${text}: ${fault}`);
    assertEquals(more, []);
  }
  const { quotas } = await parseConfig({ ...GOOD, QUOTAS: "connections=20" }, NAMES, false);
  assertEquals(quotas, { connections: 20, clients: 200, personal_tokens: 50 });
});

Deno.test("parseConfig() takes no number that a port or a grant's end cannot be", async () => {
  const wrong = {
    PORT: ["65536", "99999", "-1", "1e3", "0x10"],
    GRANT_IDLE_DAYS: ["0", "-1", "1.5", "1e2", "0x10", "07", "9999", "99999", "Infinity"],
  };
  for (const variable of ["PORT", "GRANT_IDLE_DAYS", "GRANT_MAX_DAYS"] as const) {
    for (const text of wrong[variable === "PORT" ? variable : "GRANT_IDLE_DAYS"]) {
      const [fault = "none", ...more] = await faultsOf({ ...GOOD, [variable]: text });
      assertStringIncludes(fault, `${variable}: must be`, text);
      assertEquals(more, []);
    }
  }
  const { port, grantLifetimes } = await parseConfig(
    { ...GOOD, PORT: "65535", GRANT_IDLE_DAYS: "1", GRANT_MAX_DAYS: String(GRANT_DAYS.most) },
    NAMES,
    false,
  );
  const DAY_MS = 24 * 60 * 60_000;
  assertEquals([port, grantLifetimes], [
    65535,
    { idleMs: DAY_MS, maxMs: GRANT_DAYS.most * DAY_MS },
  ]);
});

Deno.test("parseConfig() refuses a key ring with an id twice", async () => {
  assertEquals(
    (await faultsOf({ ...GOOD, ENCRYPTION_KEYS: `${KEY},${newKeyLine("k1")}` })).length,
    1,
  );
  assertEquals((await faultsOf({ ...GOOD, ENCRYPTION_KEYS: "," })).length, 1);
});

Deno.test("parseConfig() uses the platform's KV on Deploy and files elsewhere", async () => {
  assertEquals((await parseConfig(GOOD, NAMES, true)).kvPath, undefined);
  assertEquals((await parseConfig({ ...GOOD, KV_PATH: "/x/kv" }, NAMES, true)).kvPath, "/x/kv");
  assertEquals(
    (await parseConfig({ ...GOOD, DATA_DIR: "/x" }, NAMES, false)).kvPath,
    "/x/switchboard.sqlite",
  );
});

Deno.test("on Deploy no local upstream starts, one elsewhere does, and HOST says nothing", async () => {
  const local = { name: "files", command: "files", trust: "same_user" };
  const remote = { name: "wiki", url: "https://wiki.example.com/mcp" };
  const env = { ...GOOD, HOST: "127.0.0.1", UPSTREAMS: JSON.stringify([remote]) };
  const { host, upstreams } = await parseConfig(env, NAMES, true);
  assertEquals([host, upstreams.map(({ name }) => name)], [undefined, ["wiki"]]);
  assertEquals((await parseConfig(env, NAMES, false)).host, "127.0.0.1");
  const both = { ...GOOD, UPSTREAMS: JSON.stringify([local, remote]) };
  assertEquals((await parseConfig(both, NAMES, false)).upstreams.length, 2);
  const { faults } = await assertRejects(() => parseConfig(both, NAMES, true), ConfigError);
  assertEquals(faults.length, 1);
  assertStringIncludes(faults[0]!, "UPSTREAMS: files is a local process");
});

Deno.test("parseConfig() takes RETURN_URLS that a link can bring back to", async () => {
  const urls = "https://App.example.com, http://localhost:3000/done/";
  assertEquals((await parseConfig({ ...GOOD, RETURN_URLS: urls }, NAMES, false)).returnUrls, [
    "https://app.example.com/",
    "http://localhost:3000/done/",
  ]);
  for (
    const bad of [
      "/done/",
      "http://app.example.com/",
      "https://app.example.com/#x",
      "https://me@app.example.com/",
      "https://:pw@app.example.com/",
      "javascript:alert(1)",
    ]
  ) {
    const [fault = "", ...more] = await faultsOf({ ...GOOD, RETURN_URLS: bad });
    assertStringIncludes(fault, "RETURN_URLS: ");
    assertEquals(more, []);
  }
});

Deno.test("readKeyFile() takes the keys of the file, or of ENCRYPTION_KEYS and then never the file", async () => {
  const read = (path: string) => Promise.resolve(`keys of ${path}`);
  const file = { ENCRYPTION_KEYS_FILE: "/run/keys" };
  assertEquals(await readKeyFile(file, read), { ...file, ENCRYPTION_KEYS: "keys of /run/keys" });
  // A running program follows the file that is named here.
  assertEquals(await readKeyFile({ ...file, ENCRYPTION_KEYS: "k1:x" }, read), {
    ENCRYPTION_KEYS: "k1:x",
    ENCRYPTION_KEYS_FILE: undefined,
  });
  const gone = () => Promise.reject(new Deno.errors.NotFound());
  await assertRejects(
    () => readKeyFile(file, gone),
    ConfigError,
    "ENCRYPTION_KEYS_FILE: the file that it names cannot be read (NotFound)",
  );
});

Deno.test("parseConfig() reads who is trusted to say who calls", async () => {
  assertEquals((await parseConfig(GOOD, NAMES, false)).trustedProxies, []);
  const env = {
    ...GOOD,
    TRUSTED_PROXIES: "10.0.0.0/8, 192.0.2.1,fd00::/8",
    TRUSTED_PROXY_HEADER: "CF-Connecting-IP",
  };
  const { trustedProxies, trustedProxyHeader } = await parseConfig(env, NAMES, false);
  assertEquals(trustedProxies.map(({ bits }) => bits), [8, 32, 8]);
  assertEquals(trustedProxyHeader, "cf-connecting-ip");
});

Deno.test("parseConfig() trusts nobody whose address is unclear, and not everybody", async () => {
  for (
    const TRUSTED_PROXIES of [
      "*",
      "true",
      "loopback",
      "10.0.0.1/8",
      "10.0.0.0/33",
      "10.0.0.0/",
      "10.0.0.0-10.0.0.9",
      "fd00::1/8",
      "::ffff:10.0.0.0/104",
      "0.0.0.0/0",
      "::/0",
      "10.0.0.0/8;10.1.0.0/16",
      "http://10.0.0.1",
      "10.0.0.1:80",
    ]
  ) {
    const [fault, ...more] = await faultsOf({ ...GOOD, TRUSTED_PROXIES });
    assertEquals([fault?.split(":")[0], more], ["TRUSTED_PROXIES", []], TRUSTED_PROXIES);
    assertStringIncludes(fault!, "Example: 10.0.0.0/8");
  }
});

Deno.test("parseConfig() takes one header, and only with somebody who is trusted", async () => {
  const trusted = { ...GOOD, TRUSTED_PROXIES: "10.0.0.0/8" };
  for (
    const TRUSTED_PROXY_HEADER of ["Forwarded", "a b", "x-forwarded-for,x-real-ip", "x_y:", "é"]
  ) {
    const [fault] = await faultsOf({ ...trusted, TRUSTED_PROXY_HEADER });
    assertEquals(fault?.split(":")[0], "TRUSTED_PROXY_HEADER", TRUSTED_PROXY_HEADER);
  }
  assertEquals(
    (await faultsOf({ ...GOOD, TRUSTED_PROXY_HEADER: "x-real-ip" })).map((fault) =>
      fault.split(":")[0]
    ),
    ["TRUSTED_PROXIES"],
  );
});

Deno.test("ALLOWED_ORIGINS takes exact origins of apps, and nothing that stands for more", async () => {
  const origins = async (text: string) =>
    await parseConfig({ ...GOOD, ALLOWED_ORIGINS: text }, NAMES, false);
  assertEquals((await parseConfig(GOOD, NAMES, false)).allowedOrigins, []);
  const right = [
    "app://-",
    "vscode-file://vscode-app",
    "tauri://localhost",
    "http://localhost:6274",
  ];
  assertEquals((await origins(right.join(", "))).allowedOrigins, right);
  for (
    const text of [
      "*",
      "null",
      "file://",
      "app://",
      "app:",
      "-",
      "app://-/",
      "app://*",
      "app://-?x",
      "APP://-",
      "http://app.example.com",
      "https://app.example.com/",
      "https://me@app.example.com",
      'app://-"',
    ]
  ) {
    const [fault = ""] = await faultsOf({ ...GOOD, ALLOWED_ORIGINS: `app://-,${text}` });
    assertStringIncludes(fault, "ALLOWED_ORIGINS: ");
    assertStringIncludes(fault, "Example: app://-");
  }
});

Deno.test("MCP_CLIENT_DOCUMENTS is on or off, and no other word is taken for either", async () => {
  const of = async (env: Record<string, string>) =>
    await parseConfig({ ...GOOD, ...env }, NAMES, false);
  assertEquals((await of({})).clientDocuments, true);
  assertEquals((await of({ MCP_CLIENT_DOCUMENTS: "on" })).clientDocuments, true);
  assertEquals((await of({ MCP_CLIENT_DOCUMENTS: "off" })).clientDocuments, false);
  for (const word of ["false", "no", "0", "OFF", "of", " off"]) {
    const [fault = ""] = await faultsOf({ ...GOOD, MCP_CLIENT_DOCUMENTS: word });
    assertStringIncludes(fault, "MCP_CLIENT_DOCUMENTS: must be on or off.");
  }
});

Deno.test("parseConfig() takes an MCP client's values up to their limits, and names one beyond", async () => {
  const client = {
    client_id: "desk",
    client_name: "Desk",
    redirect_uris: ["https://desk.example/cb"],
    client_secret_sha256: "0".repeat(64),
  };
  const env = (change: object) => ({
    ...GOOD,
    MCP_CLIENTS: JSON.stringify([{ ...client, ...change }]),
  });
  const text = (length: number) => "x".repeat(length);
  const limits: [field: string, taken: unknown[], beyond: unknown[]][] = [
    ["client_id", [text(1), text(200)], ["", text(201)]],
    ["client_name", [text(1), text(200)], ["", text(201)]],
    ["redirect_uris", [client.redirect_uris], [[], ["http://desk.example/cb"], ["desk"]]],
    ["client_secret_sha256", [text(64).replaceAll("x", "a")], [text(64), "0".repeat(63)]],
  ];
  for (const [field, taken, beyond] of limits) {
    for (const value of taken) await parseConfig(env({ [field]: value }), NAMES, false);
    for (const value of beyond) {
      const [fault, ...others] = await faultsOf(env({ [field]: value }));
      assertStringIncludes(fault!, field);
      assertEquals(others, []);
    }
  }
});

Deno.test("it runs on Deploy where the platform says so, by whichever name", () => {
  assertEquals([isOnDeploy({}), isOnDeploy({ DENO_DEPLOY: "" })], [false, false]);
  for (const name of ["DENO_DEPLOYMENT_ID", "DENO_DEPLOY", "DENO_DEPLOY_ORG_ID"]) {
    assertEquals(isOnDeploy({ [name]: "1" }), true, name);
  }
});

Deno.test("how long the end may take is set, but on Deploy, which allows 5 seconds", async () => {
  const drainOf = async (env: Record<string, string>, onDeploy = false) =>
    (await parseConfig({ ...GOOD, ...env }, NAMES, onDeploy)).drain;
  assertEquals(await drainOf({}), { delayMs: 3_000, graceMs: 30_000 });
  assertEquals((await drainOf({ PUBLIC_URL: "http://localhost:8000" })).delayMs, 0);
  const set = { DRAIN_SECONDS: "0.5", DRAIN_DELAY_SECONDS: "600" };
  assertEquals(await drainOf(set), { delayMs: 600_000, graceMs: 500 });
  assertEquals(await drainOf(set, true), { delayMs: 1_500, graceMs: 3_000 });
  for (const wrong of ["601", "-1", "1e2", "5s", "4.55", "Infinity"]) {
    const faults = await faultsOf({ ...GOOD, DRAIN_SECONDS: wrong, DRAIN_DELAY_SECONDS: wrong });
    assertEquals(faults.map((fault) => fault.split(":")[0]), [
      "DRAIN_SECONDS",
      "DRAIN_DELAY_SECONDS",
    ]);
  }
});

const DEPLOY = {
  DENO_DEPLOY: "true",
  DENO_DEPLOY_ORGANIZATION_SLUG: "acme",
  DENO_DEPLOY_APPLICATION_SLUG: "switchboard",
  DENO_TIMELINE: "production",
};

Deno.test("on Deploy's production timeline the platform says PUBLIC_URL, and what is set wins", async () => {
  const urlOf = async (env: Record<string, string>) =>
    (await parseConfig({ ENCRYPTION_KEYS: KEY, ...env }, NAMES, true)).publicUrl;
  assertEquals(await urlOf(DEPLOY), "https://switchboard.acme.deno.net");
  assertEquals(await urlOf({ ...DEPLOY, PUBLIC_URL: "" }), "https://switchboard.acme.deno.net");
  assertEquals(
    await urlOf({ ...DEPLOY, PUBLIC_URL: "https://sb.example.com" }),
    "https://sb.example.com",
  );
});

Deno.test("nowhere else does a variable of the platform's say PUBLIC_URL", async () => {
  const { DENO_DEPLOY: _, ...elsewhere } = DEPLOY;
  const wrong = { ...DEPLOY, DENO_DEPLOY_APPLICATION_SLUG: "evil.example/x" };
  for (const env of [elsewhere, wrong, { ...DEPLOY, DENO_DEPLOY_ORGANIZATION_SLUG: "" }]) {
    const [fault = "", ...more] = await faultsOf({ ...env, ENCRYPTION_KEYS: KEY });
    assertEquals([fault.split(".")[0], more.length], ["PUBLIC_URL: is not set", 0]);
    assert(!fault.includes("evil"));
  }
});

Deno.test("a branch's or preview's timeline says that it has its own URL and database", async () => {
  for (
    const [timeline, words] of [["git-branch/x", "a branch's timeline"], ["preview/7", "a preview"]]
  ) {
    const env = { ...DEPLOY, DENO_TIMELINE: timeline!, ENCRYPTION_KEYS: KEY };
    const [missing = "", fault = ""] = await faultsOf(env);
    assertStringIncludes(missing, "PUBLIC_URL: is not set");
    assertStringIncludes(fault, `This is ${words}: it has its own URL`);
    assertStringIncludes(fault, "its own, empty database");
    assert(await parseConfig({ ...env, PUBLIC_URL: GOOD.PUBLIC_URL }, NAMES, true));
  }
});
