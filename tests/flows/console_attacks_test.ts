/** Who is no operator, or is none any more, at the console; and what its forms take. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { FRESH_MS } from "../../gateway/sessions.ts";
import { LOOK_AGAIN_MS } from "../../start/living.ts";
import { newKeyLine } from "../../tasks/key.ts";
import { adminSetup } from "../support/admin_setup.ts";
import {
  cookieOf,
  openGateway,
  ownToken,
  type Person,
  send,
  signedIn,
} from "../support/attacks.ts";
import { Browser } from "../support/browser.ts";
import { PERSON } from "../support/emulators.ts";
import { type Gateway, startGateway } from "../support/gateway.ts";
import { change, makeApp } from "../support/settings.ts";
import { snapshot } from "../support/snapshot.ts";
import { startTwo } from "../support/two_gateways.ts";

const OPERATORS = `github:${PERSON.email}`;
const ME = { provider: "github", email: PERSON.email };
const EVE = { provider: "github", email: "eve@example.com" };

const GETS = [
  "",
  "/people",
  "/people?realm=voice&id=user_1",
  "/people?reference=c-0123456789",
  "/people/delete?realm=voice&id=user_1",
  "/apps",
  "/apps/desk",
  "/apps/desk/remove",
  "/apps/desk/keys/withdraw?id=1",
  "/providers",
  "/providers/remove?provider=github",
  "/operators/remove?provider=github&email=a@b.example",
  "/servers",
  "/servers/remove?name=notes",
  "/events",
  "/events/again?realm=voice&stamp=00000000000000000001",
];
const POSTS: [path: string, form: Record<string, string>][] = [
  ["/apps", { realm: "evil" }],
  ["/apps/desk", { name: "Evil" }],
  ["/apps/desk/remove", {}],
  ["/apps/desk/keys", {}],
  ["/apps/desk/keys/withdraw", { id: "1" }],
  ["/providers", { provider: "linear", client_id: "a", client_secret: "b" }],
  ["/providers/noted", { provider: "linear", secret_ends: "2027-03-01" }],
  ["/providers/remove", { provider: "linear" }],
  ["/operators", EVE],
  ["/operators/remove", ME],
  ["/servers", { name: "notes", url: "https://notes.example.com/mcp" }],
  ["/servers/remove", { name: "notes" }],
  ["/servers/accept", { upstream: "notes", digest: "0".repeat(64) }],
];
/** These are about people. */
const OF_PEOPLE: typeof POSTS = [
  ["/providers/try", { provider: "github" }],
  ["/people/link", { realm: "voice", id: "user_1", service: "github" }],
  ["/people/disconnect", { realm: "voice", id: "user_1", provider: "github", account: "1" }],
  ["/people/end-grant", { realm: "voice", id: "user_1", grant: "1" }],
  ["/people/delete", { realm: "voice", id: "user_1" }],
  ["/events/on", { receiver: "voice" }],
  ["/events/again", { realm: "voice", stamp: "0".repeat(20) }],
  ["/events/replay", { receiver: "voice", since: "2026-01-01T00:00" }],
];

/** A form of the console, by whoever has this session. */
async function post(
  { url }: Gateway,
  { cookie, token }: { cookie: string; token: string },
  path: string,
  fields: Record<string, string>,
) {
  const form = { form_token: token, sure: "yes", ...fields };
  return await send(`${url}/console${path}`, { cookie, form });
}

const sessionOf = ({ cookie, home }: Person) => ({ cookie, token: ownToken(home) });

async function versionOf({ settings }: Gateway): Promise<string> {
  return (await settings.view()).version ?? "";
}

/** Everything but the counters and figures that reading may move on. */
async function kept({ kv }: Gateway) {
  return await snapshot(kv);
}

Deno.test("to whoever is no operator there is nothing at any address of the console", async () => {
  await using gateway = await openGateway({ env: { OPERATORS } });
  await makeApp(gateway, "desk");
  const eve = await signedIn(gateway, "google");
  const seen = await versionOf(gateway);
  const before = await kept(gateway);
  for (const path of GETS) {
    const { status } = await send(`${gateway.url}/console${path}`, { cookie: eve.cookie });
    assertEquals([path, status], [path, 404]);
  }
  for (const [path, form] of [...POSTS, ...OF_PEOPLE]) {
    const { status } = await post(gateway, sessionOf(eve), path, { ...form, seen });
    assertEquals([path, status], [path, 404]);
    const nobody = await post(gateway, { cookie: "", token: "" }, path, { ...form, seen });
    assertEquals([path, nobody.status], [path, 401]);
  }
  assertEquals(await kept(gateway), before);
});

Deno.test("an operator's form changes nothing from elsewhere, unmeant, or by a sign-in that is old", async () => {
  await using gateway = await openGateway({ env: { OPERATORS } });
  await makeApp(gateway, "desk");
  const me = await signedIn(gateway);
  const session = sessionOf(me);
  const seen = await versionOf(gateway);
  const before = await kept(gateway);
  for (const [path, fields] of [...POSTS, ...OF_PEOPLE]) {
    const form = { ...fields, form_token: session.token, sure: "yes", seen };
    const at = `${gateway.url}/console${path}`;
    const elsewhere = await send(at, {
      cookie: me.cookie,
      headers: { Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site" },
      form,
    });
    const bare = await send(at, { cookie: me.cookie, form: { ...form, form_token: "" } });
    assertEquals([path, elsewhere.status, bare.status], [path, 403, 403]);
    if (path === "/providers/try") continue;
    const unmeant = await send(at, { cookie: me.cookie, form: { ...form, sure: "" } });
    assertEquals([path, unmeant.status], [path, 303]);
    assert(unmeant.location!.startsWith("/console"), unmeant.location!);
  }
  gateway.world.skew += FRESH_MS;
  for (const [path, fields] of [...POSTS, ...OF_PEOPLE]) {
    if (path === "/providers/try") continue;
    const { status } = await post(gateway, session, path, { ...fields, seen });
    assertEquals([path, status], [path, 403]);
  }
  assertEquals(await kept(gateway), before);
});

Deno.test("who is no operator any more changes nothing, also where that is not known yet", async () => {
  await using two = await startTwo({ env: { SIGN_IN_ALLOW: "*" }, is: {} });
  const { before: here, after: there } = two;
  await change(here, { kind: "operator", ...ME });
  await change(here, { kind: "operator", ...EVE });
  await makeApp(here, "desk");
  there.world.skew += LOOK_AGAIN_MS;
  // From here on it knows who runs it, and does not look again for some seconds.
  const me = await signedIn(here);
  const page = await send(`${there.url}/console/apps`, { cookie: me.cookie });
  assertEquals(page.status, 200);
  await change(here, { kind: "operator_removed", ...ME });
  const seen = await versionOf(here);
  const before = await kept(here);
  for (const [path, fields] of [...POSTS, ...OF_PEOPLE]) {
    const { status } = await post(there, sessionOf(me), path, { ...fields, seen });
    assertEquals([path, status], [path, 404]);
  }
  assertEquals(await kept(here), before);
});

Deno.test("a new app of a name that is taken takes nothing away from the one that has it", async () => {
  await using gateway = await openGateway({ env: { OPERATORS } });
  const app = { services: ["github"], handOffOnly: true, returnTo: "https://desk.example/back" };
  await makeApp(gateway, "desk", app);
  const me = await signedIn(gateway);
  const seen = await versionOf(gateway);
  const before = await kept(gateway);
  for (const realm of ["desk", "voice"]) {
    const { status } = await post(gateway, sessionOf(me), "/apps", { realm, seen });
    assertEquals([realm, status], [realm, 400]);
  }
  assertEquals(await kept(gateway), before);
  const made = await post(gateway, sessionOf(me), "/apps", { realm: "shop", seen });
  assertEquals([made.status, made.location], [303, "/console/apps/shop"]);
});

Deno.test("the first setup opens no page about people, and ends in time and with an operator", async () => {
  const keys = newKeyLine("k1");
  await using gateway = await startGateway({ env: { ENCRYPTION_KEYS: keys } });
  const { setup } = await adminSetup(gateway, keys);
  const browser = new Browser();
  const asks = await browser.open(`${gateway.url}/console/setup`);
  const until = (url: string) => url === `${gateway.url}/console`;
  const begun = await browser.submit(asks, { fields: { code: setup! }, until });
  const cookie = cookieOf(begun, "sb_setup");
  const apps = await browser.open(`${gateway.url}/console/apps`);
  assertEquals(apps.status, 200);
  const session = { cookie, token: ownToken(apps) };
  for (const [path, form] of OF_PEOPLE) {
    assertEquals([path, (await post(gateway, session, path, form)).status], [path, 404]);
  }
  for (const path of GETS.filter((path) => path.startsWith("/people"))) {
    const { status } = await send(`${gateway.url}/console${path}`, { cookie });
    assertEquals([path, status], [path, 404]);
  }
  const seen = "";
  assertEquals((await post(gateway, session, "/operators", { ...ME, seen })).status, 303);
  const late = { ...EVE, seen: await versionOf(gateway) };
  const { status } = await post(gateway, session, "/operators", late);
  assertEquals(status, 401);
  const { operators } = await gateway.settings.view();
  assertEquals(operators.map(({ email }) => email), [ME.email]);
});

Deno.test("an operator notes when a secret ends, which is a day, and of no client that env says", async () => {
  await using gateway = await openGateway({ env: { OPERATORS } });
  const me = await signedIn(gateway);
  const set = { clientId: "id", clientSecret: "its-secret" };
  await change(gateway, { kind: "credentials", provider: "linear", ...set });
  const note = async (provider: string, secret_ends: string) => {
    const seen = await versionOf(gateway);
    const form = { provider, secret_ends, seen };
    return (await post(gateway, sessionOf(me), "/providers/noted", form)).status;
  };
  const page = async () =>
    (await send(`${gateway.url}/console/providers`, { cookie: me.cookie })).text;
  assertEquals(await note("linear", "2027-03-01"), 303);
  assertStringIncludes(await page(), "Its secret ends on March 1, 2027.");
  const before = await kept(gateway);
  for (const [provider, day] of [["linear", "2027-02-30"], ["github", "2027-03-01"], ["x", ""]]) {
    await note(provider!, day!);
    assertEquals(await kept(gateway), before, provider);
  }
});

Deno.test("an address that env says is shown by its host alone: what is behind it may be a secret", async () => {
  const UPSTREAMS = JSON.stringify([
    { name: "shelf", url: "https://shelf.example/s/path-secret/mcp?key=query-secret" },
  ]);
  await using gateway = await openGateway({ env: { OPERATORS, UPSTREAMS } });
  const me = await signedIn(gateway);
  const { text, status } = await send(`${gateway.url}/console/servers`, { cookie: me.cookie });
  assertEquals(status, 200);
  assertStringIncludes(text, "shelf.example");
  for (const secret of ["path-secret", "query-secret"]) assert(!text.includes(secret), secret);
});

Deno.test("a form of the console that is none, or looks up nobody, is refused and changes nothing", async () => {
  await using gateway = await openGateway({ env: { OPERATORS } });
  await makeApp(gateway, "desk");
  const me = await signedIn(gateway);
  const { cookie, token } = sessionOf(me);
  const before = await kept(gateway);
  const parts = (boundary: string, fields: [string, string][]) =>
    fields.map(([name, value]) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
    ).join("") + `--${boundary}--\r\n`;
  const fields: [string, string][] = [["form_token", token], ["sure", "yes"]];
  const bodies: [type: string, body: string, status: number | number[]][] = [
    ["multipart/form-data", parts("b", fields), 400],
    // Deno 2.5 reads it as a form of nothing, which nobody's page has sent.
    ["multipart/form-data; boundary=other", parts("b", fields), [400, 403]],
    ["multipart/form-data; boundary=b", "", 400],
    ["multipart/form-data; boundary=b", parts("b", [...fields, ["sure", "no"]]), 400],
    [
      "multipart/form-data; boundary=b",
      parts("b", [...fields, ["name", "x".repeat(140_000)]]),
      413,
    ],
    ["multipart/form-data; boundary=b", parts("b", [["sure", "yes"]]), 403],
    ["application/json", JSON.stringify(Object.fromEntries(fields)), 403],
  ];
  for (const [type, body, status] of bodies) {
    const response = await fetch(`${gateway.url}/console/apps/desk`, {
      method: "POST",
      headers: { Cookie: cookie, "Content-Type": type },
      body: new TextEncoder().encode(body),
      redirect: "manual",
    });
    await response.body?.cancel();
    assert([status].flat().includes(response.status), `${type}: ${response.status}`);
  }
  const odd = ["", "~import", "voice:evil", "x".repeat(5_000), "Voice", "../voice"];
  for (const realm of odd) {
    const query = new URLSearchParams({ realm, id: "user_1" });
    const looked = await send(`${gateway.url}/console/people?${query}`, { cookie });
    const erased = await post(gateway, { cookie, token }, "/people/delete", {
      realm,
      id: "user_1",
    });
    assertEquals([realm, looked.status, erased.status], [realm, 400, 400]);
  }
  assertEquals(await kept(gateway), before);
});
