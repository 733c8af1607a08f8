import { assertEquals, assertRejects } from "@std/assert";
import { decodeJwt } from "jose";
import { parseKeyRing } from "../../../broker/config/vault.ts";
import { PROOF_MS, requestFault } from "../../../gateway/dpop/dpop.ts";
import { Nonces } from "../../../gateway/dpop/dpop_nonce.ts";
import { type Proof, ProofError, Proofs } from "../../../gateway/dpop/proofs.ts";
import { newKeyLine } from "../../../tasks/key.ts";
import { importKeyRing } from "../../../vault/key_ring.ts";
import { createStore } from "../../../vault/store.ts";
import { newProofKey, proofFor } from "../../support/dpop_client.ts";
import { memoryRecords } from "../../support/memory_records.ts";
import { testWorld } from "../../support/world.ts";

const key = await newProofKey("Ed25519");
const url = "https://gateway.example";

async function newProofs(line = newKeyLine("k1"), room?: number) {
  const world = testWorld();
  const ring = await importKeyRing(parseKeyRing(line));
  const records = memoryRecords();
  const store = createStore(records, ring, world);
  const nonces = new Nonces(ring, world);
  const proofs = new Proofs({ store, world, nonces }, room);
  const text = (jti: string, nonce?: string, iat?: number) =>
    proofFor({ url, world }, "/mcp", key, {
      claims: { jti, ...(nonce && { nonce }), ...(iat !== undefined && { iat }) },
    });
  const read = (text: string): Promise<Proof> =>
    proofs.read(text, { method: "POST", url: `${url}/mcp` });
  const kept = async () => (await Array.fromAsync(records.list({ prefix: ["proofs"] }))).length;
  return { world, ring, nonces, text, read, kept };
}

Deno.test("where too many proofs are remembered, those that follow are written down", async () => {
  const room = 20;
  const { world, text, read, kept } = await newProofs(newKeyLine("k1"), room);
  const first = await text("first");
  await (await read(first)).claimHere();
  for (let n = 1; n < room; n++) await (await read(await text(`${n}`))).claimHere();
  assertEquals(await kept(), 0);
  const more = await text("more");
  await (await read(more)).claimHere();
  assertEquals(await kept(), 1);
  // Neither what is remembered is forgotten for it, nor what was written down.
  for (const used of [first, more]) {
    const again = await read(used);
    await assertRejects(() => again.claimHere(), ProofError);
  }
  // What is over makes room.
  world.skew += 121_000;
  await (await read(await text("later"))).claimHere();
  assertEquals(await kept(), 1);
});

Deno.test("a request uses its proof up once, however often it asks", async () => {
  const { text, read, kept } = await newProofs();
  const proof = await text("one");
  const used = await read(proof);
  await used.claimHere();
  await Promise.all([used.claim(), used.claim()]);
  await used.claim();
  assertEquals(await kept(), 1);
  const again = await read(proof);
  await assertRejects(() => again.claim(), ProofError);
});

Deno.test("proofs of two keys may have the same jti", async () => {
  const { world, text, read } = await newProofs();
  await (await read(await text("same"))).claim();
  const other = await newProofKey();
  const theirs = await proofFor({ url, world }, "/mcp", other, { claims: { jti: "same" } });
  await (await read(theirs)).claim();
});

Deno.test("a nonce is known to whoever has the keys, and to nobody else", async () => {
  const line = newKeyLine("k1");
  const [one, two, other] = [await newProofs(line), await newProofs(line), await newProofs()];
  const nonce = await one.nonces.current();
  assertEquals(await one.nonces.current(), nonce);
  two.world.skew = one.world.now() - two.world.now();
  other.world.skew = one.world.now() - other.world.now();
  assertEquals(await two.nonces.endOf(nonce), await one.nonces.endOf(nonce));
  assertEquals(await other.nonces.endOf(nonce), undefined);
  // A clock that ran ahead by hours makes none that lasts until then.
  one.world.skew += 86_400_000;
  const early = await one.nonces.current();
  one.world.skew -= 86_400_000;
  assertEquals(await one.nonces.endOf(early), undefined);
});

Deno.test("a mark on a nonce is no signature on a token, nor the other way round", async () => {
  const { nonces, ring } = await newProofs();
  const [time, , kid] = (await nonces.current()).split(".");
  const signing = (await ring.signingKey("k1"))!;
  const bytes = new TextEncoder().encode(time);
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", signing, bytes));
  const mark = btoa(String.fromCharCode(...mac)).replaceAll("+", "-").replaceAll("/", "_");
  const forged = `${time}.${mark.slice(0, 43)}.${kid}`;
  assertEquals(await nonces.endOf(forged), undefined);
});

Deno.test("a proof that is taken at the last moment of its time is remembered as long as it is taken", async () => {
  for (const verb of ["claim", "claimHere"] as const) {
    const { world, text, read } = await newProofs();
    const proof = await text("one");
    const madeAt = decodeJwt(proof).iat! * 1000;
    world.now = () => madeAt;
    await (await read(proof))[verb]();
    world.now = () => madeAt + PROOF_MS;
    await assertRejects(async () => await (await read(proof))[verb](), ProofError);
  }
});

Deno.test("what was written down for want of room is known where there is room again", async () => {
  const { world, text, read, kept } = await newProofs(newKeyLine("k1"), 1);
  await (await read(await text("first"))).claimHere();
  world.skew += 50_000;
  const second = await text("second");
  await (await read(second)).claimHere();
  assertEquals(await kept(), 1);
  // The first one is over, the second is not.
  world.skew += 50_000;
  const again = await read(second);
  await assertRejects(() => again.claimHere(), ProofError);
  world.skew += 60_000;
  await (await read(await text("third"))).claimHere();
  assertEquals(await kept(), 1);
});

Deno.test("of what was written down the last end counts, though a shorter one came after it", async () => {
  const { world, text, read, kept } = await newProofs(newKeyLine("k1"), 1);
  const now = Math.floor(world.now() / 1000);
  await (await read(await text("first"))).claimHere();
  // By a clock that is nearly a minute ahead, and by one that is nearly as much behind.
  const ahead = await text("ahead", undefined, now + 50);
  const behind = await text("behind", undefined, now - 50);
  for (const proof of [ahead, behind]) await (await read(proof)).claimHere();
  assertEquals(await kept(), 2);
  world.skew += PROOF_MS + 5_000;
  const again = await read(ahead);
  await assertRejects(() => again.claimHere(), ProofError);
});

Deno.test("a proof is for one address, in whatever spelling, and for none with a name and a password", () => {
  const request = { method: "POST", url: `${url}/mcp` };
  const claims = { jkt: "k", jti: "j", htm: "POST", iat: 0, nonce: undefined, ath: undefined };
  const faultOf = (htu: unknown) => requestFault({ ...claims, htu }, request);
  for (const same of [`${url}/mcp`, `${url}:443/mcp?x=1#y`, `${url}/x/../mcp`]) {
    assertEquals(faultOf(same), undefined, same);
  }
  const others = ["me@", "me:pw@", ":pw@"].map((who) => `https://${who}gateway.example/mcp`);
  for (const other of [...others, `${url}/`, `${url}/mcp/`, "/mcp", "", undefined, [url]]) {
    assertEquals(faultOf(other), "htu is another address", String(other));
  }
});
