import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Store } from "../../broker/core/store.ts";
import { servicesOf } from "../../broker/core/scopes.ts";
import { namesOf } from "../../providers/provider.ts";
import { digestHex } from "../../tasks/key.ts";
import { Browser } from "../support/browser.ts";
import { signInForm } from "../support/emulators.ts";
import { faultyFetch } from "../support/faulty_fetch.ts";
import { handedOff } from "../support/hand_off.ts";
import {
  API_KEY,
  call,
  type Gateway,
  type GatewayOptions,
  startGateway,
  toolNames,
  USER,
} from "../support/gateway.ts";
import { modulesWithTools } from "../support/own_tools.ts";
import { snapshot } from "../support/snapshot.ts";
import { startZoo } from "../support/zoo.ts";

const AUTH = "https://www.googleapis.com/auth/";
const RETURN_TO = "https://app.example.com/connected";
const LIST = { jsonrpc: "2.0", method: "tools/list", id: 1 };

/** The rule of the key `voice`: all, or some services. */
function keyFor(services?: string): Record<string, string> {
  const limit = services === undefined ? "" : `:${services}`;
  return { API_KEYS: `voice:sha256:${digestHex(API_KEY)}${limit}` };
}

/** One Google connection for mail and calendar; then the key is limited. */
async function startMixed(services = "gmail", options: GatewayOptions = {}): Promise<Gateway> {
  const gateway = await startGateway({ ...options, env: { ...keyFor(), ...options.env } });
  await gateway.connect("google", { scope: "gmail calendar" });
  await gateway.restart(keyFor(services));
  return gateway;
}

/** What the provider is asked for behind a link. */
async function askedBehind(url: string): Promise<URL> {
  const browser = new Browser();
  const confirm = await browser.open(url);
  return new URL((await browser.submit(confirm)).url);
}

Deno.test("a key for mail gets no token that opens the calendar too, however it names it", async () => {
  await using gateway = await startMixed();
  for (const service of ["gmail", "google", "calendar"]) {
    for (const more of [{}, { scope: "gmail" }, { account: "testuser@gmail.com" }]) {
      const body = { user_id: USER, ...more };
      const { status, json, text } = await gateway.api(`/token/${service}`, { body });
      assertEquals([status, json.error], [403, "access_denied"], service);
      assert(!text.includes("access_token"));
    }
  }
  const { json } = await gateway.api("/token/gmail", { body: { user_id: USER } });
  assertStringIncludes(json.error_description, "also for Google Calendar");
  await gateway.restart(keyFor("gmail+calendar"));
  assertEquals((await gateway.api("/token/gmail", { body: { user_id: USER } })).status, 200);
});

Deno.test("a key for mail refreshes nothing that opens the calendar too", async () => {
  const asked: string[] = [];
  const way = Deno.createHttpClient({});
  await using gateway = await startMixed("gmail", {
    fetch: (url, init) => {
      asked.push(String(url instanceof Request ? url.url : url));
      return fetch(url, { ...init, client: way });
    },
  });
  gateway.world.skew = 2 * 60 * 60_000;
  asked.length = 0;
  assertEquals((await gateway.api("/token/gmail", { body: { user_id: USER } })).status, 403);
  assertEquals(asked, []);
  way.close();
});

Deno.test("a key for mail goes nowhere through the proxy with a token that opens the calendar", async () => {
  await using gateway = await startMixed();
  const headers = { "X-User-Id": USER };
  for (
    const path of [
      "/proxy/gmail/calendar/v3/users/me/calendarList",
      "/proxy/gmail/gmail/v1/users/me/profile",
      "/proxy/google/gmail/v1/users/me/profile",
      "/proxy/calendar/calendar/v3/users/me/calendarList",
    ]
  ) {
    const { status, json } = await gateway.api(path, { headers });
    assertEquals([status, json.error], [403, "access_denied"], path);
  }
});

Deno.test("a key for mail asks for no scope of another service, by no door", async () => {
  await using gateway = await startGateway({ env: keyFor("gmail") });
  const before = await snapshot(gateway.kv, ["links"]);
  const scopes = [
    "drive",
    "gmail drive",
    "calendar.readonly",
    `${AUTH}drive.file`,
    `${AUTH}contacts`,
    `${AUTH}cloud-platform`,
  ];
  for (const scope of scopes) {
    for (const [path, more] of [["/links", { service: "gmail" }], ["/token/gmail", {}]] as const) {
      const body = { user_id: USER, scope, ...more };
      const { status, json, text } = await gateway.api(path, { body });
      assertEquals([status, json.error], [403, "access_denied"], `${path} ${scope}`);
      assert(!text.includes("/auth/gmail"), text);
    }
  }
  for (const service of ["drive", "google", "calendar", "github"]) {
    const { status } = await gateway.api("/links", { body: { user_id: USER, service } });
    assertEquals(status, 403, service);
  }
  assertEquals(await snapshot(gateway.kv, ["links"]), before, "no link was made");
  const narrower = { user_id: USER, service: "gmail", scope: "gmail.readonly" };
  assertEquals((await gateway.api("/links", { body: narrower })).status, 200);
});

Deno.test("a key for mail comes to another provider by no door, be anything connected there or not", async () => {
  await using gateway = await startGateway({ env: keyFor() });
  await gateway.connect("github");
  await gateway.restart(keyFor("gmail"));
  const user = { user_id: USER };
  const doors: [path: string, options: Parameters<Gateway["api"]>[1]][] = [
    ["/token/github", { body: user }],
    ["/links", { body: { ...user, service: "github" } }],
    ["/links", { body: { ...user, services: ["gmail", "github"] } }],
    ["/connections", { body: { ...user, service: "github", key: "k" } }],
    [`/connections/github?user_id=${USER}`, { method: "DELETE" }],
    [`/connections/calendar?user_id=${USER}`, { method: "DELETE" }],
    ["/connections/github/default", { body: { ...user, account: "1" } }],
    ["/sessions", { body: { ...user, services: ["github"] } }],
    ["/proxy/github/user", { headers: { "X-User-Id": USER } }],
  ];
  const before = await snapshot(gateway.kv, ["connections"]);
  for (const [path, options] of doors) {
    const { status, json } = await gateway.api(path, options);
    assertEquals([status, json.error], [403, "access_denied"], path);
    assertStringIncludes(json.error_description, "This API key may not use", path);
  }
  const item = { ...user, service: "github", account: { id: "7" }, access_token: "t", scopes: [] };
  const { json } = await gateway.api("/connections/import?verify=none", { body: [item] });
  assertEquals(json.results[0].error, "access_denied");
  assertEquals(await snapshot(gateway.kv, ["connections"]), before);
});

Deno.test("a key for mail imports nothing that opens the calendar too", async () => {
  await using gateway = await startGateway({ env: keyFor("gmail") });
  const item = { service: "gmail", user_id: USER, account: { id: "7" }, access_token: "t" };
  const fateOf = async (...scopes: string[]) => {
    const { json } = await gateway.api("/connections/import?verify=none", {
      body: [{ ...item, scopes }],
    });
    return json.results[0].error ?? json.results[0].status;
  };
  assertEquals(await fateOf(`${AUTH}gmail.modify`, `${AUTH}calendar`), "access_denied");
  assertEquals((await gateway.api(`/connections?user_id=${USER}`)).json.connections, []);
  assertEquals(await fateOf(`${AUTH}gmail.modify`), "imported");
});

Deno.test("a key for mail ends no calendar, and says what else is there", async () => {
  await using gateway = await startMixed();
  for (const service of ["gmail", "google", "calendar"]) {
    for (const account of ["", "&account=testuser@gmail.com"]) {
      const path = `/connections/${service}?user_id=${USER}${account}`;
      const { status, json } = await gateway.api(path, { method: "DELETE" });
      assertEquals([status, json.error], [403, "access_denied"], path);
      if (service === "gmail") assertStringIncludes(json.error_description, "Google Calendar");
    }
  }
  await gateway.restart(keyFor());
  assertEquals((await gateway.api("/token/calendar", { body: { user_id: USER } })).status, 200);
  const gone = await gateway.api(`/connections/google?user_id=${USER}`, { method: "DELETE" });
  assertEquals(gone.json.services, ["gmail", "calendar"]);
});

Deno.test("a key for mail ends no connection that nobody can look into", async () => {
  await using gateway = await startMixed();
  const [entry] = await Array.fromAsync(
    gateway.kv.list<{ key: string }>({ prefix: ["connections"] }),
  );
  await gateway.kv.set(entry!.key, { ...entry!.value, key: "lost" });
  const path = `/connections/gmail?user_id=${USER}`;
  const { status, json } = await gateway.api(path, { method: "DELETE" });
  assertEquals([status, json.error], [403, "access_denied"]);
  assertStringIncludes(json.error_description, "cannot be opened");
  await gateway.restart(keyFor("google"));
  assertEquals((await gateway.api(path, { method: "DELETE" })).json.deleted, true);
});

Deno.test("a key for mail chooses no default for the calendar", async () => {
  await using gateway = await startMixed();
  const body = { user_id: USER, account: "testuser@gmail.com" };
  for (const service of ["gmail", "google"]) {
    const { status } = await gateway.api(`/connections/${service}/default`, { body });
    assertEquals(status, 403, service);
  }
  await gateway.restart(keyFor("google"));
  assertEquals((await gateway.api("/connections/gmail/default", { body })).status, 200);
});

Deno.test("a key for mail sees its own part of a connection, and none of the others", async () => {
  await using gateway = await startMixed();
  const { json: { connections: [mixed] } } = await gateway.api(`/connections?user_id=${USER}`);
  assertEquals(mixed.services, ["gmail"]);
  assert(!mixed.scope.includes("calendar"), mixed.scope);
  assertStringIncludes(mixed.scope, "gmail.modify");
  await gateway.restart(keyFor("drive"));
  const { json } = await gateway.api(`/connections?user_id=${USER}`);
  assertEquals(json.connections, []);
  // Not in the words of a refusal either.
  const body = { user_id: USER, account: "nobody" };
  const refused = await gateway.api("/token/drive", { body });
  assertEquals([refused.status, refused.json.error], [404, "not_connected"]);
  assert(!refused.text.includes("testuser"));
});

Deno.test("a key for mail claims nothing that opens the calendar too, and uses nothing up", async () => {
  await using gateway = await startGateway({ env: { ...keyFor(), RETURN_URLS: RETURN_TO } });
  const link = await gateway.api("/links", {
    body: { user_id: USER, service: "google", scope: "gmail calendar", return_to: RETURN_TO },
  });
  const browser = new Browser();
  const atProvider = await browser.submit(await browser.open(link.json.url));
  const until = (url: string) => url.startsWith(RETURN_TO);
  const form = signInForm(atProvider);
  const code = new URL((await browser.submit(atProvider, { form, until })).url).searchParams
    .get("code");
  const body = { user_id: USER, code };
  await gateway.restart(keyFor("gmail"));
  const refused = await gateway.api("/links/claim", { body });
  assertEquals([refused.status, refused.json.error], [403, "access_denied"]);
  assertEquals(await snapshot(gateway.kv, ["connections"]), []);
  await gateway.restart(keyFor("google"));
  assertEquals((await gateway.api("/links/claim", { body })).status, 200);
});

Deno.test("a key for mail claims no mail that was granted together with the calendar", async () => {
  await using gateway = await startGateway({ env: { ...keyFor(), RETURN_URLS: RETURN_TO } });
  await gateway.connect("calendar");
  // What was granted before is asked for again on the way: the grant is wider than its link.
  const code = await handedOff(gateway, {
    user_id: USER,
    service: "gmail",
    return_to: RETURN_TO,
  });
  const before = await snapshot(gateway.kv, ["connections"]);
  const body = { user_id: USER, code };
  await gateway.restart(keyFor("gmail"));
  const refused = await gateway.api("/links/claim", { body });
  assertEquals([refused.status, refused.json.error], [403, "access_denied"]);
  assertEquals(await snapshot(gateway.kv, ["connections"]), before);
  await gateway.restart(keyFor("gmail+calendar"));
  assertEquals((await gateway.api("/links/claim", { body })).status, 200, "nothing was used up");
});

Deno.test("a key that lost a service claims nothing of it, be it that the service has no scopes", async () => {
  await using zoo = startZoo();
  await using gateway = await startGateway({
    env: {
      ...keyFor(),
      RETURN_URLS: RETURN_TO,
      PROVIDERS: JSON.stringify([{ ...zoo.spec, scopes: [] }]),
      ZOO_CLIENT_ID: "zoo-client",
      ZOO_CLIENT_SECRET: "zoo-secret",
    },
  });
  zoo.bend("exchange", {
    body: { access_token: "a", refresh_token: "r", token_type: "Bearer", expires_in: 3600 },
  });
  const { json } = await gateway.api("/links", {
    body: { user_id: USER, service: "zoo", return_to: RETURN_TO },
  });
  const browser = new Browser();
  const until = (url: string) => url.startsWith(RETURN_TO);
  const { url } = await browser.submit(await browser.open(json.url, until), { until });
  const body = { user_id: USER, code: new URL(url).searchParams.get("code") };
  await gateway.restart(keyFor("gmail"));
  const refused = await gateway.api("/links/claim", { body });
  assertEquals([refused.status, refused.json.error], [403, "access_denied"]);
  assertEquals(await snapshot(gateway.kv, ["connections"]), []);
  await gateway.restart(keyFor("gmail+zoo"));
  assertEquals((await gateway.api("/links/claim", { body })).status, 200);
});

Deno.test("a link for mail asks for mail alone, whatever was granted before", async () => {
  await using gateway = await startMixed();
  const link = await gateway.api("/links", { body: { user_id: USER, service: "gmail" } });
  const asked = await askedBehind(link.json.url);
  const scopes = asked.searchParams.get("scope")!.split(" ");
  assertEquals(scopes.toSorted(), [`${AUTH}gmail.modify`, "email", "openid"].toSorted());
  assertEquals(asked.searchParams.get("include_granted_scopes"), null);
  await gateway.restart(keyFor());
  const { json } = await gateway.api("/links", { body: { user_id: USER, service: "gmail" } });
  const all = await askedBehind(json.url);
  assertStringIncludes(all.searchParams.get("scope")!, `${AUTH}calendar`);
  assertEquals(all.searchParams.get("include_granted_scopes"), "true");
});

Deno.test("the cure of a tool for mail asks for mail alone", async () => {
  await using gateway = await startGateway({ env: keyFor() });
  await gateway.connect("google", { scope: "gmail.readonly calendar" });
  await gateway.restart(keyFor("gmail"));
  const sending = { to: ["a@example.com"], subject: "x", body: "x" };
  const { json } = await gateway.mcp(call("gmail_send_message", sending));
  const { error, connect_url } = json.result.structuredContent;
  assertEquals(error, "insufficient_scope", JSON.stringify(json));
  const asked = (await askedBehind(connect_url)).searchParams.get("scope")!;
  assert(!asked.includes("calendar"), asked);
  assertStringIncludes(asked, "gmail");
});

Deno.test("a key for mail lists, finds and calls tools for mail only, by every name", async () => {
  const upstreams = [{ name: "notes", url: "http://localhost:9/mcp", provider: "google" }];
  const env = { ...keyFor("gmail"), UPSTREAMS: JSON.stringify(upstreams) };
  await using gateway = await startGateway({ env });
  const settings = { clientId: "", clientSecret: "", redirectUri: "", fetch };
  const foreign = modulesWithTools.flatMap((module) => module.create(settings).tools)
    .filter(({ service }) => service !== "gmail")
    .flatMap(namesOf);
  assert(foreign.length > 40);
  for (const path of ["/mcp", "/mcp/google", "/mcp?services=calendar,gmail,google,notes"]) {
    const { json } = await gateway.mcp(LIST, { path });
    const names = json.result.tools.map(({ name }: { name: string }) => name);
    assertEquals(names, toolNames("gmail"), path);
  }
  for (const path of ["/mcp/calendar", "/mcp/notes", "/mcp?services=drive"]) {
    assertEquals((await gateway.mcp(LIST, { path })).json.result.tools, [], path);
  }
  for (const name of [...foreign, "notes_read"]) {
    const { json } = await gateway.mcp(call(name));
    assertEquals(json.error?.code, -32602, name);
  }
  // A provider's name stands for all its services, by the key and by what it gives to others.
  await gateway.restart(keyFor("google"));
  const body = { user_id: USER, services: ["*"] };
  const { json: { token } } = await gateway.api("/sessions", { body });
  for (const options of [{}, { key: token, userId: null }]) {
    const { text } = await gateway.mcp(LIST, { path: "/mcp?mode=list", ...options });
    for (const name of ["gmail_send_message", "calendar_list_events"]) {
      assertStringIncludes(text, `"${name}"`);
    }
    assert(!text.includes('"github_create_issue"'));
  }
});

Deno.test("a key reaches no further for an upstream that it is not for", async () => {
  const upstreams = [{ name: "notes", url: "http://localhost:9/mcp", provider: "google" }];
  const env = { UPSTREAMS: JSON.stringify(upstreams) };
  await using gateway = await startMixed("gmail", { env });
  const linked = (service: string) => gateway.api("/links", { body: { user_id: USER, service } });
  for (const service of ["google", "calendar", "notes"]) {
    assertEquals((await linked(service)).status === 200, false, service);
  }
  const { json } = await linked("gmail");
  const asked = (await askedBehind(json.url)).searchParams.get("scope")!;
  assertStringIncludes(asked, "gmail");
  assert(!asked.includes("calendar"), asked);
});

Deno.test("no tool asks for a scope of another service than its own", () => {
  const settings = { clientId: "", clientSecret: "", redirectUri: "", fetch };
  for (const module of modulesWithTools) {
    const server = module.create(settings);
    for (const { name, service, scopes } of server.tools) {
      for (const scope of scopes.flat()) {
        const opened = servicesOf(server, [scope]).map(({ name }) => name);
        assertEquals(opened, [service], `${name}: ${scope}`);
      }
    }
  }
});

Deno.test("a key for mail gets no token that a refresh has made wider", async () => {
  const faults = faultyFetch();
  await using gateway = await startGateway({ env: keyFor("gmail"), fetch: faults.fetch });
  await gateway.connect("gmail");
  gateway.world.skew = 2 * 60 * 60_000;
  const scope = `${AUTH}gmail.modify ${AUTH}calendar openid email`;
  faults.on(
    "/oauth2/token",
    () => Response.json({ access_token: "wider", token_type: "Bearer", expires_in: 3600, scope }),
  );
  const { status, text } = await gateway.api("/token/gmail", { body: { user_id: USER } });
  assertEquals(status, 403);
  assert(!text.includes("wider"));
});

Deno.test("a key for mail imports nothing that a refresh has made wider", async () => {
  const faults = faultyFetch();
  await using gateway = await startGateway({ env: keyFor("gmail"), fetch: faults.fetch });
  const tokens = { access_token: "wider", token_type: "Bearer", expires_in: 3600 };
  let scope = `${AUTH}gmail.modify ${AUTH}calendar openid email`;
  faults.on("/oauth2/token", () => Response.json({ ...tokens, scope }));
  const item = { service: "gmail", user_id: USER, account: { id: "7" }, scopes: [] };
  const fateOf = async (refresh_token: string) => {
    const { json } = await gateway.api("/connections/import?verify=refresh", {
      body: [{ ...item, refresh_token }],
    });
    return json.results[0].error ?? json.results[0].status;
  };
  assertEquals(await fateOf("brings-too-much"), "access_denied");
  const { json } = await gateway.api(`/connections?user_id=${USER}`);
  assertEquals(json.connections, []);
  assertEquals((await gateway.api("/token/gmail", { body: { user_id: USER } })).status, 404);
  scope = `${AUTH}gmail.modify openid email`;
  assertEquals(await fateOf("brings-mail"), "imported");
});

Deno.test("a key hears of no provider that it is not for, not even that it is out", async () => {
  const faults = faultyFetch();
  await using gateway = await startGateway({ env: keyFor(), fetch: faults.fetch });
  await gateway.connect("gmail");
  gateway.world.skew = 2 * 60 * 60_000;
  faults.on("/oauth2/token", () => Response.json({ error: "invalid_client" }, { status: 401 }));
  assertEquals((await gateway.api("/token/gmail", { body: { user_id: USER } })).status, 503);
  const heard = { google: "client_refused" };
  for (
    const [services, expected] of [
      [undefined, heard],
      ["google", heard],
      ["calendar", heard],
      ["github", {}],
      ["no-such", {}],
    ] as const
  ) {
    await gateway.restart(keyFor(services));
    assertEquals((await gateway.api("/health?deep")).json.providers, expected, services);
  }
});

Deno.test("a key for mail ends no calendar that was added while it was disconnecting", async () => {
  let adding = false;
  const store = (real: Store): Store => ({
    ...real,
    connections: {
      ...real.connections,
      async delete(ref, version) {
        const stored = adding ? await real.connections.get(ref) : null;
        adding = false;
        if (stored !== null) {
          const { value: { tokens, ...rest } } = stored;
          const wider = { ...tokens, scopes: [...tokens.scopes, `${AUTH}calendar`] };
          await real.connections.put({ ...rest, tokens: wider }, stored.version);
        }
        return await real.connections.delete(ref, version);
      },
    },
  });
  await using gateway = await startGateway({ env: keyFor("gmail"), store });
  await gateway.connect("gmail");
  adding = true;
  const path = `/connections/gmail?user_id=${USER}`;
  assertEquals((await gateway.api(path, { method: "DELETE" })).status, 403);
  await gateway.restart(keyFor());
  const { json } = await gateway.api(`/connections?user_id=${USER}`);
  assertEquals(json.connections[0].services, ["gmail", "calendar"]);
});
