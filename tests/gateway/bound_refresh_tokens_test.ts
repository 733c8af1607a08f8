import { assert, assertEquals } from "@std/assert";
import { parseKeyRing } from "../../broker/config/vault.ts";
import { newKeyLine } from "../../tasks/key.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { memoryRecords } from "../support/memory_records.ts";
import { CLIENTS, ModelGateway, newShared } from "../support/sign_in_model/gateway.ts";

Deno.test("what comes of a refresh token that is bound to a key is bound to it, branches too", async () => {
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
  const branch = await assertBound(first.refresh);
  assertEquals([third.branch, branch.branch], [0, 1]);
  await assertBound((await assertBound(branch.refresh)).refresh);
  assertEquals(shared.events.filter((event) => event === "refresh_replay_refused").length, 1);
  assert((await gateway.grant())?.refused?.other_key !== undefined);
});
