/**
 * Why a connect came to nothing: the log and the person's record say it, under the id that the page
 * showed, and hold no word of the provider's beside its code.
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { Browser } from "../support/browser.ts";
import { signInForm } from "../support/emulators.ts";
import { type Fault, faultyFetch } from "../support/faulty_fetch.ts";
import { type Gateway, startGateway, USER } from "../support/gateway.ts";

const PLANTED = "ya29.planted-secret";
const isCallback = (url: string) => url.includes("/callback/");

async function upToCallback(gateway: Gateway, browser = new Browser()) {
  const { json } = await gateway.api("/links", { body: { user_id: USER, service: "calendar" } });
  const signIn = await browser.submit(await browser.open(json.url));
  const page = await browser.submit(signIn, { form: signInForm(signIn), until: isCallback });
  return { browser, callback: new URL(page.url), link: json.url as string };
}

/** The lines of the trail that was begun last. */
function trail({ world: { events } }: Gateway) {
  const { connect_id } = events.findLast(({ event }) => event === "connect")!;
  return events.filter((event) => event.connect_id === connect_id);
}

async function entries(gateway: Gateway) {
  await gateway.broker.idle();
  return (await gateway.activity.page(`voice:${USER}`, { limit: 100 })).entries;
}

const refusal = (error: string): Fault => () =>
  Response.json({ error, error_description: PLANTED, token: PLANTED }, { status: 400 });

/** Each way in which the exchange of a code comes to nothing. */
const FAILURES: Record<string, [part: string, fault: Fault]> = {
  invalid_client: ["/oauth2/token", refusal("invalid_client")],
  invalid_grant: ["/oauth2/token", refusal("invalid_grant")],
  redirect_uri_mismatch: ["/oauth2/token", refusal("redirect_uri_mismatch")],
  unknown_error: ["/oauth2/token", refusal(`${PLANTED} is wrong`)],
  exchange_late: ["/oauth2/token", () => Promise.reject(new DOMException("x", "TimeoutError"))],
  exchange_lost: ["/oauth2/token", () => Promise.reject(new TypeError(`to ?code=${PLANTED}`))],
  exchange_unusable: ["/oauth2/token", () => new Response(`<p>${PLANTED}`, { status: 200 })],
  exchange_empty: ["/oauth2/token", () => Response.json({ refresh_token: PLANTED })],
  identify_failed: ["/oauth2/v2/userinfo", () => Response.json({ name: PLANTED })],
};

Deno.test("each failure of a code's exchange has its line and its entry, by the page's reference", async () => {
  const faults = faultyFetch();
  await using gateway = await startGateway({ fetch: faults.fetch });
  for (const [code, [part, fault]] of Object.entries(FAILURES)) {
    const { browser, callback } = await upToCallback(gateway);
    faults.on(part, fault);
    const page = await browser.open(callback.href);
    faults.reset();
    const lines = trail(gateway);
    assertEquals(
      lines.map(({ step, error }) => error ?? step),
      ["link_made", "link_opened", "set_out", "came_back", code],
      code,
    );
    for (const { subject, provider, actor } of lines) {
      assertEquals([subject, provider, actor], [`voice:${USER}`, "google", "app voice"]);
    }
    const [entry] = await entries(gateway);
    assertEquals([entry!.what, entry!.outcome, entry!.provider], [
      "connect_failed",
      code,
      "google",
    ]);
    const reference = /Reference ([\w-]+)/.exec(page.html)![1];
    assertEquals(entry!.requestId, reference);
    const line = JSON.parse(gateway.requests.at(-1)!);
    assertEquals(line.request_id, reference);
    assertMatch(line.error, /^(provider_refused|not_keepable|provider_unavailable)$/);
  }
  const all = JSON.stringify([gateway.world.events, gateway.requests, await entries(gateway)]);
  assert(!all.includes("planted"), all);
  for (const secret of gateway.world.secrets) assert(!all.includes(secret), secret);
});

Deno.test("each way back that does not fit has its line and its entry", async () => {
  await using gateway = await startGateway();
  const bent: Record<string, (trip: Awaited<ReturnType<typeof upToCallback>>) => Promise<unknown>> =
    {
      browser_mismatch: ({ callback }) => new Browser().open(callback.href),
      service_mismatch: ({ browser, callback }) =>
        browser.open(callback.href.replace("/callback/google", "/callback/github")),
      issuer_mismatch: ({ browser, callback }) => {
        callback.searchParams.set("iss", "https://evil.example");
        return browser.open(callback.href);
      },
      access_denied: ({ browser, callback }) => {
        callback.searchParams.delete("code");
        callback.searchParams.set("error", "access_denied");
        callback.searchParams.set("error_description", PLANTED);
        return browser.open(callback.href);
      },
      state_expired: async ({ browser, callback }) => {
        gateway.world.skew += 11 * 60_000;
        return await browser.open(callback.href);
      },
    };
  for (const [code, come] of Object.entries(bent)) {
    await come(await upToCallback(gateway));
    assertEquals(trail(gateway).at(-1)!.error, code);
    const [entry] = await entries(gateway);
    assertEquals([entry!.what, entry!.outcome], ["connect_failed", code]);
  }
  assert(!JSON.stringify([gateway.world.events, gateway.requests]).includes("planted"));
});

Deno.test("a state that nobody knows is a line of that request, and nobody's entry", async () => {
  await using gateway = await startGateway();
  await fetch(`${gateway.url}/callback/google?state=${PLANTED}&code=${PLANTED}`).then((response) =>
    response.body?.cancel()
  );
  const line = JSON.parse(gateway.requests.at(-1)!);
  assertEquals([line.route, line.error], ["/callback/:provider", "state_invalid"]);
  assertEquals(gateway.world.events.filter(({ event }) => event === "connect"), []);
  assert(!gateway.requests.join().includes("planted"));
});

Deno.test("a connect that works has its trail, too, and no entry that it failed", async () => {
  await using gateway = await startGateway();
  const { browser, callback, link } = await upToCallback(gateway);
  await browser.open(callback.href);
  const lines = trail(gateway);
  assertEquals(lines.map(({ step }) => step), [
    "link_made",
    "link_opened",
    "set_out",
    "came_back",
    "connected",
  ]);
  const id = String(lines[0]!.connect_id);
  assertMatch(id, /^c-[0-9a-v]{10}$/);
  assert(!link.includes(id) && !callback.href.includes(id), "it goes nowhere outside");
  // Opened again it says that it was done, which is no failure.
  await browser.open(link);
  assertEquals((await entries(gateway)).map(({ what }) => what), ["connected"]);
});
