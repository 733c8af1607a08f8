/** What counts is the rule of today: for links that were made, and trips that were begun, before. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { digestHex } from "../../tasks/key.ts";
import { send } from "../support/attacks.ts";
import { API_KEY, type Gateway, OTHER_API_KEY, USER } from "../support/gateway.ts";
import { snapshot } from "../support/snapshot.ts";
import {
  browserCookie,
  confirmAt,
  openAt,
  startTwo,
  throughProvider,
} from "../support/two_gateways.ts";

const BACK = "https://app.example.com/connected";
const OTHER = `other:sha256:${digestHex(OTHER_API_KEY)}`;
const voiceFor = (services: string) => `voice:sha256:${digestHex(API_KEY)}:${services},${OTHER}`;

async function linkAt(gateway: Gateway, more: Record<string, string> = {}): Promise<string> {
  const { status, json } = await gateway.api("/links", {
    body: { user_id: USER, service: "github", ...more },
  });
  assertEquals(status, 200);
  return json.url;
}

interface Change {
  was?: Record<string, string>;
  is: Record<string, string>;
  /** The link's own. */
  return_to?: string;
}

/** What an operator may change, after which a link is no longer good. */
const CHANGES: Record<string, Change> = {
  "the app's users are connected by hand-off only": {
    is: { HAND_OFF_ONLY: "voice", RETURN_URLS: BACK },
  },
  "the app's key is gone": { is: { API_KEYS: OTHER } },
  "another app has the place of its key": { is: { API_KEYS: OTHER.replace("other", "voice2") } },
  "the app's key is no longer for the service": { is: { API_KEYS: voiceFor("google") } },
  "the app's key is no longer for the service, and there is a default": {
    is: { API_KEYS: voiceFor("google"), RETURN_TO: `voice=${BACK}` },
  },
  "people are no longer sent to where the link says": {
    was: { RETURN_URLS: BACK },
    is: { RETURN_URLS: "https://new.example.com/" },
    return_to: BACK,
  },
  "the default was another one": {
    was: { RETURN_TO: `voice=${BACK}` },
    is: { RETURN_TO: "voice=https://new.example.com/" },
  },
};

for (const [change, { was, is, return_to }] of Object.entries(CHANGES)) {
  Deno.test(`a link of before is not good once ${change}`, async () => {
    const sent: string[] = [];
    await using two = await startTwo({
      was: was ?? {},
      is,
      fetch: (input, init) => {
        sent.push(String(input instanceof Request ? input.url : input));
        return fetch(input, init);
      },
    });
    const { before, after } = two;
    const link = await linkAt(before, return_to === undefined ? {} : { return_to });
    const browser = await browserCookie(before);

    const untouched = await snapshot(before.kv);
    const opened = await openAt(after, link);
    const confirmed = await confirmAt(after, link, browser);
    for (const answer of [opened, confirmed]) {
      assertEquals([answer.status, answer.location], [403, null]);
      assertStringIncludes(answer.text, "This link may not be used any more<");
    }
    assertEquals(await snapshot(before.kv), untouched);

    // The person was on the way when the operator changed it.
    const setOut = await confirmAt(before, link, browser);
    assertEquals(setOut.status, 303);
    const callback = await throughProvider(setOut.location);
    const underway = await snapshot(before.kv);
    const back = await send(after.url + callback, { cookie: browser });
    assertEquals([back.status, back.location], [403, null], back.text);
    assertStringIncludes(back.text, "This link may not be used any more<");
    assertEquals(await snapshot(before.kv), underway, "nothing was stored, nothing used up");
    assertEquals(sent, [], "nothing was asked of the provider, so nothing lives on there");
    const reasons = after.world.events.filter(({ event }) => event === "link_withdrawn");
    assertEquals(reasons.length, 3);
  });
}

Deno.test("a trip that was begun without return_to ends at a default that was set since", async () => {
  await using two = await startTwo({ is: { RETURN_TO: `voice=${BACK}`, HAND_OFF_ONLY: "voice" } });
  const { before, after } = two;
  const browser = await browserCookie(before);
  const setOut = await confirmAt(before, await linkAt(before), browser);
  const callback = await throughProvider(setOut.location);
  const back = await send(after.url + callback, { cookie: browser });
  assertMatch(back.location ?? back.text, /^https:\/\/app\.example\.com\/connected\?code=/);
  assertEquals((await after.api(`/connections?user_id=${USER}`)).json.connections, []);
  const code = new URL(back.location!).searchParams.get("code");
  const claimed = await after.api("/links/claim", { body: { user_id: USER, code } });
  assertEquals(claimed.status, 200, claimed.text);
});

Deno.test("a trip that leads to the app goes on there though the default was taken away", async () => {
  const was = { RETURN_TO: `voice=${BACK}` };
  await using two = await startTwo({ was, is: { RETURN_URLS: BACK } });
  const { before, after } = two;
  const browser = await browserCookie(before);
  const setOut = await confirmAt(before, await linkAt(before), browser);
  const callback = await throughProvider(setOut.location);
  const back = await send(after.url + callback, { cookie: browser });
  assert(back.location?.startsWith(`${BACK}?code=`), back.text);
});

Deno.test("what was handed off is not claimed by a key that has lost the service", async () => {
  const was = { RETURN_TO: `voice=${BACK}` };
  await using two = await startTwo({ was, is: { API_KEYS: voiceFor("google") } });
  const { before, after } = two;
  const browser = await browserCookie(before);
  const setOut = await confirmAt(before, await linkAt(before), browser);
  const callback = await throughProvider(setOut.location);
  const { location } = await send(before.url + callback, { cookie: browser });
  const code = new URL(location!).searchParams.get("code");
  const claim = (at: Gateway) => at.api("/links/claim", { body: { user_id: USER, code } });
  const refused = await claim(after);
  assertEquals([refused.status, refused.json.error], [403, "access_denied"]);
  assertEquals((await claim(before)).status, 200, "the code is as good as it was");
});
