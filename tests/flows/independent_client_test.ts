import { assert, assertEquals, assertRejects } from "@std/assert";
import * as oauth from "oauth4webapi";
import { openGateway } from "../support/attacks.ts";
import { Browser } from "../support/browser.ts";
import type { Gateway } from "../support/gateway.ts";
import { decide, newClient, REDIRECT_URI, signIn } from "../support/mcp_client.ts";
import { DOCUMENT, newKey, webOf } from "../support/proving_client.ts";

/** The gateways of tests speak http on a loopback host. */
const LOCAL = { [oauth.allowInsecureRequests]: true };

async function discovered(gateway: Gateway): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(gateway.url);
  const options = { algorithm: "oauth2", ...LOCAL } as const;
  return await oauth.processDiscoveryResponse(
    issuer,
    await oauth.discoveryRequest(issuer, options),
  );
}

/** What the library is handed. */
interface Client {
  as: oauth.AuthorizationServer;
  client: oauth.Client;
  authentication: oauth.ClientAuth;
}

/** From the authorization request to tokens, as the library does it. */
async function tokens(
  { as, client, authentication }: Client,
  DPoP?: oauth.DPoPHandle,
): Promise<oauth.TokenEndpointResponse> {
  const verifier = oauth.generateRandomCodeVerifier();
  const url = new URL(as.authorization_endpoint!);
  const state = oauth.generateRandomState();
  const params: Record<string, string> = {
    response_type: "code",
    client_id: client.client_id,
    redirect_uri: REDIRECT_URI,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
  };
  if (DPoP !== undefined) params.dpop_jkt = await DPoP.calculateThumbprint();
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value);
  const browser = new Browser();
  const page = await signIn(browser, await browser.open(url.href));
  const back = oauth.validateAuthResponse(as, client, await decide(browser, page), state);
  const ask = () =>
    oauth.authorizationCodeGrantRequest(as, client, authentication, back, REDIRECT_URI, verifier, {
      ...LOCAL,
      ...(DPoP && { DPoP }),
    });
  const read = async () => await oauth.processAuthorizationCodeResponse(as, client, await ask());
  // The library says so where a nonce is wanted, and takes it along by itself the second time.
  return await read().catch((error) => {
    if (!oauth.isDPoPNonceError(error)) throw error;
    return read();
  });
}

async function refreshed(
  { as, client, authentication }: Client,
  refreshToken: string,
  DPoP?: oauth.DPoPHandle,
) {
  const options = { ...LOCAL, ...(DPoP && { DPoP }) };
  return await oauth.processRefreshTokenResponse(
    as,
    client,
    await oauth.refreshTokenGrantRequest(as, client, authentication, refreshToken, options),
  );
}

async function list(gateway: Gateway, token: string, DPoP?: oauth.DPoPHandle): Promise<number> {
  const response = await oauth.protectedResourceRequest(
    token,
    "POST",
    new URL(`${gateway.url}/mcp`),
    new Headers({ "Content-Type": "application/json" }),
    JSON.stringify({ jsonrpc: "2.0", method: "tools/list", id: 1 }),
    { ...LOCAL, ...(DPoP && { DPoP }) },
  );
  await response.body?.cancel();
  return response.status;
}

async function newHandle(client: oauth.Client, skew = 0): Promise<oauth.DPoPHandle> {
  const pair = await oauth.generateKeyPair("ES256");
  return oauth.DPoP({ ...client, [oauth.clockSkew]: skew }, pair);
}

Deno.test("a client by others proves who it is by its keys", async () => {
  for (const alg of ["ES256", "RS256", "PS256", "Ed25519"]) {
    const key = await newKey(alg);
    await using gateway = await openGateway({ fetchDocument: webOf(key).fetchDocument });
    const as = await discovered(gateway);
    assert(as.token_endpoint_auth_signing_alg_values_supported?.includes(alg));
    const client = { client_id: DOCUMENT };
    const own = { as, client, authentication: privateKeyJwt(key) };
    const { access_token, refresh_token, token_type } = await tokens(own);
    assertEquals([token_type, await list(gateway, access_token)], ["bearer", 200]);
    const next = await refreshed(own, refresh_token!);
    const { authentication } = own;
    const ended = await oauth.revocationRequest(
      as,
      client,
      authentication,
      next.access_token,
      LOCAL,
    );
    await oauth.processRevocationResponse(ended);
    // The library leaves it alone, and Deno 2.5 counts it.
    await ended.body?.cancel();
    const refused = await assertRejects(
      () => list(gateway, next.access_token),
      oauth.WWWAuthenticateChallengeError,
    );
    assertEquals(refused.status, 401);
    await refused.response.body?.cancel();
  }
});

Deno.test("a client by others binds its tokens to a key", async () => {
  await using gateway = await openGateway();
  const as = await discovered(gateway);
  assert(as.dpop_signing_alg_values_supported?.includes("ES256"));
  const client = { client_id: (await newClient(gateway)).id };
  const own = { as, client, authentication: oauth.None() };
  const DPoP = await newHandle(client);
  const { access_token, refresh_token, token_type } = await tokens(own, DPoP);
  assertEquals([token_type, await list(gateway, access_token, DPoP)], ["dpop", 200]);
  const next = await refreshed(own, refresh_token!, DPoP);
  assertEquals(next.refresh_token ?? refresh_token, refresh_token);
  assertEquals(await list(gateway, next.access_token, DPoP), 200);
  const other = await newHandle(client);
  await refreshed(own, refresh_token!, other).then(
    () => assert(false),
    (error) => assertEquals(error.error, "invalid_grant"),
  );
});

Deno.test("a client by others whose clock is wrong comes through by our nonces", async () => {
  const key = await newKey();
  await using gateway = await openGateway({ fetchDocument: webOf(key).fetchDocument });
  const as = await discovered(gateway);
  const client = { client_id: DOCUMENT };
  const own = { as, client, authentication: privateKeyJwt(key) };
  const DPoP = await newHandle(client, -3_600);
  const { access_token, token_type } = await tokens(own, DPoP);
  assertEquals([token_type, await list(gateway, access_token, DPoP)], ["dpop", 200]);
});

function privateKeyJwt({ privateKey, publicJwk }: Awaited<ReturnType<typeof newKey>>) {
  return oauth.PrivateKeyJwt({ key: privateKey, kid: publicJwk.kid! });
}
