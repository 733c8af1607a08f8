import { assertEquals, assertRejects } from "@std/assert";
import { parseKeyRing } from "../../../broker/config/vault.ts";
import { Refusal } from "../../../broker/core/refusal.ts";
import { digest } from "../../../broker/core/secrets.ts";
import { StoreError } from "../../../broker/core/store_errors.ts";
import {
  DOCUMENT_LIMITS,
  DOCUMENT_RETRY_MS,
  DOCUMENT_TTL_MS,
  Documents,
  KEPT_DOCUMENT_MS,
  MAX_DOCUMENTS,
} from "../../../gateway/clients/documents.ts";
import { newKeyLine } from "../../../tasks/key.ts";
import { importKeyRing } from "../../../vault/key_ring.ts";
import { createStore } from "../../../vault/store.ts";
import { memoryRecords } from "../../support/memory_records.ts";
import { newKey } from "../../support/proving_client.ts";
import { testWorld } from "../../support/world.ts";

const ID = "https://app.example/client.json";
const REDIRECTS = ["https://app.example/cb"];

const UNREACHABLE = new Refusal({
  code: "client_document",
  detail: "its host cannot be reached",
  about: "metadata",
});

/** Documents that are fetched when the test says so. */
async function documents(records = memoryRecords()) {
  const world = testWorld();
  const ring = await importKeyRing(parseKeyRing(newKeyLine("k1")));
  const store = createStore(records, ring, world);
  const fetched: string[] = [];
  const web = { answer: (href: string): Promise<unknown> => Promise.resolve(described(href)) };
  const fetchDocument = ({ href }: URL) => {
    fetched.push(href);
    return web.answer(href);
  };
  const found = new Documents({ store, world, fetchDocument });
  return { found, fetched, web, world, store, records };
}

function described(href: string) {
  return { client_id: href, client_name: "App", redirect_uris: REDIRECTS };
}

Deno.test("a document that many ask for at once is fetched once, and once more after a fault", async () => {
  const { found, fetched, web } = await documents();
  web.answer = () => Promise.reject(UNREACHABLE);
  await Promise.all([1, 2, 3].map(() => assertRejects(() => found.find(ID), Refusal)));
  assertEquals(fetched.length, 1);
  web.answer = (href) => Promise.resolve(described(href));
  const all = await Promise.all([1, 2, 3].map(() => found.find(ID)));
  assertEquals([fetched.length, all.map(({ id }) => id)], [2, [ID, ID, ID]]);
});

Deno.test("a document of which somebody agreed to an earlier form counts as it is now", async () => {
  const { found, web, world } = await documents();
  await found.find(ID);
  await found.keep(ID);
  world.skew += 3600_000;
  const redirect_uris = ["https://app.example/other"];
  web.answer = (href) => Promise.resolve({ ...described(href), redirect_uris });
  assertEquals((await found.find(ID)).redirectUris, redirect_uris);
});

Deno.test("where it cannot be fetched, a document counts as it was when it was last agreed to", async () => {
  for (
    const change of [
      { redirect_uris: ["https://app.example/other"] },
      { client_name: "Another name" },
    ]
  ) {
    const { found, web, world } = await documents();
    await found.find(ID);
    await found.keep(ID);
    world.skew += DOCUMENT_TTL_MS;
    // Within the day in which a copy that says the same is not written again.
    web.answer = (href) => Promise.resolve({ ...described(href), ...change });
    await found.find(ID);
    await found.keep(ID);
    world.skew += DOCUMENT_TTL_MS;
    web.answer = () => Promise.reject(UNREACHABLE);
    const { name, redirectUris } = await found.find(ID);
    const { client_name, redirect_uris } = { ...described(ID), ...change };
    assertEquals([name, redirectUris], [client_name, redirect_uris]);
  }
});

Deno.test("a copy of a document stands in for the host that is out, and for no fault of our own", async () => {
  const { found, web, world } = await documents();
  await found.find(ID);
  await found.keep(ID);
  world.skew += DOCUMENT_TTL_MS;
  web.answer = () => Promise.reject(new TypeError("a fault of our own"));
  await assertRejects(() => found.find(ID), TypeError);
  web.answer = () => Promise.reject(UNREACHABLE);
  assertEquals((await found.find(ID)).redirectUris, REDIRECTS);
});

Deno.test("a host that is out is asked again after a while, and not by every request", async () => {
  const { found, fetched, web, world } = await documents();
  await found.find(ID);
  await found.keep(ID);
  world.skew += DOCUMENT_TTL_MS;
  web.answer = () => Promise.reject(UNREACHABLE);
  for (let n = 0; n < 3; n++) await found.find(ID);
  assertEquals(fetched.length, 2);
  world.skew += DOCUMENT_RETRY_MS;
  await found.find(ID);
  assertEquals(fetched.length, 3);
});

Deno.test("a host with many documents loses its own, and the oldest first", async () => {
  const { found, fetched, world } = await documents();
  const id = (n: number) => `https://app.example/${n}.json`;
  const most = DOCUMENT_LIMITS.perHost;
  // As many as a stranger's host may have in an hour, and one more: people have agreed to all.
  for (let n = 0; n <= most; n++) {
    if (n === most) world.skew += DOCUMENT_LIMITS.windowMs;
    await found.find(id(n));
    await found.keep(id(n));
  }
  world.skew += DOCUMENT_TTL_MS;
  const times = async (n: number) => {
    const before = fetched.length;
    await found.find(id(n));
    return fetched.length - before;
  };
  for (let n = 0; n <= most; n++) assertEquals(await times(n), 1);
  assertEquals([await times(most), await times(1), await times(0)], [0, 0, 1]);
});

Deno.test("nothing is fetched for a client id that is no plain https address, spelled as it is", async () => {
  const { found, fetched } = await documents();
  const ids = [
    "https://me@app.example/client.json",
    "https://me:pw@app.example/client.json",
    "https://:pw@app.example/client.json",
    "https://app.example/client.json#x",
    "https://app.example/client.json#",
    "https://app.example",
    "https://app.example/",
    "https://APP.example/client.json",
    "https://app.example:443/client.json",
    "https://app.example/x/../client.json",
    "https://app.example/a\\client.json",
    "https:app.example/client.json",
    " https://app.example/client.json",
    "http://app.example/client.json",
    "ftp://app.example/client.json",
    "https://",
    "https://[/client.json",
  ];
  for (const id of ids) {
    const { reason } = await assertRejects(() => found.find(id), Refusal);
    assertEquals(reason.code, "client_document", id);
  }
  assertEquals(fetched, []);
});

Deno.test("documents of many hosts do not push out one that was asked for before them", async () => {
  const { found, fetched } = await documents();
  await found.find(ID);
  for (let n = 0; n < MAX_DOCUMENTS; n++) {
    await found.find(`https://h${Math.floor(n / 3)}.example/${n}`);
  }
  await found.find(ID);
  assertEquals(fetched.filter((id) => id === ID).length, 1);
});

Deno.test("a document that was agreed to under a key that is lost is fetched anew", async () => {
  const records = memoryRecords();
  const before = await documents(records);
  await before.found.find(ID);
  await before.found.keep(ID);
  // Another ring, with another key.
  const after = await documents(records);
  assertEquals((await after.found.find(ID)).redirectUris, REDIRECTS);
  assertEquals(after.fetched, [ID]);
});

Deno.test("what nobody has fetched is not kept", async () => {
  const records = memoryRecords();
  const { found } = await documents(records);
  await found.keep(ID);
  assertEquals(await Array.fromAsync(records.list({ prefix: ["clients"] })), []);
});

Deno.test("a document that was agreed to long ago is a stranger's again", async () => {
  const { found, fetched, world } = await documents();
  await found.find(ID);
  await found.keep(ID);
  const fault = { code: "rate_limited", retryAfter: 1 } as const;
  world.skew += KEPT_DOCUMENT_MS - DOCUMENT_TTL_MS;
  await found.find(ID, { fault });
  world.skew += DOCUMENT_TTL_MS;
  assertEquals(fetched.length, 2);
  await assertRejects(() => found.find(ID, { fault }), Refusal);
  assertEquals(fetched.length, 2);
});

Deno.test("where the store is out, nobody's document is fetched", async () => {
  const records = memoryRecords();
  const { found, fetched } = await documents(records);
  records.close();
  await assertRejects(() => found.find(ID), StoreError);
  assertEquals(fetched, []);
});

Deno.test("what was agreed to is written once a day, and whenever it says something else", async () => {
  const { found, web, world, store } = await documents();
  const { put } = store.clients;
  let writes = 0;
  store.clients.put = (...args) => (writes += 1, put(...args));
  const use = async () => {
    await found.find(ID);
    await found.keep(ID);
    return writes;
  };
  assertEquals([await found.isAgreed(ID), await use()], [false, 1]);
  assertEquals([await found.isAgreed(ID), await use()], [true, 1]);
  world.skew += DOCUMENT_TTL_MS;
  assertEquals(await use(), 1);
  world.skew += 24 * 60 * 60_000;
  assertEquals(await use(), 2);
  world.skew += DOCUMENT_TTL_MS;
  web.answer = (href) => Promise.resolve({ ...described(href), dpop_bound_access_tokens: true });
  assertEquals([await use(), await use()], [3, 3]);
  world.skew += KEPT_DOCUMENT_MS;
  assertEquals(await found.isAgreed(ID), false);
});

Deno.test("keys that were fetched from one address are not kept for another", async () => {
  const { publicJwk } = await newKey();
  const { found, web, world, store } = await documents();
  const [one, other] = ["https://app.example/1.json", "https://app.example/2.json"];
  const as = (jwks_uri: string) => (href: string) =>
    Promise.resolve(href === ID ? { ...described(href), jwks_uri } : { keys: [publicJwk] });
  web.answer = as(one);
  const client = await found.find(ID);
  await found.keySets.find({ client, keys: client.keys!, address: undefined });
  await found.keep(ID);
  const kept = async () => (await store.clients.peek(digest(ID)))?.value.fetchedKeys?.uri;
  assertEquals(await kept(), one);
  world.skew += DOCUMENT_TTL_MS;
  web.answer = as(other);
  await found.find(ID);
  await found.keep(ID);
  assertEquals(await kept(), undefined);
});

Deno.test("strangers' documents on one host are fetched so often in an hour", async () => {
  const { found, fetched } = await documents();
  const id = (n: number) => `https://app.example/${n}.json`;
  for (let n = 0; n < DOCUMENT_LIMITS.perHost; n++) await found.find(id(n));
  const { reason } = await assertRejects(() => found.find(id(DOCUMENT_LIMITS.perHost)), Refusal);
  assertEquals([reason.code, fetched.length], ["rate_limited", DOCUMENT_LIMITS.perHost]);
});
