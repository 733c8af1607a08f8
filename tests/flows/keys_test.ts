import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { digestHex } from "../../tasks/key.ts";
import { API_KEY, type Gateway, OTHER_API_KEY, startGateway, USER } from "../support/gateway.ts";
import { ADAS, ADAS_NEXT, GRACES, type KeyServer, startKeyServer } from "../support/key_server.ts";
import { keptText } from "../support/snapshot.ts";

/** A gateway that knows the double by an entry of `PROVIDERS`. */
async function start(acme: KeyServer, more: Record<string, string> = {}): Promise<Gateway> {
  return await startGateway({ env: { PROVIDERS: JSON.stringify([acme.spec]), ...more } });
}

const post = (gateway: Gateway, body: Record<string, unknown>, key = API_KEY) =>
  gateway.api("/connections", { body: { user_id: USER, service: "acme", ...body }, key });

const tokenOf = (gateway: Gateway) => gateway.api("/token/acme", { body: { user_id: USER } });

const listed = async (gateway: Gateway, key = API_KEY) =>
  (await gateway.api(`/connections?user_id=${USER}`, { key })).json.connections;

Deno.test("a key that a backend has is verified by one call, kept, listed, and handed out with its header", async () => {
  await using acme = startKeyServer();
  await using gateway = await start(acme);
  const done = await post(gateway, { key: ADAS });
  assertEquals([done.status, done.json], [200, {
    provider: "acme",
    kind: "api_key",
    services: ["acme"],
    account: "a-1",
    label: "ada@acme.example",
  }]);
  assertEquals(acme.asked.map(({ path }) => path), ["/me"]);
  assertEquals(acme.asked[0]!.headers.get("Authorization"), null);
  const [one, ...others] = await listed(gateway);
  assertEquals(others, []);
  assertEquals([one.kind, one.account, one.status], ["api_key", "a-1", "active"]);
  const { json } = await tokenOf(gateway);
  assertEquals(json, {
    token_type: "ApiKey",
    header: { name: "X-Acme-Key", value: ADAS },
    scope: "",
    account: "a-1",
    label: "ada@acme.example",
  });
});

Deno.test("an app's own label takes the place of the provider's", async () => {
  await using acme = startKeyServer();
  await using gateway = await start(acme);
  assertEquals(
    (await post(gateway, { key: ADAS, label: "Shop \u202Eone" })).json.label,
    "Shop one",
  );
});

Deno.test("a second key of the same account takes the place of the first; another account's stands beside", async () => {
  await using acme = startKeyServer();
  await using gateway = await start(acme);
  const [first] = [await post(gateway, { key: ADAS }), await post(gateway, { key: ADAS })];
  assertEquals((await post(gateway, { key: ADAS_NEXT })).json, first.json);
  assertEquals((await listed(gateway)).length, 1);
  assertEquals((await tokenOf(gateway)).json.header.value, ADAS_NEXT);
  await post(gateway, { key: GRACES });
  assertEquals((await listed(gateway)).length, 2);
});

Deno.test("a key that the provider refuses is not kept, and the one before stays", async () => {
  await using acme = startKeyServer();
  await using gateway = await start(acme);
  await post(gateway, { key: ADAS });
  const refused = await post(gateway, { key: "key_nobodys_0123" });
  assertEquals([refused.status, refused.json.error], [400, "key_refused"]);
  assertStringIncludes(refused.json.error_description, "Acme does not accept this API key");
  assertEquals((await tokenOf(gateway)).json.header.value, ADAS);
});

Deno.test("where the provider cannot be asked the answer is 503, whatever came instead of an answer", async () => {
  await using acme = startKeyServer();
  await using gateway = await start(acme);
  const answers: [() => Response, retryAfter: number][] = [
    [() => new Response("down", { status: 500 }), 30],
    [() => new Response(null, { status: 429, headers: { "Retry-After": "7" } }), 7],
    [() => new Response(null, { status: 503, headers: { "Retry-After": "999999999" } }), 600],
    [() => new Response(null, { status: 503, headers: { "Retry-After": "0" } }), 1],
    [() => new Response(null, { status: 302, headers: { Location: "/elsewhere" } }), 30],
    [() => new Response("<html>", { headers: { "Content-Type": "text/html" } }), 30],
    [() => Response.json({ id: "a-1", email: "e", more: "x".repeat(200_000) }), 30],
  ];
  for (const [answer, retryAfter] of answers) {
    acme.answer = answer;
    acme.asked.length = 0;
    const { status, json } = await post(gateway, { key: ADAS });
    assertEquals([status, json.error, json.retry_after], [503, "provider_unavailable", retryAfter]);
    assertEquals(acme.asked.map(({ path }) => path), ["/me"]);
  }
  assertEquals(await listed(gateway), []);
});

Deno.test("an answer that names nobody connects nobody, and the operator is told", async () => {
  await using acme = startKeyServer();
  await using gateway = await start(acme);
  for (const answer of [{ ok: false }, { id: "" }, { id: "x".repeat(300) }, { id: null }, []]) {
    acme.answer = () => Response.json(answer);
    const { status, json } = await post(gateway, { key: ADAS });
    assertEquals([status, json.error], [400, "key_refused"]);
    assertStringIncludes(json.error_description, "did not say whose");
  }
  assertEquals(await listed(gateway), []);
  assert(gateway.world.events.some(({ event }) => event === "identify_failed"));
});

Deno.test("a malformed key reaches nobody: line ends, what is not ASCII, other forms, too much of it", async () => {
  await using acme = startKeyServer();
  await using gateway = await start(acme);
  const wrong = [
    `${ADAS}\r\nX-Evil: 1`,
    `${ADAS}\n`,
    `key_\u0000secret0`,
    `key_sécret_0`,
    `key_a b_01234`,
    ` ${ADAS}`,
    "sk_other_0123456789",
    `key_${"a".repeat(100)}`,
    "",
  ];
  for (const key of wrong) {
    const { status, json, text } = await post(gateway, { key });
    assertEquals([status, json.error], [400, "key_refused"], JSON.stringify(key));
    assert(key === "" || !text.includes(key.trim()));
  }
  for (const key of ["x".repeat(2001), 7, null, undefined, {}]) {
    assertEquals((await post(gateway, { key })).json.error, "invalid_request");
  }
  for (const half of [{ client_id: "a" }, { client_secret: "a" }]) {
    assertEquals((await post(gateway, { key: ADAS, ...half })).json.error, "invalid_request");
  }
  const flood = await post(gateway, { key: "x".repeat(100_000) });
  assertEquals(flood.status, 413);
  assertEquals(acme.asked, []);
});

Deno.test("what could stand in a header is refused however wide the entry's own pattern is", async () => {
  await using acme = startKeyServer();
  const spec = { ...acme.spec, key_pattern: "[^]*" };
  await using gateway = await start({ ...acme, spec });
  for (const key of ["a\r\nb", "a b", "\u{1F600}", "a\u0000"]) {
    assertEquals((await post(gateway, { key })).json.error, "key_refused");
  }
  assertEquals(acme.asked, []);
});

Deno.test("a service that people sign in to takes no key, and nobody is asked", async () => {
  await using acme = startKeyServer();
  await using gateway = await start(acme);
  const { status, json } = await post(gateway, { service: "github", key: ADAS });
  assertEquals([status, json.error_description], [400, "GitHub is not connected by an API key."]);
  assertEquals((await post(gateway, { service: "nothing", key: ADAS })).status, 404);
});

Deno.test("one app's key is not another's: neither its reach nor its realm", async () => {
  await using acme = startKeyServer();
  const keys = `voice:sha256:${digestHex(API_KEY)},other:sha256:${digestHex(OTHER_API_KEY)}:github`;
  await using gateway = await start(acme, { API_KEYS: keys });
  await post(gateway, { key: ADAS });
  const beyond = await post(gateway, { key: GRACES }, OTHER_API_KEY);
  assertEquals([beyond.status, beyond.json.error], [403, "access_denied"]);
  assertEquals(acme.asked.length, 1);
  const body = { user_id: USER };
  assertEquals((await gateway.api("/token/acme", { body, key: OTHER_API_KEY })).status, 403);
  await gateway.restart({ API_KEYS: keys.replace(":github", "") });
  assertEquals((await gateway.api("/token/acme", { body, key: OTHER_API_KEY })).status, 404);
  assertEquals(await listed(gateway, OTHER_API_KEY), []);
  assertEquals((await post(gateway, { key: ADAS }, "no-key")).status, 401);
});

Deno.test("the proxy sends the key in its header, and no other key of that name passes", async () => {
  await using acme = startKeyServer();
  // Though the entry lets the header pass.
  const spec = { ...acme.spec, proxy_headers: ["X-Acme-*"] };
  await using gateway = await start({ ...acme, spec });
  await post(gateway, { key: ADAS });
  const headers = { "X-User-Id": USER, "X-Acme-Key": GRACES, "X-Acme-Page": "2" };
  const { json } = await gateway.api("/proxy/acme/things", { headers });
  assertEquals(json.id, "a-1");
  const { headers: sent } = acme.asked.at(-1)!;
  assertEquals([sent.get("X-Acme-Key"), sent.get("X-Acme-Page")], [ADAS, "2"]);
  assertEquals(sent.get("Authorization"), null);
});

Deno.test("a key that its API refuses is sent once, and the answer is the link to a new one", async () => {
  await using acme = startKeyServer();
  await using gateway = await start(acme);
  await post(gateway, { key: ADAS });
  acme.keys.delete(ADAS);
  acme.asked.length = 0;
  const headers = { "X-User-Id": USER };
  const { status, json } = await gateway.api("/proxy/acme/things", { headers });
  assertEquals([status, json.error], [409, "reauthorization_required"]);
  assertMatch(json.connect_url, /\/auth\/acme\?/);
  assertEquals(acme.asked.map(({ path }) => path), ["/things"]);
  await post(gateway, { key: ADAS_NEXT });
  assertEquals((await gateway.api("/proxy/acme/things", { headers })).status, 200);
});

Deno.test("a disconnect drops the key, and says that it is ended where it was made", async () => {
  await using acme = startKeyServer();
  await using gateway = await start(acme);
  await post(gateway, { key: ADAS });
  const { json } = await gateway.api(`/connections/acme?user_id=${USER}`, { method: "DELETE" });
  assertEquals([json.deleted, json.revoked], [true, false]);
  const where = "a key is ended where it was made: https://acme.example/keys";
  assertEquals(json.revocation_error, where);
  assertEquals((await tokenOf(gateway)).json.error, "not_connected");
});

Deno.test("an entry of PROVIDERS may want the key as Basic wants it", async () => {
  await using acme = startKeyServer();
  const { key_header: _, ...rest } = acme.spec;
  acme.answer = () => Response.json({ id: 1, email: "e" });
  await using gateway = await start({ ...acme, spec: { ...rest, key_basic: "{key}:" } });
  await post(gateway, { key: ADAS });
  const value = `Basic ${btoa(`${ADAS}:`)}`;
  assertEquals(acme.asked[0]!.headers.get("Authorization"), value);
  assertEquals((await tokenOf(gateway)).json.header, { name: "Authorization", value });
});

Deno.test("no word of a key stands in the store, the log, or any answer but the token's", async () => {
  await using acme = startKeyServer();
  await using gateway = await start(acme);
  const answers = [await post(gateway, { key: ADAS }), await post(gateway, { key: GRACES })];
  answers.push(await post(gateway, { key: "key_unknown_0123456789" }));
  answers.push(await gateway.api(`/connections?user_id=${USER}`), await gateway.api("/services"));
  const kept = await keptText(gateway.kv);
  assert(kept.some((text) => text.includes("box")));
  const all = [
    ...answers.map(({ text, headers }) => text + JSON.stringify([...headers])),
    ...kept,
    JSON.stringify(gateway.world.events),
  ];
  for (const secret of [ADAS, GRACES, "key_unknown"]) {
    assertEquals(all.filter((text) => text.includes(secret)), []);
  }
});
