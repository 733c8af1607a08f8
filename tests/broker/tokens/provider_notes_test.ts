import { assertEquals } from "@std/assert";
import {
  misconfigured,
  MISCONFIGURED_NOTE_MS,
  MISCONFIGURED_TOLD_MS,
  ProviderNotes,
} from "../../../broker/tokens/provider_notes.ts";
import { importKeyRing } from "../../../vault/key_ring.ts";
import { createStore } from "../../../vault/store.ts";
import { memoryRecords } from "../../support/memory_records.ts";
import { testWorld } from "../../support/world.ts";

async function start() {
  const world = testWorld();
  const ring = await importKeyRing([{ id: "k1", bytes: new Uint8Array(32) }]);
  const { providers } = createStore(memoryRecords(), ring, world);
  let written = 0;
  const noteFault: typeof providers.noteFault = (
    ...args
  ) => (written++, providers.noteFault(...args));
  const notes = new ProviderNotes({ store: { providers: { ...providers, noteFault } }, world });
  const told = async () =>
    (await misconfigured(providers, ["acme", "other"], world.now())).map(([provider, { detail }]) =>
      `${provider}: ${detail}`
    );
  return { world, notes, told, written: () => written };
}

Deno.test("what the operator has to mend at a provider is told for an hour after it was met", async () => {
  const { world, notes, told } = await start();
  assertEquals(await told(), []);
  await notes.misconfigured("acme", "an API is off");
  assertEquals(await told(), ["acme: an API is off"]);
  world.skew += MISCONFIGURED_TOLD_MS;
  assertEquals(await told(), ["acme: an API is off"]);
  world.skew += 1;
  assertEquals(await told(), []);
});

Deno.test("the same fault is noted from time to time, and another one at once", async () => {
  const { world, notes, written } = await start();
  const note = async (detail: string) => {
    await notes.misconfigured("acme", detail);
    return written();
  };
  assertEquals([await note("one"), await note("one"), await note("two")], [1, 1, 2]);
  world.skew += MISCONFIGURED_NOTE_MS - 1;
  assertEquals(await note("one"), 2);
  world.skew += 1;
  assertEquals(await note("one"), 3);
  // A clock that is set back hours does not keep it silent until then.
  world.skew -= 24 * 3_600_000;
  assertEquals(await note("one"), 4);
});

Deno.test("a process remembers so many faults, and a note that fails costs nothing but a line", async () => {
  const { world, notes, written } = await start();
  for (let n = 0; n < 1_000; n++) await notes.misconfigured("acme", `${n}`);
  await notes.misconfigured("acme", "0");
  assertEquals(written(), 1_000);
  await notes.misconfigured("acme", "one more");
  await notes.misconfigured("acme", "0");
  assertEquals(written(), 1_002);
  const noteFault = () => Promise.reject(new Error("out"));
  const providers = { noteFault } as unknown as ConstructorParameters<
    typeof ProviderNotes
  >[0]["store"]["providers"];
  await new ProviderNotes({ store: { providers }, world }).misconfigured("acme", "x");
  assertEquals(world.events.at(-1), {
    level: "warn",
    event: "provider_not_noted",
    provider: "acme",
  });
});
