import { assertEquals, assertRejects } from "@std/assert";
import type { Client } from "../../../broker/core/client.ts";
import type { RegisteredClient } from "../../../broker/core/grant.ts";
import { Refusal } from "../../../broker/core/refusal.ts";
import {
  DOCUMENT_LIMITS,
  DOCUMENT_RETRY_MS,
  FetchBudget,
  MAX_DOCUMENTS,
  STALE_DOCUMENT_MS,
} from "../../../gateway/clients/fetching.ts";
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

Deno.test("keys that stand in a description are looked for nowhere else", async () => {
  const { found, web } = keySets();
  const client: Client = { id: "c", name: "App", redirectUris: [], kind: "registered" };
  const wanted = { client, keys: { list: [publicJwk] }, address: undefined } as never;
  assertEquals<unknown>(await found.find(wanted), [publicJwk]);
  assertEquals(await found.renew(wanted), undefined);
  assertEquals(found.lastOf(undefined), undefined);
  assertEquals(web.fetched, []);
});

Deno.test("keys whose host is out are used for a week, and not on", async () => {
  const { found, web, world, wanted } = keySets();
  const uri = "https://app.example/jwks.json";
  const mine = wanted(uri);
  await found.find(mine);
  web.sites.delete(uri);
  world.skew += STALE_DOCUMENT_MS - 1;
  assertEquals((await found.find(mine)).length, 1);
  world.skew += DOCUMENT_RETRY_MS;
  await assertRejects(() => found.find(mine), Refusal);
});

Deno.test("hosts that were not asked lately are so many in an hour, and one that was is not locked out by them", () => {
  const budget = new FetchBudget();
  const admit = (host: string, now: number) => {
    try {
      budget.admit(new URL(`https://${host}/`), undefined, now);
      return "admitted";
    } catch (error) {
      return (error as Refusal).reason.code;
    }
  };
  const { newHosts, perHost, windowMs } = DOCUMENT_LIMITS;
  for (let n = 0; n < newHosts; n++) assertEquals(admit(`h${n}.example`, 1_000), "admitted");
  assertEquals(admit("new.example", 1_000), "rate_limited");
  for (let n = 1; n < perHost; n++) assertEquals(admit("h0.example", 1_000), "admitted");
  assertEquals(admit("h0.example", 1_000), "rate_limited");
  assertEquals(admit("new.example", 1_000 + windowMs), "admitted");
});

Deno.test("an address has so many fetches in an hour, of whatever hosts, and nobody's are not counted", () => {
  const budget = new FetchBudget();
  const admit = (address: string | undefined, n: number, now = 1_000) => {
    try {
      budget.admit(new URL(`https://h${n}.example/`), address, now);
      return "admitted";
    } catch (error) {
      return (error as Refusal).reason.code;
    }
  };
  const { perAddress, windowMs } = DOCUMENT_LIMITS;
  for (let n = 0; n < perAddress; n++) assertEquals(admit("here", n), "admitted");
  assertEquals([admit("here", 1), admit("there", 1)], ["rate_limited", "admitted"]);
  for (let n = 0; n <= perAddress; n++) assertEquals(admit(undefined, n), "admitted");
  assertEquals(admit("here", 1, 1_000 + windowMs), "admitted");
});
