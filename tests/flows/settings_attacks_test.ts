import { assert, assertEquals, assertRejects } from "@std/assert";
import { SIGN_IN_STARTS } from "../../broker/connect/outstanding.ts";
import { Refusal } from "../../broker/core/refusal.ts";
import { randomSecret } from "../../broker/core/secrets.ts";
import type { SettingsChange } from "../../broker/core/settings.ts";
import { VaultError } from "../../broker/core/store_errors.ts";
import { GUESSES } from "../../gateway/guesses.ts";
import { LOOK_AGAIN_MS } from "../../start/living.ts";
import { digestHex } from "../../tasks/key.ts";
import { failing, type Faults } from "../support/failing_store.ts";
import { API_KEY, type Gateway, startGateway } from "../support/gateway.ts";
import { PNG } from "../support/pictures.ts";
import { change, makeApp, OPERATOR } from "../support/settings.ts";
import { keptText, snapshot } from "../support/snapshot.ts";

const ALL = ["settings", "all"];
const VERSION = ["versions", "settings"];
const logoOf = (realm: string) => ["settings", "logo", realm];

const services = async (at: Gateway, key: string) => (await at.api("/services", { key })).status;

/** Refused as what cannot be; nothing is written. */
async function refused(at: Gateway, what: SettingsChange): Promise<string> {
  const before = await snapshot(at.kv);
  const error = await assertRejects(() => change(at, what), Refusal);
  assert(error.reason.code === "invalid_request", error.reason.code);
  assertEquals(await snapshot(at.kv), before);
  return error.reason.detail;
}

Deno.test("settings that are moved to another record, or to another program, open nothing", async () => {
  await using gateway = await startGateway();
  const key = await makeApp(gateway, "desk", { logo: PNG });
  await change(gateway, { kind: "app", realm: "shop", app: { logo: PNG.slice() } });
  const { value: box } = await gateway.kv.get(logoOf("desk"));
  await gateway.kv.set(logoOf("shop"), box);
  await assertRejects(() => gateway.settings.logo("shop"), VaultError);
  await gateway.kv.set(ALL, box);
  await gateway.kv.set(VERSION, { version: "another" });
  gateway.world.skew += LOOK_AGAIN_MS;
  // The last settings go on.
  assertEquals(await services(gateway, key), 200);
  const { isUnopened, version } = await gateway.settings.view();
  assertEquals(isUnopened, true);
  const app: SettingsChange = { kind: "app", realm: "evil", app: {} };
  await assertRejects(() => gateway.settings.change(OPERATOR, version, app), VaultError);
  // And a program that starts with them has env's alone.
  await gateway.restart({});
  assertEquals([await services(gateway, key), await services(gateway, API_KEY)], [401, 200]);
  const failed = gateway.world.events.filter(({ event }) => event === "settings_not_read");
  assert(failed.length > 0);
});

Deno.test("no secret of the settings is in the view, in the log, or in clear in the store", async () => {
  await using gateway = await startGateway({
    env: { GITHUB_CLIENT_ID: "", GITHUB_CLIENT_SECRET: "" },
  });
  const key = await makeApp(gateway, "desk");
  await change(gateway, {
    kind: "credentials",
    provider: "github",
    clientId: "pasted-id",
    clientSecret: "pasted-secret",
  });
  const said = JSON.stringify([await gateway.settings.view(), gateway.world.events]);
  const kept = (await keptText(gateway.kv)).join("\n");
  for (const secret of ["pasted-secret", key, digestHex(key)]) {
    assert(!said.includes(secret), secret);
    assert(!kept.includes(secret), secret);
  }
  const { by, about } = gateway.world.events.findLast(({ event }) => event === "settings_changed")!;
  assertEquals([by, about], [OPERATOR.id, "github"]);
});

Deno.test("what cannot be is refused and changes nothing", async () => {
  await using gateway = await startGateway({
    env: { UPSTREAMS: '[{"name":"shelf","url":"https://shelf.example/mcp","oauth":false}]' },
  });
  const url = "https://notes.example.com/mcp";
  const bad: SettingsChange[] = [
    { kind: "upstream", name: "notes", url: "http://169.254.169.254/latest/meta-data" },
    { kind: "upstream", name: "notes", url: "https://10.0.0.1/mcp" },
    { kind: "upstream", name: "shelf", url },
    { kind: "upstream", name: "voice", url },
    { kind: "upstream", name: "gmail", url },
    { kind: "upstream", name: "nobody_mcp" },
    { kind: "upstream", name: "notes", url, title: "x".repeat(100_000) },
    { kind: "app", realm: "github", app: {} },
    { kind: "app", realm: "__proto__", app: {} },
    { kind: "app", realm: "x".repeat(100_000), app: {} },
    { kind: "app", realm: "desk", app: { name: "x".repeat(100_000) } },
    { kind: "app", realm: "desk", app: { returnTo: "javascript:alert(1)" } },
    { kind: "app", realm: "desk", app: { tools: Array(10_000).fill("github_create_issue") } },
    { kind: "app", realm: "shelf", app: {} },
    { kind: "key", realm: "voice", sha256: digestHex("x") },
    { kind: "credentials", provider: "zoom_client", clientId: "a", clientSecret: "b" },
    { kind: "credentials", provider: "linear", clientId: "a\nb", clientSecret: "b" },
    { kind: "credentials", provider: "shelf", clientId: "a", clientSecret: "b" },
    { kind: "operator", provider: "github", email: "*@example.com" },
    { kind: "operator", provider: "nobody", email: "me@example.com" },
  ];
  for (const each of bad) {
    const detail = await refused(gateway, each);
    assert(detail.length < 500, detail);
  }
});

Deno.test("the key of another app, or of env, is nobody's new key", async () => {
  await using gateway = await startGateway();
  await makeApp(gateway, "desk");
  const detail = await refused(gateway, {
    kind: "key",
    realm: "desk",
    sha256: digestHex(API_KEY),
  });
  assertEquals(detail, "a key of it is another app's.");
  assertEquals(
    (await gateway.settings.view()).apps.find(({ realm }) => realm === "desk")?.keys.length,
    1,
  );
});

Deno.test("a name that env gives away later is left out, and the rest goes on", async () => {
  await using gateway = await startGateway();
  const desk = await makeApp(gateway, "desk");
  const shop = await makeApp(gateway, "shop");
  const other = `desk:sha256:${digestHex("env-desk")}`;
  await gateway.restart({ API_KEYS: `voice:sha256:${digestHex(API_KEY)},${other}` });
  assertEquals(await services(gateway, desk), 401);
  assertEquals(await services(gateway, "env-desk"), 200);
  assertEquals(await services(gateway, shop), 200);
  await gateway.restart({
    UPSTREAMS: '[{"name":"shop","url":"https://shop.example/mcp","oauth":false}]',
  });
  assertEquals([await services(gateway, desk), await services(gateway, shop)], [200, 401]);
  const { apps } = await gateway.settings.view();
  assertEquals(apps.find(({ realm }) => realm === "shop")?.fault, "an MCP server has this name");
  const { name } = gateway.world.events.findLast(({ event }) => event === "setting_left_out")!;
  assertEquals(name, "shop");
});

Deno.test("a store that is out keeps the last settings", async () => {
  const faults: Faults = new Map();
  await using gateway = await startGateway({ store: (store) => failing(store, faults) });
  const key = await makeApp(gateway, "desk");
  faults.set("settings.version", 3);
  for (let times = 0; times < 3; times++) {
    gateway.world.skew += LOOK_AGAIN_MS;
    assertEquals(await services(gateway, key), 200);
  }
  const told = gateway.world.events.filter(({ event }) => event === "settings_not_read");
  assertEquals(told.length, 1, "once");
});

Deno.test("a change of settings lets nobody guess anew", async () => {
  await using gateway = await startGateway({ env: { TRUSTED_PROXIES: "127.0.0.1,::1" } });
  const headers = { "X-Forwarded-For": "203.0.113.9" };
  const wrong = async () => (await gateway.api("/services", { key: "wrong", headers })).status;
  let status = 401;
  for (let times = 0; times <= GUESSES.limit && status === 401; times++) status = await wrong();
  assertEquals(status, 429);
  await change(gateway, { kind: "app", realm: "desk", app: {} });
  assertEquals(await wrong(), 429);
  await change(gateway, {
    kind: "credentials",
    provider: "linear",
    clientId: "id",
    clientSecret: "secret",
  });
  assertEquals(await wrong(), 429);
});

Deno.test("a change of settings begins nobody's sign-ins anew", async () => {
  await using gateway = await startGateway();
  const begin = () =>
    gateway.broker.signIn({
      provider: "github",
      returnTo: "/",
      browser: randomSecret(),
      address: "203.0.113.9",
    }).then(() => "begun", ({ reason }) => reason.code);
  let end = "begun";
  for (let times = 0; times <= SIGN_IN_STARTS.limit && end === "begun"; times++) {
    end = await begin();
  }
  assertEquals(end, "rate_limited");
  await change(gateway, { kind: "app", realm: "desk", app: {} });
  assertEquals(await begin(), "rate_limited");
});
