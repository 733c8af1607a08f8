/** What is ended at a provider, and what is known to have ended with it. */

import { assertEquals } from "@std/assert";
import type { OAuthFlow } from "../../../broker/core/authorization_server.ts";
import { UNNAMED_ACCOUNT } from "../../../broker/core/connection.ts";
import { tryToEnd } from "../../../broker/tokens/end_tokens.ts";
import { importKeyRing } from "../../../vault/key_ring.ts";
import { createStore } from "../../../vault/store.ts";
import { memoryRecords } from "../../support/memory_records.ts";
import { testWorld } from "../../support/world.ts";
import { serverOf, storedOf } from "../fixtures.ts";

type Way = OAuthFlow["revoke"];
const { value: connection } = storedOf("1", ["mail"]);

/** What becomes of a token set; `asked`: which of its two ways the provider was asked by. */
async function end(
  { ways, isHeld = false, account = "1" }: {
    ways: "one" | "two" | "same";
    isHeld?: boolean;
    account?: string;
  },
) {
  const world = testWorld();
  const ring = await importKeyRing([{ id: "k1", bytes: new Uint8Array(32) }]);
  const store = createStore(memoryRecords(), ring, world);
  if (isHeld) await store.connections.put(connection, null);
  const asked: string[] = [];
  const way = (name: string): Way => () => {
    asked.push(name);
    return Promise.resolve({ kind: "revoked" });
  };
  const [revoke, alone] = [way("grant"), way("alone")];
  const revokeAlone = { one: undefined, two: alone, same: revoke }[ways];
  const credential = { ...serverOf().credential as OAuthFlow, revoke, revokeAlone };
  const server = serverOf({ credential });
  const { ended, wholeGrant } = await tryToEnd(
    { store, world },
    server,
    account,
    connection.tokens,
  );
  return [ended?.kind, wholeGrant, ...asked];
}

Deno.test("that an account's whole grant is over is known where it was ended as such, and of nobody else", async () => {
  assertEquals(await end({ ways: "two" }), ["revoked", true, "grant"]);
  // With one way only nobody knows whether more has ended than this token set.
  assertEquals(await end({ ways: "one" }), ["revoked", false, "grant"]);
  // It ends nothing but what it is asked for.
  assertEquals(await end({ ways: "same" }), ["revoked", false, "grant"]);
  // Nobody knows whose it is: others may have the same.
  assertEquals(await end({ ways: "two", account: UNNAMED_ACCOUNT }), ["revoked", false, "grant"]);
});

Deno.test("where others hang on the grant a token set is ended alone, or left", async () => {
  assertEquals(await end({ ways: "two", isHeld: true }), ["revoked", false, "alone"]);
  assertEquals(await end({ ways: "one", isHeld: true }), [undefined, false]);
  assertEquals(await end({ ways: "same", isHeld: true }), ["revoked", false, "grant"]);
});
