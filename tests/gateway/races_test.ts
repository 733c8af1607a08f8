/** Codes, refresh tokens and sessions of which another request, or time, was faster. */

import { assertEquals, assertRejects } from "@std/assert";
import { parseKeyRing } from "../../broker/config/vault.ts";
import type { Client } from "../../broker/core/client.ts";
import { digest, randomSecret } from "../../broker/core/secrets.ts";
import type { Store } from "../../broker/core/store.ts";
import { StoreError } from "../../broker/core/store_errors.ts";
import type { GrantDeps } from "../../gateway/grants/access.ts";
import { createGatewayTokens } from "../../gateway/grants/access_token.ts";
import { exchangeCode, issueCode } from "../../gateway/grants/codes.ts";
import { GrantError } from "../../gateway/grants/grants.ts";
import { refreshGrant } from "../../gateway/grants/refresh.ts";
import { readSession } from "../../gateway/sessions.ts";
import { createSignInRule } from "../../gateway/sign_in_rule.ts";
import { newKeyLine } from "../../tasks/key.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { createStore } from "../../vault/store.ts";
import { memoryRecords } from "../support/memory_records.ts";
import { testWorld } from "../support/world.ts";

const REDIRECT = "https://app.example/cb";
const CLIENT: Client = { id: "c", name: "App", redirectUris: [REDIRECT], kind: "registered" };
const VERIFIER = "v".repeat(43);
const RESOURCE = "https://switchboard.example/mcp";

/** What grants are made with; `change` gets between them and the store. */
async function depsOf(change: (store: Store) => Partial<Store> = () => ({})) {
  const world = testWorld();
  const ring = await importKeyRing(parseKeyRing(newKeyLine("k1")));
  const store = createStore(memoryRecords(), ring, world);
  const deps: GrantDeps = {
    store: { ...store, ...change(store) },
    tokens: createGatewayTokens("https://switchboard.example", ring, world),
    world,
    rule: createSignInRule(["*"], ["github"]),
    lifetimes: { idleMs: 1e9, maxMs: 1e9 },
    identified: { caller: () => {} },
  };
  const code = await issueCode(deps, {
    clientId: CLIENT.id,
    redirectUri: REDIRECT,
    challenge: digest(VERIFIER),
    resource: RESOURCE,
    scopes: ["github"],
    subject: "github:1",
    email: "ana@example.com",
    name: "App",
  });
  const exchange = { code, verifier: VERIFIER, redirectUri: REDIRECT, resource: RESOURCE };
  return { deps, exchange: (client = CLIENT) => exchangeCode(deps, { ...exchange, client }) };
}

Deno.test("a code that came twice and is gone by then gives nothing", async () => {
  let peeks = 0;
  const { exchange } = await depsOf(({ codes }) => ({
    codes: {
      ...codes,
      peek: (digest) => ++peeks === 4 ? Promise.resolve(null) : codes.peek(digest),
    },
  }));
  await exchange();
  assertEquals(peeks, 2);
  const error = await assertRejects(() => exchange(), GrantError);
  assertEquals([error.error, peeks], ["invalid_grant", 4]);
});

Deno.test("of a code that came twice the word is left, though its record is written meanwhile", async () => {
  let replaces = 0;
  let key = "";
  const { deps, exchange } = await depsOf(({ codes }) => ({
    codes: {
      ...codes,
      async replace(digest, value, version) {
        replaces += 1;
        key = digest;
        if (replaces !== 2) return await codes.replace(digest, value, version);
        const { value: now } = (await codes.peek(digest))!;
        await codes.replace(digest, { ...now, name: "written meanwhile" }, version);
        return await codes.replace(digest, value, version);
      },
    },
  }));
  await exchange();
  await assertRejects(() => exchange(), GrantError);
  assertEquals([replaces, (await deps.store.codes.peek(key))?.value.replayed], [3, true]);
});

Deno.test("a refresh token that is gone while it is used gives nothing", async () => {
  let gone = false;
  const { deps, exchange } = await depsOf(({ secrets }) => ({
    secrets: {
      ...secrets,
      peek: (digest) => gone ? Promise.resolve(null) : secrets.peek(digest),
      replace: () => {
        gone = true;
        return Promise.resolve(null);
      },
    },
  }));
  const { refreshToken } = await exchange();
  const refresh = () => refreshGrant(deps, { client: CLIENT, refreshToken, resource: undefined });
  const error = await assertRejects(refresh, GrantError);
  assertEquals([error.error, error.reason], ["invalid_grant", "unknown refresh token"]);
});

Deno.test("a store that is out signs nobody out, and lets nobody in", async () => {
  const { deps } = await depsOf();
  const out = () => Promise.reject(new StoreError("peek sessions", new Error("out of order")));
  const sessions = { peek: out } as never;
  const store = { sessions, epochs: { get: () => Promise.resolve(0) } as never };
  await assertRejects(() => readSession({ ...deps, store }, randomSecret()), StoreError);
});

Deno.test("what a client got by its keys it keeps only as long as it proves that it has them", async () => {
  const keys = { list: [], algorithm: undefined };
  for (const isProven of [true, false]) {
    const { deps, exchange } = await depsOf();
    const { refreshToken } = await exchange(isProven ? { ...CLIENT, keys } : CLIENT);
    const refresh = (client: Client) =>
      refreshGrant(deps, { client, refreshToken, resource: undefined })
        .then(() => "given", ({ error }) => error);
    assertEquals(await refresh(CLIENT), isProven ? "invalid_grant" : "given");
    assertEquals(await refresh({ ...CLIENT, keys }), "given");
  }
});
