/**
 * Installations of a GitHub App as connections: whose they are says GitHub, and
 * their tokens are had anew with the app's private key.
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ConfigError, parseConfig } from "../../broker/config/config.ts";
import { allModules, knownProviders } from "../../start/all_providers.ts";
import { newKeyLine } from "../../tasks/key.ts";
import { Browser } from "../support/browser.ts";
import { API_KEY, call, type Gateway, startGateway, USER } from "../support/gateway.ts";
import {
  type GitHubApp,
  OWNERS,
  PKCS8_KEY,
  PRIVATE_KEY,
  startGitHubApp,
} from "../support/github_app.ts";
import { keptText } from "../support/snapshot.ts";

const HOUR_MS = 3_600_000;
const OWNER = { owner: "acme-inc" };
const APP = "https://app.example.com/connected";

async function start(app: GitHubApp, more: Record<string, string> = {}): Promise<Gateway> {
  return await startGateway({ env: { ...app.env, RETURN_URLS: APP, ...more } });
}

async function connect(
  gateway: Gateway,
  { userId = USER, params = OWNER, ...more }: {
    userId?: string;
    params?: Record<string, string>;
    return_to?: string;
  } = {},
) {
  const body = { user_id: userId, service: "github_app", params, ...more };
  const { json } = await gateway.api("/links", { body });
  const browser = new Browser();
  const page = await browser.open(json.url);
  return {
    page,
    done: await browser.submit(page, { until: (url) => url.startsWith(APP) }),
    url: json.url,
  };
}

const tokenOf = (gateway: Gateway, user_id = USER) =>
  gateway.api("/token/github_app", { body: { user_id } });

const listed = async (gateway: Gateway) =>
  (await gateway.api(`/connections?user_id=${USER}`)).json.connections;

Deno.test("an installation that the person may see is connected, its token handed out, and the person's own ended", async () => {
  await using app = startGitHubApp(() => gateway.world.now());
  app.visible = [
    ...Array.from({ length: 130 }, (_, i) => [`o${i}`, 1000 + i] as [string, number]),
    [
      "Acme-Inc",
      42,
    ],
  ];
  await using gateway = await start(app);
  const { page, done } = await connect(gateway);
  assertStringIncludes(page.html, "GitHub user or organization: <strong>acme-inc</strong>");
  assertStringIncludes(done.html, "✓ GitHub App connected");
  assertStringIncludes(done.html, "<strong>Acme-Inc</strong>");
  assertEquals(app.scopes, [null]);
  assertEquals(app.ended, ["ghu_2"]);
  const [one, ...others] = await listed(gateway);
  assertEquals([one.account, one.label, one.status, others], ["42", "Acme-Inc", "active", []]);
  assertEquals(one.extra, { owner: "acme-inc", installation_id: "42", account: "Acme-Inc" });
  const { json } = await tokenOf(gateway);
  assertMatch(json.access_token, /^ghs_/);
  assertEquals(json.token_type, "Bearer");
  assert(json.expires_in > 3500 && json.expires_in <= 3600);
  const [{ iat, exp }] = app.statements as [{ iat: number; exp: number }];
  assert(exp - iat <= 600);
});

Deno.test("its token is had anew before it ends, once for all who ask, and by another process too", async () => {
  await using app = startGitHubApp(() => gateway.world.now());
  await using gateway = await start(app);
  await connect(gateway);
  const first = (await tokenOf(gateway)).json.access_token;
  gateway.world.skew = HOUR_MS;
  const tokens = await Promise.all(Array.from({ length: 10 }, () => tokenOf(gateway)));
  const renewed = new Set(tokens.map(({ json }) => json.access_token));
  assertEquals([renewed.size, renewed.has(first)], [1, false]);
  const asked = app.asked.filter((path) => path === "POST /app/installations/42/access_tokens");
  assertEquals(asked.length, 2);
  await gateway.restart({});
  gateway.world.skew = 2 * HOUR_MS;
  assertEquals((await tokenOf(gateway)).status, 200);
});

Deno.test("an installation that the person may not see is not connected, whatever the address says", async () => {
  await using app = startGitHubApp();
  await using gateway = await start(app);
  app.visible = [["somebody", 7]];
  // As a browser brings it that somebody has told another id.
  app.alongside = { installation_id: "42", setup_action: "install" };
  const { done, url } = await connect(gateway);
  assertEquals(done.status, 400);
  assertStringIncludes(done.html, "The app is not installed there, or you may not see that it is");
  assertStringIncludes(done.html, `href="${app.url}/apps/helper/installations/new"`);
  assertStringIncludes(done.html, `href="${url.replaceAll("&", "&amp;")}"`);
  assertEquals(await listed(gateway), []);
  assertEquals(app.asked.filter((path) => path.endsWith("/access_tokens")), []);
  assertEquals(app.ended.length, 1);
  // The person installs it, and tries again.
  app.visible.push(["Acme-Inc", 42]);
  const browser = new Browser();
  const again = await browser.submit(await browser.open((await link(gateway)).url));
  assertStringIncludes(again.html, "✓ GitHub App connected");
});

const link = async (gateway: Gateway, more: Record<string, unknown> = {}) =>
  (await gateway.api("/links", {
    body: { user_id: USER, service: "github_app", params: OWNER, ...more },
  })).json;

Deno.test("a person whose app waits for them is shown where to install it, and comes back when they have", async () => {
  await using app = startGitHubApp();
  await using gateway = await start(app);
  app.visible = [];
  const { url } = await link(gateway, { return_to: APP });
  const browser = new Browser();
  const until = (to: string) => to.startsWith(APP);
  const first = await browser.submit(await browser.open(url), { until });
  assertStringIncludes(first.html, "/apps/helper/installations/new");
  app.visible = [["ACME-inc", 42]];
  const back = await browser.submit(await browser.open(url), { until });
  assertMatch(back.url, /\?code=/);
});

Deno.test("an owner that could not be one is refused before anybody is sent anywhere", async () => {
  await using app = startGitHubApp();
  await using gateway = await start(app);
  for (const owner of ["", "a/b", "..", "a b", "a".repeat(40), "-a", "a?x"]) {
    const body = { user_id: USER, service: "github_app", params: { owner } };
    assertEquals((await gateway.api("/links", { body })).status, 400, owner);
  }
  assertEquals(app.asked, []);
});

Deno.test("an installation that was taken away is its owner's to mend; a suspended one mends by itself", async () => {
  await using app = startGitHubApp(() => gateway.world.now());
  await using gateway = await start(app);
  await connect(gateway);
  gateway.world.skew = HOUR_MS;
  app.answer = () =>
    Response.json({ message: "This installation has been suspended" }, { status: 403 });
  assertEquals((await tokenOf(gateway)).json.error, "provider_unavailable");
  gateway.world.skew += 60_000;
  app.answer = undefined;
  assertEquals((await tokenOf(gateway)).status, 200);
  gateway.world.skew += HOUR_MS;
  app.answer = () => Response.json({ message: "Not Found" }, { status: 404 });
  const { status, json } = await tokenOf(gateway);
  assertEquals([status, json.error], [409, "reauthorization_required"]);
  assertMatch(json.connect_url, /\/auth\/github_app\?/);
  app.answer = undefined;
  await connect(gateway);
  assertEquals([(await listed(gateway)).length, (await tokenOf(gateway)).status], [1, 200]);
});

Deno.test("a private key that GitHub does not know is the operator's to mend, and told by health", async () => {
  await using app = startGitHubApp(() => gateway.world.now());
  await using gateway = await start(app);
  await connect(gateway);
  gateway.world.skew = HOUR_MS;
  app.answer = () =>
    Response.json({ message: "A JSON web token could not be decoded" }, { status: 401 });
  assertEquals((await tokenOf(gateway)).json.error, "provider_unavailable");
  assertEquals((await gateway.api("/health?deep=true")).json.providers, {
    github_app: "client_refused",
  });
});

Deno.test("whatever comes instead of a token, nothing is lost and nothing is quoted", async () => {
  await using app = startGitHubApp(() => gateway.world.now());
  await using gateway = await start(app);
  await connect(gateway);
  gateway.world.skew = HOUR_MS;
  const answers: (() => Response)[] = [
    () => new Response("<html>secret-words", { status: 200 }),
    () => Response.json({ token: "ghs_a\r\nX: 1", expires_at: "2030-01-01T00:00:00Z" }),
    () => Response.json({ token: "", expires_at: "2030-01-01T00:00:00Z" }),
    () => Response.json({ token: 7 }),
    () => Response.json([]),
    () => new Response("secret-words", { status: 500 }),
    () => new Response(null, { status: 302, headers: { Location: "https://evil.example/" } }),
    () =>
      Response.json({ message: "secret-words" }, { status: 403, headers: { "Retry-After": "9" } }),
    () => Response.json({ token: "x".repeat(600_000), expires_at: "2030-01-01T00:00:00Z" }),
  ];
  for (const answer of answers) {
    app.answer = answer;
    const { status, json, text } = await tokenOf(gateway);
    assertEquals([status, json.error], [503, "provider_unavailable"]);
    assert(!text.includes("secret-words"));
    gateway.world.skew += 60_000;
  }
  app.answer = undefined;
  assertEquals((await tokenOf(gateway)).status, 200);
  assert(!JSON.stringify(gateway.world.events).includes("secret-words"));
});

Deno.test("what is ended is this token; another subject's connection to the installation lives on", async () => {
  await using app = startGitHubApp();
  await using gateway = await start(app);
  await connect(gateway);
  await connect(gateway, { userId: "other" });
  const [mine, theirs] = [await tokenOf(gateway), await tokenOf(gateway, "other")];
  app.ended.length = 0;
  const { json } = await gateway.api(`/connections/github_app?user_id=${USER}`, {
    method: "DELETE",
  });
  assertEquals([json.deleted, json.revoked], [true, true]);
  assertEquals(app.ended, [mine.json.access_token]);
  assertEquals((await tokenOf(gateway, "other")).json.access_token, theirs.json.access_token);
});

Deno.test("GitHub's tools work as the app's, by names of its own", async () => {
  await using app = startGitHubApp();
  await using gateway = await start(app);
  await connect(gateway);
  const { json: { result: { tools } } } = await gateway.mcp({
    jsonrpc: "2.0",
    id: 1,
    method: "tools/list",
  });
  const names = tools.map(({ name }: { name: string }) => name).filter((name: string) =>
    name.startsWith("github_app_")
  );
  assertEquals(names.length, 13);
  const list = await gateway.mcp(call("github_app_list_repositories", {}));
  assertEquals(list.json.result.content[0].text, "Found 1 repository: Acme-Inc/site.");
  const issue = await gateway.mcp(call("github_app_get_issue", { repo: "a/b", number: 1 }));
  assertStringIncludes(issue.json.result.content[0].text, "did not find this");
  const { json } = await gateway.api("/proxy/github_app/installation/repositories", {
    headers: { "X-User-Id": USER },
  });
  assertEquals(json.total_count, 1);
});

Deno.test("no token, statement or key stands in the log, the store, a page or an address", async () => {
  await using app = startGitHubApp();
  await using gateway = await start(app);
  const { page, done } = await connect(gateway);
  const kept = await keptText(gateway.kv);
  const said = [page.html, done.html, ...kept, JSON.stringify(gateway.world.events)];
  for (const secret of ["ghs_", "ghu_", "PRIVATE KEY", "the-apps-secret", "eyJ"]) {
    assertEquals(said.filter((text) => text.includes(secret)), [], secret);
  }
});

Deno.test("the start says what is wrong with a private key, repeats nothing of it, and takes every way to write one", async () => {
  const { modules } = allModules("[]");
  const env = {
    PUBLIC_URL: "https://gateway.example",
    ENCRYPTION_KEYS: newKeyLine("k1"),
    API_KEYS: `voice:sha256:${"0".repeat(64)}`,
    GITHUB_APP_CLIENT_ID: "Iv1.app",
    GITHUB_APP_CLIENT_SECRET: "secret",
  };
  const read = async (more: Record<string, string>) =>
    await parseConfig({ ...env, ...more }, knownProviders(modules), false);
  const faultsOf = async (more: Record<string, string>): Promise<string[]> => {
    try {
      await read(more);
      return [];
    } catch (error) {
      if (error instanceof ConfigError) return error.faults;
      throw error;
    }
  };
  const half = PRIVATE_KEY.slice(0, 300);
  for (const text of ["", "x", API_KEY, half, PRIVATE_KEY.replaceAll("\n", " ")]) {
    const [fault = "", ...others] = await faultsOf({ GITHUB_APP_PRIVATE_KEY: text });
    assertMatch(fault, /^GITHUB_APP_PRIVATE_KEY: is (not set|no private key)/);
    assertEquals(others, []);
    assert(text === "" || !fault.includes(text.slice(0, 40)) || text === "x");
  }
  for (const text of [PRIVATE_KEY, PRIVATE_KEY.replaceAll("\n", "\\n"), PKCS8_KEY]) {
    assertEquals(await faultsOf({ GITHUB_APP_PRIVATE_KEY: text }), []);
  }
});

Deno.test("who only sees an installation does not get its token, which opens all of its repositories", async () => {
  const ADMIN = { admin: true };
  const READ = { admin: false };
  type Case = [role: GitHubApp["role"], repositories: GitHubApp["repositories"]];
  const refused: Record<string, Case> = {
    "an outside collaborator at one of two": ["member", [READ, null]],
    "an administrator of one of two": [null, [ADMIN, null]],
    "an administrator of one, who reads the other": ["member", [ADMIN, READ]],
    "somebody who reads the last of many": [null, [
      ...Array.from({ length: 130 }, () => ADMIN),
      READ,
    ]],
    "a member of one that has no repository yet": ["member", []],
  };
  const taken: Record<string, Case> = {
    "an owner of the organization": ["admin", [READ, null]],
    "who administers all of many": [null, Array.from({ length: 230 }, () => ADMIN)],
  };
  for (const [who, [role, repositories]] of Object.entries(refused)) {
    await using app = startGitHubApp();
    await using gateway = await start(app);
    Object.assign(app, { role, repositories });
    const { done } = await connect(gateway);
    assertStringIncludes(done.html, "administers each of these repositories", who);
    assertEquals(await listed(gateway), [], who);
    // Both are ended: the installation's, and the person's own.
    assertEquals(app.ended.length, 2, who);
  }
  for (const [who, [role, repositories]] of Object.entries(taken)) {
    await using app = startGitHubApp();
    await using gateway = await start(app);
    Object.assign(app, { role, repositories });
    assertStringIncludes((await connect(gateway)).done.html, "✓ GitHub App connected", who);
  }
  await using app = startGitHubApp();
  await using gateway = await start(app);
  Object.assign(app, { role: null, repositories: [READ], userId: 42 + OWNERS });
  assertStringIncludes((await connect(gateway)).done.html, "✓ GitHub App connected", "themselves");
});

Deno.test("an installation of an enterprise does not hide the others, and no import takes one", async () => {
  await using app = startGitHubApp();
  await using gateway = await start(app);
  app.odd = [{ id: 9, account: { id: 5, slug: "acme-enterprise" } }, { id: "x" }, null];
  assertStringIncludes((await connect(gateway)).done.html, "✓ GitHub App connected");
  const item = {
    user_id: "eve",
    service: "github_app",
    access_token: "ghs_x",
    account: { id: "42" },
  };
  const { text } = await gateway.api("/connections/import?verify=none", {
    body: [{ ...item, extra: OWNER }],
  });
  assertStringIncludes(text, "is connected by a link");
});

Deno.test("where GitHub does not say what a person may, nothing is connected, and the token is ended", async () => {
  await using app = startGitHubApp();
  await using gateway = await start(app);
  app.userId = NaN;
  const { done } = await connect(gateway);
  assertStringIncludes(done.html, "no usable answer");
  assertEquals([await listed(gateway), app.ended.length], [[], 2]);
  app.userId = 583231;
  assertStringIncludes((await connect(gateway)).done.html, "✓ GitHub App connected");
});
