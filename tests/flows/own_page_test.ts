/**
 * What a signed-in person does on their own page: what ends something asks first
 * and says afterwards what came of it, once, and to that person alone.
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Subject } from "../../broker/core/subject.ts";
import { DOORS } from "../../gateway/doors.ts";
import {
  assertWorks,
  connectOwn,
  obtainTokens,
  openGateway,
  ownToken,
  type Person,
  send,
  signedIn,
  withToken,
} from "../support/attacks.ts";
import { NAVIGATION, type Page } from "../support/browser.ts";
import { signInForm } from "../support/emulators.ts";
import { faultyFetch } from "../support/faulty_fetch.ts";
import type { Gateway } from "../support/gateway.ts";
import { newClient, ticked } from "../support/mcp_client.ts";
import { withoutOwn } from "../support/own_page.ts";
import { snapshot } from "../support/snapshot.ts";

const SECOND_MS = 1_000;
const GONE = "This account is not connected any more.";

const home = ({ browser }: Person, { url }: Gateway) => browser.open(url);

/** What the page says of the last press, if anything. */
const told = ({ html }: Page) =>
  /<p class="say[^"]*" role="status">(.*?)<\/p>/s.exec(html)?.[1]?.replaceAll(/<[^>]*>/g, "")
    .trim();

function formTo(page: Page, action: string, fields: Record<string, string> = {}) {
  return page.forms.find((form) =>
    form.action === action &&
    Object.entries(fields).every(([name, value]) => form.fields[name] === value)
  )!;
}

async function connections(gateway: Gateway): Promise<Deno.KvKey[]> {
  const entries = await Array.fromAsync(gateway.records.list({ prefix: ["connections"] }));
  return entries.map(({ key }) => key);
}

Deno.test("a connection that is begun on the own page comes back to it, which says so once", async () => {
  await using gateway = await openGateway();
  const person = await signedIn(gateway);
  const done = await connectOwn(gateway, person);
  assertEquals(done.url, `${gateway.url}/`);
  assertEquals(told(done), "✓ GitHub connected · Connected as octocat");
  const again = await home(person, gateway);
  assertEquals(told(again), undefined, "a page that is loaded again says nothing");
  assertStringIncludes(again.html, "Connected as <strong>octocat</strong>");
});

Deno.test("disconnecting asks first, ends it at the provider, and says that it was ended there", async () => {
  const faults = faultyFetch();
  await using gateway = await openGateway({ fetch: faults.fetch });
  const person = await signedIn(gateway);
  const page = await connectOwn(gateway, person, "calendar");
  const before = await snapshot(gateway.kv);
  const sure = await person.browser.follow(page, "/dashboard/disconnect");
  assertStringIncludes(sure.html, "Disconnect testuser@gmail.com from Google?");
  assertStringIncludes(sure.html, "Google is told");
  assert(sure.links.includes("/"), "there is a way out");
  assertEquals(await snapshot(gateway.kv), before, "asking ends nothing");
  assertEquals(faults.count("/revoke"), 0);

  const done = await person.browser.submit(sure);
  assertEquals(done.url, `${gateway.url}/`);
  assertMatch(
    told(done)!,
    /^Revoked at Google, \d\d:\d\d UTC\. testuser@gmail\.com is disconnected\.$/,
  );
  assertEquals(faults.count("/revoke"), 1);
  assertEquals(await connections(gateway), []);
  assertEquals(told(await home(person, gateway)), undefined);

  // Pressed twice, and in another window: it is over, and nobody is told that it failed.
  for (const again of [() => person.browser.submit(sure), () => person.browser.open(sure.url)]) {
    const late = await again();
    assertEquals([late.status, late.url, told(late)], [200, `${gateway.url}/`, GONE]);
  }
  assertEquals(faults.count("/revoke"), 1);
});

Deno.test("of two presses at once one ends it, and both are answered", async () => {
  await using gateway = await openGateway();
  const person = await signedIn(gateway);
  const page = await connectOwn(gateway, person);
  const sure = await person.browser.follow(page, "/dashboard/disconnect");
  const { action, fields: form } = sure.forms[0]!;
  const press = () => send(gateway.url + action, { cookie: person.cookie, form });
  const answers = await Promise.all([press(), press(), press()]);
  for (const { status, location } of answers) assertEquals([status, location], [303, "/"]);
  assertEquals(await connections(gateway), []);
});

Deno.test("where the provider cannot be told, the page says where to end it", async () => {
  const faults = faultyFetch();
  await using gateway = await openGateway({ fetch: faults.fetch });
  const person = await signedIn(gateway);
  const page = await connectOwn(gateway, person);
  faults.on("/applications/", () => new Response("out", { status: 503 }));
  const sure = await person.browser.follow(page, "/dashboard/disconnect");
  const done = await person.browser.submit(sure);
  assertMatch(told(done)!, /^octocat is disconnected here, \d\d:\d\d UTC\./);
  assertMatch(told(done)!, /could not be ended at GitHub: remove it in your account there/);
  assert(!done.html.includes("Revoked at"));
  assertEquals(await connections(gateway), []);
});

Deno.test("another person's connection is not shown, not ended, and not told of", async () => {
  await using gateway = await openGateway();
  const [alice, bob] = [await signedIn(gateway), await signedIn(gateway, "google")];
  const page = await connectOwn(gateway, alice);
  const sure = await alice.browser.follow(page, "/dashboard/disconnect");
  const before = await snapshot(gateway.kv);
  const seen = await bob.browser.open(sure.url);
  const { form_token: _, ...fields } = sure.forms[0]!.fields;
  const form = { ...fields, form_token: ownToken(bob.home) };
  const pressed = await bob.browser.submit(bob.home, {
    form: { ...sure.forms[0]!, fields: form },
  });
  // As of an account that is nobody's.
  const nobodys = await bob.browser.open(
    `${gateway.url}/dashboard/disconnect?provider=github&account=nobody`,
  );
  for (const { html, url, ...answer } of [seen, pressed, nobodys]) {
    assertEquals([url, told({ html, url, ...answer })], [`${gateway.url}/`, GONE]);
    assert(!html.includes("octocat"));
  }
  for (const what of ["", "?provider=github", "?account=1", "?provider=__proto__&account=1"]) {
    const answer = await bob.browser.open(`${gateway.url}/dashboard/disconnect${what}`);
    assertEquals([answer.status, told(answer)], [200, GONE], what);
  }
  assertEquals(await snapshot(gateway.kv), before);
  assertEquals((await alice.browser.open(sure.url)).url, sure.url);
  // Nobody who is not signed in is told anything either.
  const stranger = await send(sure.url);
  assertEquals([stranger.status, stranger.text.includes("octocat")], [401, false]);
});

Deno.test("the default is made another one by its button, which is only where it can be", async () => {
  await using gateway = await openGateway();
  const person = await signedIn(gateway);
  const one = await connectOwn(gateway, person);
  assertEquals(formTo(one, "/dashboard/default"), undefined);
  gateway.world.skew += SECOND_MS;
  const connect = formTo(one, "/dashboard/connect", { service: "github" });
  const atProvider = await person.browser.submit(one, { form: connect });
  const two = await person.browser.submit(atProvider, { form: signInForm(atProvider, "admin") });
  assertStringIncludes(two.html, "2 accounts");
  const buttons = two.forms.filter(({ action }) => action === "/dashboard/default");
  assertEquals(buttons.length, 1);
  const done = await person.browser.submit(two, { form: buttons[0]! });
  assertEquals(told(done), "admin is the default now.");
  const [[, subject] = []] = await connections(gateway);
  const all = await gateway.broker.connections(subject as Subject);
  assertEquals(all.map(({ label, isDefault }) => [label, isDefault]).sort(), [
    ["admin", true],
    ["octocat", false],
  ]);
  // Only the other one has the button now.
  const { account } = formTo(done, "/dashboard/default").fields;
  assertEquals(account, all.find(({ label }) => label === "octocat")?.account);
});

/** An app with access to all of GitHub and Gmail. */
async function withApp(gateway: Gateway) {
  const person = await signedIn(gateway);
  const tokens = await obtainTokens(gateway, await newClient(gateway), {
    browser: person.browser,
    services: ["github", "gmail"],
  });
  return { person, token: tokens.access_token };
}

const toolsOf = async (gateway: Gateway, token: string): Promise<string[]> =>
  (await withToken(gateway, token)).json.result.tools.map(({ name }: { name: string }) => name);

Deno.test("what an app may use is narrowed by its person, at once, and is not widened by any form", async () => {
  await using gateway = await openGateway();
  const { person, token } = await withApp(gateway);
  const page = await home(person, gateway);
  assertStringIncludes(page.html, "GitHub and Gmail: reads and changes");
  const narrow = await person.browser.follow(page, "/dashboard/grants/narrow");
  assertStringIncludes(narrow.html, "What may Test client use?");
  const [form] = narrow.forms;
  assertEquals(form!.checked, [["access:github", "full"], ["access:gmail", "full"]]);
  const choose = (...checked: [string, string][]) =>
    person.browser.submit(narrow, { form: form!, checked });
  const done = await choose(["access:github", "read"], ["access:gmail", "none"]);
  assertEquals([done.url, told(done)], [`${gateway.url}/`, "Test client may use less now."]);
  assertStringIncludes(done.html, "GitHub: reads only");
  assert(!/Gmail[^<]*: reads/.test(done.html));
  const left = await toolsOf(gateway, token);
  assert(left.includes("github_read_issue"), "what is left goes on with the token of before");
  assert(!left.some((name) => name === "github_create_issue" || name.startsWith("gmail_")));

  // The old page, which offers more, and a form that names what was never given.
  const before = await toolsOf(gateway, token);
  await choose(["access:github", "full"], ["access:gmail", "full"], ["access:drive", "full"]);
  assertEquals(await toolsOf(gateway, token), before);
  assert(
    !(await home(person, gateway)).links.some((link) =>
      link.startsWith("/dashboard/grants/narrow")
    ),
    "of what only reads one service there is nothing to take away but all",
  );
});

Deno.test("an app of which nothing would be left stays as it is, and the page says what to do", async () => {
  await using gateway = await openGateway();
  const { person, token } = await withApp(gateway);
  const page = await home(person, gateway);
  const narrow = await person.browser.follow(page, "/dashboard/grants/narrow");
  for (
    const checked of [
      [["access:github", "none"], ["access:gmail", "none"]],
      [],
      [["access:calendar", "full"]],
    ] as [string, string][][]
  ) {
    const refused = await person.browser.submit(narrow, { checked });
    assertEquals(refused.status, 400);
    assertStringIncludes(refused.html, "to end it all, revoke the app");
  }
  assert((await toolsOf(gateway, token)).includes("github_create_issue"));
});

Deno.test("an app is revoked after a question, and pressing twice is no error", async () => {
  await using gateway = await openGateway();
  const { person, token } = await withApp(gateway);
  const page = await home(person, gateway);
  const sure = await person.browser.follow(page, "/dashboard/grants/end");
  assertStringIncludes(sure.html, "Revoke Test client?");
  await assertWorks(gateway, token);
  const done = await person.browser.submit(sure);
  assertMatch(told(done)!, /^Test client has no access any more, \d\d:\d\d UTC\.$/);
  assertEquals((await withToken(gateway, token)).status, 401);
  for (const again of [() => person.browser.submit(sure), () => person.browser.open(sure.url)]) {
    const late = await again();
    assertEquals([late.status, late.url, told(late)], [200, `${gateway.url}/`, undefined]);
  }
});

Deno.test("a form that makes a token makes one, however often it is sent", async () => {
  await using gateway = await openGateway();
  const person = await signedIn(gateway);
  const page = await home(person, gateway);
  const form = formTo(page, "/dashboard/tokens");
  assertEquals(form.checked, [["access", "read"]], "nothing is connected, and it reads only");
  const make = () =>
    person.browser.submit(page, { form, fields: { name: "Kitchen" }, checked: ticked(form) });
  const shown = (made: Page) => /sb_pat_[A-Za-z0-9_-]{43}/.exec(made.html)?.[0];
  const pages = await Promise.all([make(), make(), make()]);
  const tokens = pages.map(shown).filter((token) => token !== undefined);
  assertEquals([pages.map(({ status }) => status), tokens.length], [[200, 200, 200], 1]);
  const again = await make();
  assertEquals(shown(again), undefined);
  assertStringIncludes(again.html, "This token was made already, and is shown only once.");
  const grants = await Array.fromAsync(gateway.kv.list({ prefix: ["grants"] }));
  assertEquals(grants.length, 1);
  await assertWorks(gateway, tokens[0]!);
  // The page that came has a form of its own, and so has another person.
  const next = formTo(again, "/dashboard/tokens");
  assert(next.fields.once !== form.fields.once);
  const other = await signedIn(gateway, "google");
  const theirs = formTo(other.home, "/dashboard/tokens");
  const made = await other.browser.submit(other.home, {
    form: theirs,
    fields: { name: "Desk", once: form.fields.once! },
    checked: ticked(theirs),
  });
  assert(shown(made) !== undefined, "what one person has sent is none of another's");
});

Deno.test("a form that is refused has made nothing, and can be sent again", async () => {
  await using gateway = await openGateway({ env: { QUOTAS: "personal_tokens=1000" } });
  const person = await signedIn(gateway);
  const page = await home(person, gateway);
  const form = formTo(page, "/dashboard/tokens");
  const make = (once: string) =>
    person.browser.submit(page, { form, fields: { name: "Kitchen", once }, checked: ticked(form) });
  const { limit, windowMs } = DOORS.personal_token;
  for (let made = 0; made < limit; made++) assertEquals((await make(`${made}`)).status, 200);
  const kept = async () =>
    (await Promise.all(
      ["grants", "secrets", "proofs"].map((kind) =>
        Array.fromAsync(gateway.kv.list({ prefix: [kind] }))
      ),
    )).map(({ length }) => length);
  assertEquals(await kept(), [limit, limit, limit]);
  for (let tries = 0; tries < 3; tries++) assertEquals((await make("late")).status, 429);
  assertEquals(await kept(), [limit, limit, limit]);
  gateway.world.skew += windowMs;
  const made = await make("late");
  assertMatch(made.html, /sb_pat_[A-Za-z0-9_-]{43}/);
});

Deno.test("what is connected is ticked, and nothing else, and it reads only unless the person says so", async () => {
  await using gateway = await openGateway();
  const person = await signedIn(gateway);
  const page = await connectOwn(gateway, person);
  const form = formTo(page, "/dashboard/tokens");
  assertEquals(form.checked, [["service", "github"], ["access", "read"]]);
  const made = await person.browser.submit(page, { form, fields: { name: "Kitchen" } });
  const token = /sb_pat_[A-Za-z0-9_-]{43}/.exec(made.html)![0];
  const tools = await toolsOf(gateway, token);
  assert(tools.includes("github_read_issue") && !tools.includes("github_create_issue"));
  assert(tools.every((name) => name.startsWith("github_")), tools.join());
});

Deno.test("what a cookie has the page say is text, is said once, and never breaks the page", async () => {
  await using gateway = await openGateway();
  const person = await signedIn(gateway);
  const hostile = `"><img src=x onerror=alert(1)><script>alert(2)</script>`;
  const at = Date.UTC(2026, 10, 27, 14, 5);
  const sayings = [
    { kind: "ended", values: { app: hostile }, at },
    { kind: "revoked", values: { provider: hostile, account: hostile, time: hostile }, at },
    { kind: "connected", values: {}, at },
    JSON.parse(`{"kind":"ended","values":{"__proto__":"x","app":"{time}"},"at":8.64e15}`),
    { kind: "gone", values: { app: "x" }, at: -8.64e15 },
  ];
  for (const said of sayings) {
    const cookie = `${person.cookie}; sb_said=${encodeURIComponent(JSON.stringify(said))}`;
    const page = await send(gateway.url, { cookie });
    assertEquals(page.status, 200, said.kind);
    assertStringIncludes(page.text, 'role="status"');
    assert(!/<img|<script/.test(withoutOwn(page.text)), said.kind);
    const forgets = page.headers.getSetCookie().filter((set) => set.startsWith("sb_said=;"));
    assertEquals(forgets.length, 1, "the browser is told to forget it");
  }
  for (const text of ["%", "{}", "null", JSON.stringify({ kind: "saved", values: {}, at })]) {
    const cookie = `${person.cookie}; sb_said=${encodeURIComponent(text)}`;
    const page = await send(gateway.url, { cookie });
    assertEquals([page.status, page.text.includes('role="status"')], [200, false], text);
  }
});

Deno.test("nobody's page leads to a sign-in and back, and an address at which there is nothing is a page", async () => {
  await using gateway = await openGateway();
  const you = await send(`${gateway.url}/you`);
  assertEquals(you.status, 401);
  assertStringIncludes(you.text, 'href="/sign-in?return_to=%2Fyou"');
  for (const path of ["/nothing", "/dashboard/nothing", "/auth", "/%00"]) {
    const page = await fetch(gateway.url + path, { headers: { Accept: NAVIGATION } });
    const text = await page.text();
    assertEquals(page.status, 404, path);
    assertStringIncludes(text, "There is nothing here");
    assertMatch(page.headers.get("Content-Security-Policy")!, /default-src 'none'/);
    const program = await fetch(gateway.url + path, { headers: { Accept: "application/json" } });
    assertEquals([program.status, (await program.json()).error], [404, "not_found"], path);
  }
});
