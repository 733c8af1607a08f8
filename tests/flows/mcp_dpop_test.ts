import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { decodeJwt } from "jose";
import { GRANT_DAYS } from "../../broker/core/grant.ts";
import { ACCESS_TOKEN_SECONDS } from "../../gateway/grants/access_token.ts";
import { DPOP_ALGORITHMS } from "../../gateway/clients/client_keys.ts";
import { PROOF_MS } from "../../gateway/dpop/dpop.ts";
import { NONCE_MS } from "../../gateway/dpop/dpop_nonce.ts";
import { ROTATION_GRACE_MS } from "../../gateway/grants/refresh_tokens.ts";
import { assertWorks, LIST, openGateway } from "../support/attacks.ts";
import { callBound, newProofKey, proofFor, WRITE } from "../support/dpop_client.ts";
import type { Gateway } from "../support/gateway.ts";
import {
  authorizeUrl,
  exchangeForm,
  newClient,
  obtainCode,
  post,
  type TestClient,
} from "../support/mcp_client.ts";
import { asserting, assertion, documentClient, newKey, webOf } from "../support/proving_client.ts";

const TOKEN = "/oauth/token";

function refreshForm(client: TestClient, refresh_token: string): Record<string, string> {
  return { grant_type: "refresh_token", client_id: client.id, refresh_token };
}

async function proved(gateway: Gateway, key: Awaited<ReturnType<typeof newProofKey>>) {
  return { DPoP: await proofFor(gateway, TOKEN, key) };
}

Deno.test("a client that offers DPoP gets tokens that are bound to its key", async () => {
  for (const alg of DPOP_ALGORITHMS) {
    await using gateway = await openGateway();
    const [client, key] = [await newClient(gateway), await newProofKey(alg)];
    const code = await obtainCode(gateway, client);
    const form = exchangeForm(client, code);
    const { status, json, headers } = await post(gateway, TOKEN, form, await proved(gateway, key));
    assertEquals([status, json.token_type], [200, "DPoP"]);
    assert(headers.get("DPoP-Nonce"));
    const { access_token: token } = json;
    assertEquals(decodeJwt(token).cnf, { jkt: key.jkt });
    const answer = await callBound(gateway, token, await proofFor(gateway, "/mcp", key, { token }));
    assertEquals(answer.status, 200, alg);
    assert(answer.headers.get("DPoP-Nonce"));
  }
});

Deno.test("a bound token works at each resource that it is for", async () => {
  await using gateway = await openGateway();
  const [client, key] = [await newClient(gateway), await newProofKey()];
  const code = await obtainCode(gateway, client);
  const headers = await proved(gateway, key);
  const { json } = await post(gateway, TOKEN, exchangeForm(client, code), headers);
  const token = json.access_token;
  for (const path of ["/mcp", "/mcp/", "/mcp/github", "/mcp/sse", "/sse", "/mcp?read_only=true"]) {
    const proof = await proofFor(gateway, path, key, { token });
    assertEquals((await callBound(gateway, token, proof, LIST, path)).status, 200, path);
  }
  // What is asked seldom is answered whole as well, and says the next nonce too.
  for (const [method, code] of [["ping", undefined], ["made/up", -32601]] as const) {
    const proof = await proofFor(gateway, "/mcp", key, { token });
    const body = { jsonrpc: "2.0", method, id: 7 };
    const { status, json, headers } = await callBound(gateway, token, proof, body);
    assertEquals([status, json.id, json.error?.code], [200, 7, code]);
    assert(headers.get("DPoP-Nonce"), method);
  }
});

Deno.test("a bound refresh token stays the same one, and lives on as long as it is used", async () => {
  await using gateway = await openGateway();
  const [client, key] = [await newClient(gateway), await newProofKey()];
  const code = await obtainCode(gateway, client);
  const first = await post(
    gateway,
    TOKEN,
    exchangeForm(client, code),
    await proved(gateway, key),
  );
  const { refresh_token } = first.json;
  const days = [0, 20, 40, 60];
  assert(days.at(-1)! > GRANT_DAYS.idle);
  for (const _ of days) {
    const headers = await proved(gateway, key);
    const { status, json } = await post(
      gateway,
      TOKEN,
      refreshForm(client, refresh_token),
      headers,
    );
    assertEquals([status, json.refresh_token, json.token_type], [200, refresh_token, "DPoP"]);
    const token = json.access_token;
    const proof = await proofFor(gateway, "/mcp", key, { token });
    assertEquals((await callBound(gateway, token, proof)).status, 200);
    gateway.world.skew += 20 * 24 * 60 * 60_000;
  }
  // Many at once, and long after: it never counts as one that was used.
  const tries = Array.from(
    { length: 6 },
    async () =>
      await post(gateway, TOKEN, refreshForm(client, refresh_token), await proved(gateway, key)),
  );
  const answers = await Promise.all(tries);
  assertEquals(answers.map(({ status }) => status), Array(6).fill(200));
  gateway.world.skew += ROTATION_GRACE_MS + 1000;
  const late = await post(
    gateway,
    TOKEN,
    refreshForm(client, refresh_token),
    await proved(gateway, key),
  );
  assertEquals(late.status, 200);
});

Deno.test("a client without DPoP has tokens as before", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const { json, headers } = await post(
    gateway,
    TOKEN,
    exchangeForm(client, await obtainCode(gateway, client)),
  );
  assertEquals([json.token_type, decodeJwt(json.access_token).cnf], ["Bearer", undefined]);
  assertEquals(headers.get("DPoP-Nonce"), null);
  await assertWorks(gateway, json.access_token);
});

Deno.test("a client begins with DPoP in the middle: its access tokens are bound from then on", async () => {
  await using gateway = await openGateway();
  const [client, key] = [await newClient(gateway), await newProofKey()];
  const form = exchangeForm(client, await obtainCode(gateway, client));
  const { json } = await post(gateway, TOKEN, form);
  const upgrade = refreshForm(client, json.refresh_token);
  const { json: bound } = await post(gateway, TOKEN, upgrade, await proved(gateway, key));
  assertEquals(bound.token_type, "DPoP");
  assertEquals(decodeJwt(bound.access_token).cnf, { jkt: key.jkt });
  // A refresh token that began without a key stays so: a thief who bound it first would lock out
  // the others who have it.
  const bare = await post(gateway, TOKEN, refreshForm(client, bound.refresh_token));
  assertEquals([bare.status, bare.json.token_type], [200, "Bearer"]);
});

Deno.test("a client that proves who it is changes the key of its proofs as it likes", async () => {
  const own = await newKey();
  await using gateway = await openGateway({ fetchDocument: webOf(own).fetchDocument });
  const [client, key, next] = [documentClient(), await newProofKey(), await newProofKey()];
  const proof = async () => asserting(await assertion(gateway, own));
  const form = { ...exchangeForm(client, await obtainCode(gateway, client)), ...await proof() };
  const { json } = await post(gateway, TOKEN, form, await proved(gateway, key));
  const refreshing = { ...refreshForm(client, json.refresh_token), ...await proof() };
  const { status, json: tokens } = await post(
    gateway,
    TOKEN,
    refreshing,
    await proved(gateway, next),
  );
  assertEquals([status, decodeJwt(tokens.access_token).cnf], [200, { jkt: next.jkt }]);
  assert(tokens.refresh_token !== json.refresh_token);
});

Deno.test("a code is bound to a key from the beginning, where the client says which", async () => {
  await using gateway = await openGateway();
  const [client, key] = [await newClient(gateway), await newProofKey()];
  const code = await obtainCode(gateway, client, { params: { dpop_jkt: key.jkt } });
  const headers = await proved(gateway, key);
  const { status } = await post(gateway, TOKEN, exchangeForm(client, code), headers);
  assertEquals(status, 200);
  for (const dpop_jkt of ["", "x", `${key.jkt}x`, `${key.jkt.slice(1)}=`]) {
    const answer = await fetch(authorizeUrl(gateway, client, { dpop_jkt }), { redirect: "manual" });
    const { searchParams } = new URL(answer.headers.get("Location")!);
    await answer.body?.cancel();
    assertEquals(searchParams.get("error"), "invalid_request", dpop_jkt);
  }
});

Deno.test("a client whose clock is wrong is handed a nonce, and goes on with it", async () => {
  await using gateway = await openGateway();
  const [client, key] = [await newClient(gateway), await newProofKey()];
  const code = await obtainCode(gateway, client);
  const form = exchangeForm(client, code);
  const now = Math.floor(gateway.world.now() / 1000);
  for (const iat of [now - PROOF_MS / 1000 - 1, now + PROOF_MS / 1000 + 1, now - 86_400]) {
    const DPoP = await proofFor(gateway, TOKEN, key, { claims: { iat } });
    const { status, json, headers } = await post(gateway, TOKEN, form, { DPoP });
    assertEquals([status, json.error], [400, "use_dpop_nonce"]);
    assert(headers.get("DPoP-Nonce"));
  }
  const iat = now - 86_400;
  const first = await post(gateway, TOKEN, form, {
    DPoP: await proofFor(gateway, TOKEN, key, { claims: { iat } }),
  });
  const nonce = first.headers.get("DPoP-Nonce")!;
  const DPoP = await proofFor(gateway, TOKEN, key, { claims: { iat, nonce } });
  const { status, json } = await post(gateway, TOKEN, form, { DPoP });
  assertEquals(status, 200);
  const token = json.access_token;
  const bare = await proofFor(gateway, "/mcp", key, { token, claims: { iat } });
  const asked = await callBound(gateway, token, bare);
  assertEquals([asked.status, asked.json.error], [401, "use_dpop_nonce"]);
  const challenge = asked.headers.get("WWW-Authenticate")!;
  assertStringIncludes(challenge, 'DPoP error="use_dpop_nonce"');
  const claims = { iat, nonce: asked.headers.get("DPoP-Nonce")! };
  const right = await proofFor(gateway, "/mcp", key, { token, claims });
  assertEquals((await callBound(gateway, token, right)).status, 200);
  // As far as clocks may differ nobody is asked for one.
  for (const seconds of [59, -59]) {
    const claims = { iat: now + seconds };
    const near = await proofFor(gateway, "/mcp", key, { token, claims });
    assertEquals((await callBound(gateway, token, near)).status, 200);
  }
});

Deno.test("a nonce is good for five minutes, in every process, and after a restart", async () => {
  await using gateway = await openGateway();
  const [client, key] = [await newClient(gateway), await newProofKey()];
  const code = await obtainCode(gateway, client);
  const answer = await post(gateway, TOKEN, exchangeForm(client, code), await proved(gateway, key));
  const { access_token: token } = answer.json;
  const nonce = answer.headers.get("DPoP-Nonce")!;
  const list = async () => {
    const claims = { nonce, iat: 1 };
    const proof = await proofFor(gateway, "/mcp", key, { token, claims });
    return await callBound(gateway, token, proof);
  };
  await gateway.restart({});
  gateway.world.skew += NONCE_MS - 61_000;
  assertEquals((await list()).status, 200);
  gateway.world.skew += 61_000;
  const { status, json, headers } = await list();
  assertEquals([status, json.error], [401, "use_dpop_nonce"]);
  assert(headers.get("DPoP-Nonce") !== nonce);
});

Deno.test("clients find out that DPoP is offered, and pages may use it", async () => {
  await using gateway = await openGateway();
  for (const path of ["oauth-authorization-server", "oauth-protected-resource/mcp"]) {
    const { json } = await gateway.api(`/.well-known/${path}`, { key: null });
    assertEquals(json.dpop_signing_alg_values_supported, DPOP_ALGORITHMS);
    assertEquals(json.dpop_bound_access_tokens_required, undefined);
  }
  for (const path of ["/mcp", TOKEN]) {
    const origin = gateway.url;
    const preflight = await fetch(gateway.url + path, {
      method: "OPTIONS",
      headers: {
        Origin: origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,dpop",
      },
    });
    await preflight.body?.cancel();
    assert(/\bdpop\b/i.test(preflight.headers.get("Access-Control-Allow-Headers")!), path);
    const answer = await fetch(gateway.url + path, { method: "POST", headers: { Origin: origin } });
    await answer.body?.cancel();
    const exposed = answer.headers.get("Access-Control-Expose-Headers")!;
    for (const name of ["DPoP-Nonce", "WWW-Authenticate"]) assertStringIncludes(exposed, name);
  }
});

Deno.test("an access token that is bound ends as all others do", async () => {
  await using gateway = await openGateway();
  const [client, key] = [await newClient(gateway), await newProofKey()];
  const code = await obtainCode(gateway, client);
  const headers = await proved(gateway, key);
  const { json } = await post(gateway, TOKEN, exchangeForm(client, code), headers);
  const token = json.access_token;
  gateway.world.skew += ACCESS_TOKEN_SECONDS * 1000;
  const late = await callBound(gateway, token, await proofFor(gateway, "/mcp", key, { token }));
  assertEquals([late.status, late.json.error], [401, "invalid_token"]);
});

Deno.test("calls that change something work with bound tokens, alone and in a batch", async () => {
  await using gateway = await openGateway();
  const [client, key] = [await newClient(gateway), await newProofKey()];
  const code = await obtainCode(gateway, client);
  const headers = await proved(gateway, key);
  const { json } = await post(gateway, TOKEN, exchangeForm(client, code), headers);
  const token = json.access_token;
  for (const body of [WRITE, [LIST, { ...WRITE, id: 2 }, { ...WRITE, id: 3 }]]) {
    const proof = await proofFor(gateway, "/mcp", key, { token });
    const answer = await callBound(gateway, token, proof, body);
    assertEquals(answer.status, 200);
  }
});
