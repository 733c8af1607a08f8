import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type Config, type KnownProvider, parseConfig } from "../../../broker/config/config.ts";
import { withSettings } from "../../../broker/config/settings.ts";
import { settingsView } from "../../../broker/config/settings_view.ts";
import { NO_SETTINGS, type StoredApp, type StoredSettings } from "../../../broker/core/settings.ts";
import { digestHex, newKeyLine } from "../../../tasks/key.ts";

const CHANGED = { at: 1, by: "github:1" };
const KNOWN: KnownProvider[] = [
  { name: "github", services: ["github"] },
  { name: "google", services: ["gmail", "calendar"], hasTestMode: true },
  { name: "attio", services: ["attio"], yields: true },
  { name: "sendgrid", services: ["sendgrid"], needs: "name" },
  { name: "github_app", services: ["github_app"], privateKeyFault: () => undefined },
];
const OFFICIAL = [{ name: "notion_mcp", title: "Notion", url: "https://mcp.notion.com/mcp" }];

async function configOf(
  env: Record<string, string> = {},
): Promise<{ config: Config; env: typeof env }> {
  const all = { PUBLIC_URL: "https://sb.example.com", ENCRYPTION_KEYS: newKeyLine("k1"), ...env };
  return { config: await parseConfig(all, KNOWN, false), env: all };
}

/** What counts, and what does not. */
async function merged(kept: Partial<StoredSettings>, variables: Record<string, string> = {}) {
  const { config: base, env } = await configOf(variables);
  const stored = { ...NO_SETTINGS, ...kept };
  const context = { env, known: KNOWN, official: OFFICIAL };
  const { config, faults } = withSettings(base, stored, context);
  const view = () =>
    settingsView({
      config,
      faults,
      env: base,
      stored,
      version: "1",
      isUnopened: false,
      context,
    });
  return { config, faults, said: faults.map(({ fault }) => fault), view };
}

const appOf = (app: Partial<StoredApp>): StoredApp => ({
  realm: "desk",
  keys: [{ id: "1", sha256: digestHex("key"), made: CHANGED }],
  changed: CHANGED,
  ...app,
});
const credentialsOf = (provider: string, more = {}) => ({
  provider,
  clientId: "kept-id",
  clientSecret: "kept-secret",
  changed: CHANGED,
  ...more,
});
const BY_ENV = { GITHUB_CLIENT_ID: "env-id", GITHUB_CLIENT_SECRET: "env-secret" };

Deno.test("withSettings() adds apps that are kept to those of env", async () => {
  const { config, faults } = await merged({
    apps: [appOf({ name: "Desk", tools: ["gmail_search"] })],
  }, {
    API_KEYS: `voice:sha256:${digestHex("other")}`,
  });
  assertEquals(faults, []);
  assertEquals(config.apiKeys.map(({ realm, tools }) => [realm, tools]), [
    ["voice", undefined],
    ["desk", ["gmail_search"]],
  ]);
  assertEquals(config.apps.find(({ realm }) => realm === "desk")?.name, "Desk");
});

Deno.test("withSettings() lets env count where it says something, and what is kept where it does not", async () => {
  const env = {
    API_KEYS: `desk:sha256:${digestHex("env key")}:google`,
    RETURN_TO: "desk=https://env.example/done",
    APPS: '{"desk":{"name":"By env"}}',
  };
  const app = appOf({
    name: "Kept",
    operator: "Example Inc.",
    services: ["github"],
    returnTo: "https://kept.example/done",
    tools: ["gmail_search"],
    handOffOnly: true,
  });
  const { config, faults, view } = await merged({ apps: [app] }, env);
  assertEquals(faults, []);
  const [key, ...others] = config.apiKeys;
  assertEquals(others, []);
  assertEquals(key?.sha256.length, 32);
  assertEquals({ ...key, sha256: undefined }, {
    realm: "desk",
    sha256: undefined,
    services: ["google"],
    returnTo: "https://env.example/done",
    tools: ["gmail_search"],
    handOffOnly: true,
  });
  const [face] = config.apps;
  assertEquals([face?.name, face?.operator], ["By env", "Example Inc."]);
  const [seen] = view().apps;
  assertEquals(seen?.keys, [{ source: "env" }]);
  assertEquals(seen?.byEnv, ["keys", "name", "returnTo", "services"]);
});

Deno.test("a key that is kept for an app of env's does not count: the console is kept from its users", async () => {
  const { config } = await merged({ apps: [appOf({})] }, {
    API_KEYS: `desk:sha256:${digestHex("env key")}`,
  });
  assertEquals(config.apiKeys.length, 1);
  const hex = digestHex("key");
  assert(config.apiKeys.every(({ sha256 }) => sha256[0] !== parseInt(hex.slice(0, 2), 16)));
});

Deno.test("one app that cannot be is left out, and takes no other along", async () => {
  const other = appOf({
    realm: "other",
    keys: [{ id: "2", sha256: digestHex("2"), made: CHANGED }],
  });
  const bad: [Partial<StoredApp>, string][] = [
    [{ realm: "github" }, 'the name "github" is taken'],
    [{ realm: "local" }, 'the name "local" is taken'],
    [{ realm: "a:b" }, "the name must be a-z, 0-9, _ and -, up to 32"],
    [
      { returnTo: "http://evil.example/" },
      "returnTo: must be https URLs; one that ends in / allows all below it",
    ],
    [{ privacyUrl: "javascript:alert(1)" }, "privacyUrl: must be an https URL"],
    [
      { returnUrls: Array(21).fill("https://a.example/") },
      "returnUrls: Too big: expected array to have <=20 items",
    ],
    [{ handOffOnly: true }, "it can send its users nowhere: set a default address, or return URLs"],
    [{ keys: Array(3).fill(appOf({}).keys[0]) }, "it has more than 2 keys"],
    [{ keys: [{ id: "1", sha256: "secret-key", made: CHANGED }] }, "a key is no SHA-256"],
    [{ keys: other.keys }, "a key of it is another app's"],
  ];
  for (const [app, fault] of bad) {
    const { config, said } = await merged({ apps: [other, appOf(app)] });
    assertEquals(said, [fault]);
    assertEquals(config.apiKeys.map(({ realm }) => realm), ["other"], fault);
  }
});

Deno.test("credentials that are kept set a provider up, at the address that env says", async () => {
  const { config, faults } = await merged({ credentials: [credentialsOf("github")] }, {
    GITHUB_BASE_URL: "https://ghe.example",
  });
  assertEquals(faults, []);
  assertEquals(config.providers.get("github"), {
    clientId: "kept-id",
    clientSecret: "kept-secret",
    baseUrl: "https://ghe.example",
    apiUrl: undefined,
  });
});

Deno.test("what is noted of credentials that are kept counts, and is shown", async () => {
  const kept = [credentialsOf("google", { secretEnds: "2027-03-01", isTesting: true })];
  const { config, said, view } = await merged({ credentials: kept });
  assertEquals(said, []);
  const at = Date.UTC(2027, 2, 1);
  const { secretEndsAt, isTesting } = config.providers.get("google")!;
  assertEquals([secretEndsAt, isTesting], [at, true]);
  const [shown] = view().credentials.filter(({ provider }) => provider === "google");
  assertEquals([shown?.secretEndsAt, shown?.isTesting], [at, true]);
  // Another provider has no test mode.
  const [other] =
    (await merged({ credentials: [credentialsOf("github", { isTesting: true })] })).view()
      .credentials;
  assertEquals([other?.provider, other?.isTesting], ["github", undefined]);
  for (const secretEnds of ["2027-02-30", "soon", "03/01/27", "2027-03-01T10:00:00Z"]) {
    const { said: [fault] } = await merged({
      credentials: [credentialsOf("google", { secretEnds })],
    });
    assertStringIncludes(fault!, "GOOGLE_CLIENT_SECRET_EXPIRES: must be a day");
    assert(!fault!.includes(secretEnds));
  }
});

Deno.test("credentials of env count before those that are kept", async () => {
  const { config, view } = await merged({ credentials: [credentialsOf("github")] }, BY_ENV);
  assertEquals(config.providers.get("github")?.clientSecret, "env-secret");
  const seen = view().credentials.find(({ provider }) => provider === "github")!;
  assertEquals([seen.source, seen.clientId, seen.isSettable], ["env", "env-id", false]);
});

Deno.test("credentials are refused where env alone may say what a provider needs", async () => {
  for (
    const [name, fault] of [
      ["sendgrid", "sendgrid takes no client of this program's"],
      ["github_app", "github_app needs a private key, which env alone holds"],
      ["unknown", "there is no provider, and no MCP server that is connected, of this name"],
    ] as const
  ) {
    const { config, said } = await merged({ credentials: [credentialsOf(name)] });
    assertEquals(said, [fault]);
    assertEquals(config.providers.size, 0);
  }
  for (const more of [{ clientId: "" }, { clientId: "a b" }, { clientSecret: "x".repeat(5000) }]) {
    const { config, said } = await merged({ credentials: [credentialsOf("github", more)] });
    assertEquals([said.length, config.providers.size], [1, 0]);
    assert(!said[0]!.includes("xxx"));
  }
});

Deno.test("credentials give way to an MCP server of env's with the provider's name", async () => {
  const { config, said } = await merged({ credentials: [credentialsOf("attio")] }, {
    UPSTREAMS: '[{"name":"attio","url":"https://attio.example/mcp"}]',
  });
  assertEquals(said, ["an MCP server in UPSTREAMS has a name of attio's"]);
  assertEquals([config.providers.size, config.upstreams.length], [0, 1]);
});

Deno.test("an MCP server is added by a name that is known, or at a public address", async () => {
  const { config, faults } = await merged({
    upstreams: [
      { name: "notion_mcp", changed: CHANGED },
      { name: "notes", title: "Notes", url: "https://notes.example.com/mcp", changed: CHANGED },
    ],
  });
  assertEquals(faults, []);
  assertEquals(
    config.upstreams.map((spec) => spec.kind === "http" && [spec.name, spec.url, spec.oauth]),
    [
      ["notion_mcp", "https://mcp.notion.com/mcp", "always"],
      ["notes", "https://notes.example.com/mcp", "if_asked"],
    ],
  );
});

Deno.test("an MCP server at an address that is not public, or with a name that is taken, is left out", async () => {
  const urls = [
    "http://169.254.169.254/latest/meta-data",
    "https://169.254.169.254/mcp",
    "https://[fd00::1]/mcp",
    "https://[::ffff:10.0.0.1]/mcp",
    "https://2130706433/mcp",
    "https://0x7f.1/mcp",
    "https://localhost/mcp",
    "https://vault.internal/mcp",
    "https://intranet/mcp",
    "https://notes.example.com./mcp",
    "https://user:pw@notes.example.com/mcp",
    "https://notes.example.com/mcp#x",
    "https://notes.example.com:25/mcp",
    "https://sb.example.com/mcp",
    "file:///etc/passwd",
    "notes",
    `https://notes.example.com/${"a".repeat(2000)}`,
  ];
  for (const url of urls) {
    const { config, said } = await merged({
      upstreams: [{ name: "notes", url, changed: CHANGED }],
    });
    assertEquals([said.length, config.upstreams.length], [1, 0], url);
    assert(said[0]!.startsWith("url: "), said[0]);
  }
  const url = "https://notes.example.com/mcp";
  for (const name of ["github", "gmail", "sse", "voice", "Notes", "shelf", "sh"]) {
    const { config, said } = await merged({ upstreams: [{ name, url, changed: CHANGED }] }, {
      API_KEYS: `voice:sha256:${digestHex("other")}`,
      UPSTREAMS:
        '[{"name":"shelf","url":"https://a.example/mcp"},{"name":"x","url":"https://b.example/mcp","prefix":"sh_a"}]',
    });
    assertEquals([said.length, config.upstreams.length], [1, 2], name);
  }
});

Deno.test("what else UPSTREAMS takes is not taken from what is kept", async () => {
  const more = {
    headers: { Authorization: "Bearer x" },
    command: "/bin/sh",
    env: { A: "${API_KEYS}" },
    private: true,
    clear_text: true,
    provider: "github",
  };
  const entry = { name: "notes", url: "https://notes.example.com/mcp", changed: CHANGED, ...more };
  const { config, faults } = await merged({ upstreams: [entry] }, BY_ENV);
  assertEquals(faults, []);
  const [spec] = config.upstreams;
  assert(spec?.kind === "http");
  assertEquals([spec.headers, spec.isPrivate, spec.provider, spec.client], [
    {},
    false,
    undefined,
    undefined,
  ]);
});

Deno.test("no server at an address of one's choice is given the client of a variable", async () => {
  // Any program's secret may stand there, such as AZURE_CLIENT_SECRET.
  const env = { AZURE_CLIENT_ID: "id", AZURE_CLIENT_SECRET: "secret" };
  const url = "https://evil.example/mcp";
  const { config } = await merged({ upstreams: [{ name: "azure", url, changed: CHANGED }] }, env);
  const [spec] = config.upstreams;
  assert(spec?.kind === "http");
  assertEquals(spec.client, undefined);
});

Deno.test("the client of an MCP server is for the address that it was set for", async () => {
  const url = "https://notes.example.com/mcp";
  const credentials = [credentialsOf("notes", { url })];
  const at = async (url: string) =>
    await merged({ credentials, upstreams: [{ name: "notes", url, changed: CHANGED }] });
  const [spec] = (await at(url)).config.upstreams;
  assert(spec?.kind === "http");
  assertEquals(spec.client, { id: "kept-id", secret: "kept-secret" });
  const moved = await at("https://evil.example/mcp");
  const [other] = moved.config.upstreams;
  assert(other?.kind === "http");
  assertEquals(other.client, undefined);
  assertEquals(moved.said, ["they were set for another address of this MCP server"]);
});

Deno.test("operators that are kept are added to those of env, by provider and address", async () => {
  const operators = [
    { provider: "github", email: "me@example.com", changed: CHANGED },
    { provider: "nobody", email: "me@example.com", changed: CHANGED },
    { provider: "github", email: "*@example.com", changed: CHANGED },
    { provider: "github", email: "me@example.com", changed: CHANGED },
  ];
  const { config, said } = await merged({ operators }, { OPERATORS: "google:boss@example.com" });
  assertEquals(config.operators, [
    { provider: "google", email: "boss@example.com" },
    { provider: "github", email: "me@example.com" },
  ]);
  assertEquals(said, [
    'there is no provider "nobody"',
    "operators are named one by one, never by *",
    "is there twice",
  ]);
});

Deno.test("the view holds no secret and no digest, and says what does not count", async () => {
  const { view } = await merged({
    apps: [appOf({ returnTo: "http://no.example/" })],
    credentials: [credentialsOf("github"), credentialsOf("sendgrid")],
  }, { GOOGLE_CLIENT_ID: "g-id", GOOGLE_CLIENT_SECRET: "g-secret" });
  const said = JSON.stringify(view());
  for (const secret of ["kept-secret", "g-secret", digestHex("key")]) {
    assert(!said.includes(secret), secret);
  }
  const { apps, credentials } = view();
  assertEquals(apps[0]?.fault?.startsWith("returnTo: "), true);
  assertEquals(
    credentials.map(({ provider, source, hasSecret }) => [provider, source, hasSecret]),
    [
      ["github", "console", true],
      ["google", "env", true],
      ["attio", undefined, false],
      ["github_app", undefined, false],
      ["sendgrid", undefined, true],
    ],
  );
  const [github] = credentials;
  assertEquals(github?.redirectUri, "https://sb.example.com/callback/github");
  assertEquals(github?.changed, CHANGED);
});
