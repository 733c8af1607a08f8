import { assertEquals } from "@std/assert";
import { digestHex } from "../../../broker/core/secrets.ts";
import { KeptLists, SHOWN_MS } from "../../../mcp/upstream/kept_lists.ts";
import { importKeyRing } from "../../../vault/key_ring.ts";
import { createStore } from "../../../vault/store.ts";
import { memoryRecords } from "../../support/memory_records.ts";
import { testWorld } from "../../support/world.ts";

const ANA = "a:ana";

async function start() {
  const world = testWorld();
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const { lists } = createStore(memoryRecords(), await importKeyRing([{ id: "k1", bytes }]), world);
  return {
    world,
    kept: new KeptLists("notes", { world, lists }),
    other: new KeptLists("wiki", { world, lists }),
  };
}

Deno.test("what one person was shown is shown to nobody else, of no other tool and upstream", async () => {
  const { kept, other } = await start();
  const [one, two] = [digestHex("one"), digestHex("two")];
  await kept.show(ANA, "notes_read", one);
  await Promise.all([kept.show(ANA, "notes_read", two), kept.show(ANA, "notes_x", one)]);
  const shown = await kept.shown(ANA);
  assertEquals([shown("notes_read", one), shown("notes_read", two), shown("notes_x", one)], [
    true,
    true,
    true,
  ]);
  assertEquals([shown("notes_x", two), shown("notes_y", one), shown("constructor", one)], [
    false,
    false,
    false,
  ]);
  assertEquals((await kept.shown("a:ben"))("notes_read", one), false);
  assertEquals((await other.shown(ANA))("notes_read", one), false);
});

Deno.test("a server that makes up tools and forms fills no record of what was shown", async () => {
  const { kept, world } = await start();
  const long = (at: number) => `notes_${at}`.padEnd(64, "x");
  for (let at = 0; at < 1_010; at++) await kept.show(ANA, long(at), digestHex(String(at)));
  for (let form = 0; form < 10; form++) await kept.show(ANA, long(1_009), digestHex(`f${form}`));
  const shown = await kept.shown(ANA);
  assertEquals(shown(long(0), digestHex("0")), false);
  assertEquals(shown(long(1_008), digestHex("1008")), true);
  assertEquals([shown(long(1_009), digestHex("f9")), shown(long(1_009), digestHex("f0"))], [
    true,
    false,
  ]);
  assertEquals(world.events, []);
});

Deno.test("what was shown a year ago is shown again, though the store may still have it", async () => {
  const { kept, world } = await start();
  const [one, two] = [digestHex("one"), digestHex("two")];
  await kept.show(ANA, "notes_read", one);
  world.skew = SHOWN_MS - 1;
  assertEquals((await kept.shown(ANA))("notes_read", one), true);
  world.skew = SHOWN_MS;
  assertEquals((await kept.shown(ANA))("notes_read", one), false);
  // Nor does another tool's showing bring it back.
  await kept.show(ANA, "notes_write", two);
  const shown = await kept.shown(ANA);
  assertEquals([shown("notes_write", two), shown("notes_read", one)], [true, false]);
});
