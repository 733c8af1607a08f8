import { assertEquals, assertRejects } from "@std/assert";
import type { Client } from "../../../broker/core/client.ts";
import type { RegisteredClient } from "../../../broker/core/grant.ts";
import { Refusal } from "../../../broker/core/refusal.ts";
import { DOCUMENT_LIMITS, FetchBudget, MAX_DOCUMENTS } from "../../../gateway/clients/fetching.ts";
import { KEYS_RENEWAL_MS, KeySets } from "../../../gateway/clients/key_sets.ts";
import { newKey, Web } from "../../support/proving_client.ts";
import { testWorld } from "../../support/world.ts";

const { publicJwk } = await newKey();
const SET = { keys: [publicJwk] };

/** Key sets of clients that everybody, or nobody, has agreed to. */
function keySets({ isAgreed = true } = {}) {
  const web = new Web();
  const world = testWorld();
  const agreed = (id: string): Promise<RegisteredClient | undefined> =>
    Promise.resolve(
      isAgreed ? { id, name: "App", redirectUris: [], used: true, expiresAt: Infinity } : undefined,
    );
  const found = new KeySets({
    ...{ world, agreed, fetchDocument: web.fetchDocument },
    takeBack: () => Promise.resolve(),
    budget: new FetchBudget(),
  });
  const wanted = (uri: string, id = "https://app.example/client.json") => {
    web.sites.set(uri, SET);
    const client: Client = { id, name: "App", redirectUris: [], kind: "document" };
    return { client, keys: { uri }, address: undefined };
  };
  return { found, web, world, wanted };
}

Deno.test("keys on a host that is not the document's are fetched only so often", async () => {
  const { found, web, wanted } = keySets();
  // One person may agree to any number of documents that all point at one victim.
  for (let n = 0; n < DOCUMENT_LIMITS.perHost; n++) {
    await found.find(wanted(`https://victim.example/${n}.json`));
  }
  const more = wanted("https://victim.example/more.json");
  const { reason } = await assertRejects(() => found.find(more), Refusal);
  assertEquals(reason.code, "rate_limited");
  assertEquals(web.fetched.length, DOCUMENT_LIMITS.perHost);
  // Of its own host as often as it needs.
  for (let n = 0; n <= DOCUMENT_LIMITS.perHost; n++) {
    await found.find(wanted(`https://app.example/${n}.json`));
  }
});

Deno.test("keys of a client that nobody has agreed to count as its document does", async () => {
  const { found, wanted } = keySets({ isAgreed: false });
  for (let n = 0; n < DOCUMENT_LIMITS.perHost; n++) {
    await found.find(wanted(`https://app.example/${n}.json`));
  }
  const more = wanted("https://app.example/more.json");
  assertEquals((await assertRejects(() => found.find(more), Refusal)).reason.code, "rate_limited");
});

Deno.test("keys that many ask for at once are fetched once, whosever they are", async () => {
  const { found, web, world, wanted } = keySets();
  const uri = "https://app.example/jwks.json";
  const other = wanted(uri, "https://app.example/other.json");
  await Promise.all([wanted(uri), other, wanted(uri)].map((each) => found.find(each)));
  assertEquals(web.fetched.length, 1);
  assertEquals(await found.renew(other), undefined);
  world.skew += KEYS_RENEWAL_MS;
  await Promise.all([wanted(uri), other, wanted(uri)].map((each) => found.renew(each)));
  assertEquals(web.fetched.length, 2);
});

Deno.test("keys of many hosts do not push out those that were asked for before them", async () => {
  const { found, web, wanted } = keySets();
  const mine = wanted("https://app.example/jwks.json");
  await found.find(mine);
  for (let n = 0; n < MAX_DOCUMENTS; n++) {
    const host = `h${Math.floor(n / 3)}.example`;
    await found.find(wanted(`https://${host}/${n}.json`, `https://${host}/client.json`));
  }
  await found.find(mine);
  assertEquals(web.times("https://app.example/jwks.json"), 1);
});

Deno.test("a fault of our own is not taken for one of the client's host", async () => {
  const { found, web, wanted } = keySets();
  const mine = wanted("https://app.example/jwks.json");
  web.sites.set("https://app.example/jwks.json", {
    get keys() {
      throw new TypeError("ours");
    },
  });
  await assertRejects(() => found.find(mine), TypeError);
});

Deno.test("keys take no more memory than there are places", async () => {
  const { found, web, world, wanted } = keySets();
  const first = wanted("https://app.example/jwks.json");
  await found.find(first);
  web.sites.delete("https://app.example/jwks.json");
  world.skew += 8 * 24 * 60 * 60_000;
  await found.find(wanted("https://app.example/other.json"));
  // What is too old to be used is not there any more.
  assertEquals(found.lastOf(first.keys), undefined);
});
