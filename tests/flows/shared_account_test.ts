/**
 * One account at a provider, and several connections to it: of two users of an
 * app, of two apps. To GitHub and Google all of them are one grant. Who
 * disconnects ends what is theirs, and takes nothing away from the others, nor
 * learns of them.
 */

import { assert, assertEquals } from "@std/assert";
import { HANDOFF_LIFETIME_MS } from "../../broker/tokens/held.ts";
import type { Store } from "../../broker/core/store.ts";
import { allModules } from "../../start/all_providers.ts";
import { Browser } from "../support/browser.ts";
import { signInForm } from "../support/emulators.ts";
import { faultyFetch } from "../support/faulty_fetch.ts";
import { API_KEY, OTHER_API_KEY, startGateway, USER } from "../support/gateway.ts";

const APP = "https://app.example.com/";
const HOUR_MS = 3_600_000;

interface Owner {
  userId: string;
  key?: string;
}
const ME: Owner = { userId: USER };
/** Whose the other connection may be. */
const OTHERS: Record<string, Owner> = {
  "another user": { userId: "bob" },
  "a user of another app": { userId: "bob", key: OTHER_API_KEY },
};

async function start(store?: (store: Store) => Store) {
  const faults = faultyFetch();
  const gateway = await startGateway({
    env: { RETURN_URLS: APP },
    fetch: faults.fetch,
    ...(store === undefined ? {} : { store }),
  });
  const told: string[] = [];
  const answer = (respond: () => Response | Promise<Response>) => {
    faults.on("/oauth2/revoke", async (request) => {
      told.push((await request.formData()).get("token") as string);
      return respond();
    });
    faults.on("/applications/", async (request) => {
      const { access_token } = await request.json();
      told.push(`${new URL(request.url).pathname.split("/").at(-1)} ${access_token}`);
      return respond();
    });
  };
  answer(() => new Response(null, { status: 204 }));
  /** Both providers give these tokens to this account from now on. */
  const give = (name: string, id = 1) => {
    const answer = { access_token: `${name}'s`, token_type: "Bearer" };
    faults.on(
      "/oauth2/token",
      () => Response.json({ ...answer, refresh_token: name, expires_in: 3600 }),
    );
    faults.on("/oauth2/v2/userinfo", () => Response.json({ id: String(id), email: "me@x.org" }));
    faults.on("/login/oauth/access_token", () => Response.json({ ...answer, scope: "repo" }));
    faults.on("/user", () => Response.json({ id, login: "me" }));
  };
  const connect = async (name: string, service: string, owner: Owner, id?: number) => {
    give(name, id);
    await gateway.connect(service, owner);
  };
  const disconnect = (service: string, { userId, key = API_KEY }: Owner) =>
    gateway.api(`/connections/${service}?user_id=${userId}`, { method: "DELETE", key });
  const token = async (service: string, { userId, key = API_KEY }: Owner) =>
    (await gateway.api(`/token/${service}`, { body: { user_id: userId }, key })).json;
  return {
    ...gateway,
    faults,
    told,
    answer,
    give,
    connectAs: connect,
    disconnect,
    token,
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}

for (const [whose, other] of Object.entries(OTHERS)) {
  Deno.test(`google: who disconnects leaves the grant to ${whose}, and the last one ends it`, async () => {
    await using gateway = await start();
    await gateway.connectAs("mine", "google", ME);
    await gateway.connectAs("theirs", "google", other);
    const gone = await gateway.disconnect("google", ME);
    assertEquals([gone.json.deleted, gone.json.revoked], [true, false]);
    assertEquals(gateway.told, []);
    assertEquals((await gateway.token("google", ME)).error, "not_connected");
    assertEquals((await gateway.token("google", other)).access_token, "theirs's");
    const last = await gateway.disconnect("google", other);
    assertEquals([last.json.revoked, gateway.told], [true, ["theirs"]]);
  });

  Deno.test(`github: of two connections one token ends, then the grant: ${whose}`, async () => {
    await using gateway = await start();
    await gateway.connectAs("mine", "github", ME);
    await gateway.connectAs("theirs", "github", other);
    assertEquals((await gateway.disconnect("github", ME)).json.revoked, true);
    assertEquals(gateway.told, ["token mine's"]);
    assertEquals((await gateway.token("github", other)).access_token, "theirs's");
    assertEquals((await gateway.disconnect("github", other)).json.revoked, true);
    assertEquals(gateway.told, ["token mine's", "grant theirs's"]);
  });

  Deno.test(`an app cannot tell by the answer that ${whose} has the account connected`, async () => {
    for (const service of ["github", "google"]) {
      await using gateway = await start();
      const answers: unknown[] = [];
      const keep = async () => {
        const { status, headers, text } = await gateway.disconnect(service, ME);
        // What is left of limits says how often this app itself has asked.
        const own = ["date", "x-request-id", "ratelimit"];
        const all = [...headers].filter(([name]) => !own.includes(name));
        answers.push([status, all, text]);
      };
      // Alone, where the provider answers or does not; then with the other one beside it.
      await gateway.connectAs("mine", service, ME);
      if (service === "google") gateway.answer(() => new Response("{}", { status: 503 }));
      await keep();
      gateway.answer(() => new Response(null, { status: 204 }));
      await gateway.connectAs("theirs", service, other);
      await gateway.connectAs("mine", service, ME);
      await keep();
      assertEquals(answers[1], answers[0], service);
      const words = JSON.stringify(answers[1]);
      assert(!/\b(bob|other|others|another|else|user)\b/i.test(words.replaceAll(USER, "")), words);
    }
  });
}

Deno.test("a connection that has ended, or is to another account, holds no grant", async () => {
  await using gateway = await start();
  await gateway.connectAs("dead", "google", { userId: "bob" });
  gateway.world.skew += HOUR_MS;
  gateway.faults.on(
    "/oauth2/token",
    () => Response.json({ error: "invalid_grant" }, { status: 400 }),
  );
  assertEquals(
    (await gateway.token("google", { userId: "bob" })).error,
    "reauthorization_required",
  );
  await gateway.connectAs("elsewhere", "google", { userId: "carol" }, 2);
  await gateway.connectAs("mine", "google", ME);
  assertEquals((await gateway.disconnect("google", ME)).json.revoked, true);
  assertEquals(gateway.told, ["mine"]);
});

Deno.test("what an app may still claim holds the grant as well", async () => {
  await using gateway = await start();
  await gateway.connectAs("mine", "google", ME);
  gateway.give("unclaimed");
  const body = { user_id: "bob", service: "google", return_to: APP };
  const { json } = await gateway.api("/links", { body });
  const browser = new Browser();
  const signIn = await browser.submit(await browser.open(json.url));
  const until = (url: string) => url.startsWith(APP);
  await browser.submit(signIn, { form: signInForm(signIn), until });
  assertEquals((await gateway.disconnect("google", ME)).json.revoked, false);
  assertEquals(gateway.told, []);
  gateway.world.skew += HANDOFF_LIFETIME_MS;
  await gateway.broker.endUnclaimed();
  assertEquals(gateway.told, ["unclaimed"], "and nobody having claimed it, the grant ends");
});

Deno.test("a hand-off that nobody claims ends alone at GitHub, beside a connection that works", async () => {
  await using gateway = await start();
  await gateway.connectAs("living", "github", ME);
  gateway.give("unclaimed");
  const body = { user_id: "bob", service: "github", return_to: APP };
  const { json } = await gateway.api("/links", { body });
  const browser = new Browser();
  const signIn = await browser.submit(await browser.open(json.url));
  const until = (url: string) => url.startsWith(APP);
  await browser.submit(signIn, { form: signInForm(signIn), until });
  gateway.world.skew += HANDOFF_LIFETIME_MS;
  await gateway.broker.endUnclaimed();
  assertEquals(gateway.told, ["token unclaimed's"]);
});

/** Lets the first `count` questions of what lives wait for each other. */
function together(count: number) {
  const all = Promise.withResolvers<void>();
  return (store: Store): Store => ({
    ...store,
    connections: {
      ...store.connections,
      async lives(...args) {
        count -= 1;
        if (count === 0) all.resolve();
        await all.promise;
        return await store.connections.lives(...args);
      },
    },
  });
}

Deno.test("of the last two that disconnect at once one ends the grant, however they meet", async () => {
  for (const meets of [together(2), (store: Store) => store]) {
    await using gateway = await start(meets);
    await gateway.connectAs("mine", "google", ME);
    await gateway.connectAs("theirs", "google", { userId: "bob" });
    const done = await Promise.all([
      gateway.disconnect("google", ME),
      gateway.disconnect("google", { userId: "bob" }),
    ]);
    assertEquals(done.map(({ json }) => json.deleted), [true, true]);
    assert(gateway.told.length >= 1, "the grant lives on, and nobody holds it");
    assertEquals(await Array.fromAsync(gateway.records.list({ prefix: ["connections"] })), []);
  }
});

Deno.test("the same connection is disconnected twice at once, and ends", async () => {
  await using gateway = await start(together(2));
  await gateway.connectAs("mine", "google", ME);
  const done = await Promise.all([
    gateway.disconnect("google", ME),
    gateway.disconnect("google", ME),
  ]);
  assertEquals(done.map(({ status }) => status), [200, 200]);
  assertEquals(await Array.fromAsync(gateway.records.list({ prefix: ["connections"] })), []);
});

for (const isShared of [true, false]) {
  const then = isShared ? "and nothing of another's ends with it" : "and ends at the provider";
  Deno.test(`a refresh under way brings no disconnected connection back, ${then}`, async () => {
    await using gateway = await start();
    await gateway.connectAs("mine", "google", ME);
    if (isShared) await gateway.connectAs("theirs", "google", { userId: "bob" });
    gateway.world.skew += HOUR_MS;
    const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    gateway.faults.on("/oauth2/token", async () => {
      asked.resolve();
      await answer.promise;
      return Response.json({ access_token: "late", refresh_token: "later", expires_in: 3600 });
    });
    const waiting = gateway.token("google", ME);
    await asked.promise;
    // Laid down, and not deleted yet, when the refresh is answered.
    const [ending, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    gateway.answer(async () => {
      ending.resolve();
      await ended.promise;
      return new Response();
    });
    const gone = gateway.disconnect("google", ME);
    if (!isShared) await ending.promise;
    else await gone;
    gateway.answer(() => new Response());
    answer.resolve();
    await waiting;
    ended.resolve();
    await gone;
    await gateway.broker.idle();
    assertEquals(gateway.told, isShared ? [] : ["mine", "later"]);
    assertEquals((await gateway.token("google", ME)).error, "not_connected");
  });
}

Deno.test("a disconnect that broke off after it was laid down serves nobody, and can be done again", async () => {
  let isOut = false;
  await using gateway = await start((store) => ({
    ...store,
    connections: {
      ...store.connections,
      lives: (...args) =>
        isOut ? Promise.reject(new Error("out")) : store.connections.lives(...args),
    },
  }));
  await gateway.connectAs("mine", "google", ME);
  isOut = true;
  assert((await gateway.disconnect("google", ME)).status >= 500);
  assertEquals((await gateway.token("google", ME)).error, "reauthorization_required");
  isOut = false;
  assertEquals((await gateway.disconnect("google", ME)).json.revoked, true);
  assertEquals(gateway.told, ["mine"]);
});

Deno.test("where a provider cannot say whose account it is, everybody ends their own", async () => {
  const at = "https://acme.example";
  const spec = {
    name: "acme",
    authorization_endpoint: `${at}/authorize`,
    token_endpoint: `${at}/token`,
    revocation_endpoint: `${at}/revoke`,
  };
  const told: string[] = [];
  let given = 0;
  await using gateway = await startGateway({
    env: { PROVIDERS: JSON.stringify([spec]), ACME_CLIENT_ID: "a", ACME_CLIENT_SECRET: "b" },
    fetch: async (input, init) => {
      const request = new Request(input, init);
      if (!request.url.startsWith(at)) return await fetch(request);
      if (request.url.endsWith("/token")) return Response.json({ access_token: `t${++given}` });
      told.push((await request.formData()).get("token") as string);
      return new Response();
    },
  });
  for (const userId of [USER, "bob"]) {
    const { json } = await gateway.api("/links", { body: { user_id: userId, service: "acme" } });
    const browser = new Browser();
    const until = (url: string) => url.startsWith(at);
    const to = new URL((await browser.submit(await browser.open(json.url), { until })).url);
    const state = to.searchParams.get("state");
    await browser.open(`${gateway.url}/callback/acme?code=c&state=${state}`);
  }
  for (const userId of [USER, "bob"]) {
    const gone = await gateway.api(`/connections/acme?user_id=${userId}`, { method: "DELETE" });
    assertEquals(gone.json.revoked, true);
  }
  assertEquals(told, ["t1", "t2"]);
});

/** Whose documentation says that one token set can be ended, and nothing else with it. */
const ALONE = ["dropbox", "github", "github_app"];

Deno.test("nobody is taken for a provider that ends one token set alone, unless it says so", async () => {
  const tokens = {
    accessToken: "a",
    refreshToken: "r",
    tokenType: "Bearer",
    issuedAt: 0,
    scopes: [],
  };
  const alone: string[] = [];
  for (const module of allModules("[]").modules) {
    const { credential } = module.create({
      clientId: "id",
      clientSecret: "secret",
      redirectUri: "https://g.example/cb",
      fetch: () => Promise.resolve(Response.json({ ok: true })),
    });
    if (credential.kind !== "oauth" || credential.revokeAlone === undefined) continue;
    // Where nothing can be revoked, nothing else is.
    if ((await credential.revoke(tokens)).kind !== "unsupported") alone.push(module.name);
  }
  assertEquals(alone.sort(), ALONE);
});
