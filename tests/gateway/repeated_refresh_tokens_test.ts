import { assert, assertEquals } from "@std/assert";
import { parseKeyRing } from "../../broker/config/vault.ts";
import { newKeyLine } from "../../tasks/key.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { memoryRecords } from "../support/memory_records.ts";
import { DAY_MS, ModelGateway, newShared } from "../support/sign_in_model/gateway.ts";

Deno.test("a client that only ever brings its first refresh token is signed in as long as it comes", async () => {
  const ring = await importKeyRing(parseKeyRing(newKeyLine("k1")));
  const shared = newShared();
  const gateway = new ModelGateway(memoryRecords(), ring, shared);
  const first = await gateway.begin();
  const second = await gateway.present(first.refresh);
  // Each time within the days that nobody uses it, and long after the first of them.
  for (let months = 0; months < 5; months++) {
    shared.clock += 25 * DAY_MS;
    const again = await gateway.present(first.refresh);
    assert(again !== undefined, `after ${25 * (months + 1)} days`);
    assertEquals([again.refresh, again.branch], [second!.refresh, 0]);
  }
  // What it was given lives as long, and leads on.
  shared.clock += 25 * DAY_MS;
  const third = await gateway.present(second!.refresh);
  assert(third !== undefined && await gateway.opens(third.access));
});

Deno.test("what is not used for a while is over, however it was repeated", async () => {
  const ring = await importKeyRing(parseKeyRing(newKeyLine("k1")));
  const shared = newShared();
  const gateway = new ModelGateway(memoryRecords(), ring, shared);
  const first = await gateway.begin();
  await gateway.present(first.refresh);
  shared.clock += 25 * DAY_MS;
  assert(await gateway.present(first.refresh) !== undefined);
  shared.clock += 31 * DAY_MS;
  assertEquals(await gateway.present(first.refresh), undefined);
});
