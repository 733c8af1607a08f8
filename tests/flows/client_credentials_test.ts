/**
 * Connections by a client that somebody made at the provider: handed over by a
 * backend, and renewed by asking again.
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Store } from "../../broker/core/store.ts";
import { heldSince } from "../../broker/tokens/freshness.ts";
import { CLIENT, type ClientServer, OTHER, startClientServer } from "../support/client_server.ts";
import { type Gateway, startGateway, USER } from "../support/gateway.ts";
import { keptText } from "../support/snapshot.ts";

const HOUR_MS = 3_600_000;

async function start(
  acme: ClientServer,
  spec: Record<string, unknown> = {},
  more: Record<string, string> = {},
): Promise<Gateway> {
  const env = { PROVIDERS: JSON.stringify([{ ...acme.spec, ...spec }]), ...more };
  return await startGateway({ env });
}

const post = (gateway: Gateway, body: Record<string, unknown> = CLIENT) =>
  gateway.api("/connections", { body: { user_id: USER, service: "acme", ...body } });

const tokenOf = (gateway: Gateway) => gateway.api("/token/acme", { body: { user_id: USER } });

const listed = async (gateway: Gateway) =>
  (await gateway.api(`/connections?user_id=${USER}`)).json.connections;

Deno.test("a client that a backend has is shown to its provider once, kept, listed, and its token handed out", async () => {
  await using acme = startClientServer();
  await using gateway = await start(acme);
  const done = await post(gateway);
  assertEquals([done.status, done.json], [200, {
    provider: "acme",
    kind: "client_credentials",
    services: ["acme"],
    account: CLIENT.client_id,
    label: CLIENT.client_id,
  }]);
  assertEquals(acme.asked.map(({ form }) => form), [
    { grant_type: "client_credentials", ...CLIENT },
  ]);
  const [one, ...others] = await listed(gateway);
  assertEquals([one.kind, one.status, others], ["client_credentials", "active", []]);
  const { json } = await tokenOf(gateway);
  assertEquals([json.access_token, json.token_type, json.expires_in], ["token-1", "Bearer", 3600]);
  assertEquals(acme.asked.length, 1);
});

Deno.test("a token that ends is had anew with the client, once for all who ask", async () => {
  await using acme = startClientServer();
  await using gateway = await start(acme);
  await post(gateway);
  gateway.world.skew = HOUR_MS;
  const tokens = await Promise.all(Array.from({ length: 20 }, () => tokenOf(gateway)));
  assertEquals(new Set(tokens.map(({ json }) => json.access_token)), new Set(["token-2"]));
  assertEquals(acme.asked.map(({ form }) => form), [
    { grant_type: "client_credentials", ...CLIENT },
    { grant_type: "client_credentials", ...CLIENT },
  ]);
  await gateway.restart({});
  gateway.world.skew = 2 * HOUR_MS;
  assertEquals((await tokenOf(gateway)).json.access_token, "token-3");
});

Deno.test("housekeeping has the next token before anybody must wait for it", async () => {
  await using acme = startClientServer();
  acme.more = { expires_in: 8 * 3600 };
  await using gateway = await start(acme);
  await post(gateway);
  gateway.world.skew = 8 * HOUR_MS - 60_000;
  await gateway.broker.sweep();
  await gateway.broker.idle();
  assertEquals(acme.asked.length, 2);
});

Deno.test("a token whose end nobody says is taken to last an hour", async () => {
  await using acme = startClientServer();
  acme.more = { expires_in: undefined };
  await using gateway = await start(acme);
  await post(gateway);
  gateway.world.skew = 59 * 60_000;
  assertEquals((await tokenOf(gateway)).json.access_token, "token-2");
});

Deno.test("a refresh token beside it is not kept, and nothing is asked with it", async () => {
  await using acme = startClientServer();
  acme.more = { refresh_token: "odd" };
  await using gateway = await start(acme);
  await post(gateway);
  gateway.world.skew = HOUR_MS;
  assertEquals((await tokenOf(gateway)).json.access_token, "token-2");
  assertEquals(acme.asked.at(-1)!.form.grant_type, "client_credentials");
});

Deno.test("a client that is no longer one is its owner's to mend, and nobody's registration", async () => {
  for (const error of ["invalid_client", "unauthorized_client", "invalid_grant"]) {
    await using acme = startClientServer();
    await using gateway = await start(acme);
    await post(gateway);
    gateway.world.skew = HOUR_MS;
    acme.answer = () => Response.json({ error }, { status: 401 });
    const { status, json } = await tokenOf(gateway);
    assertEquals([status, json.error], [409, "reauthorization_required"], error);
    assertMatch(json.connect_url, /\/auth\/acme\?/);
    const health = await gateway.api("/health?deep=true");
    assert(!health.text.includes("client_refused"), health.text);
    // It was given another secret, which heals the same record.
    acme.answer = undefined;
    acme.clients.set(CLIENT.client_id, "another-secret");
    assertEquals((await post(gateway, { ...CLIENT, client_secret: "another-secret" })).status, 200);
    assertEquals((await listed(gateway)).length, 1);
    assertEquals((await tokenOf(gateway)).status, 200);
  }
});

Deno.test("while the provider is out the old token is served as long as it lives", async () => {
  await using acme = startClientServer();
  await using gateway = await start(acme);
  await post(gateway);
  acme.answer = () => new Response("down", { status: 502 });
  gateway.world.skew = HOUR_MS - 120_000;
  assertEquals((await tokenOf(gateway)).json.access_token, "token-1");
  gateway.world.skew = HOUR_MS + 60_000;
  assertEquals((await tokenOf(gateway)).json.error, "provider_unavailable");
  acme.answer = undefined;
  gateway.world.skew += 60_000;
  assertEquals((await tokenOf(gateway)).json.access_token, "token-2");
});

Deno.test("a token that the API refuses is had anew, and the proxy goes on with it", async () => {
  await using acme = startClientServer();
  await using gateway = await start(acme);
  await post(gateway);
  acme.good.clear();
  gateway.world.skew = 120_000;
  const { json } = await gateway.api("/proxy/acme/me", { headers: { "X-User-Id": USER } });
  assertEquals(json.name, "Acme Ltd");
  assertEquals(acme.asked.length, 2);
});

Deno.test("a client that is refused is not kept, and the one before stays", async () => {
  await using acme = startClientServer();
  await using gateway = await start(acme);
  await post(gateway);
  const answers: [() => Response, status: number, error: string][] = [
    [() => Response.json({ error: "invalid_client" }, { status: 401 }), 400, "client_refused"],
    [() => Response.json({ error: "invalid_scope" }, { status: 400 }), 400, "client_refused"],
    [() => Response.json({ message: "no" }, { status: 403 }), 400, "client_refused"],
    [() => new Response("<html>", { status: 403 }), 503, "provider_unavailable"],
    [() => new Response("down", { status: 500 }), 503, "provider_unavailable"],
    [() => new Response(null, { status: 429 }), 503, "provider_unavailable"],
    [() => Response.json({ token_type: "bearer" }), 503, "provider_unavailable"],
    [() => Response.redirect("https://evil.example/", 307), 503, "provider_unavailable"],
  ];
  for (const [answer, status, error] of answers) {
    acme.answer = answer;
    const refused = await post(gateway);
    assertEquals([refused.status, refused.json.error], [status, error]);
    assert(!refused.text.includes(CLIENT.client_secret));
  }
  acme.answer = undefined;
  assertEquals((await tokenOf(gateway)).json.access_token, "token-1");
});

Deno.test("a malformed client reaches nobody: line ends, what is not ASCII, half of it, too much of it", async () => {
  await using acme = startClientServer();
  await using gateway = await start(acme);
  const texts = ["", "a\r\nb", "a\u0000", "sécret", "\u{1F600}"];
  for (const text of texts) {
    for (const part of ["client_id", "client_secret"]) {
      const { status, json } = await post(gateway, { ...CLIENT, [part]: text });
      assertEquals([status, json.error], [400, "client_refused"], JSON.stringify(text));
    }
  }
  const bodies = [
    { client_id: "a" },
    { client_secret: "a" },
    { ...CLIENT, key: "k" },
    { ...CLIENT, client_secret: "x".repeat(2001) },
    { ...CLIENT, client_id: 7 },
    { key: "" },
    {},
  ];
  for (const body of bodies) {
    assertEquals((await post(gateway, body)).json.error, "invalid_request", JSON.stringify(body));
  }
  assertEquals(acme.asked, []);
});

Deno.test("a service takes the kind of secret that is its own, and no other reaches its provider", async () => {
  await using acme = startClientServer();
  await using gateway = await start(acme);
  const key = await post(gateway, { key: "some-key-0123456789" });
  assertEquals(key.json.error_description, "Acme is not connected by an API key.");
  const client = await post(gateway, { ...CLIENT, service: "github" });
  assertEquals(
    client.json.error_description,
    "GitHub is not connected by a client of its user's own.",
  );
  assertEquals(acme.asked, []);
});

Deno.test("whose it is can be asked of the API, and a client that may not see it is not kept, its token ended", async () => {
  await using acme = startClientServer();
  const places = {
    userinfo_endpoint: `${acme.url}/api/me`,
    revocation_endpoint: `${acme.url}/revoke`,
  };
  await using gateway = await start(acme, places);
  const { json } = await post(gateway);
  assertEquals([json.account, json.label], ["tenant-7", "Acme Ltd"]);
  acme.answer = () => Response.json({ access_token: "unknown", token_type: "bearer" });
  const refused = await post(gateway, OTHER);
  assertEquals([refused.status, refused.json.error], [400, "client_refused"]);
  assertStringIncludes(refused.json.error_description, "did not say whose");
  assertEquals(acme.ended, ["unknown"]);
  assertEquals((await listed(gateway)).length, 1);
});

Deno.test("what is too large to keep is ended again, and said to be too large", async () => {
  await using acme = startClientServer();
  await using gateway = await start(acme, { revocation_endpoint: `${acme.url}/revoke` });
  acme.more = { access_token: "x".repeat(300_000) };
  const { status, json } = await post(gateway);
  assertEquals([status, json.error], [400, "provider_refused"]);
  assertStringIncludes(json.error_description, "too large to keep");
  assertStringIncludes(json.error_description, "has been taken back");
  assertEquals(acme.ended.length, 1);
  assertEquals(await listed(gateway), []);
  await gateway.restart({ PROVIDERS: JSON.stringify([acme.spec]) });
  const left = (await post(gateway)).json.error_description;
  assertStringIncludes(left, "could not be taken back");
});

Deno.test("a disconnect ends the token where the provider can, and says where the client itself is ended", async () => {
  await using acme = startClientServer();
  await using gateway = await start(acme, { revocation_endpoint: `${acme.url}/revoke` });
  await post(gateway);
  const end = () => gateway.api(`/connections/acme?user_id=${USER}`, { method: "DELETE" });
  assertEquals((await end()).json.revoked, true);
  assertEquals(acme.ended, ["token-1"]);
  await gateway.restart({ PROVIDERS: JSON.stringify([acme.spec]) });
  await post(gateway);
  const { json } = await end();
  assertEquals([json.deleted, json.revoked], [true, false]);
  assertStringIncludes(json.revocation_error, "https://acme.example/clients");
});

Deno.test("scopes, a grant type and parameters of the entry's own are sent each time; its own name them", async () => {
  await using acme = startClientServer();
  await using gateway = await start(acme, {
    scopes: ["read", "write"],
    grant_type: "account_credentials",
    token_parameters: { audience: "https://{tenant}.acme.example/", account_id: "{tenant}" },
    params: { tenant: { title: "Tenant", pattern: "[a-z]{2,10}" } },
  });
  const body = { ...CLIENT, params: { tenant: "north" } };
  assertEquals((await post(gateway, body)).status, 200);
  gateway.world.skew = HOUR_MS;
  await tokenOf(gateway);
  const sent = {
    grant_type: "account_credentials",
    scope: "read write",
    audience: "https://north.acme.example/",
    account_id: "north",
    ...CLIENT,
  };
  assertEquals(acme.asked.map(({ form }) => form), [sent, sent]);
  assertEquals((await post(gateway, { ...body, scope: "read" })).status, 200);
  assertEquals(acme.asked.at(-1)!.form.scope, "read");
  // The same client at another tenant is another account.
  await post(gateway, { ...body, params: { tenant: "south" } });
  const accounts = (await listed(gateway)).map(({ account }: { account: string }) => account);
  assertEquals(accounts.sort(), ["north/client-one", "south/client-one"]);
  acme.asked.length = 0;
  for (const params of [{}, { tenant: "n/../x" }, { tenant: "north", more: "x" }, { other: "x" }]) {
    assertEquals((await post(gateway, { ...CLIENT, params })).json.error, "invalid_request");
  }
  assertEquals(acme.asked, []);
});

Deno.test("the client goes to a host that the entry names, and to no other", async () => {
  await using acme = startClientServer();
  const asked: string[] = [];
  const spec = {
    ...acme.spec,
    token_endpoint: "https://{host}/token",
    params: { host: { title: "Host", pattern: ".+" } },
    hosts: ["*.acme.example"],
  };
  await using gateway = await startGateway({
    env: { PROVIDERS: JSON.stringify([spec]) },
    fetch: (input, init) => {
      asked.push(new Request(input, init).url);
      return Promise.resolve(Response.json({ access_token: "t", token_type: "bearer" }));
    },
  });
  const hostile = [
    "evil.example",
    "evil.example/.acme.example",
    "a.acme.example@evil.example",
    "a.acme.example:444",
    "acme.example.evil.example",
    "evil.example#.acme.example",
    "127.0.0.1",
  ];
  for (const host of hostile) {
    const { status } = await post(gateway, { ...CLIENT, params: { host } });
    assertEquals([status, asked], [503, []], host);
  }
  assertEquals(
    (await post(gateway, { ...CLIENT, params: { host: "a.acme.example" } })).status,
    200,
  );
  assertEquals(asked, ["https://a.acme.example/token"]);
});

Deno.test("no word of a client's secret stands in the store, the log, or any answer", async () => {
  await using acme = startClientServer();
  await using gateway = await start(acme);
  const answers = [await post(gateway), await tokenOf(gateway)];
  answers.push(await post(gateway, { ...OTHER, client_secret: "wrong-secret-0123" }));
  answers.push(await gateway.api(`/connections?user_id=${USER}`), await gateway.api("/services"));
  acme.answer = () =>
    new Response(JSON.stringify({ error: CLIENT.client_secret }), { status: 400 });
  gateway.world.skew = HOUR_MS;
  answers.push(await tokenOf(gateway), await post(gateway));
  const kept = await keptText(gateway.kv);
  const all = [
    ...answers.map(({ text, headers }) => text + JSON.stringify([...headers])),
    ...kept,
    JSON.stringify(gateway.world.events),
  ];
  for (const secret of [CLIENT.client_secret, "wrong-secret"]) {
    assertEquals(all.filter((text) => text.includes(secret)), []);
  }
});

Deno.test("an import takes no client, and says so", async () => {
  await using acme = startClientServer();
  await using gateway = await start(acme);
  const item = { user_id: USER, service: "acme", access_token: "a", refresh_token: "r" };
  const { text } = await gateway.api("/connections/import", { body: [item] });
  assertStringIncludes(text, "not connected by a sign-in");
  assertEquals(await listed(gateway), []);
});

Deno.test("a refusal of the old secret that comes late ends nothing of the new one, be the access token the same", async () => {
  await using acme = startClientServer();
  acme.more = { access_token: "the-same" };
  await using gateway = await start(acme);
  await post(gateway);
  gateway.world.skew = HOUR_MS;
  const late = Promise.withResolvers<Response>();
  acme.answer = () => late.promise;
  const waiting = tokenOf(gateway);
  while (acme.asked.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  acme.answer = undefined;
  acme.clients.set(CLIENT.client_id, "another-secret");
  assertEquals((await post(gateway, { ...CLIENT, client_secret: "another-secret" })).status, 200);
  late.resolve(Response.json({ error: "invalid_client" }, { status: 401 }));
  assertEquals((await waiting).status, 200);
  assertEquals((await listed(gateway))[0].status, "active");
});

Deno.test("a new secret of the same client is as old as it is, and no older", async () => {
  await using acme = startClientServer();
  let store: Store;
  const env = { PROVIDERS: JSON.stringify([acme.spec]) };
  await using gateway = await startGateway({ env, store: (real) => store = real });
  await post(gateway);
  gateway.world.skew = 24 * HOUR_MS;
  await post(gateway);
  const [stored] = await store!.connections.list(`voice:${USER}`, "acme");
  assert(heldSince(stored!.value) >= gateway.world.now() - HOUR_MS);
});

Deno.test("what is renewed is asked for as it was at first, whatever of it was granted", async () => {
  await using acme = startClientServer();
  acme.more = { scope: "read write" };
  await using gateway = await start(acme);
  await post(gateway);
  gateway.world.skew = HOUR_MS;
  await tokenOf(gateway);
  assertEquals(acme.asked.map(({ form }) => form.scope), [undefined, undefined]);
  assertEquals((await tokenOf(gateway)).json.scope, "read write");
});

Deno.test("a client whose id is no account's is refused, and its token ended", async () => {
  await using acme = startClientServer();
  const client_id = "c".repeat(201);
  acme.clients.set(client_id, CLIENT.client_secret);
  await using gateway = await start(acme, { revocation_endpoint: `${acme.url}/revoke` });
  assertEquals((await post(gateway, { ...CLIENT, client_id })).json.error, "client_refused");
  assertEquals(acme.ended, ["token-1"]);
});
