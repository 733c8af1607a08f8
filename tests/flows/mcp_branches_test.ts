/** Sign-ins that several copies of a client share: branches, what a person sees of them and ends. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { MAX_BRANCHES } from "../../gateway/grants/branches.ts";
import { DOORS } from "../../gateway/doors.ts";
import { FORK_MS, MAX_FORKS } from "../../gateway/grants/refresh_tokens.ts";
import {
  assertDead,
  assertRefused,
  assertWorks,
  obtainTokens,
  openGateway,
  type Person,
  send,
  signedIn,
} from "../support/attacks.ts";
import type { Page } from "../support/browser.ts";
import { type CountedKv, countedKv } from "../support/counted_kv.ts";
import type { Gateway } from "../support/gateway.ts";
import { newClient, post, refresh, type TestClient } from "../support/mcp_client.ts";

interface Tokens {
  access_token: string;
  refresh_token: string;
}

/** A person, a client of theirs, and a refresh token whose successor was used just now. */
async function openWithUsed() {
  const gateway = await openGateway();
  const client = await newClient(gateway);
  const person = await signedIn(gateway);
  const first: Tokens = await obtainTokens(gateway, client, { browser: person.browser });
  const second = await used(gateway, client, first.refresh_token);
  const third = await used(gateway, client, second.refresh_token);
  return { gateway, client, person, first, second, third };
}

/** A gateway that says how often something was written since it was last asked. */
async function openCounted() {
  let counted: CountedKv | undefined;
  const gateway = await openGateway({ kv: (kv) => (counted = countedKv(kv)).kv });
  const client = await newClient(gateway);
  const first: Tokens = await obtainTokens(gateway, client);
  const writes = () =>
    counted!.asked().filter((what) => /^commit .*(grants|secrets)/.test(what)).length;
  return { gateway, client, first, writes };
}

/** Uses a refresh token. */
async function used(gateway: Gateway, client: TestClient, token: string): Promise<Tokens> {
  const { status, json } = await refresh(gateway, client, token);
  assertEquals(status, 200);
  return json;
}

function home({ browser }: Person, gateway: Gateway): Promise<Page> {
  return browser.open(gateway.url);
}

/** The buttons that end one place each, the first place first. */
function places(page: Page) {
  return page.forms.filter(({ action }) => action === "/dashboard/branches/end");
}

function told(gateway: Gateway, name: string) {
  return gateway.world.events.filter(({ event }) => event === name);
}

Deno.test("a copy that is one turn behind gets a branch, which its person sees and can end", async () => {
  const { gateway, client, person, first, third } = await openWithUsed();
  await using _ = gateway;
  assertEquals(places(await home(person, gateway)).length, 0);
  const branch = await used(gateway, client, first.refresh_token);
  assert(branch.refresh_token !== third.refresh_token);
  await assertWorks(gateway, branch.access_token);
  const later = await used(gateway, client, branch.refresh_token);
  await assertWorks(gateway, later.access_token);
  assertEquals(told(gateway, "grant_forked"), [
    { level: "warn", event: "grant_forked", branch: 1, from: 0, joined: 0 },
  ]);

  const page = await home(person, gateway);
  assertMatch(
    page.html,
    /Used in two places since <time datetime="[^"]+" ?>\w+ \d+, \d{4} at \d\d:\d\d UTC<\/time>/,
  );
  const [trunk, other, ...more] = places(page);
  assertEquals(more, []);
  await person.browser.submit(page, { form: other! });
  for (const { access_token, refresh_token } of [branch, later]) {
    await assertDead(gateway, access_token);
    assertRefused(await refresh(gateway, client, refresh_token));
  }
  // Nor does who has it end the others.
  for (const token of [later.access_token, later.refresh_token]) {
    await post(gateway, "/oauth/revoke", { client_id: client.id, token });
  }
  // Nor does it come back by the old one, within the hour.
  assertRefused(await refresh(gateway, client, first.refresh_token));
  await assertWorks(gateway, third.access_token);
  const after = await home(person, gateway);
  assertEquals(places(after).length, 0);
  assertStringIncludes(after.html, "a key of this app that had been ended");
  assertEquals((await refresh(gateway, client, third.refresh_token)).status, 200);

  // The last place that is ended is the end of all.
  await person.browser.submit(page, { form: trunk! });
  await assertDead(gateway, third.access_token);
  assertRefused(await refresh(gateway, client, third.refresh_token));
  assert(!(await home(person, gateway)).html.includes("Test client"));
});

Deno.test("the first place can be ended, and the branch goes on", async () => {
  const { gateway, client, person, first, second, third } = await openWithUsed();
  await using _ = gateway;
  // A thief was faster: the honest client is the one that comes late.
  const honest = await used(gateway, client, first.refresh_token);
  const page = await home(person, gateway);
  await person.browser.submit(page, { form: places(page)[0]! });
  for (const { access_token, refresh_token } of [second, third]) {
    await assertDead(gateway, access_token);
    assertRefused(await refresh(gateway, client, refresh_token));
  }
  await assertDead(gateway, first.access_token);
  await assertWorks(gateway, honest.access_token);
  const next = await used(gateway, client, honest.refresh_token);
  await assertWorks(gateway, next.access_token);
});

Deno.test("a lost answer costs no sign-in in a branch either", async () => {
  const { gateway, client, first } = await openWithUsed();
  await using _ = gateway;
  const branch = await used(gateway, client, first.refresh_token);
  gateway.world.skew += 3 * FORK_MS;
  const again = await used(gateway, client, first.refresh_token);
  assertEquals(again.refresh_token, branch.refresh_token);
  const next = await used(gateway, client, branch.refresh_token);
  const same = await used(gateway, client, branch.refresh_token);
  assertEquals(same.refresh_token, next.refresh_token);
  assertEquals(told(gateway, "grant_forked").length, 1);
});

Deno.test("the hour begins with the successor's use, and is not begun again", async () => {
  const { gateway, client, first } = await openWithUsed();
  await using _ = gateway;
  gateway.world.skew += FORK_MS - 1000;
  const branch = await used(gateway, client, first.refresh_token);
  await used(gateway, client, branch.refresh_token);
  gateway.world.skew += 1000;
  assertRefused(await refresh(gateway, client, first.refresh_token));
  assertEquals(told(gateway, "refresh_replay_refused").map(({ why }) => why), ["late"]);
});

Deno.test("one refresh token gives four branches, and then nothing; nothing ends", async () => {
  const { gateway, client, person, first, second, third } = await openWithUsed();
  await using _ = gateway;
  const branches: Tokens[] = [];
  for (let forks = 0; forks < MAX_FORKS; forks++) {
    const branch = await used(gateway, client, first.refresh_token);
    branches.push(await used(gateway, client, branch.refresh_token));
  }
  for (let tries = 0; tries < 20; tries++) {
    assertRefused(await refresh(gateway, client, first.refresh_token));
  }
  assertEquals(told(gateway, "refresh_replay_refused").map(({ why }) => why), ["too_often"]);
  const page = await home(person, gateway);
  assertStringIncludes(page.html, "Used in five places since");
  assertEquals(places(page).length, 1 + MAX_BRANCHES);

  // All places are taken: a late copy with another token is neither refused nor in anybody's way.
  await used(gateway, client, third.refresh_token);
  const honest = await used(gateway, client, second.refresh_token);
  await assertWorks(gateway, honest.access_token);
  for (const { access_token, refresh_token } of branches) {
    await assertWorks(gateway, access_token);
    await used(gateway, client, refresh_token);
  }
  await used(gateway, client, honest.refresh_token);
  assertEquals(
    told(gateway, "grant_forked").map(({ branch, joined }) => [branch, joined]),
    [[1, 0], [2, 0], [3, 0], [4, 0], [4, 1]],
  );
  assertStringIncludes((await home(person, gateway)).html, "with 1 more that came into it");

  // A place that is free again is a place; its number does not come back.
  await person.browser.submit(page, { form: places(page)[1]! });
  await assertDead(gateway, branches[0]!.access_token);
  const [, , other] = branches;
  const next = await used(gateway, client, other!.refresh_token);
  await used(gateway, client, next.refresh_token);
  await used(gateway, client, other!.refresh_token);
  assertEquals(told(gateway, "grant_forked").at(-1), {
    level: "warn",
    event: "grant_forked",
    branch: 5,
    from: 3,
    joined: 0,
  });
  await assertDead(gateway, branches[0]!.access_token);
});

Deno.test("late copies that come at the same moment share one branch, in every round", async () => {
  const { gateway, client, person, first } = await openWithUsed();
  await using _ = gateway;
  let token = first.refresh_token;
  for (let round = 0; round < 3; round++) {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => refresh(gateway, client, token)),
    );
    assertEquals(answers.map(({ status }) => status), Array(8).fill(200));
    const successors = new Set(answers.map(({ json }) => json.refresh_token));
    assertEquals(successors.size, 1);
    for (const { json } of answers) await assertWorks(gateway, json.access_token);
    [token] = successors;
  }
  assertEquals(places(await home(person, gateway)).length, 2);
});

Deno.test("different late copies at the same moment make no more places than there are", async () => {
  const { gateway, client, person, third } = await openWithUsed();
  await using _ = gateway;
  const tokens = [third.refresh_token];
  for (let turns = 0; turns < 10; turns++) {
    tokens.push((await used(gateway, client, tokens.at(-1)!)).refresh_token);
  }
  const late = tokens.slice(0, -2);
  const answers = await Promise.all(late.map((token) => refresh(gateway, client, token)));
  assertEquals(answers.map(({ status }) => status), Array(late.length).fill(200));
  assertEquals(places(await home(person, gateway)).length, 1 + MAX_BRANCHES);
  for (const { json } of answers) await assertWorks(gateway, json.access_token);
  const branches = told(gateway, "grant_forked").map(({ branch, joined }) => [branch, joined]);
  assertEquals(branches.toSorted(), [
    [1, 0],
    [2, 0],
    [3, 0],
    [4, 0],
    ...[1, 2, 3, 4, 5].map((n) => [4, n]),
  ]);
});

Deno.test("another client's replay is refused and recorded, and takes nothing away", async () => {
  const { gateway, client, person, first, second, third } = await openWithUsed();
  await using _ = gateway;
  const thief = await newClient(gateway);
  for (const { refresh_token } of [first, second, third]) {
    assertRefused(await refresh(gateway, thief, refresh_token));
  }
  assertEquals(told(gateway, "refresh_replay_refused"), [
    { level: "warn", event: "refresh_replay_refused", why: "other_client" },
  ]);
  assertStringIncludes((await home(person, gateway)).html, "Another app came with a key of this");
  await assertWorks(gateway, third.access_token);
  assertEquals((await refresh(gateway, client, third.refresh_token)).status, 200);
  assertEquals((await refresh(gateway, client, first.refresh_token)).status, 200);
});

Deno.test("replays that are refused write once an hour, and are told once an hour", async () => {
  const { gateway, client, first, writes } = await openCounted();
  await using _ = gateway;
  const second = await used(gateway, client, first.refresh_token);
  await used(gateway, client, second.refresh_token);
  gateway.world.skew += FORK_MS;
  writes();
  for (let replays = 0; replays < 200; replays++) {
    await refresh(gateway, client, first.refresh_token);
  }
  assertEquals(writes(), 1);
  assertEquals(told(gateway, "refresh_replay_refused").length, 1);
  gateway.world.skew += FORK_MS;
  await refresh(gateway, client, first.refresh_token);
  assertEquals(told(gateway, "refresh_replay_refused").length, 2);
});

Deno.test("nor do replays that are answered write each time", async () => {
  const { gateway, client, first, writes } = await openCounted();
  await using _ = gateway;
  await used(gateway, client, first.refresh_token);
  writes();
  for (let replays = 0; replays < 200; replays++) await used(gateway, client, first.refresh_token);
  assertEquals(writes(), 0);
});

Deno.test("who refreshes one branch too often is in nobody else's way", async () => {
  const { gateway, client, first, third } = await openWithUsed();
  await using _ = gateway;
  let { refresh_token } = await used(gateway, client, first.refresh_token);
  for (let turns = 0; turns < DOORS.refresh.limit; turns++) {
    ({ refresh_token } = await used(gateway, client, refresh_token));
  }
  assertEquals((await refresh(gateway, client, refresh_token)).status, 429);
  assertEquals((await refresh(gateway, client, third.refresh_token)).status, 200);
});

Deno.test("an old refresh token that is given back ends nothing; one that still counts ends all", async () => {
  const { gateway, client, first, third } = await openWithUsed();
  await using _ = gateway;
  const branch = await used(gateway, client, first.refresh_token);
  const latest = await used(gateway, client, branch.refresh_token);
  gateway.world.skew += FORK_MS;
  const fresh = await used(gateway, client, third.refresh_token);
  const revoke = (token: string) => post(gateway, "/oauth/revoke", { client_id: client.id, token });
  assertEquals((await revoke(first.refresh_token)).status, 200);
  await assertWorks(gateway, fresh.access_token);
  assertEquals(told(gateway, "refresh_replay_refused").map(({ why }) => why), ["late"]);
  await revoke(latest.refresh_token);
  await assertDead(gateway, fresh.access_token);
  assertRefused(await refresh(gateway, client, fresh.refresh_token));
});

Deno.test("a branch that nobody uses ends as a grant does, and makes room", async () => {
  const { gateway, client, first, third } = await openWithUsed();
  await using _ = gateway;
  const branch = await used(gateway, client, first.refresh_token);
  const shown = async () => places((await signedIn(gateway)).home).length;
  gateway.world.skew += 20 * 24 * FORK_MS;
  const next = await used(gateway, client, third.refresh_token);
  assertEquals(await shown(), 2);
  gateway.world.skew += 20 * 24 * FORK_MS;
  assertRefused(await refresh(gateway, client, branch.refresh_token));
  assertEquals(await shown(), 0);
  assertEquals((await refresh(gateway, client, next.refresh_token)).status, 200);
});

Deno.test("no branch outlives the grant's 180 days", async () => {
  const { gateway, client, first, third } = await openWithUsed();
  await using _ = gateway;
  let [trunk, branch] = [third, await used(gateway, client, first.refresh_token)];
  for (let day = 20; day < 180; day += 20) {
    gateway.world.skew += 20 * 24 * FORK_MS;
    trunk = await used(gateway, client, trunk.refresh_token);
    branch = await used(gateway, client, branch.refresh_token);
  }
  gateway.world.skew += 20 * 24 * FORK_MS;
  for (const { refresh_token } of [trunk, branch]) {
    assertRefused(await refresh(gateway, client, refresh_token));
  }
});

Deno.test("a place is ended by its person alone, with the page's own form", async () => {
  const { gateway, client, person, first, third } = await openWithUsed();
  await using _ = gateway;
  const branch = await used(gateway, client, first.refresh_token);
  const [, form] = places(await home(person, gateway));
  const other = await signedIn(gateway, "google");
  const url = `${gateway.url}/dashboard/branches/end`;
  const own = form!.fields;
  const otherToken = other.home.forms.find(({ fields }) => "form_token" in fields)!.fields;
  const tries = [
    { form: own },
    { cookie: other.cookie, form: own },
    { cookie: other.cookie, form: { ...own, form_token: otherToken.form_token! } },
    { cookie: person.cookie, form: { id: own.id!, branch: own.branch! } },
    { cookie: person.cookie, form: { ...own, form_token: otherToken.form_token! } },
  ];
  for (const one of tries) await send(url, one);
  for (const wrong of ["", "-1", "1.0", "1e0", "0x1", "2", "00000000001", "__proto__", "1 "]) {
    await send(url, { cookie: person.cookie, form: { ...own, branch: wrong } });
  }
  await assertWorks(gateway, branch.access_token);
  await assertWorks(gateway, third.access_token);
  await send(url, { cookie: person.cookie, form: own });
  await assertDead(gateway, branch.access_token);
});

Deno.test("no token stands in what is logged of branches, nor the person", async () => {
  const { gateway, client, first } = await openWithUsed();
  await using _ = gateway;
  const branch = await used(gateway, client, first.refresh_token);
  await used(gateway, client, branch.refresh_token);
  gateway.world.skew += FORK_MS;
  await refresh(gateway, client, first.refresh_token);
  const said = JSON.stringify(
    gateway.world.events.filter(({ event }) => /fork|replay|branch/.test(event)),
  );
  assert(!/sb_|octocat|github:|@/.test(said), said);
});
