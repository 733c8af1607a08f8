import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { digestHex } from "../../tasks/key.ts";
import { Browser } from "../support/browser.ts";
import { signInForm } from "../support/emulators.ts";
import { faultyFetch } from "../support/faulty_fetch.ts";
import { startGateway, USER } from "../support/gateway.ts";

Deno.test("one link connects several services of a provider, and says all of them", async () => {
  await using gateway = await startGateway();
  const body = { user_id: USER, services: ["calendar", "gmail", "calendar"] };
  const { status, json, text } = await gateway.api("/links", { body });
  assertEquals(status, 200, text);
  assertEquals(new URL(json.url).pathname, "/auth/calendar+gmail");
  const browser = new Browser();
  const page = await browser.open(json.url);
  assertStringIncludes(page.html, "Connect Gmail and Google Calendar?");
  const signIn = await browser.submit(page);
  const scopes = new URL(signIn.url).searchParams.get("scope")!.split(" ");
  assert(scopes.some((scope) => scope.includes("gmail")), scopes.join(" "));
  assert(scopes.some((scope) => scope.endsWith("/calendar.events")), scopes.join(" "));
  assert(!scopes.some((scope) => scope.includes("drive")), scopes.join(" "));
  const done = await browser.submit(signIn, { form: signInForm(signIn) });
  assertStringIncludes(done.html, "✓ Gmail and Google Calendar connected");
  const statuses = await Promise.all(
    ["gmail", "calendar", "drive"].map(async (service) =>
      (await gateway.api(`/token/${service}`, { body: { user_id: USER } })).status
    ),
  );
  assertEquals(statuses, [200, 200, 404]);
});

Deno.test("an app hears which services a link was for that came to nothing", async () => {
  const back = "https://app.example.com/connected";
  await using gateway = await startGateway({ env: { RETURN_URLS: back } });
  const body = { user_id: USER, services: ["gmail", "drive"], return_to: back };
  const { json } = await gateway.api("/links", { body });
  const browser = new Browser();
  const until = (url: string) => new URL(url).searchParams.has("state");
  const { url } = await browser.submit(await browser.open(json.url), { until });
  const state = new URL(url).searchParams.get("state");
  const refused = await browser.open(
    `${gateway.url}/callback/google?error=access_denied&state=${state}`,
    (url) => url.startsWith(back),
  );
  const { searchParams } = new URL(refused.url);
  assertEquals([...searchParams], [["error", "access_denied"], ["service", "gmail+drive"]]);
});

Deno.test("a link's services cannot be changed, and each of them must be the key's", async () => {
  const key = "key-for-mail";
  await using gateway = await startGateway({
    env: { API_KEYS: `mailer:sha256:${digestHex(key)}:gmail+drive` },
  });
  const link = (body: Record<string, unknown>, as: string) =>
    gateway.api("/links", { body: { user_id: USER, ...body }, key: as });
  const good = await link({ services: ["gmail", "drive"] }, key);
  assertEquals(good.status, 200, good.text);
  for (
    const services of ["gmail", "gmail+drive+calendar", "drive+gmail", "google", "gmail%2Bdrive%2B"]
  ) {
    const changed = good.json.url.replace("gmail+drive", services);
    const { status, html } = await new Browser().open(changed);
    assertEquals(status, 403, services);
    assertStringIncludes(html, "changed", services);
  }
  assertEquals((await new Browser().open(good.json.url)).status, 200);
  const refusals: [Record<string, unknown>, number, string][] = [
    [{ services: ["gmail", "calendar"] }, 403, "access_denied"],
    [{ services: ["gmail", "google"] }, 403, "access_denied"],
    [{ services: ["gmail", "github"] }, 403, "access_denied"],
    [{ services: ["gmail", "nonsense"] }, 404, "unknown_service"],
    [{ services: ["gmail+drive"] }, 404, "unknown_service"],
    [{ services: ["gmail"], service: "gmail" }, 400, "invalid_request"],
    [{ services: [] }, 400, "invalid_request"],
    [{ services: "gmail" }, 400, "invalid_request"],
    [{}, 400, "invalid_request"],
    [{ services: Array(21).fill("gmail") }, 400, "invalid_request"],
  ];
  for (const [body, status, error] of refusals) {
    const answer = await link(body, key);
    assertEquals([answer.status, answer.json.error], [status, error], JSON.stringify(body));
  }
});

Deno.test("an app claims several services, and hears which of them was left unticked", async () => {
  const back = "https://app.example.com/connected";
  const faults = faultyFetch();
  await using gateway = await startGateway({ env: { RETURN_URLS: back }, fetch: faults.fetch });
  const body = { user_id: USER, services: ["gmail", "calendar"], return_to: back };
  const { json } = await gateway.api("/links", { body });
  const browser = new Browser();
  const page = await browser.open(json.url);
  // Looking uses nothing up.
  assertEquals((await fetch(json.url, { method: "HEAD" })).status, 200);
  faults.on("/oauth2/token", async (_, send) => {
    const scope = "openid email https://www.googleapis.com/auth/calendar";
    return Response.json({ ...await (await send()).json(), scope });
  });
  const signIn = await browser.submit(page);
  const until = (url: string) => url.startsWith(back);
  const { url } = await browser.submit(signIn, { form: signInForm(signIn), until });
  const code = new URL(url).searchParams.get("code");
  const claimed = await gateway.api("/links/claim", { body: { user_id: USER, code } });
  assertEquals([claimed.json.services, claimed.json.missing], [["calendar"], ["gmail"]]);
});

Deno.test("services of two providers take a link each", async () => {
  await using gateway = await startGateway();
  const body = { user_id: USER, services: ["gmail", "github"] };
  const { status, json } = await gateway.api("/links", { body });
  assertEquals([status, json.error], [400, "invalid_request"]);
  assertStringIncludes(json.error_description, "Google and GitHub take a link each");
});
