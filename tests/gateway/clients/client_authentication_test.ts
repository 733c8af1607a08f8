/** Which clients pass, by what they bring. */

import { assertEquals } from "@std/assert";
import type { Client } from "../../../broker/core/client.ts";
import type { Refusal } from "../../../broker/core/refusal.ts";
import { digestHex } from "../../../tasks/key.ts";
import { ASSERTION_TYPE } from "../../../gateway/clients/client_assertion.ts";
import {
  authenticateClient,
  type AuthenticationDeps,
  claimedClient,
  type Credentials,
} from "../../../gateway/clients/client_authentication.ts";
import { createDoors } from "../../../gateway/doors.ts";
import { Guesses } from "../../../gateway/guesses.ts";
import { testWorld } from "../../support/world.ts";

const PUBLIC: Client = { id: "c", name: "App", redirectUris: [], kind: "registered" };
const WITH_KEYS: Client = { ...PUBLIC, keys: { list: [], algorithm: undefined } };
const WITH_SECRET: Client = { ...PUBLIC, kind: "operator", secretSha256: digestHex("right") };

const encoded = (value: unknown) => btoa(JSON.stringify(value)).replaceAll("=", "");
const jwt = (claims: unknown) => `${encoded({ alg: "ES256" })}.${encoded(claims)}.AAAA`;

async function came(client: Client, credentials: Credentials): Promise<string> {
  const world = testWorld();
  const never = () => Promise.reject(new Error("Keys were looked for"));
  const deps: AuthenticationDeps = {
    store: { proofs: {} as never },
    world,
    keySets: { find: never, renew: never },
    guesses: new Guesses(world),
    doors: createDoors(world),
    isAgreed: () => Promise.resolve(true),
    audiences: ["https://gateway.example"],
  };
  return await authenticateClient(deps, client, credentials)
    .then(() => "passes", ({ reason }: Refusal) => reason.code);
}

Deno.test("a client passes by what it has, and by nothing of another kind", async () => {
  assertEquals(await came(PUBLIC, {}), "passes");
  assertEquals(await came(WITH_SECRET, { secret: "right" }), "passes");
  assertEquals(await came(WITH_SECRET, { secret: "wrong" }), "unknown_client");
  assertEquals(await came(WITH_SECRET, {}), "unknown_client");
  assertEquals(await came(WITH_KEYS, {}), "unknown_client");
  assertEquals(await came(WITH_KEYS, { secret: "right" }), "unknown_client");
  const halves: Credentials[] = [
    { assertion: jwt({ sub: "c" }), assertionType: ASSERTION_TYPE },
    { assertion: jwt({ sub: "c" }) },
    { assertionType: ASSERTION_TYPE },
    { assertion: "", assertionType: ASSERTION_TYPE },
    { assertion: "no JWT", assertionType: ASSERTION_TYPE },
    { assertion: jwt({ sub: "c" }), assertionType: "urn:of:something:else" },
  ];
  for (const credentials of halves) {
    for (const client of [PUBLIC, WITH_SECRET, WITH_KEYS]) {
      // Refused for what it is, before its keys are looked for.
      assertEquals(await came(client, credentials), "unknown_client", JSON.stringify(credentials));
      const both = { ...credentials, secret: "right" };
      assertEquals(await came(client, both), "invalid_request");
    }
  }
});

Deno.test("an assertion says whose it is by a text, or says nothing", async () => {
  assertEquals(await claimedClient(jwt({ sub: "c" })), "c");
  for (const sub of [undefined, null, 5, ["c"], { c: 1 }]) {
    assertEquals(await claimedClient(jwt({ sub })), undefined);
  }
  for (const text of [undefined, "", "no JWT", "a.b", "a.b.c"]) {
    assertEquals(await claimedClient(text), undefined);
  }
});
