/** The two cookies: what a browser is told to do with them, and what of them is believed. */

import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { type Context, Hono } from "hono";
import { digest, randomSecret } from "../../../broker/core/secrets.ts";
import {
  browserOf,
  ensureBrowser,
  formToken,
  requireOwnForm,
} from "../../../routes/http/browser_cookie.ts";
import { clearSession, sessionSecret, setSession } from "../../../routes/http/session_cookie.ts";
import type { AppDeps } from "../../../routes/http/deps.ts";

/** What a handler makes of a request; its answer is what it returned. */
async function on(
  handle: (c: Context) => string | undefined | void,
  headers: Record<string, string> = {},
) {
  const app = new Hono();
  app.onError((error, c) => c.text(`refused: ${JSON.stringify(error)}`));
  app.all("*", (c) => c.text(handle(c) ?? "nothing"));
  const response = await app.request("/", { method: "POST", headers });
  return { said: await response.text(), cookie: response.headers.get("Set-Cookie") ?? "" };
}

function depsOf(secure: boolean) {
  return { secure } as AppDeps;
}

Deno.test("no script reads the browser's cookie, and over https no other host sets it", async () => {
  const open = await on((c) => ensureBrowser(c, false));
  assertEquals(
    open.cookie,
    `sb_browser=${open.said}; Max-Age=900; Path=/; HttpOnly; SameSite=Lax`,
  );
  const closed = await on((c) => ensureBrowser(c, true));
  assertEquals(
    closed.cookie,
    `__Host-sb_browser=${closed.said}; Max-Age=900; Path=/; HttpOnly; Secure; SameSite=Lax`,
  );
});

Deno.test("no script reads the cookie of a person, over https no other host sets it, and it is taken away whole", async () => {
  const set = async (secure: boolean) =>
    (await on((c) => setSession(c, depsOf(secure), "s"))).cookie;
  assertMatch(await set(false), /^sb_session=s; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Lax$/);
  assertMatch(
    await set(true),
    /^__Host-sb_session=s; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  );
  const cleared = async (secure: boolean) =>
    (await on((c) => clearSession(c, depsOf(secure)))).cookie;
  assertEquals(await cleared(false), "sb_session=; Max-Age=0; Path=/");
  assertEquals(await cleared(true), "__Host-sb_session=; Max-Age=0; Path=/; Secure");
});

Deno.test("over https a cookie that another host could have set is not this browser's, nor anybody's", async () => {
  const secret = randomSecret();
  const planted = { Cookie: `sb_browser=${secret}; sb_session=${secret}` };
  const own = { Cookie: `__Host-sb_browser=${secret}; __Host-sb_session=${secret}` };
  const browser = (secure: boolean) => (c: Context) => browserOf(c, secure);
  const session = (secure: boolean) => (c: Context) => sessionSecret(c, depsOf(secure));
  for (const read of [browser, session]) {
    assertEquals((await on(read(true), planted)).said, "nothing");
    assertEquals((await on(read(true), own)).said, secret);
    assertEquals((await on(read(false), planted)).said, secret);
  }
});

Deno.test("a browser's secret is one that was made here, or it gets another one", async () => {
  const secret = randomSecret();
  const kept = await on((c) => ensureBrowser(c, false), { Cookie: `sb_browser=${secret}` });
  assertEquals(kept.said, secret);
  for (const planted of ["x", "known-to-an-attacker", secret.slice(1), `${secret}0`]) {
    const { said } = await on((c) => ensureBrowser(c, false), { Cookie: `sb_browser=${planted}` });
    assertNotEquals(said, planted);
  }
});

Deno.test("a form is taken of the browser that was shown it alone, and of none that has no cookie", async () => {
  const publicUrl = "https://sb.example";
  const [mine, other] = [randomSecret(), randomSecret()];
  const send = async (browser: string | undefined, token: unknown, headers = {}) => {
    const form = { browser, purpose: "connect", token };
    return (await on((c) => requireOwnForm(c, publicUrl, form), headers)).said;
  };
  assertEquals(await send(mine, formToken(mine, "connect")), mine);
  const forged: [string | undefined, unknown][] = [
    [mine, formToken(other, "connect")],
    [mine, formToken(mine, "disconnect")],
    [mine, undefined],
    // What anybody can work out.
    [undefined, digest("connect:undefined")],
    [undefined, undefined],
  ];
  for (const [browser, token] of forged) {
    assert((await send(browser, token)).startsWith("refused"), String(token));
  }
  for (const headers of [{ Origin: "https://evil.example" }, { "Sec-Fetch-Site": "same-site" }]) {
    assert((await send(mine, formToken(mine, "connect"), headers)).startsWith("refused"));
  }
});
