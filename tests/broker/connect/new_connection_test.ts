/** What is written for a token set that has just come, beside what others write. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type AuthorizationDeps,
  claimHandoff,
  serverOf as serverNamed,
  storeConnection,
} from "../../../broker/connect/new_connection.ts";
import { appActor } from "../../../broker/core/actor.ts";
import type { OAuthFlow } from "../../../broker/core/authorization_server.ts";
import type { TokenSet, Via } from "../../../broker/core/connection.ts";
import { ALONE } from "../../../broker/core/clock.ts";
import { Refusal } from "../../../broker/core/refusal.ts";
import { digest, randomSecret } from "../../../broker/core/secrets.ts";
import type { Store } from "../../../broker/core/store.ts";
import { StoreError } from "../../../broker/core/store_errors.ts";
import { importKeyRing } from "../../../vault/key_ring.ts";
import { createStore } from "../../../vault/store.ts";
import { memoryRecords } from "../../support/memory_records.ts";
import { testWorld } from "../../support/world.ts";
import { serverOf, serversOf, storedOf } from "../fixtures.ts";

const VIA: Via = { issuer: "https://as.example", clientId: "c", url: "https://mcp.example/mcp" };

function ringOf(id: string) {
  return importKeyRing([{ id, bytes: crypto.getRandomValues(new Uint8Array(32)) }]);
}

async function start() {
  const world = testWorld();
  const records = memoryRecords();
  const store = createStore(records, await ringOf("k1"), world);
  const depsOn = (changed: Partial<Store> = {}): AuthorizationDeps => ({
    store: { ...store, ...changed },
    links: store.links,
    world,
    clocks: ALONE,
    publicUrl: "https://switchboard.example",
    servers: serversOf(serverOf()),
    apps: [{ realm: "voice" }],
    returnUrls: [],
  });
  const comeOf = (more: Partial<TokenSet> = {}, account = "1") => {
    const { value: { subject, provider, tokens } } = storedOf(account, ["mail"]);
    return {
      subject,
      provider,
      actor: undefined,
      account: { id: account, label: account },
      tokens: { ...tokens, issuedAt: world.now(), ...more },
    };
  };
  return { world, records, store, depsOn, comeOf };
}

async function codeOf(run: () => Promise<unknown>): Promise<string> {
  return (await assertRejects(run, Refusal)).reason.code;
}

Deno.test("a refresh token of before goes on only with the server, the client and the address that it is of", async () => {
  const others: [Partial<Via> | undefined, string | undefined][] = [
    [{}, "before"],
    [{ issuer: "https://evil.example" }, undefined],
    [{ clientId: "another" }, undefined],
    [{ url: "https://mcp.example/other" }, undefined],
    [undefined, undefined],
  ];
  for (const [change, kept] of others) {
    const { depsOn, comeOf } = await start();
    await storeConnection(depsOn(), comeOf({ via: VIA, refreshToken: "before" }));
    const via = change === undefined ? undefined : { ...VIA, ...change };
    const { tokens } = await storeConnection(depsOn(), comeOf({ via }));
    assertEquals([tokens.refreshToken, tokens.via], [kept, via]);
  }
});

Deno.test("what another address issued is ended when it is written over, or the log says that it was not", async () => {
  const notEnded = async (kind: "revoked" | "unsupported") => {
    const { depsOn, comeOf, world } = await start();
    const { credential } = serverOf();
    const flow = { ...credential, revoke: () => Promise.resolve({ kind }) } as OAuthFlow;
    const servers = serversOf(serverOf({ credential: { ...flow, kind: "oauth" } }));
    const deps = { ...depsOn(), servers };
    await storeConnection(deps, comeOf({ via: VIA }));
    await storeConnection(deps, comeOf({ via: VIA }));
    assertEquals(world.events.some(({ event }) => event === "access_not_ended"), false);
    await storeConnection(deps, comeOf());
    return world.events.some(({ event }) => event === "access_not_ended");
  };
  assertEquals([await notEnded("unsupported"), await notEnded("revoked")], [true, false]);
});

Deno.test("a write whose answer was lost counts where it stands there, and where another stands it does not", async () => {
  const { store: { connections }, depsOn, comeOf, world } = await start();
  const lost = new StoreError("put connections", new Error("no answer"));
  const after = (change: Partial<TokenSet>) =>
    depsOn({
      connections: {
        ...connections,
        async put(connection, version, also) {
          const tokens = { ...connection.tokens, ...change };
          await connections.put({ ...connection, tokens }, version, also);
          throw lost;
        },
      },
    });
  assertEquals((await storeConnection(after({}), comeOf())).account, "1");
  for (const change of [{ accessToken: "another's" }, { issuedAt: world.now() - 1 }]) {
    assertEquals(await assertRejects(() => storeConnection(after(change), comeOf())), lost);
  }
  // Nothing was written, and what stands there says the same.
  const nothing = { ...connections, put: () => Promise.reject(lost) };
  await storeConnection(depsOn(), comeOf());
  const again = storeConnection(depsOn({ connections: nothing }), comeOf());
  assertEquals(await assertRejects(() => again), lost);
});

Deno.test("of several connections that cannot be opened the one of this account is replaced", async () => {
  const { records, store: { connections }, depsOn, comeOf, world } = await start();
  const lost = createStore(records, await ringOf("lost"), world);
  for (const account of ["0", "1", "2"]) {
    await lost.connections.put(storedOf(account, ["mail"]).value, null);
  }
  let writes = 0;
  const counted = {
    ...connections,
    put(...args: Parameters<typeof connections.put>) {
      writes += 1;
      if (writes > 1) throw new Error("It was written under another's version");
      return connections.put(...args);
    },
  };
  await storeConnection(depsOn({ connections: counted }), comeOf());
  const { opened, unopened } = await connections.survey("voice:u");
  assertEquals(opened.map(({ value }) => value.account), ["1"]);
  assertEquals(unopened.map(({ ref }) => ref.account), ["0", "2"]);
});

Deno.test("a code whose connection can never be kept is used up by one claim", async () => {
  const { store, depsOn, comeOf, world } = await start();
  const of = comeOf();
  const code = randomSecret();
  const expiresAt = world.now() + 60_000;
  await store.handoffs.put(digest(code), { ...of, services: ["mail"], expiresAt });
  const never = new StoreError("put connections", new Error("too large"), true);
  const connections = { ...store.connections, put: () => Promise.reject(never) };
  const claim = (changed: Partial<Store>) => () =>
    claimHandoff(depsOn({ connections, ...changed }), {
      subject: of.subject,
      actor: appActor("voice"),
    }, code);
  const first = { ...store.handoffs, take: () => Promise.resolve(false) };
  assertEquals(await codeOf(claim({ handoffs: first })), "code_invalid", "another one was first");
  assertEquals(await codeOf(claim({})), "not_keepable");
  assertEquals(await codeOf(claim({})), "code_invalid");
});

Deno.test("a provider that was taken out of the configuration is unknown", () => {
  assertEquals(serverNamed(serversOf(serverOf()), "acme").title, "Acme");
  try {
    serverNamed(serversOf(serverOf()), "another");
    assert(false);
  } catch (error) {
    assertEquals((error as Refusal).reason, {
      code: "unknown_service",
      service: "another",
      known: ["acme"],
    });
  }
});
