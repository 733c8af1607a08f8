import { assert, assertEquals, assertRejects } from "@std/assert";
import { parseKeyRing } from "../../broker/config/vault.ts";
import { VaultError } from "../../broker/core/store_errors.ts";
import type { LogEvent } from "../../broker/core/world.ts";
import { createGatewayTokens } from "../../gateway/grants/access_token.ts";
import { newKeyLine } from "../../tasks/key.ts";
import { importKeyRing, RELOAD_MS } from "../../vault/key_ring.ts";
import { testWorld } from "../support/world.ts";

const [K1, K2] = [newKeyLine("k1"), newKeyLine("k2")];

/** A ring in a file that the test writes, by a clock that the test moves. */
async function ringIn(first: string) {
  const file = { text: first, reads: 0, now: 0, events: [] as LogEvent[] };
  const ring = await importKeyRing(parseKeyRing(first), {
    // deno-lint-ignore require-await -- it rejects where it would throw
    reload: async () => {
      file.reads += 1;
      return parseKeyRing(file.text);
    },
    now: () => file.now,
    log: (event) => file.events.push(event),
  });
  return { file, ring };
}

Deno.test("a ring in a file seals with the new first key a second later, whoever sealed before", async () => {
  const { file, ring } = await ringIn(K1);
  assertEquals(await ring.primary(), "k1");
  file.text = `${K2}\n${K1}`;
  assertEquals(await ring.primary(), "k1");
  file.now += RELOAD_MS;
  assertEquals([await ring.primary(), file.reads], ["k2", 2]);
  assertEquals(file.events, [{ level: "info", event: "keys_reloaded", keys: "k2,k1" }]);
});

Deno.test("a box under a new key has the file read at once, for all who wait for it", async () => {
  const { file, ring } = await ringIn(K1);
  await ring.primary();
  file.text = `${K2}\n${K1}`;
  const keys = await Promise.all([ring.key("k2"), ring.key("k2"), ring.key("k1")]);
  assert(keys.every((key) => key !== undefined));
  assertEquals([await ring.primary(), file.reads], ["k2", 2]);
});

Deno.test("unknown keys do not hammer the file, and hide no new one", async () => {
  const { file, ring } = await ringIn(K1);
  for (let i = 0; i < 100; i++) assertEquals(await ring.key("k9"), undefined);
  assertEquals(file.reads, 2);
  // Forged gateway tokens can name any.
  for (let i = 0; i < 100; i++) assertEquals(await ring.signingKey(`forged${i}`), undefined);
  assert(file.reads < 20, `${file.reads} reads`);
  file.text = `${K2}\n${K1}`;
  file.now += RELOAD_MS;
  assert(await ring.key("k2") !== undefined);
});

Deno.test("a key that left the file opens nothing and verifies nothing any more", async () => {
  const { file, ring } = await ringIn(`${K2}\n${K1}`);
  assert(await ring.key("k1") !== undefined && await ring.signingKey("k1") !== undefined);
  file.text = K2;
  file.now += RELOAD_MS;
  assertEquals([await ring.key("k1"), await ring.signingKey("k1")], [undefined, undefined]);
});

Deno.test("an access token of a key that left the file is refused without a restart", async () => {
  const { file, ring } = await ringIn(K1);
  const tokens = createGatewayTokens("https://gateway.example.com", ring, testWorld());
  const claims = {
    subject: "github:1" as const,
    clientId: "client",
    grantId: "grant",
    scopes: ["github"],
    audience: "https://gateway.example.com/mcp",
  };
  const token = await tokens.sign(claims);
  file.text = `${K2}\n${K1}`;
  file.now += RELOAD_MS;
  assertEquals(await tokens.verify(token), claims);
  const next = await tokens.sign(claims);
  file.text = K2;
  file.now += RELOAD_MS;
  assertEquals([await tokens.verify(token), await tokens.verify(next)], [undefined, claims]);
});

Deno.test("half a file leaves the keys as they are, and is told once", async () => {
  const { file, ring } = await ringIn(`${K2}\n${K1}`);
  for (const half of ["", K2.slice(0, 20), `${K2}\n${K1.slice(0, 20)}`, `${K2}\n${K2}`]) {
    file.text = half;
    file.events.length = 0;
    for (let i = 0; i < 3; i++) {
      file.now += RELOAD_MS;
      assertEquals(await ring.primary(), "k2");
      assert(await ring.key("k1") !== undefined);
    }
    assertEquals(file.events.map(({ event }) => event), ["keys_not_reloaded"], half);
    assert(!JSON.stringify(file.events).includes(K2.slice(4, 12)), "no key in the log");
  }
});

Deno.test("a retired key opens and seals nothing; a ring of retired keys says so", async () => {
  const both = await importKeyRing(parseKeyRing(`${K1},${K2}`));
  both.retire("k1");
  assertEquals(await both.primary(), "k2");
  assert(await both.key("k1") !== undefined);
  both.retire("k2");
  const error = await assertRejects(() => both.primary(), VaultError, '"k1", "k2"');
  assertEquals(error.code, "retired_key");
});

Deno.test("a ring in a file that was retired takes the successor that stands there by now", async () => {
  const { file, ring } = await ringIn(K1);
  await ring.primary();
  file.text = `${K2}\n${K1}`;
  ring.retire("k1");
  assertEquals(await ring.primary(), "k2");
});

Deno.test("a ring has a key", async () => {
  await assertRejects(() => importKeyRing([]), TypeError, "it has no key");
});
