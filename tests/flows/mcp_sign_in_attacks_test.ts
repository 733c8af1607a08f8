import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { randomSecret } from "../../broker/core/secrets.ts";
import { formToken } from "../../routes/http/browser_cookie.ts";
import { callbackOf, cookieOf, openGateway, send, signedIn } from "../support/attacks.ts";
import { Browser } from "../support/browser.ts";
import { signInForm } from "../support/emulators.ts";
import { faultyFetch } from "../support/faulty_fetch.ts";
import { type Gateway } from "../support/gateway.ts";

/** Signs in with a `return_to`; nothing is opened that is neither the gateway nor its provider. */
async function landing(gateway: Gateway, returnTo: string): Promise<string> {
  const browser = new Browser();
  const known = [gateway.url, ...Object.values(gateway.emulators)];
  const until = (url: string) => !known.includes(new URL(url).origin);
  const query = new URLSearchParams({ return_to: returnTo });
  const page = await browser.open(`${gateway.url}/sign-in?${query}`, until);
  const form = page.forms.find(({ action }) => action === "/sign-in/github")!;
  const atProvider = await browser.submit(page, { form, until });
  return (await browser.submit(atProvider, { form: signInForm(atProvider), until })).url;
}

Deno.test("open redirect: return_to never leaves this site", async () => {
  await using gateway = await openGateway();
  const { host } = new URL(gateway.url);
  const targets = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "https://evil.example",
    "https:evil.example",
    "HTTPS://evil.example",
    "%2f%2fevil.example",
    "/%2f%2fevil.example",
    "/%5cevil.example",
    "//evil.example/%2f..",
    "/.//evil.example",
    "/%2e//evil.example",
    "/x/..//evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    `//${host}@evil.example`,
    `//${host}.evil.example`,
    `${gateway.url}@evil.example`,
    `//evil.example\\@${host}`,
    "//evil.example#/",
    "",
    " //evil.example",
    `/${"x".repeat(9000)}`,
  ];
  for (const target of targets) {
    const { origin, pathname } = new URL(await landing(gateway, target));
    assertEquals(origin, gateway.url, target);
    assert(!pathname.startsWith("//"), target);
  }
  assertEquals(await landing(gateway, "/sign-in?x=1"), `${gateway.url}/sign-in?x=1`);
});

Deno.test("state replay: of two answers with one state at the same moment one reaches the provider", async () => {
  const faults = faultyFetch();
  let looking = 0;
  const together = Promise.withResolvers<void>();
  await using gateway = await openGateway({
    fetch: faults.fetch,
    store: (store) => ({
      ...store,
      pending: {
        ...store.pending,
        // Both have read what was begun before one of them takes it.
        async take(digest, version) {
          looking += 1;
          if (looking === 2) together.resolve();
          await together.promise;
          return await store.pending.take(digest, version);
        },
      },
    }),
  });
  const browser = new Browser();
  const callback = await callbackOf(gateway, browser, await browser.open(`${gateway.url}/sign-in`));
  // A provider that takes a code as often as it comes.
  const tokens = { access_token: "gho_again", token_type: "bearer" };
  faults.on("/login/oauth/access_token", () => Response.json(tokens));
  const pages = await Promise.all([1, 2].map(() => browser.open(callback, () => true)));
  assertEquals([looking, faults.count("/login/oauth/access_token")], [2, 1]);
  const refused = pages.filter(({ status }) => status === 400);
  assertEquals(refused.length, 1, pages.map(({ status }) => status).join());
});

Deno.test("open redirect: this very host before another host is no way out", async () => {
  await using gateway = await openGateway();
  const { host } = new URL(gateway.url);
  for (let depth = 1; depth <= 5; depth++) {
    for (const start of [`//${host}`, `/.//${host}`, `//${host}/.`]) {
      const target = `${start}${`//${host}`.repeat(depth - 1)}//evil.example/`;
      assertEquals(new URL(await landing(gateway, target)).origin, gateway.url, target);
    }
  }
});

Deno.test("open redirect: a return_to that was changed in the form stays here too", async () => {
  await using gateway = await openGateway();
  const browser = new Browser();
  const page = await browser.open(`${gateway.url}/sign-in`);
  const form = page.forms.find(({ action }) => action === "/sign-in/github")!;
  const fields = { return_to: "https://evil.example" };
  const atProvider = await browser.submit(page, { form, fields });
  const done = await browser.submit(atProvider, { form: signInForm(atProvider) });
  assertEquals(done.url, `${gateway.url}/`);
});

/** Signs in with a cookie that an attacker has planted; the cookies that the browser has then. */
async function signInWithPlanted(gateway: Gateway, planted: string) {
  const page = await send(`${gateway.url}/sign-in`, { cookie: planted });
  const own = cookieOf(page, "sb_browser");
  const cookie = `${planted}; ${own}`;
  const token = formToken(own.split("=")[1]!, "sign-in");
  const form = { return_to: "/", form_token: token };
  const { location } = await send(`${gateway.url}/sign-in/github`, { cookie, form });
  const provider = new Browser();
  const atProvider = await provider.open(location!);
  const until = (url: string) => url.startsWith(gateway.url);
  const back = await provider.submit(atProvider, { form: signInForm(atProvider), until });
  return cookieOf(await send(back.url, { cookie }), "sb_session");
}

Deno.test("session fixation: a planted session cookie is never kept", async () => {
  await using gateway = await openGateway();
  const attacker = await signedIn(gateway, "google");
  for (const planted of [`sb_session=${randomSecret()}`, attacker.cookie]) {
    const given = await signInWithPlanted(gateway, planted);
    assert(given !== planted);
    const victims = await send(gateway.url, { cookie: given });
    assertStringIncludes(victims.text, "Signed in as <strong>octocat<");
    const { text } = await send(gateway.url, { cookie: planted });
    assert(!text.includes("octocat"));
  }
});

Deno.test("session fixation: on https both cookies are __Host-, and others do not count", async () => {
  const env = { PUBLIC_URL: "https://sb.example", ALLOWED_HOSTS: "localhost" };
  await using gateway = await openGateway({ env });
  const secret = randomSecret();
  const planted = `sb_browser=${secret}; sb_session=${secret}`;
  const page = await send(`${gateway.url}/sign-in`, { cookie: planted });
  const cookie = cookieOf(page, "__Host-sb_browser");
  assert(!cookie.includes(secret));
  const form = { return_to: "/", form_token: formToken(secret, "sign-in") };
  const url = `${gateway.url}/sign-in/github`;
  assertEquals((await send(url, { cookie: planted, form })).status, 403);
  const own = { ...form, form_token: formToken(cookie.split("=")[1]!, "sign-in") };
  const { location } = await send(url, { cookie: `${planted}; ${cookie}`, form: own });
  const provider = new Browser();
  const atProvider = await provider.open(location!);
  const until = (to: string) => to.startsWith(env.PUBLIC_URL);
  const back = await provider.submit(atProvider, { form: signInForm(atProvider), until });
  const done = await send(back.url.replace(env.PUBLIC_URL, gateway.url), { cookie });
  const [set] = done.headers.getSetCookie().filter((text) => text.includes("sb_session"));
  assert(set!.startsWith("__Host-sb_session="));
  for (const flag of ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"]) {
    assertStringIncludes(set!, flag);
  }
  assert(!/domain/i.test(set!));
});

Deno.test("login CSRF: a callback is worth nothing in another browser", async () => {
  await using gateway = await openGateway();
  const attacker = new Browser();
  const page = await attacker.open(`${gateway.url}/sign-in`);
  const callback = await callbackOf(gateway, attacker, page, "google");
  const victim = await signedIn(gateway);
  for (const browser of [new Browser(), victim.browser]) {
    const refused = await browser.open(callback);
    assertEquals([refused.status, refused.url], [403, callback]);
    assertEquals(refused.headers.getSetCookie().filter((c) => c.startsWith("sb_session")), []);
  }
  assertStringIncludes(
    (await victim.browser.open(gateway.url)).html,
    "Signed in as <strong>octocat<",
  );
  assertStringIncludes(
    (await attacker.open(callback)).html,
    "Signed in as <strong>testuser@gmail.com<",
  );
  assertEquals((await attacker.open(callback)).status, 400);
});

Deno.test("login CSRF: another site cannot start a sign-in, nor end a session", async () => {
  await using gateway = await openGateway();
  const person = await signedIn(gateway);
  const page = await send(`${gateway.url}/sign-in`);
  const browser = cookieOf(page, "sb_browser");
  const cookie = `${browser}; ${person.cookie}`;
  const form_token = formToken(browser.split("=")[1]!, "sign-in");
  const attempts: [Record<string, string>, Record<string, string>][] = [
    [{}, {}],
    [{ form_token }, { Origin: "https://evil.example" }],
    [{ form_token }, { "Sec-Fetch-Site": "cross-site" }],
  ];
  for (const [form, headers] of attempts) {
    for (const path of ["/sign-in/github", "/sign-out"]) {
      const answer = await send(gateway.url + path, { cookie, form, headers });
      assertEquals([answer.status, answer.location], [403, null]);
    }
  }
  const home = await send(gateway.url, { cookie: person.cookie });
  assertStringIncludes(home.text, "Signed in as <strong>octocat<");
});

Deno.test("session: a sign-out takes the cookie away by the very name that it has", async () => {
  await using gateway = await openGateway();
  const { cookie, home, browser } = await signedIn(gateway);
  const you = await browser.follow(home, "/you");
  const { fields: form } = you.forms.find(({ action }) => action === "/sign-out")!;
  const answer = await send(`${gateway.url}/sign-out`, { cookie, form });
  assertEquals(answer.status, 303);
  const [set = "", ...others] = answer.headers.getSetCookie()
    .filter((each) => each.includes("sb_session"));
  assertEquals([others, set.startsWith("sb_session=;"), /Max-Age=0/i.test(set)], [[], true, true]);
});
