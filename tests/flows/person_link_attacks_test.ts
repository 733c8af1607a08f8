/**
 * Links of people who sign in, forwarded to other people: at every step the
 * browser must have the session of the person whose link it is.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  cookieOf,
  obtainTokens,
  openGateway,
  type Person,
  send,
  signedIn,
  withToken,
} from "../support/attacks.ts";
import { call, type Gateway } from "../support/gateway.ts";
import { newClient } from "../support/mcp_client.ts";
import { snapshot } from "../support/snapshot.ts";
import {
  browserCookie,
  confirmAt,
  openAt,
  startTwo,
  throughProvider,
} from "../support/two_gateways.ts";

/** The link that a tool gives to a signed-in person who has not connected. */
async function linkOf(gateway: Gateway, person: Person): Promise<string> {
  const { access_token } = await obtainTokens(gateway, await newClient(gateway), person);
  const answer = await withToken(gateway, access_token, call("github_list_repositories"));
  return answer.json.result.structuredContent.connect_url;
}

/** Confirms a person's own link in their own browser, and comes as far as the callback. */
async function underway(
  gateway: Gateway,
  person: Person,
): Promise<{ browser: string; callback: string }> {
  const browser = await browserCookie(gateway);
  const setOut = await confirmAt(gateway, await linkOf(gateway, person), browser, person.cookie);
  assertEquals(setOut.status, 303, setOut.text);
  return { browser, callback: gateway.url + await throughProvider(setOut.location) };
}

/** Signs out, by the button of a person's own page. */
async function signOut(gateway: Gateway, person: Person, fields = {}): Promise<void> {
  const { home, cookie, browser } = person;
  const you = await browser.follow(home, "/you");
  const form = you.forms.find(({ action }) => action === "/sign-out")!.fields;
  const { status } = await send(`${gateway.url}/sign-out`, {
    cookie,
    form: { ...form, ...fields },
  });
  assertEquals(status, 303);
}

async function assertNothing(gateway: Gateway, before: unknown): Promise<void> {
  assertEquals(await snapshot(gateway.kv), before);
  for await (const { key } of gateway.records.list({ prefix: ["connections"] })) {
    throw new Error(`There is a connection: ${key}`);
  }
}

Deno.test("a person's state in another person's browser connects nothing, cookie planted or not", async () => {
  await using gateway = await openGateway();
  const [mallory, bob] = [await signedIn(gateway), await signedIn(gateway, "google")];
  const { browser, callback } = await underway(gateway, mallory);
  const before = await snapshot(gateway.kv);
  const bobs = await browserCookie(gateway);
  for (
    const [cookie, says] of [
      // Bob's own browser: the link's trip was not begun there.
      [`${bobs}; ${bob.cookie}`, "another browser"],
      // Mallory has planted her cookie of the trip, and cannot plant her session.
      [`${browser}; ${bob.cookie}`, "for another person"],
      [browser, "Sign in first<"],
    ] as const
  ) {
    const back = await send(callback, { cookie });
    assertStringIncludes(back.text, says);
    assertEquals(back.location, null);
    await assertNothing(gateway, before);
  }
  const done = await send(callback, { cookie: `${browser}; ${mallory.cookie}` });
  assertStringIncludes(done.text, "✓ GitHub connected", "and nothing was used up");
});

for (const everywhere of ["no", "yes"]) {
  Deno.test(`a person who signs out on the way connects nothing, everywhere: ${everywhere}`, async () => {
    await using gateway = await openGateway();
    const alice = await signedIn(gateway);
    const { browser, callback } = await underway(gateway, alice);
    await signOut(gateway, alice, { everywhere });
    const before = await snapshot(gateway.kv);
    const back = await send(callback, { cookie: `${browser}; ${alice.cookie}` });
    assertEquals([back.status, back.location], [401, null]);
    await assertNothing(gateway, before);
    // Another person at the same machine.
    const bob = await signedIn(gateway, "google");
    const as = (person: Person) => send(callback, { cookie: `${browser}; ${person.cookie}` });
    assertStringIncludes((await as(bob)).text, "for another person");
    // It is bound to who it is, and not to when they signed in.
    assertStringIncludes((await as(await signedIn(gateway))).text, "✓ GitHub connected");
  });
}

Deno.test("what was begun on a person's own page comes back to that person alone", async () => {
  await using gateway = await openGateway();
  const [alice, bob] = [await signedIn(gateway), await signedIn(gateway, "google")];
  const form = alice.home.forms.find(({ action, fields }) =>
    action === "/dashboard/connect" && fields.service === "github"
  )!;
  const setOut = await send(`${gateway.url}/dashboard/connect`, {
    cookie: alice.cookie,
    form: form.fields,
  });
  const browser = cookieOf(setOut, "sb_browser");
  const callback = gateway.url + await throughProvider(setOut.location);
  const before = await snapshot(gateway.kv);
  for (const cookie of [browser, `${browser}; ${bob.cookie}`]) {
    assertEquals((await send(callback, { cookie })).location, null);
    await assertNothing(gateway, before);
  }
  const done = await send(callback, { cookie: `${browser}; ${alice.cookie}` });
  assertEquals([done.status, done.location], [303, "/"]);
  const said = cookieOf(done, "sb_said");
  const home = await send(gateway.url, { cookie: `${alice.cookie}; ${said}` });
  assertStringIncludes(home.text, "✓ GitHub connected");
  assertStringIncludes(home.text, "Connected as <strong>octocat<");
});

Deno.test("people of a sign-in provider that was removed are not taken for an app's users", async () => {
  await using two = await startTwo({
    env: { SIGN_IN_ALLOW: "*" },
    is: { GOOGLE_CLIENT_ID: "", GOOGLE_CLIENT_SECRET: "" },
  });
  const { before, after } = two;
  const [mallory, bob] = [await signedIn(before, "google"), await signedIn(before)];
  const link = await linkOf(before, mallory);
  assert(new URL(link).pathname === "/auth/github", link);
  const { browser, callback } = await underway(before, mallory);
  const untouched = await snapshot(before.kv);
  for (const session of [undefined, bob.cookie, mallory.cookie]) {
    const cookie = session === undefined ? browser : `${browser}; ${session}`;
    const steps = {
      opened: await openAt(after, link, session),
      confirmed: await confirmAt(after, link, browser, session),
      "came back": await send(after.url + callback.slice(before.url.length), { cookie }),
    };
    for (const [step, { status, location, text }] of Object.entries(steps)) {
      assertEquals([status, location], [403, null], `${step}: ${text}`);
      assertStringIncludes(text, "This link may not be used any more<");
    }
    await assertNothing(before, untouched);
  }
  const whys = after.world.events.flatMap(({ event, why }) =>
    event === "link_withdrawn" ? why : []
  );
  assertEquals(new Set(whys), new Set(["unknown_realm"]));
});

Deno.test("nor does a tool make links for them: their clients' access has ended", async () => {
  await using two = await startTwo({
    env: { SIGN_IN_ALLOW: "*" },
    is: { GOOGLE_CLIENT_ID: "", GOOGLE_CLIENT_SECRET: "" },
  });
  const { before, after } = two;
  const person = await signedIn(before, "google");
  const { access_token } = await obtainTokens(before, await newClient(before), person);
  const { status, text } = await withToken(after, access_token, call("github_list_repositories"));
  assertEquals([status, text.includes("/auth/")], [401, false], text);
});
