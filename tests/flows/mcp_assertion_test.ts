import { assert, assertEquals } from "@std/assert";
import { ASSERTION_ALGORITHMS } from "../../gateway/clients/client_keys.ts";
import { DOCUMENT_TTL_MS, STALE_DOCUMENT_MS } from "../../gateway/clients/documents.ts";
import { assertDead, assertWorks, openGateway } from "../support/attacks.ts";
import { exchange, newClient, obtainCode, post, refresh, register } from "../support/mcp_client.ts";
import {
  asserting,
  assertion,
  DOCUMENT,
  documentClient,
  documentOf,
  JWKS,
  newKey,
  webOf,
} from "../support/proving_client.ts";

Deno.test("a client proves who it is for its code, its refreshes and its revocation", async () => {
  const key = await newKey();
  await using gateway = await openGateway({ fetchDocument: webOf(key).fetchDocument });
  const client = documentClient();
  const proof = async () => asserting(await assertion(gateway, key));
  const code = await obtainCode(gateway, client);
  const first = await exchange(gateway, client, code, await proof());
  assertEquals([first.status, first.json.token_type], [200, "Bearer"]);
  const { status, json } = await refresh(
    gateway,
    client,
    first.json.refresh_token,
    await proof(),
  );
  assertEquals(status, 200);
  await assertWorks(gateway, json.access_token);
  const form = { token: json.refresh_token, client_id: client.id, ...await proof() };
  assertEquals((await post(gateway, "/oauth/revoke", form)).status, 200);
  await assertDead(gateway, json.access_token);
});

Deno.test("every algorithm that is offered works, for keys at an address and in the document", async () => {
  for (const alg of ASSERTION_ALGORITHMS) {
    const key = await newKey(alg);
    const more = alg === "RS256"
      ? { jwks_uri: undefined, jwks: { keys: [key.publicJwk] } }
      : { token_endpoint_auth_signing_alg: alg };
    await using gateway = await openGateway({ fetchDocument: webOf(key, more).fetchDocument });
    const client = documentClient();
    const proof = asserting(await assertion(gateway, key));
    const answer = await exchange(gateway, client, await obtainCode(gateway, client), proof);
    assertEquals(answer.status, 200, alg);
  }
});

Deno.test("an assertion is for the issuer or the token endpoint, as a text or a list of one", async () => {
  const key = await newKey();
  await using gateway = await openGateway({ fetchDocument: webOf(key).fetchDocument });
  const client = documentClient();
  const proof = async (aud: string | string[]) =>
    asserting(await assertion(gateway, key, { claims: { aud } }));
  const code = await obtainCode(gateway, client);
  let { json } = await exchange(gateway, client, code, await proof(gateway.url));
  for (const aud of [`${gateway.url}/oauth/token`, [gateway.url], [`${gateway.url}/oauth/token`]]) {
    const answer = await refresh(gateway, client, json.refresh_token, await proof(aud));
    assertEquals(answer.status, 200, String(aud));
    json = answer.json;
  }
});

Deno.test("an assertion names its client, where the request does not", async () => {
  const key = await newKey();
  await using gateway = await openGateway({ fetchDocument: webOf(key).fetchDocument });
  const client = documentClient();
  const code = await obtainCode(gateway, client);
  const proof = asserting(await assertion(gateway, key));
  const answer = await exchange(gateway, client, code, { ...proof, client_id: undefined });
  assertEquals(answer.status, 200);
});

Deno.test("what ChatGPT says of itself is understood", async () => {
  const key = await newKey("RS256", "cimd-20260428030119");
  const web = webOf(key, {
    client_uri: "https://app.example/",
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    token_endpoint_auth_methods_supported: ["none", "private_key_jwt"],
    token_endpoint_auth_signing_alg: "RS256",
  });
  await using gateway = await openGateway({ fetchDocument: web.fetchDocument });
  const { json: metadata } = await gateway.api("/.well-known/oauth-authorization-server");
  for (const endpoint of ["token", "revocation"]) {
    const methods = metadata[`${endpoint}_endpoint_auth_methods_supported`];
    assert(methods.includes("private_key_jwt") && methods.includes("none"));
    const algorithms = metadata[`${endpoint}_endpoint_auth_signing_alg_values_supported`];
    assertEquals(algorithms, ASSERTION_ALGORITHMS);
    assert(!algorithms.some((alg: string) => alg === "none" || alg.startsWith("HS")));
  }
  const client = documentClient();
  const proof = asserting(await assertion(gateway, key));
  const code = await obtainCode(gateway, client);
  assertEquals((await exchange(gateway, client, code, proof)).status, 200);
});

Deno.test("a client that registers its keys proves itself by them", async () => {
  const key = await newKey();
  await using gateway = await openGateway();
  const jwks = { keys: [key.publicJwk] };
  const { json } = await register(gateway, { token_endpoint_auth_method: "private_key_jwt", jwks });
  assertEquals([json.token_endpoint_auth_method, json.jwks], ["private_key_jwt", jwks]);
  const client = documentClient(json.client_id);
  const code = await obtainCode(gateway, client);
  assertEquals((await exchange(gateway, client, code)).status, 401);
  const proof = asserting(await assertion(gateway, key, { id: client.id }));
  const { status, json: tokens } = await exchange(gateway, client, code, proof);
  assertEquals(status, 200);
  assertEquals((await refresh(gateway, client, tokens.refresh_token)).status, 401);
});

Deno.test("keys at an address are for documents: a registration is told that it is public", async () => {
  await using gateway = await openGateway();
  const more = { token_endpoint_auth_method: "private_key_jwt", jwks_uri: JWKS };
  const { status, json } = await register(gateway, more);
  assertEquals([status, json.token_endpoint_auth_method], [201, "none"]);
  const bad = { token_endpoint_auth_method: "private_key_jwt", jwks: { keys: [] } };
  assertEquals((await register(gateway, bad)).json.error, "invalid_client_metadata");
});

Deno.test("a client goes on while its host is out and the program starts anew, for a week", async () => {
  const key = await newKey();
  const web = webOf(key);
  await using gateway = await openGateway({ fetchDocument: web.fetchDocument });
  const client = documentClient();
  const proof = async () => asserting(await assertion(gateway, key));
  const code = await obtainCode(gateway, client);
  let { json } = await exchange(gateway, client, code, await proof());
  web.sites.clear();
  for (const ms of [DOCUMENT_TTL_MS, STALE_DOCUMENT_MS - 2 * DOCUMENT_TTL_MS]) {
    gateway.world.skew += ms;
    await gateway.restart({});
    // It is no public one, for all that.
    assertEquals((await refresh(gateway, client, json.refresh_token)).status, 401);
    const answer = await refresh(gateway, client, json.refresh_token, await proof());
    assertEquals(answer.status, 200);
    json = answer.json;
  }
  gateway.world.skew += DOCUMENT_TTL_MS;
  await gateway.restart({});
  const late = await refresh(gateway, client, json.refresh_token, await proof());
  assertEquals([late.status, late.json.error], [400, "invalid_client"]);
  web.sites.set(DOCUMENT, documentOf()).set(JWKS, { keys: [key.publicJwk] });
  gateway.world.skew += 60_000;
  const again = await refresh(gateway, client, json.refresh_token, await proof());
  assertEquals(again.status, 200);
});

Deno.test("a client changes its keys, and the new one works a minute later at the latest", async () => {
  const [key, next] = [await newKey(), await newKey("ES256", "two")];
  const web = webOf(key);
  await using gateway = await openGateway({ fetchDocument: web.fetchDocument });
  const client = documentClient();
  const code = await obtainCode(gateway, client);
  const old = asserting(await assertion(gateway, key));
  const { json } = await exchange(gateway, client, code, old);
  web.sites.set(JWKS, { keys: [next.publicJwk] });
  gateway.world.skew += 60_000;
  const proof = asserting(await assertion(gateway, next));
  assertEquals((await refresh(gateway, client, json.refresh_token, proof)).status, 200);
  const gone = asserting(await assertion(gateway, key));
  const answer = await refresh(gateway, client, json.refresh_token, gone);
  assertEquals([answer.status, answer.json.error], [401, "invalid_client"]);
});

Deno.test("two clients may name their assertions the same", async () => {
  const [key, other] = [await newKey(), await newKey()];
  const web = webOf(key);
  const id = "https://other.example/client.json";
  const jwks = { keys: [other.publicJwk] };
  web.sites.set(id, { ...documentOf({ client_id: id, jwks }), jwks_uri: undefined });
  await using gateway = await openGateway({ fetchDocument: web.fetchDocument });
  for (const [client, by] of [[documentClient(), key], [documentClient(id), other]] as const) {
    const code = await obtainCode(gateway, client);
    const text = await assertion(gateway, by, { id: client.id, claims: { jti: "same" } });
    assertEquals((await exchange(gateway, client, code, asserting(text))).status, 200);
  }
});

Deno.test("public clients go on without an assertion", async () => {
  const key = await newKey();
  const web = webOf(key, { token_endpoint_auth_method: "none" });
  await using gateway = await openGateway({ fetchDocument: web.fetchDocument });
  for (const client of [documentClient(), await newClient(gateway)]) {
    const code = await obtainCode(gateway, client);
    assertEquals((await exchange(gateway, client, code)).status, 200);
  }
  assertEquals(web.times(JWKS), 0);
});
