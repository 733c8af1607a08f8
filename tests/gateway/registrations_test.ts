import { assertEquals, assertRejects } from "@std/assert";
import { parseKeyRing } from "../../broker/config/vault.ts";
import { Refusal } from "../../broker/core/refusal.ts";
import { Clients, MAX_REGISTRATION_BYTES, MAX_UNUSED_CLIENTS } from "../../gateway/clients.ts";
import { createDoors } from "../../gateway/doors.ts";
import { newKeyLine } from "../../tasks/key.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { createStore } from "../../vault/store.ts";
import { memoryRecords } from "../support/memory_records.ts";
import { testWorld } from "../support/world.ts";

/** The clients of two processes on one store. */
async function twoProcesses() {
  const world = testWorld();
  const ring = await importKeyRing(parseKeyRing(newKeyLine("k1")));
  const store = createStore(memoryRecords(), ring, world);
  const fetched: string[] = [];
  const fetchDocument = ({ href }: URL) => {
    fetched.push(href);
    return Promise.resolve({});
  };
  const process = () =>
    new Clients({
      store,
      world,
      fetchDocument,
      operatorClients: [],
      doors: createDoors(world),
    });
  return { here: process(), there: process(), fetched };
}

const described = (n: number) => ({ redirect_uris: [`https://app.example/${n}`] });

Deno.test("a flood of registrations forgets the oldest, and none that was used in another process", async () => {
  const { here, there } = await twoProcesses();
  const [used, unused] = [
    await here.register(described(-1), undefined),
    await here.register(described(-2), undefined),
  ];
  await there.markUsed(used.id);
  for (let n = 0; n < MAX_UNUSED_CLIENTS; n++) await here.register(described(n), undefined);
  assertEquals((await here.find(used.id)).redirectUris, used.redirectUris);
  const { reason } = await assertRejects(() => here.find(unused.id), Refusal);
  assertEquals(reason.code, "unknown_client");
});

Deno.test("a registration may fill what is kept of it with ASCII, and with nothing longer", async () => {
  const { here } = await twoProcesses();
  const uris = (letter: string) =>
    Array.from({ length: 20 }, (_, n) => `https://app.example/${n}?${letter.repeat(1900)}`);
  const kept = await here.register({ redirect_uris: uris("a") }, undefined);
  assertEquals((await here.find(kept.id)).redirectUris, uris("a"));
  // As long in letters, and more than twice in bytes.
  const { reason } = await assertRejects(
    () => here.register({ redirect_uris: uris("\u00e9").map((uri) => uri + "\u20ac") }, undefined),
    Refusal,
  );
  assertEquals(reason.code === "client_document" && reason.about, "metadata");
  assertEquals(
    reason.code === "client_document" && reason.detail.includes("bytes of at most"),
    true,
  );
  assertEquals(MAX_REGISTRATION_BYTES > uris("a").join("").length, true);
});

Deno.test("an id that is longer than any client's is nobody's, and nothing is fetched for it", async () => {
  const { here, fetched } = await twoProcesses();
  const longest = "https://app.example/".padEnd(2000, "x");
  const { reason } = await assertRejects(() => here.find(`${longest}x`), Refusal);
  assertEquals([reason.code, fetched], ["unknown_client", []]);
  await assertRejects(() => here.find(longest), Refusal);
  assertEquals(fetched, [longest]);
});
