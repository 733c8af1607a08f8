import { assertEquals, assertRejects } from "@std/assert";
import { parseKeyRing } from "../../broker/config/vault.ts";
import { Refusal } from "../../broker/core/refusal.ts";
import { wordsOf } from "../../broker/core/words.ts";
import {
  Clients,
  MAX_REGISTRATION_BYTES,
  MAX_UNUSED_CLIENTS,
} from "../../gateway/clients/clients.ts";
import { createDoors, DOORS } from "../../gateway/doors.ts";
import { newKeyLine } from "../../tasks/key.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { createStore } from "../../vault/store.ts";
import { memoryRecords } from "../support/memory_records.ts";
import { testWorld } from "../support/world.ts";

/** The clients of two processes on one store. */
async function twoProcesses({ readsDocuments = true, isLocal = false } = {}) {
  const world = testWorld();
  const ring = await importKeyRing(parseKeyRing(newKeyLine("k1")));
  const store = createStore(memoryRecords(), ring, world);
  const fetched: string[] = [];
  const fetchDocument = ({ href }: URL) => {
    fetched.push(href);
    return Promise.resolve(href.endsWith("/c.json") ? { client_id: href, ...described(0) } : {});
  };
  const process = () =>
    new Clients({
      store,
      world,
      fetchDocument,
      operatorClients: [],
      doors: createDoors(world),
      readsDocuments,
      isLocal,
    });
  return { here: process(), there: process(), fetched, world };
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

Deno.test("a registration that was used takes no place of those that were not", async () => {
  const { here } = await twoProcesses();
  const [unused, used] = [
    await here.register(described(-1), undefined),
    await here.register(described(-2), undefined),
  ];
  await here.markUsed(used.id);
  for (let n = 1; n < MAX_UNUSED_CLIENTS; n++) await here.register(described(n), undefined);
  assertEquals((await here.find(unused.id)).redirectUris, unused.redirectUris);
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

Deno.test("members that are null are members that are absent, and no address is null", async () => {
  const { here } = await twoProcesses();
  const nothing = {
    client_name: null,
    grant_types: null,
    response_types: null,
    token_endpoint_auth_method: null,
    client_uri: null,
    scope: null,
  };
  const { name } = await here.register({ ...described(1), ...nothing }, undefined);
  assertEquals(name, "An unnamed app");
  for (const redirect_uris of [null, [null], ["https://app.example/1", null]]) {
    const { reason } = await assertRejects(
      () => here.register({ ...nothing, redirect_uris }, undefined),
      Refusal,
    );
    assertEquals(reason.code === "client_document" && reason.about, "redirect_uris");
  }
  for (const metadata of [null, [], "x", 1]) {
    const { reason } = await assertRejects(() => here.register(metadata, undefined), Refusal);
    assertEquals(reason.code, "client_document");
  }
});

Deno.test("where documents are switched off, an https id is nobody's and nothing is fetched", async () => {
  const { here, fetched } = await twoProcesses({ readsDocuments: false });
  const { reason } = await assertRejects(() => here.find("https://app.example/c.json"), Refusal);
  assertEquals([reason, fetched], [{ code: "unknown_client", documents: "off" }, []]);
  const kept = await here.register(described(1), undefined);
  assertEquals((await here.find(kept.id)).kind, "registered");
});

const LIMIT = DOORS.registration.limit;

Deno.test("too many registrations are told as such, with the minutes that are left", async () => {
  const { here, world } = await twoProcesses();
  for (let n = 0; n < LIMIT; n++) await here.register(described(n), "192.0.2.1");
  const wordsAfter = async (minutes: number) => {
    world.skew = minutes * 60_000;
    const { reason } = await assertRejects(() => here.register(described(0), "192.0.2.1"), Refusal);
    const { description, retryAfter } = wordsOf(reason);
    return [description, retryAfter];
  };
  const words = (left: string) => `Too many registrations from this address: try again in ${left}.`;
  assertEquals(await wordsAfter(0), [words("60 minutes"), 3600]);
  assertEquals(await wordsAfter(48), [words("12 minutes"), 720]);
  assertEquals(await wordsAfter(48.5), [words("12 minutes"), 690]);
  assertEquals(await wordsAfter(59), [words("60 seconds"), 60]);
  assertEquals(await wordsAfter(60 - 1 / 60), [words("1 second"), 1]);
  world.skew = 60 * 60_000;
  await here.register(described(0), "192.0.2.1");
});

Deno.test("this machine registers as often as it likes where the gateway is its own, and nowhere else", async () => {
  const playground = await twoProcesses({ isLocal: true });
  const production = await twoProcesses({ isLocal: false });
  for (const address of ["127.0.0.1", "0:0:0:0"]) {
    for (let n = 0; n <= LIMIT; n++) await playground.here.register(described(n), address);
    for (let n = 0; n < LIMIT; n++) await production.here.register(described(n), address);
    await assertRejects(() => production.here.register(described(0), address), Refusal);
  }
  for (let n = 0; n < LIMIT; n++) await playground.here.register(described(n), "192.0.2.1");
  await assertRejects(() => playground.here.register(described(0), "192.0.2.1"), Refusal);
});

Deno.test("a registration counts as agreed to once it was used, and an operator's client always", async () => {
  const { here } = await twoProcesses();
  const { id, name, redirectUris } = await here.register(described(1), undefined);
  const client = { id, name, redirectUris, kind: "registered" as const };
  assertEquals(await here.isAgreed(client), false);
  await here.markUsed(id);
  assertEquals(await here.isAgreed(client), true);
  assertEquals(await here.isAgreed({ ...client, id: "gone" }), false);
  assertEquals(await here.isAgreed({ ...client, id: "gone", kind: "operator" }), true);
  const document = { ...client, id: "https://app.example/c.json", kind: "document" as const };
  assertEquals(await here.isAgreed(document), false);
  await here.find(document.id);
  await here.markUsed(document.id);
  assertEquals(await here.isAgreed(document), true);
});

Deno.test("what a registration says is taken up to its limit, and named where it is beyond", async () => {
  const { here } = await twoProcesses();
  const text = (length: number) => "x".repeat(length);
  const limits: [member: string, longest: unknown, beyond: unknown][] = [
    ["client_name", text(200), text(201)],
    ["redirect_uris", Array(20).fill("https://a.example/"), Array(21).fill("https://a.example/")],
    ["grant_types", Array(20).fill("x"), Array(21).fill("x")],
    ["response_types", Array(20).fill("x"), Array(21).fill("x")],
    ["token_endpoint_auth_method", text(100), text(101)],
    ["token_endpoint_auth_signing_alg", text(100), text(101)],
    ["jwks_uri", text(2_000), text(2_001)],
  ];
  for (const [member, longest, beyond] of limits) {
    await here.register({ ...described(1), [member]: longest }, undefined);
    const register = () => here.register({ ...described(1), [member]: beyond }, undefined);
    const { reason } = await assertRejects(register, Refusal);
    assertEquals(reason.code === "client_document" && reason.detail.split(" ")[0], member);
  }
});
