/**
 * Delete my data, and export my data: on a person's own page, and for a
 * backend's user. What is deleted is gone, at the provider too, whatever was
 * under way; what is exported holds no secret.
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { CLOSED_MS } from "../../broker/core/person_store.ts";
import { JUST_ISSUED_MS } from "../../broker/tokens/freshness.ts";
import { FRESH_MS } from "../../gateway/sessions.ts";
import { keepVault } from "../../vault/housekeeping.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { digestHex, newKeyLine } from "../../tasks/key.ts";
import { parseKeyRing } from "../../broker/config/vault.ts";
import {
  assertDead,
  assertRefused,
  assertWorks,
  callbackOf,
  connectOwn,
  obtainTokens,
  ownToken,
  type Person,
  personalToken,
  send,
  signedIn,
  withToken,
} from "../support/attacks.ts";
import { Browser } from "../support/browser.ts";
import { signInForm } from "../support/emulators.ts";
import { faultyFetch } from "../support/faulty_fetch.ts";
import {
  API_KEY,
  call,
  type Gateway,
  OTHER_API_KEY,
  startGateway,
  USER,
} from "../support/gateway.ts";
import { handedOff } from "../support/hand_off.ts";
import { newClient, obtainCode, refresh } from "../support/mcp_client.ts";
import { walk } from "../support/planted_person.ts";
import { snapshot } from "../support/snapshot.ts";

const HOUR_MS = 3_600_000;
const APP = "https://app.example.com/";
const EVENT = { title: "Lunch", start: "2027-01-05T12:00", time_zone: "UTC" };

async function start(env: Record<string, string> = {}) {
  const line = newKeyLine("k1");
  const ring = await importKeyRing(parseKeyRing(line));
  const faults = faultyFetch();
  // The emulator has no such address.
  faults.on("/applications/", () => new Response(null, { status: 204 }));
  const gateway = await startGateway({
    env: { SIGN_IN_ALLOW: "*", RETURN_URLS: APP, ENCRYPTION_KEYS: line, ...env },
    fetch: faults.fetch,
  });
  /** What of a person is found, of whom one knows these words. */
  const left = async (...words: string[]) =>
    (await walk(gateway.records, ring)).filter((text) => words.some((word) => text.includes(word)))
      // Their app is told for three days which of its users' connections have ended.
      .filter((text) => !text.startsWith('[["events","voice:~'));
  const remove = (userId = USER, key: string | null = API_KEY) =>
    gateway.api(`/users/${encodeURIComponent(userId)}`, { method: "DELETE", key });
  // What it is made of goes on, its own end with it.
  return Object.assign(gateway, { ring, faults, left, remove });
}

/** Types the word, and presses the button. */
async function deleteMine(
  { url }: Pick<Gateway, "url">,
  { browser }: Pick<Person, "browser">,
  fields: Record<string, string> = { word: "delete" },
) {
  const page = await browser.open(`${url}/you/delete`);
  const form = page.forms.find(({ action }) => action === "/you/delete");
  assert(form !== undefined, page.html);
  return await browser.submit(page, { form, fields });
}

Deno.test("a person deletes everything on their page, and nothing of them is left", async () => {
  await using gateway = await start();
  const { faults } = gateway;
  const told: string[] = [];
  faults.on("/applications/", (request) => {
    told.push(request.url.split("/").at(-1)!);
    return new Response(null, { status: 204 });
  });
  const me = await signedIn(gateway);
  await connectOwn(gateway, me);
  await connectOwn(gateway, me, "calendar");
  // Somebody else, whose everything stays.
  await gateway.connect("calendar", { userId: "ben" });
  const client = await newClient(gateway);
  const tokens = await obtainTokens(gateway, client, { browser: me.browser });
  const pat = await personalToken(me);
  // Remembered calls, and a code that was not exchanged.
  const headers = { "Idempotency-Key": "once" };
  const once = { key: pat, userId: null, headers };
  assertEquals((await gateway.mcp(call("calendar_create_event", EVENT), once)).status, 200);
  await refresh(gateway, client, tokens.refresh_token);
  const code = await obtainCode(gateway, client, { browser: me.browser });
  const other = await signedIn(gateway);
  // Under way to a provider.
  const home = await me.browser.open(gateway.url);
  const form = home.forms.find(({ action }) => action === "/dashboard/connect")!;
  const atProvider = await me.browser.submit(home, { form });

  const subject =
    (await gateway.records.list({ prefix: ["grants"] })[Symbol.asyncIterator]().next())
      .value!.key[1] as string;
  assertMatch(subject, /^github:\d+$/);
  const words = [subject, "octocat", "testuser@gmail.com"];
  assert((await gateway.left(...words)).length > 15);
  const bens = (await gateway.left("voice:ben")).length;

  const you = await me.browser.open(`${gateway.url}/you`);
  assert(you.links.includes("/you/delete") && you.links.includes("/you/data"), you.html);
  const asked = await me.browser.open(`${gateway.url}/you/delete`);
  assertStringIncludes(asked.html, "It ends 2 connections and the access of 2 apps.");
  const done = await deleteMine(gateway, me);
  assertStringIncludes(done.html, "Your data is deleted");
  assertStringIncludes(done.html, "Revoked at GitHub, ");
  assertMatch(done.html, /Removed: 2 connections, \d apps, 2 sign-ins, and \d+ other records\./);
  assertEquals(told, ["grant"]);

  // Of who has the same Google account nothing is taken away, and nothing is said.
  assertStringIncludes(done.html, "Google could not be told");
  const mine = (texts: string[]) => texts.filter((text) => !text.includes("voice:ben"));
  assertEquals(mine(await gateway.left(...words)), []);
  assertEquals((await gateway.left("voice:ben")).length, bens);
  assertEquals((await gateway.api("/token/calendar", { body: { user_id: "ben" } })).status, 200);
  await assertDead(gateway, tokens.access_token);
  await assertDead(gateway, pat);
  assertRefused(await refresh(gateway, client, tokens.refresh_token));
  for (const { browser } of [me, other]) {
    assertMatch((await browser.open(`${gateway.url}/`)).url, /\/sign-in$/);
  }
  assertEquals((await snapshot(gateway.kv, ["codes"])).length, 0, code);
  const late = await me.browser.submit(atProvider, { form: signInForm(atProvider) });
  assertEquals(late.status, 400);
  assertEquals(mine(await gateway.left(...words)), []);
  // And after housekeeping only what names nobody.
  gateway.world.skew += 2 * CLOSED_MS;
  await keepVault(gateway.records, gateway.ring, gateway.world);
  const kinds = new Set((await snapshot(gateway.kv, [])).map((key) => key.split("/")[0]));
  assert(kinds.has("tombstones") && !kinds.has("closed"), [...kinds].join());
  assertEquals(mine(await gateway.left(...words)), []);
});

Deno.test("who comes back later begins anew, and no old browser comes with them", async () => {
  await using gateway = await start();
  const [me, old, older] = [
    await signedIn(gateway),
    await signedIn(gateway),
    await signedIn(gateway),
  ];
  // It was signed out everywhere before, and that is what no record says any more.
  const you = await older.browser.open(`${gateway.url}/you`);
  const form = you.forms.find(({ action }) => action === "/sign-out")!;
  await older.browser.submit(you, { form, fields: { everywhere: "yes" } });
  const again = await signedIn(gateway);
  await deleteMine(gateway, again);
  // A sign-in that is over in a moment is refused, and leaves nothing.
  const early = new Browser();
  const page = await early.open(`${gateway.url}/sign-in`);
  const refused = await early.open(await callbackOf(gateway, early, page));
  assertEquals(refused.status, 409);
  assertStringIncludes(refused.html, "Your data was deleted just now");
  assertEquals(await snapshot(gateway.kv, ["sessions"]), []);
  gateway.world.skew += CLOSED_MS;
  const anew = await signedIn(gateway);
  assertStringIncludes(anew.home.html, "Signed in as");
  for (const { cookie } of [me, old, older, again]) {
    assertEquals((await send(`${gateway.url}/`, { cookie })).location, "/sign-in");
  }
});

Deno.test("a sign-in that was begun before is not finished after", async () => {
  await using gateway = await start();
  const me = await signedIn(gateway);
  const elsewhere = new Browser();
  const page = await elsewhere.open(`${gateway.url}/sign-in`);
  const callback = await callbackOf(gateway, elsewhere, page);
  await deleteMine(gateway, me);
  assertEquals((await elsewhere.open(callback)).status, 409);
  assertEquals(await snapshot(gateway.kv, ["sessions"]), []);
  // For as long as anybody may take at a provider.
  gateway.world.skew += CLOSED_MS;
  assertEquals((await elsewhere.open(callback)).status, 400);
});

Deno.test("nothing is deleted without the word, without a fresh sign-in, or from elsewhere", async () => {
  await using gateway = await start();
  const me = await signedIn(gateway);
  await connectOwn(gateway, me);
  const url = `${gateway.url}/you/delete`;
  const page = await me.browser.open(url);
  const form_token = ownToken(page);
  const { cookie } = me;
  const before = await snapshot(gateway.kv);
  for (const word of ["", "no", "delete me", "deleted"]) {
    const answer = await deleteMine(gateway, me, { word });
    assertEquals(answer.status, 400, word);
    assertStringIncludes(answer.html, "Nothing was deleted: the word was not typed.");
  }
  const attacks: [what: string, options: Parameters<typeof send>[1], status: number][] = [
    ["no word at all", { cookie, form: { form_token } }, 400],
    ["the word twice", {
      cookie,
      form: [["form_token", form_token], ["word", "delete"], ["word", "delete"]],
    }, 400],
    ["no token", { cookie, form: { word: "delete" } }, 403],
    ["another token", { cookie, form: { word: "delete", form_token: "x".repeat(43) } }, 403],
    ["another site", {
      cookie,
      form: { word: "delete", form_token },
      headers: { Origin: "https://evil.example" },
    }, 403],
    ["a page of another site", {
      cookie,
      form: { word: "delete", form_token },
      headers: { "Sec-Fetch-Site": "cross-site" },
    }, 403],
    ["nobody", { form: { word: "delete", form_token } }, 401],
  ];
  for (const [what, options, status] of attacks) {
    assertEquals((await send(url, options)).status, status, what);
  }
  // Another person's token on this one's cookie, and the other way round.
  const other = await signedIn(gateway, "google");
  const theirs = ownToken(await other.browser.open(`${gateway.url}/you`));
  const cross = { cookie, form: { word: "delete", form_token: theirs } };
  assertEquals((await send(url, cross)).status, 403);
  const prefixes = (await snapshot(gateway.kv)).filter((key) => before.includes(key));
  assertEquals(prefixes.length, before.length, "everything is as it was");
  // Whoever left the screen open signed in longer ago than that.
  gateway.world.skew += FRESH_MS + 1;
  const stale = await me.browser.open(url);
  assert(!stale.forms.some(({ action }) => action === "/you/delete"));
  assert(stale.links.includes("/sign-in?return_to=%2Fyou%2Fdelete"), stale.links.join());
  const forced = await send(url, { cookie, form: { word: "delete", form_token } });
  assertEquals(forced.status, 403);
  assertStringIncludes(forced.text, "sign in once more");
  // Who signs in once more comes back here, and can do it.
  const signIn = await me.browser.follow(stale, "/sign-in?");
  const back = await me.browser.open(await callbackOf(gateway, me.browser, signIn));
  assertEquals(back.url, url);
  assertStringIncludes((await deleteMine(gateway, me)).html, "Your data is deleted");
});

Deno.test("a person's file holds what is kept of them, and no secret", async () => {
  await using gateway = await start();
  const { faults } = gateway;
  const given: string[] = [];
  for (const part of ["/login/oauth/access_token", "/oauth2/token"]) {
    faults.on(part, async (_, send) => {
      const answer = await send();
      const json = await answer.json();
      for (const name of ["access_token", "refresh_token", "id_token"]) {
        if (typeof json[name] === "string") given.push(json[name]);
      }
      return Response.json(json, { status: answer.status });
    });
  }
  const me = await signedIn(gateway);
  await connectOwn(gateway, me);
  await connectOwn(gateway, me, "calendar");
  const client = await newClient(gateway);
  const tokens = await obtainTokens(gateway, client, { browser: me.browser });
  const pat = await personalToken(me, "Kitchen speaker");
  const url = `${gateway.url}/you/data`;
  const answer = await send(url, { cookie: me.cookie });
  assertEquals([answer.status, answer.headers.get("Cache-Control")], [200, "no-store"]);
  assertEquals(
    answer.headers.get("Content-Disposition"),
    'attachment; filename="switchboard-data.json"',
  );
  assertMatch(answer.headers.get("Content-Type")!, /^application\/json/);
  const data = JSON.parse(answer.text);
  assertEquals([data.user.realm, data.user.emails.length, data.truncated], ["github", 1, false]);
  assertEquals(data.connections.map(({ provider }: { provider: string }) => provider), [
    "github",
    "google",
  ]);
  assert(
    data.connections.every(({ allows, default: usual }: { allows: string[]; default: boolean }) =>
      allows.length > 0 && usual
    ),
  );
  assertEquals([data.apps.length, data.personal_tokens[0].name], [1, "Kitchen speaker"]);
  assertEquals([data.sessions.length, data.records.secrets > 0], [1, true]);
  const secrets = [
    ...given,
    // How a client that registered itself is called is none.
    ...gateway.world.secrets.filter((secret) => !client.id.includes(secret)),
    tokens.access_token,
    tokens.refresh_token,
    pat,
  ];
  assert(given.length >= 4 && secrets.length > 12);
  for (const secret of secrets) {
    assert(!answer.text.includes(secret), `a secret stands there: ${secret}`);
  }
  for (const entry of await snapshot(gateway.kv)) {
    const digest = entry.split("@")[0]!.split("/").at(-1)!;
    if (digest.length === 43) {
      assert(!answer.text.includes(digest), `a digest stands there: ${entry}`);
    }
  }
  // Nobody else's browser, no other site, and nobody who is not signed in.
  assertEquals((await send(url)).status, 401);
  for (const site of ["cross-site", "same-site"]) {
    const headers = { "Sec-Fetch-Site": site };
    assertEquals((await send(url, { cookie: me.cookie, headers })).status, 403, site);
  }
  const headers = { "Sec-Fetch-Site": "same-origin" };
  assertEquals((await send(url, { cookie: me.cookie, headers })).status, 200);
});

Deno.test("a backend reads and deletes its own users, and nobody else's", async () => {
  await using gateway = await start();
  const me = await signedIn(gateway);
  await gateway.connect("github");
  await gateway.connect("calendar", { userId: USER, key: OTHER_API_KEY });
  await gateway.api("/sessions", { body: { user_id: USER, services: ["*"] } });
  await gateway.api("/links", { body: { user_id: USER, service: "calendar" } });
  const { status, json } = await gateway.api(`/users/${USER}`);
  assertEquals([status, json.user.user_id, json.user.realm], [200, USER, "voice"]);
  // One link that waits to be used, and what is left of the one that was.
  assertEquals([json.connections.length, json.session_tokens.length, json.records.links], [
    1,
    1,
    2,
  ]);
  const before = await snapshot(gateway.kv);
  // Subjects that are somebody else's cannot even be said.
  const [, subject = ""] = /"(github:\d+)"/.exec((await gateway.left("github:")).join()) ?? [];
  for (
    const id of [
      subject,
      `voice:${USER}`,
      "a/b",
      "a b",
      "a\n",
      "%",
      "é",
      "x".repeat(129),
      "*",
      "~import:x",
    ]
  ) {
    for (const method of ["GET", "DELETE"]) {
      const answer = await gateway.api(`/users/${encodeURIComponent(id)}`, { method });
      assertEquals([answer.status, answer.json.error], [400, "invalid_request"], `${method} ${id}`);
    }
  }
  assertEquals((await gateway.api("/users/%E0%A4%A", { method: "DELETE" })).status, 400);
  for (
    const path of [
      "/users",
      "/users/",
      `/users/${USER}/connections`,
      "/users/..%2F..",
      "/users/../users",
    ]
  ) {
    const { status } = await gateway.api(path, { method: "DELETE" });
    assert(status >= 400 && status < 500, `${path} ${status}`);
  }
  const token =
    (await gateway.api("/sessions", { body: { user_id: USER, services: ["*"] } })).json.token;
  const pat = await personalToken(me);
  for (const key of [null, "wrong", token, pat]) {
    for (const method of ["GET", "DELETE"]) {
      assertEquals((await gateway.api(`/users/${USER}`, { method, key })).status, 401);
    }
  }
  const cookies = { Cookie: me.cookie };
  const byCookie = await gateway.api(`/users/${USER}`, {
    method: "DELETE",
    key: null,
    headers: cookies,
  });
  assertEquals(byCookie.status, 401);
  assert(before.every((key) => !key.startsWith("connections/")) === false);
  // The other app has a user of the same name, of whom nothing is touched.
  const done = await gateway.remove();
  assertEquals(done.status, 200);
  assertEquals([done.json.deleted, done.json.user_id, done.json.connections.length], [
    true,
    USER,
    1,
  ]);
  const [ended] = done.json.connections;
  assertEquals([ended.provider, ended.label, ended.revoked], ["github", "octocat", true]);
  assertEquals([done.json.removed.connections, done.json.removed.session_tokens], [1, 2]);
  assertEquals(done.json.open_at - done.json.at, CLOSED_MS);
  assertEquals(await gateway.left(`voice:${USER}`), []);
  assert((await gateway.left(`other:${USER}`)).length > 0);
  await assertDead(gateway, token);
  await assertWorks(gateway, pat);
  const theirs = await gateway.api("/token/calendar", {
    body: { user_id: USER },
    key: OTHER_API_KEY,
  });
  assertEquals(theirs.status, 200);
  // A second time there is nothing, and that is no fault.
  const twice = await gateway.remove();
  assertEquals([twice.status, twice.json.connections, twice.json.removed], [200, [], {}]);
  // Nothing new is kept of them for now, and whoever asks is told for how long.
  const early = await gateway.api("/links", { body: { user_id: USER, service: "github" } });
  assertEquals([early.status, early.json.error, early.json.retry_after], [
    409,
    "user_deleted",
    900,
  ]);
  assertEquals(early.headers.get("Retry-After"), "900");
  gateway.world.skew += CLOSED_MS;
  assertStringIncludes((await gateway.connect("github")).html, "✓ GitHub connected");
});

Deno.test("odd ids that are ids are deleted as any other", async () => {
  await using gateway = await start();
  for (const id of ["auth0|5f7c+x@y.z", "...", "a.b", "--", "A".repeat(128)]) {
    await gateway.api("/links", { body: { user_id: id, service: "github" } });
    assert((await gateway.left(`voice:${id}`)).length > 0, id);
    const { status, json } = await gateway.remove(id);
    assertEquals([status, json.removed], [200, { links: 1 }], id);
    assertEquals(await gateway.left(`voice:${id}`), [], id);
  }
});

Deno.test("an API key of one service ends no other with it, and reads no other", async () => {
  const keys = `narrow:sha256:${digestHex("narrow")}:calendar`;
  await using gateway = await start({ API_KEYS: `narrow:sha256:${digestHex("narrow")}` });
  const key = "narrow";
  await gateway.connect("github", { key });
  await gateway.connect("calendar", { key });
  await gateway.restart({ API_KEYS: keys });
  const before = await snapshot(gateway.kv);
  const read = await gateway.api(`/users/${USER}`, { key });
  assertEquals(read.json.connections.map(({ provider }: { provider: string }) => provider), [
    "google",
  ]);
  const refused = await gateway.remove(USER, key);
  assertEquals([refused.status, refused.json.error], [403, "access_denied"]);
  assertEquals(await snapshot(gateway.kv), before);
});

Deno.test("a sign-in that comes home while its person is deleted leaves nothing, here and there", async () => {
  await using gateway = await start();
  const { faults } = gateway;
  const [asked, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let isTold = false;
  faults.on("/login/oauth/access_token", async (_, send) => {
    asked.resolve();
    await go.promise;
    return await send();
  });
  faults.on("/applications/", () => {
    isTold = true;
    return new Response(null, { status: 204 });
  });
  const coming = gateway.connect("github");
  await asked.promise;
  assertEquals((await gateway.remove()).status, 200);
  go.resolve();
  const page = await coming;
  assertEquals(page.status, 409, page.html);
  assert(isTold, "what was given is taken back");
  assertEquals(await gateway.left(`voice:${USER}`), []);
});

Deno.test("a refresh that answers after its person was deleted brings nothing back", async () => {
  await using gateway = await start();
  const { faults } = gateway;
  await gateway.connect("calendar");
  const [asked, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const told: string[] = [];
  faults.on("/oauth2/token", async () => {
    asked.resolve();
    await go.promise;
    return Response.json({ access_token: "late", token_type: "Bearer", expires_in: 3600 });
  });
  faults.on("/oauth2/revoke", async (request) => {
    told.push(String((await request.formData()).get("token")));
    return new Response(null, { status: 200 });
  });
  gateway.world.skew += HOUR_MS;
  const waiting = gateway.api("/token/calendar", { body: { user_id: USER } });
  await asked.promise;
  const { json } = await gateway.remove();
  assertEquals(json.connections[0].revoked, true);
  go.resolve();
  const { status, json: said } = await waiting;
  assertEquals([status, said.error], [409, "user_deleted"]);
  await gateway.broker.idle();
  assertEquals(told.length, 2, "what was issued late is ended, too");
  assertEquals(await gateway.left(`voice:${USER}`), []);
});

Deno.test("a call that ends after its person was deleted is remembered by nobody", async () => {
  await using gateway = await start();
  const { faults } = gateway;
  await gateway.connect("calendar");
  const [asked, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  faults.on("/calendar/v3", async (_, send) => {
    asked.resolve();
    await go.promise;
    return await send();
  });
  gateway.world.skew += JUST_ISSUED_MS;
  const headers = { "Idempotency-Key": "once" };
  const calling = gateway.mcp(call("calendar_create_event", EVENT), { headers });
  await asked.promise;
  assertEquals(
    (await gateway.left(`voice:${USER}`)).some((text) => text.startsWith('[["calls"')),
    true,
  );
  await gateway.remove();
  go.resolve();
  await calling;
  await gateway.broker.idle();
  assertEquals(await gateway.left(`voice:${USER}`), []);
  assertEquals(await snapshot(gateway.kv, ["calls"]), []);
});

Deno.test("what an app has not claimed yet is ended, and cannot be claimed any more", async () => {
  await using gateway = await start();
  const { faults } = gateway;
  let told = 0;
  faults.on("/applications/", () => {
    told += 1;
    return new Response(null, { status: 204 });
  });
  const code = await handedOff(gateway, { user_id: USER, service: "github", return_to: APP });
  const { json } = await gateway.remove();
  assertEquals([json.connections.length, json.connections[0].revoked, told], [1, true, 1]);
  const claim = await gateway.api("/links/claim", { body: { user_id: USER, code } });
  assertEquals([claim.status, claim.json.error], [400, "invalid_grant"]);
  assertEquals(await gateway.left(`voice:${USER}`), []);
});

Deno.test("a provider that is down is no reason to keep anything, and the page says what to do", async () => {
  await using gateway = await start();
  gateway.faults.on("/applications/", () => new Response("down", { status: 503 }));
  const me = await signedIn(gateway);
  await connectOwn(gateway, me);
  const done = await deleteMine(gateway, me);
  assertStringIncludes(
    done.html,
    "GitHub could not be told: end the access in your account there.",
  );
  assertEquals(await snapshot(gateway.kv, ["connections"]), []);
  assertEquals(gateway.world.events.filter(({ event }) => event === "user_deleted").length, 1);
  assert(!JSON.stringify(gateway.world.events).includes("octocat"), "nobody is named in the log");
});

Deno.test("a page in a browser without scripts says all of it, and reloading deletes nothing again", async () => {
  await using gateway = await start();
  const me = await signedIn(gateway);
  const page = await me.browser.open(`${gateway.url}/you/delete`);
  const form_token = ownToken(page);
  const done = await deleteMine(gateway, me);
  assertStringIncludes(done.html, "You can sign in again from");
  const cookie = done.headers?.getSetCookie?.().join() ?? "";
  assertStringIncludes(cookie, "sb_session=;");
  const { cookie: old } = me;
  const reload = { cookie: old, form: { word: "delete", form_token } };
  assertEquals((await send(`${gateway.url}/you/delete`, reload)).status, 401);
  const answer = await withToken(gateway, "sb_pat_" + "x".repeat(43));
  assertEquals(answer.status, 401);
});
