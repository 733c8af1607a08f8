/** A token set is one user's, also where another import of it is under way. */

import { assertEquals, assertRejects } from "@std/assert";
import type { ImportDeps, ImportItem } from "../../../broker/moving/import_item.ts";
import { OWNER_KNOWN_MS, requireOwner, UNDER_WAY_MS } from "../../../broker/moving/import_owner.ts";
import { markOf, tokensOf } from "../../../broker/moving/import_tokens.ts";
import type { TokenSet } from "../../../broker/core/connection.ts";
import { Refusal } from "../../../broker/core/refusal.ts";
import { resolveService } from "../../../broker/core/scopes.ts";
import type { Store } from "../../../broker/core/store.ts";
import type { Subject } from "../../../broker/core/subject.ts";
import { importKeyRing } from "../../../vault/key_ring.ts";
import { createStore } from "../../../vault/store.ts";
import { memoryRecords } from "../../support/memory_records.ts";
import { testWorld } from "../../support/world.ts";
import { serverOf, serversOf, storedOf } from "../fixtures.ts";

const GIVEN: TokenSet = { ...storedOf("1", ["mail"]).value.tokens, refreshToken: "r" };

async function start() {
  const world = testWorld();
  const ring = await importKeyRing([{ id: "k1", bytes: new Uint8Array(32) }]);
  const records = memoryRecords();
  const store = createStore(records, ring, world);
  const item = (subject: Subject, given: TokenSet): ImportItem => ({
    server: serverOf(),
    subject,
    given,
    mark: markOf(given),
  });
  const own = async (subject: Subject, changed: Partial<Store> = {}, given = GIVEN) => {
    const deps = { ...store, ...changed, world } as unknown as ImportDeps;
    try {
      await requireOwner(deps, item(subject, given));
      return "taken";
    } catch (error) {
      const { reason } = error as Refusal;
      return reason.code === "provider_unavailable" ? reason.retryAfter : reason.code;
    }
  };
  return { world, records, store, own };
}

Deno.test("a token set that another user has is nobody else's", async () => {
  const { world, store, own } = await start();
  assertEquals([await own("voice:a"), await own("voice:a")], ["taken", "taken"]);
  const of = (subject: Subject, refreshToken: string) =>
    store.connections.put({
      ...storedOf(refreshToken, ["mail"]).value,
      subject,
      tokens: { ...GIVEN, refreshToken },
    }, null);
  await of("voice:a", "r");
  world.skew += UNDER_WAY_MS;
  assertEquals(await own("voice:b"), "invalid_request");
});

Deno.test("a token set whose import came to nothing is the next user's after a while", async () => {
  const { world, store, own } = await start();
  await own("voice:a");
  // What that user has beside it is no reason.
  await store.connections.put({ ...storedOf("2", ["mail"]).value, subject: "voice:a" }, null);
  assertEquals(await own("voice:b"), UNDER_WAY_MS / 1000);
  world.skew += UNDER_WAY_MS - 1;
  assertEquals(await own("voice:b"), 1);
  world.skew += 1;
  assertEquals([await own("voice:b"), await own("voice:a")], ["taken", UNDER_WAY_MS / 1000]);
});

Deno.test("a token set that another user may have in a box that is shut is nobody else's", async () => {
  const { world, records, own } = await start();
  await own("voice:a");
  const lost = await importKeyRing([{ id: "k2", bytes: new Uint8Array(32).fill(1) }]);
  const { connections } = createStore(records, lost, world);
  await connections.put({ ...storedOf("2", ["mail"]).value, subject: "voice:a" }, null);
  world.skew += UNDER_WAY_MS;
  assertEquals(await own("voice:b"), "invalid_request");
});

Deno.test("an access token alone is refreshed by nobody, and may be several users'", async () => {
  const { own } = await start();
  const { refreshToken: _none, ...alone } = GIVEN;
  for (const subject of ["voice:a", "voice:b"] as const) {
    assertEquals(await own(subject, {}, alone), "taken");
  }
});

Deno.test("of two that come once an import came to nothing one is the next user", async () => {
  const { world, store, own } = await start();
  await own("voice:a");
  world.skew += UNDER_WAY_MS;
  const { imports } = store;
  const changed = {
    imports: {
      ...imports,
      async replace(...args: Parameters<typeof imports.replace>) {
        await own("voice:c");
        return await imports.replace(...args);
      },
    },
  };
  assertEquals(await own("voice:b", changed), UNDER_WAY_MS / 1000);
});

Deno.test("a refresh token that is brought is taken to be older than any leak", () => {
  const target = resolveService(serversOf(serverOf()), "mail");
  const since = (held: Parameters<typeof tokensOf>[1]) =>
    tokensOf(target, held, 1000).refreshIssuedAt;
  assertEquals([since({ refreshToken: "r" }), since({ accessToken: "a", refreshToken: "r" })], [
    0,
    0,
  ]);
  assertEquals(since({ accessToken: "a", expiresIn: 60 }), undefined);
});

Deno.test("an import that was noted by a clock ahead is waited for a minute at a time", async () => {
  const { world, own } = await start();
  world.skew += OWNER_KNOWN_MS / 2;
  await own("voice:a");
  world.skew -= OWNER_KNOWN_MS / 2;
  assertEquals(await own("voice:b"), UNDER_WAY_MS / 1000);
});

Deno.test("a note that is gone when it is looked at is made anew", async () => {
  const { store, own } = await start();
  await own("voice:a");
  let peeks = 0;
  const { imports } = store;
  const changed = {
    imports: {
      ...imports,
      async peek(key: string) {
        peeks += 1;
        const found = await imports.peek(key);
        if (found !== null && peeks === 1) {
          await imports.take(key, found.version);
          return null;
        }
        return found;
      },
    },
  };
  assertEquals([await own("voice:b", changed), peeks], ["taken", 1]);
});

Deno.test("what is brought in has an end that is a number, or none", async () => {
  const target = resolveService(serversOf(serverOf()), "mail");
  const of = (held: Parameters<typeof tokensOf>[1]) => tokensOf(target, held, 1000);
  assertEquals(of({ accessToken: "a" }).expiresAt, undefined);
  assertEquals(
    of({ accessToken: "a", refreshToken: "r" }).expiresAt,
    1000,
    "over, to be refreshed",
  );
  for (const end of [Infinity, -Infinity, NaN]) {
    for (const held of [{ expiresIn: end }, { expiresAt: end }]) {
      const { reason } = await assertRejects(
        () => Promise.resolve().then(() => of({ accessToken: "a", ...held })),
        Refusal,
      );
      assertEquals(reason.code, "invalid_request");
    }
  }
});
