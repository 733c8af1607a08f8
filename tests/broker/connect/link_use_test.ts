/** How far a link goes: for one browser, for its time, and home once. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { appActor } from "../../../broker/core/actor.ts";
import { ALONE } from "../../../broker/core/clock.ts";
import { LINK_LIFETIME_MS } from "../../../broker/core/link_bounds.ts";
import { Refusal } from "../../../broker/core/refusal.ts";
import { resolveService } from "../../../broker/core/scopes.ts";
import { digest, randomSecret } from "../../../broker/core/secrets.ts";
import type { Store } from "../../../broker/core/store.ts";
import { StoreError } from "../../../broker/core/store_errors.ts";
import {
  createLink,
  type LinkDeps,
  type PresentedLink,
  readLink,
} from "../../../broker/connect/link.ts";
import { againUrl, confirmLink, useLink } from "../../../broker/connect/link_use.ts";
import { importKeyRing } from "../../../vault/key_ring.ts";
import { createStore } from "../../../vault/store.ts";
import { memoryRecords } from "../../support/memory_records.ts";
import { testWorld } from "../../support/world.ts";
import { serverOf, serversOf } from "../fixtures.ts";

const [ONE, OTHER] = [randomSecret(), randomSecret()];

async function start() {
  const world = testWorld();
  const ring = await importKeyRing([{ id: "k1", bytes: new Uint8Array(32) }]);
  const { links } = createStore(memoryRecords(), ring, world);
  const servers = serversOf(serverOf());
  const deps = {
    links,
    world,
    servers,
    apps: [{ realm: "voice" }],
    clocks: ALONE,
    publicUrl: "https://sb.example",
  } as unknown as LinkDeps;
  const target = resolveService(servers, "mail");
  const { url } = await createLink(deps, {
    subject: "voice:u",
    actor: appActor("voice"),
    target,
    service: "mail",
    scope: "mail",
  });
  const { searchParams } = new URL(url);
  const presented: PresentedLink = {
    service: "mail",
    userId: "u",
    scope: "mail",
    secret: searchParams.get("link")!,
  };
  const around = (changed: Partial<Store["links"]>) => ({
    ...deps,
    links: { ...links, ...changed },
  });
  const confirm = (browser: string, by = deps) =>
    confirmLink(by, presented, { browser, person: undefined }, () => Promise.resolve("confirmed"));
  return { world, links, deps, around, presented, confirm };
}

async function codeOf(run: () => Promise<unknown>): Promise<string> {
  return (await assertRejects(run, Refusal)).reason.code;
}

Deno.test("a link is good for what it says, and for nothing that was changed in its address", async () => {
  const { deps, presented } = await start();
  const visitor = { browser: undefined, person: undefined };
  const read = (more: Partial<PresentedLink>) => readLink(deps, { ...presented, ...more }, visitor);
  assertEquals((await read({})).value.userId, "u");
  const changes: Partial<PresentedLink>[] = [
    { service: "calendar" },
    { userId: "v" },
    { userId: undefined },
    { scope: "calendar" },
    { scope: undefined },
  ];
  for (const change of changes) {
    assertEquals(await codeOf(() => read(change)), "link_changed", JSON.stringify(change));
  }
  assertEquals(await codeOf(() => read({ secret: randomSecret() })), "link_invalid");
});

Deno.test("a link lives no longer for being confirmed, however often", async () => {
  const { world, confirm } = await start();
  assertEquals(await confirm(ONE), "confirmed");
  world.skew += LINK_LIFETIME_MS - 1000;
  assertEquals(await confirm(ONE), "confirmed");
  world.skew += 1000;
  assertEquals(await codeOf(() => confirm(ONE)), "link_expired");
});

Deno.test("of two browsers that confirm a link at the same time one has it", async () => {
  const { links, around, confirm } = await start();
  let isFirst = true;
  const late = around({
    async replace(...args: Parameters<typeof links.replace>) {
      if (isFirst) {
        isFirst = false;
        assertEquals(await confirm(OTHER), "confirmed");
      }
      return await links.replace(...args);
    },
  });
  assertEquals(await codeOf(() => confirm(ONE, late)), "link_invalid");
  assertEquals(await confirm(OTHER), "confirmed");
});

Deno.test("home comes one trip of the browser that has the link, until it is given back", async () => {
  const { deps, presented, confirm } = await start();
  await confirm(ONE);
  const trip = (browser: string) => ({ link: presented.secret, browser: digest(browser) });
  assertEquals(await codeOf(() => useLink(deps, trip(OTHER))), "state_invalid");
  const used = await useLink(deps, trip(ONE));
  assertEquals(await codeOf(() => useLink(deps, trip(ONE))), "state_invalid");
  assertEquals(await againUrl(deps, trip(ONE)), undefined);
  await used.giveBack();
  assertEquals(await againUrl(deps, trip(ONE)), used.againUrl());
  assert(used.againUrl()!.startsWith("https://sb.example/auth/mail?"));
  await useLink(deps, trip(ONE));
});

Deno.test("where the store is out a link is not given back, and the operator is told", async () => {
  const { world, deps, presented, confirm, around } = await start();
  await confirm(ONE);
  const add = () => Promise.reject(new StoreError("add", new Error("out of order")));
  const used = await useLink(around({ add }), {
    link: presented.secret,
    browser: digest(ONE),
  });
  await used.giveBack();
  const said = world.events.map(({ event }) => event).filter((event) => event !== "connect");
  assertEquals(said, ["link_not_given_back"]);
  assertEquals(await againUrl(deps, { link: presented.secret }), undefined);
});

Deno.test("what was begun without a link has none to use, and none to go back to", async () => {
  const { deps } = await start();
  const used = await useLink(deps, { link: undefined, browser: digest(ONE) });
  await used.giveBack();
  assertEquals([used.againUrl(), await againUrl(deps, { link: undefined })], [
    undefined,
    undefined,
  ]);
});
