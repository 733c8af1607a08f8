import { assertEquals, assertThrows } from "@std/assert";
import { Refusal } from "../../broker/core/refusal.ts";
import { passingDigest } from "../../broker/core/secrets.ts";
import { authenticate, MAX_KEY_LENGTH } from "../../gateway/api_keys.ts";
import { GUESSES, Guesses } from "../../gateway/guesses.ts";
import { requireClientSecret } from "../../gateway/clients/client_secrets.ts";
import { digestHex } from "../../tasks/key.ts";
import { testWorld } from "../support/world.ts";

Deno.test("no API key at all is no guess", () => {
  const world = testWorld();
  const guesses = new Guesses(world);
  const right = { realm: "voice", sha256: passingDigest("right").slice() } as never;
  const come = (key: string | undefined) =>
    authenticate([right], guesses, { key, address: "192.0.2.1" });
  const codeOf = (key: string | undefined) => {
    try {
      return come(key).realm;
    } catch (error) {
      return (error as Refusal).reason.code;
    }
  };
  for (const nothing of [undefined, ""]) {
    for (let i = 0; i <= GUESSES.limit; i++) assertEquals(codeOf(nothing), "invalid_client");
  }
  assertEquals(codeOf("right"), "voice");
  world.skew += 2 * 24 * 60 * 60_000;
  for (let i = 0; i < GUESSES.limit; i++) assertEquals(codeOf("wrong"), "invalid_client");
  assertEquals(codeOf("right"), "rate_limited");
});

Deno.test("a key longer than any is nobody's, whatever its digest", () => {
  const of = (length: number) => {
    const key = "k".repeat(length);
    const keys = [{ realm: "voice", sha256: passingDigest(key).slice() }] as never;
    try {
      return authenticate(keys, new Guesses(testWorld()), { key, address: undefined }).realm;
    } catch (error) {
      return (error as Refusal).reason.code;
    }
  };
  assertEquals([of(1), of(MAX_KEY_LENGTH), of(MAX_KEY_LENGTH + 1)], [
    "voice",
    "voice",
    "invalid_client",
  ]);
});

Deno.test("a key is known by all of its digest, and who has it is no guesser", () => {
  const sha256 = passingDigest("right").slice();
  const guesses = new Guesses(testWorld());
  const come = (sha256: Uint8Array) =>
    authenticate([{ realm: "voice", sha256 } as never], guesses, { key: "right", address: "a" });
  for (let i = 0; i <= GUESSES.limit; i++) assertEquals(come(sha256).realm, "voice");
  for (const at of [0, 16, 31]) {
    const near = sha256.slice();
    near[at]! ^= 1;
    assertThrows(() => come(near), Refusal);
  }
});

Deno.test("guesses at a client's secret from nobody knows where lock nobody out", () => {
  const guesses = new Guesses(testWorld());
  const secretSha256 = digestHex("right");
  const client = {
    id: "desk",
    name: "Desk",
    redirectUris: [],
    kind: "operator" as const,
    secretSha256,
  };
  const codeOf = (secret: string, address?: string) => {
    try {
      requireClientSecret(guesses, { client, secret, address });
      return "taken";
    } catch (error) {
      return (error as Refusal).reason.code;
    }
  };
  for (let i = 0; i <= GUESSES.limit; i++) assertEquals(codeOf("wrong"), "unknown_client");
  assertEquals(codeOf("right"), "taken");
  for (let i = 0; i < GUESSES.limit; i++) codeOf("wrong", "192.0.2.1");
  assertEquals(codeOf("right", "192.0.2.1"), "rate_limited");
  assertEquals(codeOf("right", "192.0.2.2"), "taken");
});
