import { assertEquals } from "@std/assert";
import { countingKey } from "../../vault/keys.ts";
import { LatestCounting } from "../../vault/people_count.ts";
import { memoryRecords } from "../support/memory_records.ts";

Deno.test("many who ask at once whether the counting has changed are each told of their own", async () => {
  const records = memoryRecords();
  await records.commit({ sets: [{ key: countingKey, value: "first" }] });
  const latest = new LatestCounting(records);
  const { check: { version } } = await latest.get();
  const asking = Array.from({ length: 40 }, async (_, turns) => {
    for (let turn = 0; turn < turns; turn++) await undefined;
    return [await latest.hasChanged(version), await latest.hasChanged("another")];
  });
  assertEquals(new Set((await Promise.all(asking)).map(String)), new Set(["false,true"]));
  await records.commit({ sets: [{ key: countingKey, value: "second" }] });
  assertEquals((await latest.get()).name, "first", "a process asks once");
  assertEquals(await latest.hasChanged(version), true);
  assertEquals((await latest.get()).name, "second");
});
