/** What was handed off and nobody claims is ended at the provider, and nothing else with it. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { HANDOFF_LIFETIME_MS, UNCLAIMED_MS } from "../../broker/tokens/held.ts";
import { isClaimable } from "../../broker/tokens/held.ts";
import { MAX_TOKEN_SET_BYTES } from "../../broker/tokens/size.ts";
import type { Store } from "../../broker/core/store.ts";
import type { ProviderModule } from "../../providers/provider.ts";
import { sweepExpired } from "../../vault/expired.ts";
import { failing, type Faults } from "../support/failing_store.ts";
import { faultyFetch } from "../support/faulty_fetch.ts";
import { OTHER_API_KEY, startGateway, USER } from "../support/gateway.ts";
import { handedOff } from "../support/hand_off.ts";

const APP = "https://app.example.com/";

async function start(
  more: { store?: (store: Store) => Store; modules?: (all: ProviderModule[]) => ProviderModule[] } =
    {},
) {
  const faults = faultyFetch();
  const gateway = await startGateway({
    env: { RETURN_URLS: APP },
    fetch: faults.fetch,
    ...more,
  });
  const revoked: string[] = [];
  /** Google gives these tokens to this account from now on. */
  const google = (refresh_token: string, id = "1", access_token = `${refresh_token}'s`) => {
    faults.on(
      "/oauth2/token",
      () => Response.json({ access_token, refresh_token, token_type: "Bearer", expires_in: 3600 }),
    );
    faults.on("/oauth2/v2/userinfo", () => Response.json({ id, email: "me@gmail.com" }));
  };
  const answer = (respond: () => Response) =>
    faults.on("/oauth2/revoke", async (request) => {
      revoked.push((await request.formData()).get("token") as string);
      return respond();
    });
  answer(() => new Response());
  /** As far as the app; the code. */
  const handOff = (userId = USER): Promise<string> =>
    handedOff(gateway, { user_id: userId, service: "calendar", return_to: APP });
  const claim = async (code: string, userId = USER) =>
    (await gateway.api("/links/claim", { body: { user_id: userId, code } })).status;
  const housekeeping = async () => {
    await sweepExpired(gateway.records, gateway.world.now());
    return await gateway.broker.endUnclaimed();
  };
  const kept = async () =>
    (await Array.fromAsync(gateway.records.list({ prefix: ["handoffs"] }))).length;
  const said = () =>
    gateway.world.events.filter(({ event }) => event === "handoff_unclaimed")
      .map(({ access }) => access);
  return {
    ...gateway,
    google,
    answer,
    revoked,
    handOff,
    claim,
    housekeeping,
    kept,
    said,
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}

Deno.test("what nobody has claimed in time is ended at the provider, and not before", async () => {
  await using gateway = await start();
  gateway.google("first");
  const code = await gateway.handOff();
  gateway.world.skew = HANDOFF_LIFETIME_MS - 1;
  assertEquals(await gateway.housekeeping(), 0);
  assertEquals([gateway.revoked, await gateway.kept()], [[], 1]);
  gateway.world.skew = HANDOFF_LIFETIME_MS;
  assertEquals(await gateway.claim(code), 400, "whether or not housekeeping has been there");
  assertEquals(await gateway.housekeeping(), 1);
  assertEquals([gateway.revoked, await gateway.kept()], [["first"], 0]);
  assertEquals(gateway.said(), ["taken_back"]);
  await gateway.broker.idle();
  const { entries: [entry] } = await gateway.activity.page(`voice:${USER}`, { limit: 1 });
  assertEquals([entry!.outcome, entry!.actor.kind], ["not_claimed", "system"]);
  assertEquals(await gateway.housekeeping(), 0);
});

Deno.test("what was claimed in time stays as it is", async () => {
  await using gateway = await start();
  gateway.google("first");
  const code = await gateway.handOff();
  gateway.world.skew = HANDOFF_LIFETIME_MS - 1;
  assertEquals(await gateway.claim(code), 200);
  gateway.world.skew += UNCLAIMED_MS;
  assertEquals(await gateway.housekeeping(), 0);
  assertEquals(gateway.revoked, []);
});

/** Whose a connection to the same account may be: to Google all of them are one grant. */
const OWNERS: Record<string, { userId: string; key?: string }> = {
  "the same user": { userId: USER },
  "another user, to whom a link was forwarded": { userId: "bob" },
  "a user of another app": { userId: "bob", key: OTHER_API_KEY },
};

for (const [whose, owner] of Object.entries(OWNERS)) {
  Deno.test(`a connection to the account that is of ${whose} lives on`, async () => {
    await using gateway = await start();
    gateway.google("living");
    await gateway.connect("calendar", owner);
    gateway.google("unclaimed");
    await gateway.handOff();
    gateway.world.skew = HANDOFF_LIFETIME_MS;
    assertEquals(await gateway.housekeeping(), 1);
    assertEquals([gateway.revoked, await gateway.kept()], [[], 0]);
    assertEquals(gateway.said(), ["held_before"]);
    const { userId: user_id, key } = owner;
    const options = { body: { user_id }, ...(key === undefined ? {} : { key }) };
    assertEquals((await gateway.api("/token/google", options)).json.access_token, "living's");
  });

  Deno.test(`nor is it ended where another connection cannot be kept: ${whose}`, async () => {
    const points: Faults = new Map();
    await using gateway = await start({ store: (store) => failing(store, points) });
    gateway.google("living");
    await gateway.connect("calendar", owner);
    gateway.google("other");
    points.set("connections.put permanent", 1);
    const known = await gateway.connect("calendar", { userId: "mallory" });
    assertStringIncludes(known.html, "The connection that was there before is as it was.");
    // Before anybody has asked whose account it is.
    gateway.google("large", "1", "t".repeat(MAX_TOKEN_SET_BYTES));
    const unknown = await gateway.connect("calendar", { userId: "mallory" });
    assertStringIncludes(unknown.html, "it can be removed in your account at Google.");
    assertEquals(gateway.revoked, []);
  });
}

Deno.test("connections to other accounts, and of other providers, hold nothing", async () => {
  await using gateway = await start();
  gateway.google("other account", "2");
  await gateway.connect("calendar");
  await gateway.connect("github");
  const { json } = await gateway.api(`/connections?user_id=${USER}`);
  const atGitHub = json.connections.find((one: Record<string, unknown>) =>
    one.provider === "github"
  );
  gateway.google("unclaimed", atGitHub.account);
  await gateway.handOff();
  gateway.world.skew = HANDOFF_LIFETIME_MS;
  await gateway.housekeeping();
  assertEquals(gateway.revoked, ["unclaimed"]);
});

Deno.test("what may still be claimed of another provider holds nothing, by whatever account", async () => {
  await using gateway = await start();
  await gateway.connect("github", { userId: "bob" });
  const { json } = await gateway.api("/connections?user_id=bob");
  gateway.google("unclaimed", json.connections[0].account);
  await gateway.handOff();
  gateway.world.skew = HANDOFF_LIFETIME_MS;
  await handedOff(gateway, { user_id: "bob", service: "github", return_to: APP });
  await gateway.housekeeping();
  assertEquals([gateway.revoked, gateway.said()], [["unclaimed"], ["taken_back"]]);
  assertEquals(await gateway.kept(), 1, "the one of GitHub");
});

Deno.test("what may still be claimed is waited for, and then known", async () => {
  await using gateway = await start();
  gateway.google("first");
  await gateway.handOff();
  gateway.world.skew = HANDOFF_LIFETIME_MS - 1;
  gateway.google("second");
  const code = await gateway.handOff("bob");
  gateway.world.skew = HANDOFF_LIFETIME_MS;
  await gateway.housekeeping();
  assertEquals([gateway.revoked, await gateway.kept()], [[], 2]);
  assertEquals(await gateway.claim(code, "bob"), 200);
  await gateway.housekeeping();
  assertEquals([gateway.revoked, await gateway.kept()], [[], 0]);

  for (const token of ["third", "fourth"]) {
    gateway.google(token, "3");
    await gateway.handOff();
  }
  gateway.world.skew += HANDOFF_LIFETIME_MS;
  await gateway.housekeeping();
  assertEquals(gateway.revoked.sort(), ["fourth", "third"]);
});

Deno.test("a provider that is out is asked again, for an hour; nobody can claim meanwhile", async () => {
  await using gateway = await start();
  gateway.google("first");
  const code = await gateway.handOff();
  gateway.answer(() => new Response(null, { status: 503 }));
  gateway.world.skew = HANDOFF_LIFETIME_MS;
  await gateway.housekeeping();
  assertEquals([gateway.said(), await gateway.kept()], [["not_taken_back"], 1]);
  // Another process's clock may be behind: it was given up for all of them.
  gateway.world.skew = 0;
  assertEquals(await gateway.claim(code), 400);
  gateway.world.skew = HANDOFF_LIFETIME_MS + UNCLAIMED_MS - 1;
  await gateway.housekeeping();
  gateway.world.skew += 1;
  gateway.answer(() => new Response());
  assertEquals([await gateway.housekeeping(), await gateway.kept()], [0, 0]);
  assertEquals(gateway.revoked, ["first", "first"]);
});

Deno.test("a provider that has no way to revoke is told nothing, and the tokens are deleted", async () => {
  await using gateway = await start({
    modules: (all) =>
      all.map((module) => ({
        ...module,
        create(settings) {
          const provider = module.create(settings);
          const { credential } = provider;
          if (module.name !== "google" || credential.kind !== "oauth") return provider;
          const revoke = () => Promise.resolve({ kind: "unsupported" as const });
          return { ...provider, credential: { ...credential, revoke } };
        },
      })),
  });
  gateway.google("first");
  await gateway.handOff();
  gateway.world.skew = HANDOFF_LIFETIME_MS;
  assertEquals([await gateway.housekeeping(), await gateway.kept()], [1, 0]);
  assertEquals(gateway.said(), ["not_taken_back"]);
});

Deno.test("a claim at the last moment, by a clock that is behind, wins or loses as a whole", async () => {
  const between: (() => Promise<void>)[] = [];
  await using gateway = await start({
    store: (store) => ({
      ...store,
      handoffs: {
        ...store.handoffs,
        async survey() {
          const found = await store.handoffs.survey();
          await between.shift()?.();
          return found;
        },
      },
    }),
  });
  gateway.google("first");
  const code = await gateway.handOff();
  gateway.world.skew = HANDOFF_LIFETIME_MS;
  between.push(async () => {
    gateway.world.skew = 0;
    assertEquals(await gateway.claim(code), 200);
    gateway.world.skew = HANDOFF_LIFETIME_MS;
  });
  assertEquals(await gateway.housekeeping(), 1);
  assertEquals([gateway.revoked, gateway.said()], [[], []]);
  const { status } = await gateway.api("/token/google", { body: { user_id: USER } });
  assertEquals(status, 200);
});

Deno.test("where a hand-off cannot be opened nothing is ended: it may be of the same account", async () => {
  await using gateway = await start();
  gateway.google("first");
  await gateway.handOff();
  const key = ["handoffs", "shut"];
  const value = { v: 1, key: "gone", box: new Uint8Array(40), expires_at: Number.MAX_SAFE_INTEGER };
  await gateway.records.commit({ sets: [{ key, value }] });
  gateway.world.skew = HANDOFF_LIFETIME_MS;
  await gateway.housekeeping();
  assertEquals([gateway.revoked, await gateway.kept()], [[], 2]);
  await gateway.records.commit({ deletes: [key] });
  await gateway.housekeeping();
  assertEquals(gateway.revoked, ["first"]);
});

Deno.test("a hand-off of before 0.2.0 is claimable until it expires", () => {
  assertEquals(isClaimable({ expiresAt: 10 }, 9), true);
  assertEquals(isClaimable({ expiresAt: 10 }, 10), false);
  assertEquals(isClaimable({ usableUntil: 5, expiresAt: 10 }, 5), false);
  assertEquals(isClaimable({ usableUntil: 0, expiresAt: 10 }, 1), false);
});
