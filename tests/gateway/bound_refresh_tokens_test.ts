import { assert, assertEquals } from "@std/assert";
import { parseKeyRing } from "../../broker/config/vault.ts";
import { newKeyLine } from "../../tasks/key.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { memoryRecords } from "../support/memory_records.ts";
import { CLIENTS, DAY_MS, ModelGateway, newShared } from "../support/sign_in_model/gateway.ts";

Deno.test("a refresh token that is bound to a key stays the same one, for that key alone, and gets no branch", async () => {
  const ring = await importKeyRing(parseKeyRing(newKeyLine("k1")));
  const shared = newShared();
  const gateway = new ModelGateway(memoryRecords(), ring, shared);
  const present = (refreshToken: string, key?: string) =>
    gateway.present(refreshToken, CLIENTS.own, key);
  const first = await gateway.begin("key");
  const assertBound = async (refreshToken: string) => {
    for (const key of [undefined, "another"]) {
      assertEquals(await present(refreshToken, key), undefined);
    }
    const given = await present(refreshToken, "key");
    assert(given !== undefined);
    return given;
  };
  const second = await assertBound(first.refresh);
  const third = await assertBound(second.refresh);
  assertEquals([second.refresh, third.refresh], [first.refresh, first.refresh]);
  // However late: nothing of it was used up.
  shared.clock += 20 * DAY_MS;
  await assertBound(first.refresh);
  shared.clock += 20 * DAY_MS;
  assertEquals((await assertBound(first.refresh)).branch, 0);
  assertEquals(await gateway.places(), [0]);
  // Said once an hour.
  assertEquals(shared.events.filter((event) => event === "refresh_replay_refused").length, 3);
  assert((await gateway.grant())?.refused?.other_key !== undefined);
});
