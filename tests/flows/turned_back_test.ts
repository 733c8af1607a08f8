/**
 * However a sign-in ends, whoever began it hears of it: the app at its
 * `return_to`, with nothing in the address that a provider, or whoever shaped
 * the answer, could have put there; the person on a page, in true words.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { send } from "../support/attacks.ts";
import { Browser } from "../support/browser.ts";
import { signInForm } from "../support/emulators.ts";
import { failing, type Faults } from "../support/failing_store.ts";
import { type Fault, faultyFetch } from "../support/faulty_fetch.ts";
import { call, type Gateway, startGateway, USER } from "../support/gateway.ts";
import { snapshot } from "../support/snapshot.ts";

const BACK = "https://app.example.com/connected";
const isCallback = (url: string) => url.includes("/callback/");
const isBack = (url: string) => url.startsWith(BACK);

/** A link is confirmed and the provider has answered; the callback is not opened. */
async function upToCallback(gateway: Gateway, body: Record<string, unknown> = {}) {
  const browser = new Browser();
  const link = await gateway.api("/links", {
    body: { user_id: USER, service: "calendar", ...body },
  });
  assertEquals(link.status, 200, link.text);
  const signIn = await browser.submit(await browser.open(link.json.url));
  const page = await browser.submit(signIn, { form: signInForm(signIn), until: isCallback });
  return { browser, callback: new URL(page.url), link: link.json.url as string };
}

function answered(callback: URL, params: Record<string, string>): string {
  const url = new URL(callback);
  url.searchParams.delete("code");
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value);
  return url.href;
}

/** What an end is made of, and what the app hears. */
const ENDS: Record<
  string,
  { answer?: Record<string, string>; fault?: [string, Fault]; hears: string }
> = {
  "the person says no": { answer: { error: "access_denied" }, hears: "access_denied" },
  "the person says no, and the code is there and empty": {
    answer: { error: "access_denied", code: "" },
    hears: "access_denied",
  },
  "LinkedIn's no to the sign-in": {
    answer: { error: "user_cancelled_login" },
    hears: "access_denied",
  },
  "LinkedIn's no to the consent": {
    answer: { error: "user_cancelled_authorize" },
    hears: "access_denied",
  },
  "the provider has a fault": { answer: { error: "server_error" }, hears: "provider_error" },
  "the provider has words of its own": { answer: { error: "1349048" }, hears: "provider_error" },
  "the code is refused": { answer: { code: "made-up" }, hears: "provider_error" },
  "the provider gives no usable answer": {
    fault: ["/oauth2/token", () => new Response("<html>", { status: 502 })],
    hears: "provider_error",
  },
  "the provider does not say whose account it is": {
    fault: ["/oauth2/v2/userinfo", () => Response.json({})],
    hears: "provider_error",
  },
};

for (const [end, { answer, fault, hears }] of Object.entries(ENDS)) {
  for (
    const [how, env, body] of [
      ["the link's return_to", { RETURN_URLS: BACK }, { return_to: BACK }],
      ["the key's default", { RETURN_TO: `voice=${BACK}` }, {}],
    ] as const
  ) {
    Deno.test(`the app hears at ${how} that ${end}`, async () => {
      const faults = faultyFetch();
      await using gateway = await startGateway({ env, fetch: faults.fetch });
      const { browser, callback, link } = await upToCallback(gateway, body);
      if (fault !== undefined) faults.on(...fault);
      const url = answer === undefined ? callback.href : answered(callback, answer);
      const { url: back } = await browser.open(url, isBack);
      const { searchParams } = new URL(back);
      assert(isBack(back), back);
      assertEquals(searchParams.get("error"), hears);
      assertEquals(searchParams.get("service"), "calendar");
      const others = [...searchParams.keys()].filter((name) =>
        !["error", "service", "access"].includes(name)
      );
      assertEquals(others, []);
      assertEquals(await snapshot(gateway.kv, ["connections"]), []);
      assertEquals(await snapshot(gateway.kv, ["handoffs"]), []);
      // It ended: the same answer is no end any more.
      assertEquals(new URL((await browser.open(url)).url).origin, gateway.url);
      // And the app may send the person on with the link that it has.
      faults.reset();
      const signIn = await browser.submit(await browser.open(link));
      const done = await browser.submit(signIn, { form: signInForm(signIn), until: isBack });
      assert(done.url.startsWith(`${BACK}?code=`), done.url);
    });
  }
}

Deno.test("nothing of the provider's answer gets into the address that the app is called at", async () => {
  await using gateway = await startGateway({ env: { RETURN_URLS: `${BACK}?mine=1&code=own` } });
  const hostile = [
    "access_denied&code=stolen",
    "access_denied#code=stolen",
    "https://evil.example/",
    "//evil.example",
    "<script>alert(1)</script>",
    "access_denied\r\nSet-Cookie: a=b",
    "ACCESS_DENIED",
    "__proto__",
    "x".repeat(4000),
  ];
  for (const text of hostile) {
    const { browser, callback } = await upToCallback(gateway, {
      return_to: `${BACK}?mine=1&code=own`,
    });
    const url = answered(callback, {
      error: text,
      error_description: text,
      error_uri: text,
      return_to: "https://evil.example/",
      service: text,
      access: text,
    });
    const back = await browser.open(url, isBack);
    assertEquals(back.url, `${BACK}?mine=1&error=provider_error&service=calendar`);
    assertEquals(back.headers.getSetCookie(), []);
  }
});

Deno.test("a state or a browser that is not the right one is never sent anywhere", async () => {
  await using gateway = await startGateway({ env: { RETURN_TO: `voice=${BACK}` } });
  const { callback } = await upToCallback(gateway);
  const stranger = await new Browser().open(`${gateway.url}/sign-in`);
  const cookie = stranger.headers.getSetCookie()[0]!.split(";")[0]!;
  const before = await snapshot(gateway.kv);
  for (const error of ["access_denied", "server_error"]) {
    const url = answered(callback, { error });
    const other = new URL(url);
    other.searchParams.set("state", "A".repeat(43));
    const long = new URL(url);
    long.searchParams.set("state", "A".repeat(5000));
    const without = new URL(url);
    without.searchParams.delete("state");
    const elsewhere = url.replace("/callback/google", "/callback/github");
    for (const href of [url, other.href, long.href, without.href, elsewhere]) {
      for (const headers of [{}, { cookie }]) {
        const { status, location } = await send(href, headers);
        assert(status === 400 || status === 403, `${status}`);
        assertEquals(location, null);
      }
    }
  }
  assertEquals(await snapshot(gateway.kv), before);
});

Deno.test("each of a provider's errors is told in true words, and one without a state too", async () => {
  await using gateway = await startGateway();
  const words: Record<string, string> = {
    user_cancelled_login: "Google was not connected, as you chose.",
    consent_required: "Google did not ask you, and needs your answer",
    login_required: "Google did not ask you, and needs your answer",
    interaction_required: "Google did not ask you, and needs your answer",
    temporarily_unavailable: "Google could not finish the sign-in at the moment",
    server_error: "Google could not finish the sign-in at the moment",
    invalid_scope: "Google refused to finish the sign-in.",
  };
  for (const [error, says] of Object.entries(words)) {
    const { browser, callback } = await upToCallback(gateway);
    const { html } = await browser.open(answered(callback, { error }));
    assertStringIncludes(html, says);
    assertStringIncludes(html, "Try again");
    // That the person said no needs no reason.
    const reason = error === "user_cancelled_login" ? "" : `Reason: ${error}`;
    assertEquals(/Reason: \w+/.exec(html)?.[0] ?? "", reason);
  }
  const stateless = await new Browser().open(`${gateway.url}/callback/google?error=access_denied`);
  assertEquals(stateless.status, 400);
  assertStringIncludes(stateless.html, "does not say which sign-in it belongs to");
});

Deno.test("a code of 8 KB is taken to the provider, and a longer one is not", async () => {
  const codes: (string | null)[] = [];
  const faults = faultyFetch();
  await using gateway = await startGateway({ fetch: faults.fetch });
  faults.on("/oauth2/token", async (request) => {
    codes.push(new URLSearchParams(await request.text()).get("code"));
    return Response.json({ error: "invalid_grant" }, { status: 400 });
  });
  const { browser, callback } = await upToCallback(gateway);
  const long = await browser.open(answered(callback, { code: "c".repeat(8 * 1024 + 1) }));
  assertStringIncludes(long.html, "a code that is too long");
  const code = "c".repeat(8 * 1024);
  await browser.open(answered(callback, { code }));
  assertEquals(codes, [code]);
});

Deno.test("a link that was withdrawn on the way is a page, whatever the provider answered", async () => {
  await using gateway = await startGateway({ env: { RETURN_URLS: BACK } });
  const { browser, callback } = await upToCallback(gateway, { return_to: BACK });
  await gateway.restart({ RETURN_URLS: "https://new.example.com/" });
  const page = await browser.open(answered(callback, { error: "access_denied" }));
  assertEquals([page.status, page.url.startsWith(gateway.url)], [403, true]);
  assertStringIncludes(page.html, "may not be used any more");
});

Deno.test("a store that is out when a sign-in comes back is a page that says to try again", async () => {
  const points: Faults = new Map();
  await using gateway = await startGateway({ store: (store) => failing(store, points) });
  const { browser, callback } = await upToCallback(gateway);
  points.set("links.take", 1);
  assertEquals((await browser.open(callback.href)).status, 503);
});

Deno.test("a sign-in to the gateway itself leads to no app", async () => {
  await using gateway = await startGateway({
    env: { SIGN_IN_ALLOW: "*", RETURN_TO: `voice=${BACK}` },
  });
  const browser = new Browser();
  const page = await browser.open(`${gateway.url}/sign-in`);
  const form = page.forms.find(({ action }) => action === "/sign-in/google")!;
  const signIn = await browser.submit(page, { form });
  const { url } = await browser.submit(signIn, { form: signInForm(signIn), until: isCallback });
  const denied = await browser.open(answered(new URL(url), { error: "access_denied" }));
  assertEquals([denied.status, denied.url.startsWith(gateway.url)], [403, true]);
});

Deno.test("the link of an error of a tool leads back to the app, too, when it fails", async () => {
  await using gateway = await startGateway({ env: { RETURN_TO: `voice=${BACK}` } });
  const { json } = await gateway.mcp(call("calendar_list_events"));
  const browser = new Browser();
  const signIn = await browser.submit(
    await browser.open(json.result.structuredContent.connect_url),
  );
  const { url } = await browser.submit(signIn, { form: signInForm(signIn), until: isCallback });
  const back = await browser.open(answered(new URL(url), { error: "access_denied" }), isBack);
  assertEquals(back.url, `${BACK}?error=access_denied&service=calendar`);
});
