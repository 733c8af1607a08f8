/**
 * Providers that answer with a form of their own site (`response_mode=form_post`): the browser
 * leaves our cookie out of it, so it is sent on from here. Nobody gets more out of that page than
 * they sent to it.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { LONGEST_CODE } from "../../broker/connect/callback.ts";
import { ANSWER_LIMIT } from "../../routes/people/callback.ts";
import { cookieOf, send } from "../support/attacks.ts";
import { Browser } from "../support/browser.ts";
import { signInForm } from "../support/emulators.ts";
import { faultyFetch } from "../support/faulty_fetch.ts";
import { type Gateway, startGateway, USER } from "../support/gateway.ts";
import { withoutOwn } from "../support/own_page.ts";
import { snapshot } from "../support/snapshot.ts";

const BACK = "https://app.example.com/connected";
/** As browsers mark a form that the provider's page submits. */
const FROM_PROVIDER = { "Origin": "https://provider.example", "Sec-Fetch-Site": "cross-site" };

/** As they mark the button of a page of ours. */
function fromHere({ url }: Gateway): Record<string, string> {
  return { "Origin": url, "Sec-Fetch-Site": "same-origin" };
}

async function upToAnswer(gateway: Gateway, more: Record<string, string> = {}) {
  const browser = new Browser();
  const body = { user_id: USER, service: "github", ...more };
  const { json } = await gateway.api("/links", { body });
  const confirm = await browser.open(json.url);
  const cookie = cookieOf(confirm, "sb_browser");
  const signIn = await browser.submit(confirm);
  const until = (url: string) => url.includes("/callback/");
  const { url } = await browser.submit(signIn, { form: signInForm(signIn), until });
  const { origin, pathname, searchParams } = new URL(url);
  return { cookie, address: origin + pathname, form: Object.fromEntries(searchParams) };
}

/** The only form of a page: where it leads, and what it sends. */
function relayed(html: string): { action: string; fields: Record<string, string> } {
  const [, action = ""] = /<form method="post" action="([^"]*)"/.exec(html) ?? [];
  const inputs = html.matchAll(/<input[^>]* type="hidden" name="([^"]*)" value="([^"]*)"/g);
  return {
    action,
    fields: Object.fromEntries([...inputs].map(([, name, value]) => [name, value])),
  };
}

Deno.test("an answer that comes as a form is sent on by the person, and connects", async () => {
  await using gateway = await startGateway();
  const { cookie, address, form } = await upToAnswer(gateway);
  const before = await snapshot(gateway.kv);
  const page = await send(address, { form, headers: FROM_PROVIDER });
  assertEquals([page.status, page.location], [200, null]);
  assertEquals(page.headers.getSetCookie(), []);
  assertStringIncludes(page.headers.get("Content-Security-Policy")!, "default-src 'none'");
  assertEquals(page.headers.get("Cache-Control"), "no-store");
  const { action, fields } = relayed(page.text);
  assertEquals([action, fields], ["/callback/github", form]);
  assertEquals(await snapshot(gateway.kv), before, "nothing is used up by it");
  const done = await send(gateway.url + action, {
    form: fields,
    cookie,
    headers: fromHere(gateway),
  });
  assertStringIncludes(done.text, "✓ GitHub connected");
  const again = await send(gateway.url + action, { form, cookie, headers: fromHere(gateway) });
  assertStringIncludes(again.text, "This is done already");
});

Deno.test("a person who said no by a form goes back to the app as well", async () => {
  await using gateway = await startGateway({ env: { RETURN_URLS: BACK } });
  const { cookie, address, form: { state } } = await upToAnswer(gateway, { return_to: BACK });
  const form = { state: state!, error: "access_denied" };
  const { text } = await send(address, { form, headers: FROM_PROVIDER });
  const { fields } = relayed(text);
  const back = await send(address, { form: fields, cookie, headers: fromHere(gateway) });
  assertEquals(back.location, `${BACK}?error=access_denied&service=github`);
});

Deno.test("a form of another site never completes anything, whatever cookie comes along", async () => {
  const faults = faultyFetch();
  await using gateway = await startGateway({ fetch: faults.fetch });
  const { cookie, address, form } = await upToAnswer(gateway);
  const before = await snapshot(gateway.kv);
  for (
    const headers of [
      FROM_PROVIDER,
      { Origin: "null" },
      { Origin: "https://evil.example" },
      { Origin: gateway.url, "Sec-Fetch-Site": "same-site" },
      { Origin: `${gateway.url}.evil.example` },
      { "Sec-Fetch-Site": "cross-site" },
      {},
    ]
  ) {
    const page = await send(address, { form, cookie, headers: headers as Record<string, string> });
    assertEquals(page.status, 200);
    assertStringIncludes(page.text, "One more step");
  }
  assertEquals(await snapshot(gateway.kv), before);
  assertEquals(faults.count("/access_token"), 0, "nothing was asked of the provider");
});

Deno.test("whoever presses the button in another browser connects nothing", async () => {
  await using gateway = await startGateway();
  const { address, form } = await upToAnswer(gateway);
  const before = await snapshot(gateway.kv);
  const stranger = cookieOf(await send(`${gateway.url}/sign-in`), "sb_browser");
  for (const cookie of [undefined, stranger]) {
    const page = await send(address, { form, cookie, headers: fromHere(gateway) });
    assertEquals(page.status, 403);
    assertStringIncludes(page.text, "started in another browser");
  }
  assertEquals(await snapshot(gateway.kv), before);
});

Deno.test("the page sends on what it is for, as text, and leads nowhere else", async () => {
  await using gateway = await startGateway();
  const hostile = `"><script>alert(1)</script><form action="https://evil.example">`;
  const form = {
    state: hostile,
    code: hostile,
    error: hostile,
    iss: hostile,
    action: "https://evil.example/",
    return_to: "https://evil.example/",
    user: `{"name":"${hostile}"}`,
    [hostile]: "x",
  };
  const answer = await send(`${gateway.url}/callback/github`, { form, headers: FROM_PROVIDER });
  const text = withoutOwn(answer.text);
  for (const part of ["<script", "<form action", "evil.example/", `name="user"`]) {
    assert(!text.includes(part), part);
  }
  assertEquals(text.match(/<form/g)?.length, 1);
  assertEquals(relayed(text).action, "/callback/github");
  for (const provider of ["nobody", "%2F%2Fevil.example", "..%2Fmcp", "__proto__", "%00"]) {
    const address = `${gateway.url}/callback/${provider}`;
    const page = await send(address, { form: { state: "x" }, headers: FROM_PROVIDER });
    assertEquals(page.status, 404, provider);
    assert(!page.text.includes("<form"), page.text);
  }
});

Deno.test("a form without a state, with one twice, or too long is refused", async () => {
  await using gateway = await startGateway();
  const address = `${gateway.url}/callback/github`;
  const says = async (form: Record<string, string> | string[][]) => {
    const { status, text } = await send(address, { form, headers: FROM_PROVIDER });
    assert(!text.includes("<form"), text);
    return status;
  };
  assertEquals(await says({ error: "access_denied" }), 400);
  assertEquals(await says({ state: "", code: "x" }), 400);
  assertEquals(await says([["state", "a"], ["state", "b"]]), 400);
  assertEquals(await says({ state: "a", code: "x".repeat(ANSWER_LIMIT) }), 413);
  const longest = { state: "a".repeat(43), code: "%".repeat(LONGEST_CODE) };
  const { status } = await send(address, { form: longest, headers: FROM_PROVIDER });
  assertEquals(status, 200, "the longest code fits, encoded");
});

Deno.test("only the form may come from everywhere: a request with a query may not", async () => {
  await using gateway = await startGateway();
  const { cookie, address, form } = await upToAnswer(gateway);
  const query = new URLSearchParams(form);
  const headers = { Origin: "https://evil.example" };
  const { status, text } = await send(`${address}?${query}`, { cookie, headers });
  assertEquals(status, 403);
  assertStringIncludes(text, "This origin may not call");
  const posted = await send(`${address}?${query}`, {
    cookie,
    form: {},
    headers: fromHere(gateway),
  });
  assertEquals(posted.status, 400, "nor does a form's address count");
  assertStringIncludes((await send(`${address}?${query}`, { cookie })).text, "✓ GitHub connected");
});
