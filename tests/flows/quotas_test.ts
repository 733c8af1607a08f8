import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import {
  connectOwn,
  obtainTokens,
  openGateway,
  personalToken,
  signedIn,
} from "../support/attacks.ts";
import { Browser } from "../support/browser.ts";
import { signInForm } from "../support/emulators.ts";
import { API_KEY, USER } from "../support/gateway.ts";
import { authorizeUrl, decide, newClient, ticked } from "../support/mcp_client.ts";

const QUOTAS = "connections=1,clients=1,personal_tokens=1";

Deno.test("who holds as much as one may is refused one more in words, and nothing is changed by that", async () => {
  await using gateway = await openGateway({ env: { QUOTAS } });

  // An app's user, who connects by links.
  await gateway.connect("github");
  await gateway.connect("github");
  const { json: { url } } = await gateway.api("/links", {
    body: { user_id: USER, service: "calendar" },
  });
  const browser = new Browser();
  const connect = async () => {
    const page = await browser.open(url);
    const atProvider = await browser.submit(page);
    return await browser.submit(atProvider, { form: signInForm(atProvider) });
  };
  const full = await connect();
  assertEquals(full.status, 409);
  assertMatch(full.html, /as many connections as fit here/);
  assertStringIncludes(full.html, "1 accounts are connected");
  assertStringIncludes(full.html, "has been taken back");
  const list = async () =>
    (await gateway.api(`/connections?user_id=${USER}`)).json.connections
      .map(({ provider }: { provider: string }) => provider);
  assertEquals(await list(), ["github"]);
  // Another user has room of their own, and so has this one when there is room: by the same link.
  await gateway.connect("github", { userId: "other" });
  await gateway.api(`/connections/github?user_id=${USER}`, { method: "DELETE" });
  assertEquals((await connect()).status, 200);
  assertEquals(await list(), ["google"]);

  // An import brings no more than that either.
  const imported = await fetch(`${gateway.url}/connections/import?verify=none`, {
    method: "POST",
    headers: { "Authorization": `Bearer ${API_KEY}`, "Content-Type": "application/x-ndjson" },
    body: JSON.stringify({
      ...{ service: "github", user_id: USER, account: { id: "7" } },
      access_token: "held",
    }),
  });
  const [line] = (await imported.text()).split("\n");
  assertEquals(JSON.parse(line!).error, "quota_exceeded");
  assertEquals(await list(), ["google"]);

  // A person who signs in.
  const person = await signedIn(gateway);
  assertEquals((await connectOwn(gateway, person)).status, 200);
  const other = await connectOwn(gateway, person, "calendar");
  assertEquals(other.status, 409, other.html);
  await personalToken(person);
  const home = await person.browser.open(gateway.url);
  const form = home.forms.find(({ action }) => action === "/dashboard/tokens")!;
  const fields = { name: "Second" };
  const none = await person.browser.submit(home, { form, fields, checked: ticked(form) });
  assertEquals(none.status, 409);
  assertStringIncludes(none.html, "as many tokens as fit here");

  // And allows clients; a personal token is none.
  const { browser: own } = person;
  await obtainTokens(gateway, await newClient(gateway), { browser: own });
  const second = await newClient(gateway);
  const scope = "github";
  const consent = await own.open(authorizeUrl(gateway, second, { scope }));
  const [asked] = consent.forms;
  const refused = await own.submit(consent, {
    fields: { decision: "allow" },
    checked: ticked(asked!),
  });
  assertEquals(refused.status, 409);
  assertStringIncludes(refused.html, "as many apps as fit here");
  // What has ended takes no room.
  gateway.world.skew += 31 * 24 * 60 * 60_000;
  const again = await signedIn(gateway);
  const third = await newClient(gateway);
  const page = await again.browser.open(authorizeUrl(gateway, third, { scope }));
  assert((await decide(again.browser, page)).searchParams.has("code"));
});
