/**
 * Why a connect came to nothing: the log and the person's record say it, under the id that the page
 * showed, and hold no word of the provider's beside its code.
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { MOST_STEPS, standingOf, withStep } from "../../broker/core/connect_trail.ts";
import { Browser } from "../support/browser.ts";
import { openGateway, signedIn } from "../support/attacks.ts";
import { ADAS, startKeyServer } from "../support/key_server.ts";
import { startZoo } from "../support/zoo.ts";
import { PERSON, signInForm } from "../support/emulators.ts";
import { type Fault, faultyFetch } from "../support/faulty_fetch.ts";
import { type Gateway, startGateway, USER } from "../support/gateway.ts";

const OPERATORS = `github:${PERSON.email}`;
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
    const kept = await gateway.activity.trail(reference!);
    assertEquals(
      kept!.steps.map(({ step, error }) => error ?? step),
      lines.map(({ step, error }) => error ?? step),
      "the record of that connect, found by the reference",
    );
    assertEquals([kept!.id, kept!.steps.at(-1)!.requestId], [lines[0]!.connect_id, reference]);
    const line = JSON.parse(gateway.requests.at(-1)!);
    assertEquals(line.request_id, reference);
    assertMatch(line.error, /^(provider_refused|not_keepable|provider_unavailable)$/);
  }
  const { trails } = await gateway.activity.trails(`voice:${USER}`);
  assertEquals(trails.length, Object.keys(FAILURES).length);
  const all = JSON.stringify([
    ...[gateway.world.events, gateway.requests, await entries(gateway), trails],
  ]);
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
  await gateway.broker.idle();
  const { trails: [kept] } = await gateway.activity.trails(`voice:${USER}`);
  const made = gateway.requests.map((line) => JSON.parse(line))
    .find(({ route }) => route === "/links");
  assertEquals([kept!.id, kept!.steps[0]!.requestId], [id, made.request_id]);
  assertEquals(kept!.steps.map(({ step }) => step), lines.map(({ step }) => step));
  assertEquals([standingOf(kept!), kept!.actor?.id], ["done", "voice"]);
  // Opened again it says that it was done, which is no failure.
  await browser.open(link);
  assertEquals((await entries(gateway)).map(({ what }) => what), ["connected"]);
});

Deno.test("what an app hands over has its trail, by the request that brought it", async () => {
  await using acme = startKeyServer();
  await using zoo = startZoo();
  const env = {
    PROVIDERS: JSON.stringify([acme.spec, zoo.spec]),
    ZOO_CLIENT_ID: "zoo-client",
    ZOO_CLIENT_SECRET: "zoo-secret",
  };
  await using gateway = await startGateway({ env });
  const wrong = "key_planted_0123456789";
  const brought = async (path: string, body: unknown) => {
    const { headers, json } = await gateway.api(path, { body });
    await gateway.broker.idle();
    const { trails } = await gateway.activity.trails(`voice:${USER}`);
    const requestId = headers.get("X-Request-Id")!;
    const own = trails.find(({ steps }) => steps.some((step) => step.requestId === requestId));
    for (const step of own?.steps ?? []) assertEquals(step.requestId, requestId);
    const logged = gateway.world.events.filter(({ event, connect_id }) =>
      event === "connect" && connect_id === own?.id
    );
    const said = own?.steps.map(({ step, error }) => error ?? step);
    assertEquals(logged.map(({ step, error }) => error ?? step), said ?? []);
    return { said, own, requestId, json };
  };
  const key = (key: string) => brought("/connections", { user_id: USER, service: "acme", key });
  assertEquals((await key(ADAS)).said, ["received", "checked", "connected"]);
  const refused = await key(wrong);
  assertEquals(refused.said, ["received", "key_refused"]);
  assertEquals((await gateway.activity.trail(refused.requestId))?.id, refused.own!.id);
  const [entry] = await entries(gateway);
  assertEquals([entry!.what, entry!.outcome, entry!.requestId, entry!.actor.id], [
    ...["connect_failed", "key_refused"],
    refused.requestId,
    "voice",
  ]);
  assertEquals((await key("?")).said, ["received", "key_malformed"]);
  acme.answer = () => new Response("down", { status: 502 });
  assertEquals((await key(ADAS)).said, ["received", "provider_unavailable"]);

  const { access_token, refresh_token } = zoo.issue();
  const item = { service: "zoo", user_id: USER, access_token, refresh_token, expires_in: 3600 };
  const imported = (more: object) => brought("/connections/import", [{ ...item, ...more }]);
  const none = await imported({ verify: "none" });
  assertEquals(none.said, ["received", "invalid_request"], JSON.stringify(none.json));
  const done = await imported({ account: { id: "lion_1" }, verify: "none" });
  assertEquals(done.said, ["received", "connected"], JSON.stringify(done.json));
  const again = await imported({ account: { id: "lion_1" }, verify: "none" });
  assertEquals([again.json.results[0].status, again.said], ["unchanged", undefined]);
  const all = JSON.stringify([
    gateway.world.events,
    await gateway.activity.trails(`voice:${USER}`),
    await entries(gateway),
  ]);
  for (const secret of ["planted", ADAS, access_token, refresh_token]) {
    assert(!all.includes(String(secret)));
  }
});

Deno.test("an operator sees by the reference of a page what came of each step, why, and the cure", async () => {
  const faults = faultyFetch();
  await using gateway = await openGateway({ fetch: faults.fetch, env: { OPERATORS } });
  const { browser, callback } = await upToCallback(gateway);
  faults.on("/oauth2/token", refusal("invalid_client"));
  const { html } = await browser.open(callback.href);
  faults.reset();
  const reference = /Reference ([\w-]+)/.exec(html)![1]!;
  await gateway.broker.idle();
  const operator = await signedIn(gateway);
  const look = (said: string, who: Browser = operator.browser) =>
    who.open(`${gateway.url}/console/people?${new URLSearchParams({ reference: said })}`);
  // As it was read out, or copied with what stands around it.
  for (const said of [reference, `Reference ${reference.toUpperCase()}.`]) {
    const page = await look(said);
    const at = ["The link was made", "The link was opened", "Sent on to Google", "invalid_client"]
      .map((words) => page.html.indexOf(words));
    assert(at.every((each, n) => each > (at[n - 1] ?? 0)), `in their order: ${at}`);
    assert(page.html.includes("The client id or the client secret is wrong: Google refuses them."));
    assert(page.html.includes(reference) && page.html.includes(USER));
    assertEquals(page.headers.get("Cache-Control"), "no-store");
  }
  const german = await fetch(`${gateway.url}/console/people?reference=${reference}`, {
    headers: { "Cookie": operator.cookie, "Accept-Language": "de" },
  });
  assert((await german.text()).includes("Client-ID oder Client-Secret ist falsch"));
  // Another one than that, whatever it ends in.
  const other = reference.slice(0, -1) + (reference.endsWith("0") ? "1" : "0");
  const nothing = await look(`<b>${other}`);
  assert(nothing.html.includes("No connect of the last 30 days") && !nothing.html.includes("<b>"));
  const person = await operator.browser.open(
    `${gateway.url}/console/people?realm=voice&id=${USER}`,
  );
  assert(person.html.includes("Came back from Google") && person.html.includes(reference));
  // Whoever is no operator learns nothing, not even that there is something to be asked.
  assert(!(await look(reference, new Browser())).html.includes(USER));
});

Deno.test("whoever opens a link again and again writes no more than some steps, and hides no end", () => {
  const of = { id: "c-0123456789", subject: `voice:${USER}` as const, provider: "google" };
  const note = (at: number, step: "link_opened" | "failed" | "came_back" | "connected") => ({
    ...of,
    taken: { at, step, requestId: `r${at}` },
  });
  let trail = withStep(undefined, note(0, "link_opened"));
  for (let at = 1; at <= 500; at++) trail = withStep(trail, note(at, "link_opened"));
  assertEquals([trail.steps.length, trail.steps[0]!.times], [1, 100]);
  assert(withStep(trail, note(501, "link_opened")) === trail, "nothing more is written");
  for (let at = 600; at < 700; at++) trail = withStep(trail, note(at, "failed"));
  assertEquals(trail.steps.length, MOST_STEPS);
  assert(withStep(trail, note(701, "failed")) === trail, "nothing more is written");
  trail = withStep(trail, note(702, "connected"));
  assertEquals([trail.steps.length, standingOf(trail)], [MOST_STEPS, "done"]);
  // What another process noted comes to its place.
  const late = withStep(withStep(undefined, note(9, "connected")), note(5, "came_back"));
  assertEquals(late.steps.map(({ step }) => step), ["came_back", "connected"]);
});
