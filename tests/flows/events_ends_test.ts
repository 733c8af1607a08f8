/** What ends, and what its app, or the operator, is told of that: access of clients, disconnects that are cut off, floods. */

import { assert, assertEquals } from "@std/assert";
import type { ConnectionStore } from "../../broker/core/store.ts";
import { Browser } from "../support/browser.ts";
import { type EventReceiver, startReceiver } from "../support/event_receiver.ts";
import { type Gateway, OTHER_API_KEY, startGateway, USER } from "../support/gateway.ts";
import { exchange, newClient, obtainCode, post, signIn } from "../support/mcp_client.ts";

const MINUTE_MS = 60_000;

const typesOf = (all: { body: { type: string } }[]) => all.map(({ body }) => body.type);

/** A gateway that tells what happens to people who sign in. */
async function withOperator(): Promise<
  { gateway: Gateway; operator: EventReceiver } & AsyncDisposable
> {
  const operator = startReceiver();
  const gateway = await startGateway({
    env: { SIGN_IN_ALLOW: "*", EVENTS: JSON.stringify({ operator: operator.config }) },
  });
  return {
    gateway,
    operator,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await operator[Symbol.asyncDispose]();
    },
  };
}

Deno.test("each way in which a client's access ends is told to the operator, and what does not end it is not", async () => {
  await using t = await withOperator();
  const { gateway, operator } = t;
  const browser = new Browser();
  await signIn(browser, await browser.open(`${gateway.url}/sign-in`), { provider: "google" });
  const client = await newClient(gateway);
  const granted = async () => {
    const code = await obtainCode(gateway, client, { browser });
    const { json } = await exchange(gateway, client, code);
    const { data } = JSON.parse(atob(json.access_token.split(".")[1] ?? "") || "{}");
    return { code, json, data };
  };
  const told = async () => {
    await gateway.eventsSent();
    return operator.taken.splice(0).map(({ body: { type, data } }) => [
      ...[type, data.reason, data.session?.kind, typeof data.session?.name, data.realm],
    ]);
  };
  const ended = (by: string, name = "string") => [[
    ...["session.revoked", by, "grant", name, "google"],
  ]];
  assertEquals(await told(), []);

  // The client gives it back.
  let { json } = await granted();
  await post(gateway, "/oauth/revoke", { client_id: client.id, token: json.refresh_token });
  assertEquals(await told(), ended("client"));
  await post(gateway, "/oauth/revoke", { client_id: client.id, token: json.refresh_token });
  assertEquals(await told(), []);

  // Somebody else has the code.
  const { code } = await granted();
  assertEquals((await exchange(gateway, client, code)).status, 400);
  assertEquals(await told(), ended("code_replayed", "undefined"));

  // The person, on their page; and leaving it with nothing is refused, and ends nothing.
  ({ json } = await granted());
  const page = await browser.open(gateway.url);
  const link = /href="(\/dashboard\/grants\/end\?[^"]+)"/.exec(page.html)![1]!;
  const sure = await browser.open(gateway.url + link.replaceAll("&amp;", "&"));
  await browser.submit(sure, { form: sure.forms.find(({ action }) => action.endsWith("/end"))! });
  assertEquals(await told(), ended("person"));

  // An operator.
  await granted();
  const [key] = await Array.fromAsync(gateway.kv.list({ prefix: ["grants"] }), ({ key }) => key);
  const [, subject, id] = key as [string, `google:${string}`, string];
  assertEquals(await gateway.gateway.narrowGrant(subject, id, []), undefined);
  assertEquals(await told(), []);
  await gateway.gateway.endGrant(subject, id, { kind: "operator", id: "google:9" });
  assertEquals(await told(), ended("operator"));
});

Deno.test("session tokens of an app are told when it ends them, and not when its key or its user goes", async () => {
  await using voice = startReceiver();
  await using gateway = await startGateway({
    env: { EVENTS: JSON.stringify({ voice: voice.config }) },
  });
  const make = async () => {
    const body = { user_id: USER, services: ["github"] };
    return (await gateway.api("/sessions", { body })).json.id;
  };
  const [one] = [await make(), await make()];
  await gateway.api(`/sessions?user_id=${USER}&id=${one}`, { method: "DELETE" });
  // Of another app's nothing ends.
  await gateway.api(`/sessions?user_id=${USER}`, { method: "DELETE", key: OTHER_API_KEY });
  await gateway.eventsSent();
  assertEquals(voice.taken.map(({ body }) => body.data.session.id), [one]);
  await gateway.api(`/users/${USER}`, { method: "DELETE" });
  await gateway.eventsSent();
  assertEquals(voice.taken.length, 1);
});

/** Every deletion of a connection fails while it is `out`: the process goes down in that moment. */
function cutting() {
  const state = { isOut: false };
  const cut = (connections: ConnectionStore): ConnectionStore => ({
    ...connections,
    delete: (...given) =>
      state.isOut ? Promise.reject(new Error("cut off")) : connections.delete(...given),
  });
  return { state, cut };
}

Deno.test("a disconnect that is cut off before the deletion is finished by whoever comes by, and told", async () => {
  await using voice = startReceiver();
  const { state, cut } = cutting();
  await using gateway = await startGateway({
    env: { EVENTS: JSON.stringify({ voice: voice.config }) },
    store: (store) => ({ ...store, connections: cut(store.connections) }),
  });
  const disconnect = (user: string) =>
    gateway.api(`/connections/github?user_id=${user}`, { method: "DELETE" });
  for (const userId of ["left", "again"]) {
    await gateway.connect("github", { userId });
    state.isOut = true;
    assertEquals((await disconnect(userId)).status, 500);
    state.isOut = false;
  }
  await gateway.connect("github", { userId: "again" });
  await gateway.broker.sweep();
  await gateway.eventsSent();
  const of = (user: string) => voice.taken.filter(({ body }) => body.data.user_id === user);
  assertEquals(typesOf(of("left")), ["connection.created"]);
  gateway.world.skew += 3 * MINUTE_MS;
  await gateway.broker.sweep();
  await gateway.eventsSent();
  assertEquals(
    of("left").map(({ body }) => [body.type, body.data.reason]),
    [["connection.created", undefined], ["connection.deleted", "app"]],
  );
  const listed = async (user: string) =>
    (await gateway.api(`/connections?user_id=${user}`)).json.connections
      .map(({ status }: { status: string }) => status);
  assertEquals(await listed("left"), []);
  // Who has connected again meanwhile stays connected.
  assertEquals(await listed("again"), ["active"]);
  assertEquals(typesOf(of("again")), ["connection.created", "connection.recovered"]);
});

Deno.test("a flood of one person's events keeps nobody else's, is sent as one line, and goes with them", async () => {
  await using voice = startReceiver();
  await using other = startReceiver();
  await using gateway = await startGateway({
    env: { EVENTS: JSON.stringify({ voice: voice.config, other: other.config }) },
  });
  await gateway.connect("github");
  const subject = `voice:${USER}` as const;
  const { connections } = gateway.store;
  const [stored] = await connections.list(subject);
  const { value } = stored!;
  let [running, most] = [0, 0];
  const isDown = { voice: true };
  voice.answer = async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve));
    running -= 1;
    return new Response(null, { status: isDown.voice ? 500 : 204 });
  };
  const flood = 60;
  for (let n = 0; n < flood; n++) {
    const connection = { ...value, account: `a${n % 7}` };
    const version = await connections.put(connection, null, { signedIn: true });
    assert(await connections.delete(connection, version!, { by: "app", connection }));
  }
  await gateway.connect("github", { key: OTHER_API_KEY });
  await gateway.eventsSent();
  assertEquals(typesOf(other.taken), ["connection.created"]);
  assertEquals(most, 1);
  assert(voice.tried.length < 20, `${voice.tried.length} tries`);
  const count = async (prefix: string) =>
    (await Array.fromAsync(gateway.kv.list({ prefix: [prefix] }))).length;
  isDown.voice = false;
  for (let minute = 0; minute < 2; minute++) {
    gateway.world.skew += MINUTE_MS;
    await gateway.sendEvents();
  }
  assertEquals(voice.taken.length, 2 * flood + 1);
  // Nothing is left over that would be looked at again.
  assertEquals([await count("wakes"), await count("lanes"), await count("outbox")], [0, 0, 0]);
  await gateway.api(`/users/${USER}`, { method: "DELETE" });
  const keys = await Array.fromAsync(gateway.kv.list({ prefix: [] }), ({ key }) => String(key));
  assertEquals(keys.filter((key) => key.includes(subject)), []);
});
