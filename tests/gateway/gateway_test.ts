/** What a gateway's parts are told of each other. */

import { assert, assertEquals } from "@std/assert";
import { SignJWT } from "jose";
import { parseKeyRing } from "../../broker/config/vault.ts";
import { grantLifetimes } from "../../broker/core/grant.ts";
import type { Refusal } from "../../broker/core/refusal.ts";
import { digest, randomSecret } from "../../broker/core/secrets.ts";
import { ASSERTION_TYPE } from "../../gateway/clients/client_assertion.ts";
import { DOORS } from "../../gateway/doors.ts";
import { createGateway } from "../../gateway/gateway.ts";
import { newKeyLine } from "../../tasks/key.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { createStore } from "../../vault/store.ts";
import { serverOf } from "../broker/fixtures.ts";
import { memoryRecords } from "../support/memory_records.ts";
import { newKey } from "../support/proving_client.ts";
import { testWorld } from "../support/world.ts";

const REDIRECT = "https://app.example/cb";

async function start(publicUrl = "https://sb.example") {
  const world = testWorld();
  const ring = await importKeyRing(parseKeyRing(newKeyLine("k1")));
  const store = createStore(memoryRecords(), ring, world);
  const gateway = createGateway({
    publicUrl,
    signInServers: [serverOf({ name: "github" })],
    services: [{ name: "mail", title: "Mail" }],
    providers: new Map(),
    store,
    world,
    apiKeys: [],
    signInAllow: ["*"],
    grantLifetimes: grantLifetimes(30, 180),
    mcpClients: [],
    signingKeys: ring,
    fetchDocument: () => Promise.reject(new Error("Nothing is fetched")),
    clientDocuments: true,
    identified: { caller: () => {} },
  });
  const agree = (clientId: string) =>
    gateway.issueCode({
      subject: "github:1",
      clientId,
      redirectUri: REDIRECT,
      challenge: digest("v"),
      scopes: ["mail"],
      resource: `${publicUrl}/mcp`,
      name: "App",
    });
  return { world, gateway, agree, publicUrl };
}

const became = (run: Promise<unknown>) =>
  run.then(() => "done", ({ reason }: Refusal) => reason.code);

Deno.test("who registers from the gateway's own machine is counted, unless that is people's own", async () => {
  for (
    const [url, end] of [["https://sb.example", "rate_limited"], ["http://localhost:8000", "done"]]
  ) {
    const { gateway } = await start(url);
    const register = () => became(gateway.register({ redirect_uris: [REDIRECT] }, "127.0.0.1"));
    for (let n = 0; n < DOORS.registration.limit; n++) assertEquals(await register(), "done");
    assertEquals(await register(), end, url);
    assertEquals(
      await became(gateway.register({ redirect_uris: [REDIRECT] }, "192.0.2.1")),
      "done",
    );
  }
});

Deno.test("strangers who prove who they are use up nothing of whom somebody has agreed to", async () => {
  const { world, gateway, agree, publicUrl } = await start();
  const { privateKey, publicJwk } = await newKey();
  const newClient = async () => {
    const { id } = await gateway.register({
      redirect_uris: [REDIRECT],
      token_endpoint_auth_method: "private_key_jwt",
      jwks: { keys: [publicJwk] },
    }, undefined);
    const prove = async () => {
      const now = Math.floor(world.now() / 1000);
      const assertion = await new SignJWT({ jti: randomSecret() })
        .setProtectedHeader({ alg: "ES256", kid: "one" })
        .setIssuer(id).setSubject(id).setAudience(publicUrl)
        .setIssuedAt(now).setExpirationTime(now + 60)
        .sign(privateKey);
      const client = await gateway.client(id);
      const credentials = { assertion, assertionType: ASSERTION_TYPE };
      return await became(gateway.authenticateClient(client, credentials));
    };
    return { id, prove };
  };
  const [stranger, known] = [await newClient(), await newClient()];
  await agree(known.id);
  assertEquals([await stranger.prove(), await known.prove()], ["done", "done"]);
  for (let n = 1; n < DOORS.assertion.limit; n++) {
    gateway.doors.enter("assertion", "clients that nobody has agreed to");
  }
  assertEquals([await stranger.prove(), await known.prove()], ["rate_limited", "done"]);
  await agree(stranger.id);
  assertEquals(await stranger.prove(), "done");
});

Deno.test("a registration lives as long as its client refreshes, however long ago anybody agreed to it", async () => {
  const { world, gateway, agree, publicUrl } = await start();
  const { id } = await gateway.register({ redirect_uris: [REDIRECT] }, undefined);
  const verifier = "v".repeat(43);
  const code = await gateway.issueCode({
    subject: "github:1",
    email: "ana@example.com",
    clientId: id,
    redirectUri: REDIRECT,
    challenge: digest(verifier),
    scopes: ["mail"],
    resource: `${publicUrl}/mcp`,
    name: "App",
  });
  const unused = await gateway.register({ redirect_uris: [REDIRECT] }, undefined);
  await agree(unused.id);
  const exchange = { redirectUri: REDIRECT, resource: undefined, code, verifier };
  let { refreshToken } = await gateway.exchangeCode({
    ...exchange,
    client: await gateway.client(id),
  });
  for (let months = 0; months < 5; months++) {
    world.skew += 25 * 24 * 3_600_000;
    const client = await gateway.client(id);
    ({ refreshToken } = await gateway.refresh({ client, refreshToken, resource: undefined }));
  }
  assertEquals(await became(gateway.client(unused.id)), "unknown_client");
});

Deno.test("what a form names that can be no grant's id ends nothing", async () => {
  const { gateway } = await start();
  const person = { subject: "github:1", email: "a@example.com" } as const;
  const request = { name: "Desk", scopes: ["mail"], once: "form" };
  const token = (await gateway.createPersonalToken(person, request))!;
  assertEquals(await gateway.createPersonalToken(person, request), undefined, "the same form");
  const [grant] = await gateway.grants("github:1");
  for (const id of ["", "x", "x".repeat(100_000)]) {
    await gateway.endGrant("github:1", id);
    await gateway.endBranch("github:1", id, "0");
  }
  for (const branch of ["", "-0", "1e1", "9".repeat(10)]) {
    await gateway.endBranch("github:1", grant!.id, branch);
  }
  await gateway.endGrant("github:2", grant!.id);
  assert(await gateway.access(token) !== undefined);
  await gateway.endGrant("github:1", grant!.id);
  assertEquals(await gateway.access(token), undefined);
});
