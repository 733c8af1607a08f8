import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { LOOK_AGAIN_MS } from "../../start/living.ts";
import { API_KEY, call, type Gateway, startGateway, USER } from "../support/gateway.ts";
import { PNG } from "../support/pictures.ts";
import { change, makeApp } from "../support/settings.ts";
import { startTwo } from "../support/two_gateways.ts";
import { startUpstream } from "../support/upstream_double.ts";

const LIST = { jsonrpc: "2.0", method: "tools/list", id: 1 };
const NOTES = "https://notes.example.com/mcp";

const services = async (at: Gateway, key: string) => await at.api("/services", { key });

Deno.test("a key that is made works at once here, and within five seconds in another process", async () => {
  await using two = await startTwo({ is: {} });
  const { before: here, after: there } = two;
  const key = await makeApp(here, "desk", { name: "Desk" });
  assertEquals((await services(here, key)).status, 200);
  assertEquals((await services(there, key)).status, 401);
  there.world.skew += LOOK_AGAIN_MS;
  assertEquals((await services(there, key)).status, 200);
  assertEquals(there.settings.face("desk").name, "Desk");
});

Deno.test("a key that is withdrawn stops at once here, and within five seconds in another process", async () => {
  await using two = await startTwo({ is: {} });
  const { before: here, after: there } = two;
  const key = await makeApp(here, "desk");
  const { key: next, sha256 } = here.settings.newKey();
  await change(here, { kind: "key", realm: "desk", sha256 });
  there.world.skew += LOOK_AGAIN_MS;
  for (const each of [key, next]) assertEquals((await services(there, each)).status, 200);
  const { apps } = await here.settings.view();
  const [first] = apps.find(({ realm }) => realm === "desk")!.keys;
  assert(first?.source === "console");
  await change(here, { kind: "key_withdrawn", realm: "desk", id: first.id });
  assertEquals((await services(here, key)).status, 401);
  assertEquals((await services(here, next)).status, 200);
  there.world.skew += LOOK_AGAIN_MS - 1;
  assertEquals((await services(there, key)).status, 200);
  there.world.skew += 1;
  assertEquals((await services(there, key)).status, 401);
  assertEquals((await services(there, next)).status, 200);
});

Deno.test("a key that is made carries users, links and tokens of its own app", async () => {
  await using gateway = await startGateway();
  const key = await makeApp(gateway, "desk", {
    services: ["github"],
    returnUrls: ["https://desk.example/done/"],
  });
  await gateway.connect("github", { key });
  const token = (key: string) => gateway.api("/token/github", { body: { user_id: USER }, key });
  assertEquals((await token(key)).status, 200);
  assertEquals((await token(API_KEY)).status, 404, "another app's user of the same name");
  const link = (return_to: string, key: string) =>
    gateway.api("/links", { body: { user_id: USER, service: "github", return_to }, key });
  assertEquals((await link("https://desk.example/done/1", key)).status, 200);
  assertEquals((await link("https://other.example/done/1", key)).status, 400);
  assertEquals((await link("https://desk.example/done/1", API_KEY)).status, 400);
  const google = await gateway.api("/token/google", { body: { user_id: USER }, key });
  assertEquals([google.status, google.json.error], [403, "access_denied"]);
});

Deno.test("an app with tools has these alone, by its key and by its session tokens", async () => {
  await using gateway = await startGateway();
  const known = ["github_list_repositories", "github_read_issue"];
  const key = await makeApp(gateway, "desk", { tools: known });
  const listed = async (key: string, path = "/mcp", userId: string | null = USER) => {
    const { json } = await gateway.mcp(LIST, { key, path, userId });
    return json.result.tools.map(({ name }: { name: string }) => name).sort();
  };
  const all = await listed(API_KEY, "/mcp?mode=list");
  assert(all.includes("github_create_issue") && known.every((name) => all.includes(name)));
  assertEquals(await listed(key), known);
  assertEquals(await listed(key, `/mcp?tools=${known[0]},github_create_issue`), [known[0]]);
  const search = await listed(key, "/mcp?mode=search");
  assert(!search.includes("github_create_issue"));
  const { json } = await gateway.mcp(call("github_create_issue", { repo: "a/b", title: "x" }), {
    key,
  });
  assertEquals(json.error.code, -32602);
  const { json: aliased } = await gateway.mcp(call("create_issue", { repo: "a/b", title: "x" }), {
    key,
  });
  assertEquals(aliased.error.code, -32602);
  const session = (tools?: string[]) =>
    gateway.api("/sessions", { key, body: { user_id: USER, services: ["*"], tools } });
  const beyond = await session(["github_create_issue"]);
  assertEquals([beyond.status, beyond.json.error], [403, "access_denied"]);
  const { json: { token } } = await session();
  assertEquals(await listed(token, "/mcp", null), known);
  await change(gateway, { kind: "app", realm: "desk", app: { tools: known.slice(0, 1) } });
  assertEquals(await listed(token, "/mcp", null), known.slice(0, 1), "by today's settings");
});

Deno.test("an app with tools gets no provider token, by no door", async () => {
  await using gateway = await startGateway();
  const key = await makeApp(gateway, "desk", { tools: ["github_search_issues"] });
  await gateway.connect("github", { key });
  const headers = { "X-User-Id": USER };
  const doors = [
    await gateway.api("/token/github", { body: { user_id: USER }, key }),
    await gateway.api("/proxy/github/user", { headers, key }),
  ];
  for (const { status, json, text } of doors) {
    assertEquals([status, json.error], [403, "access_denied"]);
    assert(!text.includes("access_token"));
  }
  await change(gateway, { kind: "app", realm: "desk", app: {} });
  assertEquals((await gateway.api("/proxy/github/user", { headers, key })).status, 200);
});

Deno.test("an app is shown as it is set, with its picture by its own bytes", async () => {
  await using two = await startTwo({ is: {} });
  const { before: here, after: there } = two;
  const app = {
    name: "Desk \u202Eksed",
    operator: "Example Inc.",
    privacyUrl: "https://desk.example/privacy",
    logo: PNG,
  };
  await change(here, { kind: "app", realm: "desk", app });
  await change(here, { kind: "app", realm: "voice", app: { name: "Voice" } });
  there.world.skew += LOOK_AGAIN_MS;
  assertEquals((await there.api("/services")).status, 200);
  const { logo, ...face } = there.settings.face("desk");
  assertEquals(face, {
    name: "Desk ksed",
    operator: "Example Inc.",
    privacyUrl: "https://desk.example/privacy",
  });
  assertEquals(logo?.type, "image/png");
  assertEquals(await there.settings.logo("desk"), { type: "image/png", bytes: PNG });
  assertEquals(there.settings.face("voice").name, "Voice");
  assertEquals(await there.settings.logo("voice"), undefined);
  await change(here, { kind: "app_removed", realm: "desk" });
  there.world.skew += LOOK_AGAIN_MS;
  await there.api("/services");
  assertEquals(await there.settings.logo("desk"), undefined);
  const { apps } = await there.settings.view();
  assertEquals(apps.map(({ realm }) => realm), ["voice", "other"]);
});

Deno.test("credentials that are pasted set a provider up, also in another process", async () => {
  const none = { GITHUB_CLIENT_ID: "", GITHUB_CLIENT_SECRET: "" };
  await using two = await startTwo({ env: none, is: {} });
  const { before: here, after: there } = two;
  const names = async (at: Gateway) =>
    (await at.api("/services")).json.services.map(({ name }: { name: string }) => name);
  assert(!(await names(there)).includes("github"));
  await change(here, {
    kind: "credentials",
    provider: "github",
    clientId: "pasted-id",
    clientSecret: "pasted-secret",
  });
  assert((await names(here)).includes("github"));
  there.world.skew += LOOK_AGAIN_MS;
  assert((await names(there)).includes("github"));
  await there.connect("github");
  const { status } = await here.api("/token/github", { body: { user_id: USER } });
  assertEquals(status, 200);
  const seen = (await there.settings.view()).credentials
    .find(({ provider }) => provider === "github");
  assertEquals([seen?.source, seen?.clientId, seen?.hasSecret], ["console", "pasted-id", true]);
  await change(here, { kind: "credentials_removed", provider: "github" });
  assertEquals((await here.api("/token/github", { body: { user_id: USER } })).status, 404);
});

Deno.test("an MCP server that is added is listed and called, and one that is removed finishes its calls", async () => {
  const held = Promise.withResolvers<void>();
  const called = Promise.withResolvers<void>();
  const asked: string[] = [];
  await using double = startUpstream({
    tools: [{ name: "add", inputSchema: { type: "object" } }],
    answer: () => ({ content: [{ type: "text", text: "added" }] }),
  });
  await using gateway = await startGateway({
    fetch: async (input, init) => {
      const url = String(input instanceof Request ? input.url : input);
      if (!url.startsWith(NOTES)) return await fetch(input, init);
      const { method = "GET", body } = init ?? {};
      asked.push(method);
      if (String(body).includes("tools/call")) {
        called.resolve();
        await held.promise;
      }
      return await fetch(double.url, init);
    },
  });
  await change(gateway, { kind: "upstream", name: "notes", title: "Notes", url: NOTES });
  const { json } = await gateway.mcp(LIST, { path: "/mcp/notes" });
  assertEquals(json.result.tools.map(({ name }: { name: string }) => name), ["notes_add"]);
  const answer = gateway.mcp(call("notes_add"), { path: "/mcp/notes" });
  await called.promise;
  await change(gateway, { kind: "upstream_removed", name: "notes" });
  assertEquals((await gateway.mcp(LIST, { path: "/mcp/notes" })).status, 404);
  held.resolve();
  assertStringIncludes((await answer).text, "added");
});

Deno.test("a request that is being answered ends by the settings that it began with", async () => {
  const held = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  await using gateway = await startGateway({
    fetch: async (input, init) => {
      if (new URL(input instanceof Request ? input.url : input).pathname === "/user/repos") {
        asked.resolve();
        await held.promise;
      }
      return await fetch(input, init);
    },
  });
  const key = await makeApp(gateway, "desk");
  await gateway.connect("github", { key });
  const headers = { "X-User-Id": USER };
  const answer = gateway.api("/proxy/github/user/repos", { headers, key });
  await asked.promise;
  await change(gateway, { kind: "app_removed", realm: "desk" });
  assertEquals((await services(gateway, key)).status, 401);
  held.resolve();
  assertEquals((await answer).status, 200);
});

Deno.test("two changes of the same moment: one counts, the other is told to look again", async () => {
  await using two = await startTwo({ is: {} });
  const { before: here, after: there } = two;
  const { version } = await here.settings.view();
  const set = (at: Gateway, realm: string) =>
    at.settings.change(
      { kind: "operator", id: "github:1" },
      version,
      { kind: "app", realm, app: {} },
    ).then(() => "changed", ({ reason }) => reason.code);
  const ends = await Promise.all([set(here, "one"), set(there, "two")]);
  assertEquals(ends.sort(), ["changed", "settings_changed"]);
  assertEquals(await set(here, "three"), "settings_changed");
  const apps = (await here.settings.view()).apps.length;
  assertEquals(apps, 3);
});

Deno.test("requests between two looks read nothing more", async () => {
  await using gateway = await startGateway();
  const key = await makeApp(gateway, "desk");
  let looks = 0;
  const { get } = gateway.kv;
  gateway.kv.get = function (this: Deno.Kv, ...args: Parameters<Deno.Kv["get"]>) {
    if (args[0][0] === "versions") looks += 1;
    return get.apply(this, args);
  } as typeof get;
  for (let times = 0; times < 20; times++) await services(gateway, key);
  assertEquals(looks, 0);
  gateway.world.skew += LOOK_AGAIN_MS;
  await Promise.all(Array.from({ length: 20 }, () => services(gateway, key)));
  assertEquals(looks, 1);
});

Deno.test("a clock that is set back lets no withdrawn key go on", async () => {
  await using two = await startTwo({ is: {} });
  const { before: here, after: there } = two;
  const key = await makeApp(here, "desk");
  there.world.skew += LOOK_AGAIN_MS;
  assertEquals((await services(there, key)).status, 200);
  await change(here, { kind: "app_removed", realm: "desk" });
  there.world.skew -= 2 * 60_000;
  assertEquals((await services(there, key)).status, 401);
});
