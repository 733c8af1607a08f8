/** How grants and their chains end, also where something else was written meanwhile. */

import { assertEquals } from "@std/assert";
import { parseKeyRing } from "../../../broker/config/vault.ts";
import type { Client } from "../../../broker/core/client.ts";
import { type Grant, grantLifetimes } from "../../../broker/core/grant.ts";
import { digest } from "../../../broker/core/secrets.ts";
import type { Store } from "../../../broker/core/store.ts";
import {
  createPersonalToken,
  findSecret,
  type GrantDeps,
  readAccess,
} from "../../../gateway/grants/access.ts";
import { createGatewayTokens } from "../../../gateway/grants/access_token.ts";
import { forkGrant, USED_AT_MS } from "../../../gateway/grants/branches.ts";
import { endBranch, revokeToken } from "../../../gateway/grants/grant_ends.ts";
import { issueTokens, newRefreshToken, REFRESH_PREFIX } from "../../../gateway/grants/grants.ts";
import { refreshGrant } from "../../../gateway/grants/refresh.ts";
import { noteForked, noteRefused, TOLD_JOINS } from "../../../gateway/grants/replays.ts";
import { createSignInRule } from "../../../gateway/sign_in_rule.ts";
import { newKeyLine } from "../../../tasks/key.ts";
import { importKeyRing } from "../../../vault/key_ring.ts";
import { createStore } from "../../../vault/store.ts";
import { memoryRecords } from "../../support/memory_records.ts";
import { testWorld } from "../../support/world.ts";

const CLIENT: Client = { id: "c", name: "App", redirectUris: [], kind: "registered" };
const LIFETIMES = grantLifetimes(30, 180);

/** One grant, and what it is kept with; `allow`: who may sign in. */
async function start(allow = ["*"], more: Partial<Grant> = {}) {
  const world = testWorld();
  const ring = await importKeyRing(parseKeyRing(newKeyLine("k1")));
  const store = createStore(memoryRecords(), ring, world);
  const depsOn = (changed: Partial<Store> = {}, allowed = allow): GrantDeps => ({
    store: { ...store, ...changed },
    tokens: createGatewayTokens("https://switchboard.example", ring, world),
    world,
    rule: createSignInRule(allowed, ["github"]),
    lifetimes: LIFETIMES,
    identified: { caller: () => {} },
  });
  const grant: Grant = {
    subject: "github:1",
    email: "ana@example.com",
    id: "g",
    clientId: CLIENT.id,
    name: "App",
    scopes: ["github"],
    resource: "https://switchboard.example/mcp",
    createdAt: world.now(),
    usedAt: world.now(),
    ...more,
  };
  await store.grants.put(grant, null);
  const stored = async () => (await store.grants.get(grant.subject, grant.id))?.value;
  /** Another writer is faster, once. */
  const overtaken = () => {
    let tries = 0;
    const grants: Store["grants"] = {
      ...store.grants,
      async put(value, version) {
        tries += 1;
        if (tries > 1) return await store.grants.put(value, version);
        const now = (await store.grants.get(grant.subject, grant.id))!;
        await store.grants.put({ ...now.value, name: "written meanwhile" }, now.version);
        return await store.grants.put(value, version);
      },
    };
    return { grants, tries: () => tries };
  };
  return { world, store, depsOn, grant, stored, overtaken };
}

Deno.test("a chain that a person ends is ended, though its grant is written meanwhile", async () => {
  const { world, store, depsOn, grant, stored, overtaken } = await start();
  const { version } = (await store.grants.get(grant.subject, grant.id))!;
  const { grant: forked } = forkGrant(grant, LIFETIMES, world.now());
  await store.grants.put(forked, version);
  const { grants, tries } = overtaken();
  await endBranch(depsOn({ grants }), grant.subject, grant.id, 1);
  const { name, branches } = (await stored())!;
  assertEquals([tries(), name, branches?.map(({ id }) => id)], [2, "written meanwhile", [0]]);
  // One that is not there ends nothing.
  await endBranch(depsOn(), grant.subject, grant.id, 7);
  await endBranch(depsOn(), grant.subject, "gone", 0);
  assertEquals((await stored())?.branches?.length, 1);
  await endBranch(depsOn(), grant.subject, grant.id, 0);
  assertEquals(await stored(), undefined);
});

Deno.test("that a refresh token was refused is noted beside what others write, and told once an hour", async () => {
  const { world, depsOn, grant, stored, overtaken } = await start();
  const { grants, tries } = overtaken();
  const told = () => world.events.filter(({ event }) => event === "refresh_replay_refused").length;
  await noteRefused(depsOn({ grants }), grant, "late");
  const noted = await stored();
  assertEquals([tries(), noted?.name, noted?.refused?.late, told()], [
    2,
    "written meanwhile",
    world.now(),
    1,
  ]);
  await noteRefused(depsOn({ grants }), grant, "late");
  assertEquals([tries(), told()], [2, 1]);
  world.skew += USED_AT_MS;
  await noteRefused(depsOn({ grants }), grant, "late");
  assertEquals([tries(), told()], [3, 2]);
  await noteRefused(depsOn(), { ...grant, id: "gone" }, "late");
  assertEquals(told(), 2, "of a grant that has ended there is nothing to tell");
});

Deno.test("copies that come into one branch are told of a hundred times", () => {
  const world = testWorld();
  const branch = { id: 1, since: 0, usedAt: 0 };
  for (const joined of [undefined, 1, TOLD_JOINS]) noteForked({ world }, { ...branch, joined });
  assertEquals(world.events.length, 3);
  noteForked({ world }, { ...branch, joined: TOLD_JOINS + 1 });
  assertEquals(world.events.length, 3);
});

Deno.test("revoking a token ends its grant, and what is none, another client's or over already ends nothing", async () => {
  const { world, store, depsOn, grant, stored } = await start();
  const { refreshToken, accessToken } = await issueTokens(depsOn(), grant, CLIENT);
  for (const nothing of [undefined, "", "nonsense", `${REFRESH_PREFIX}nonsense`]) {
    await revokeToken(depsOn(), nothing, CLIENT);
  }
  for (const token of [refreshToken, accessToken]) {
    await revokeToken(depsOn(), token, { ...CLIENT, id: "another" });
  }
  assertEquals((await stored())?.id, "g");
  await revokeToken(depsOn(), refreshToken, CLIENT);
  assertEquals(await stored(), undefined);
  // Twice, and by the other one: RFC 7009 §2.2 wants no error.
  for (const token of [refreshToken, accessToken]) await revokeToken(depsOn(), token, CLIENT);
  const over = newRefreshToken(depsOn(), grant, {});
  await store.grants.put(grant, null);
  const token = `${REFRESH_PREFIX}over`;
  await store.secrets.put(digest(token), { ...over, expiresAt: world.now() });
  await revokeToken(depsOn(), token, CLIENT);
  assertEquals((await stored())?.id, "g");
});

Deno.test("a token whose time is over is none, whatever its grant says", async () => {
  const { world, store, depsOn, grant } = await start();
  const token = await createPersonalToken(depsOn(), grant);
  const key = digest(token);
  const { value, version } = (await store.secrets.peek(key))!;
  assertEquals((await readAccess(depsOn(), token))?.subject, "github:1");
  await store.secrets.replace(key, { ...value, expiresAt: world.now() }, version);
  assertEquals(await findSecret(depsOn(), token, "sb_pat_"), null);
  assertEquals(await readAccess(depsOn(), token), undefined);
});

Deno.test("who may not sign in any more gets in by none of the tokens of before, until it is allowed again", async () => {
  const { world, depsOn, grant } = await start();
  const { accessToken, refreshToken } = await issueTokens(depsOn(), grant, CLIENT);
  const personal = await createPersonalToken(depsOn(), grant);
  const closed = depsOn({}, ["*@other.example"]);
  for (const token of [accessToken, personal]) {
    assertEquals(await readAccess(closed, token), undefined);
  }
  assertEquals(world.events.map(({ event }) => event), ["sign_in_refused", "sign_in_refused"]);
  const refresh = (deps: GrantDeps) =>
    refreshGrant(deps, { client: CLIENT, refreshToken, resource: undefined });
  const refused = await refresh(closed).then(() => "given", (error) => error.error);
  assertEquals(refused, "invalid_grant");
  assertEquals((await refresh(depsOn())).scopes, ["github"]);
});

Deno.test("a token that is for nothing is for nothing", async () => {
  const { depsOn, grant } = await start(["*"], { scopes: [] });
  const { accessToken } = await issueTokens(depsOn(), grant, CLIENT);
  assertEquals((await depsOn().tokens.verify(accessToken))?.scopes, []);
  assertEquals((await readAccess(depsOn(), accessToken))?.scopes, []);
});

Deno.test("an access token says whether it is bound, and one of a clock that ran ahead is none", async () => {
  const { world, depsOn, grant } = await start();
  assertEquals((await issueTokens(depsOn(), grant, CLIENT)).isBound, false);
  assertEquals((await issueTokens(depsOn(), grant, CLIENT, { jkt: "k" })).isBound, true);
  world.skew += 24 * 60 * 60_000;
  const { accessToken } = await issueTokens(depsOn(), grant, CLIENT);
  assertEquals((await readAccess(depsOn(), accessToken))?.subject, "github:1");
  world.skew -= 24 * 60 * 60_000;
  assertEquals(await readAccess(depsOn(), accessToken), undefined);
});
