/**
 * What authorization servers of MCP servers in use were seen to do (up to
 * November 2026), each once through the whole life of a connection: connected,
 * handed out, refreshed, refreshed again, ended.
 */

import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { USER } from "../support/gateway.ts";
import type { OAuthBehaviour } from "../support/oauth_server.ts";
import { mount, SERVICE } from "../support/upstream_service.ts";

const HOUR_MS = 60 * 60_000;
const OIDC = "/.well-known/openid-configuration";
const RESOURCE = "/.well-known/oauth-protected-resource";
const soon = () => Math.floor(Date.now() / 1000) + 30 * 24 * 60 * 60;

const SERVERS: Record<string, OAuthBehaviour> = {
  "a challenge that names nothing": { challenge: "Bearer" },
  "a challenge without a word of its metadata, in lower case": { challenge: 'bearer realm="x"' },
  "no challenge at all": { challenge: null },
  "a 401 at the first call of initialize alone": { asksAt: "initialize" },
  "a 401 at tools/list alone": { asksAt: "tools/list" },
  "the resource's metadata at its root alone": { resourcePaths: [RESOURCE] },
  "no metadata of a resource": { resourcePaths: [], challenge: null },
  "metadata at an issuer's path, inserted": { issuerPath: "/tenant" },
  "metadata at an issuer's path, appended": {
    issuerPath: "/tenant",
    metadataPaths: [`/tenant${OIDC}`],
  },
  "OpenID Connect discovery, inserted": {
    issuerPath: "/tenant",
    metadataPaths: [`${OIDC}/tenant`],
  },
  "OpenID Connect discovery alone": { metadataPaths: [OIDC] },
  "no metadata of the authorization server": { metadataPaths: [] },
  "no metadata at all, as in 2025-03-26": { metadataPaths: [], resourcePaths: [], challenge: null },
  "an issuer that ends in a slash": { issuerPath: "/" },
  "iss in good answers alone": { iss: "success" },
  "no iss": { iss: "never" },
  "a registration without a method": {
    registration: { token_endpoint_auth_method: undefined },
  },
  "a registration answered with 200": { registrationStatus: 200 },
  "a secret that nobody asked for": { alwaysSecret: true },
  "a secret that ends in 30 days": {
    alwaysSecret: true,
    registration: { client_secret_expires_at: soon() },
  },
  "HTTP Basic alone": { methods: ["client_secret_basic"] },
  "a secret in the body alone": { methods: ["client_secret_post"] },
  "registration by HTTP Basic, and a token endpoint that wants the body": {
    alwaysSecret: true,
    methods: ["client_secret_post"],
    metadata: { token_endpoint_auth_methods_supported: ["client_secret_basic"] },
  },
  "application_type native for a loopback address": {
    refuseRegistration: ({ application_type: type }) =>
      type === "native" ? undefined : "invalid_redirect_uri",
  },
  "a registration that knows neither application_type nor scope": {
    refuseRegistration: (metadata) =>
      "application_type" in metadata || "scope" in metadata ? "invalid_client_metadata" : undefined,
  },
  "a resource that must be said": { resource: "required" },
  "a resource that must be this one": { resource: "strict" },
  "scopes in the challenge": { challengeScope: "notes.read notes.write" },
  "scopes that must have been registered": {
    strictScopes: true,
    challengeScope: "notes.read",
    scopes: ["notes.read", "offline_access"],
  },
  "refresh tokens with offline_access alone": {
    refreshTokens: "offline_access",
    scopes: ["notes.read", "offline_access"],
  },
  "refresh tokens with offline_access and consent": {
    refreshTokens: "consent",
    scopes: ["notes.read", "offline_access"],
  },
  "a refresh token that stays": { rotation: "stays" },
  "a refresh token that is said once": { rotation: "silent" },
  "a used refresh token that gives the same answer for a while": { rotation: "grace" },
  "a refresh token that lives until the next one is used": { rotation: "overlap" },
  "a second use of a refresh token that ends the grant": { rotation: "strict" },
  "no expires_in": { tokenSeconds: undefined },
  "one grant for each person and client": { oneGrant: true },
  "access tokens that outlive their refresh token": { outliving: true },
  "an id token": { idToken: true },
  "no userinfo": { userinfo: false },
};

for (const [name, behaviour] of Object.entries(SERVERS)) {
  Deno.test(`a server with ${name} is connected, refreshed and ended`, async () => {
    await using mounted = await mount({ tokenSeconds: 600, ...behaviour });
    const { server, gateway } = mounted;
    assertStringIncludes((await mounted.connect()).html, "Notes connected");
    const tokens: string[] = [];
    for (let hours = 0; hours < 3; hours++) {
      gateway.world.skew = hours * HOUR_MS;
      const { status, json, text } = await mounted.token();
      assertEquals(status, 200, text);
      assertEquals(server.whose(json.access_token)?.sub, USER);
      tokens.push(json.access_token);
    }
    assertEquals(new Set(tokens).size, 3, "each of its own");
    assertEquals(server.registrations.length, 1);
    const ended = await gateway.api(`/connections/${SERVICE}?user_id=${USER}`, {
      method: "DELETE",
    });
    // Without metadata nobody knows where to revoke.
    const hasMetadata = behaviour.metadataPaths?.length !== 0;
    assertEquals(ended.json.revoked, hasMetadata, ended.text);
    assertEquals(server.grants(USER), hasMetadata ? 0 : 1);
  });
}

Deno.test("the first of two people who are one person over there is asked to connect again, and gets no other's token", async () => {
  await using mounted = await mount({ tokenSeconds: 600, oneGrant: true });
  const { server, gateway } = mounted;
  await mounted.connect("ana", { login: "shared" });
  await mounted.connect("bo", { login: "shared" });
  await mounted.connect("cy", { login: "cy" });
  gateway.world.skew = HOUR_MS;
  const answers = await Promise.all(["ana", "bo", "cy"].map((user) => mounted.token(user)));
  assertEquals(answers.map(({ status }) => status), [409, 200, 200]);
  assertStringIncludes(answers[0]!.json.connect_url, `/auth/${SERVICE}`);
  assertEquals(server.whose(answers[2]!.json.access_token)?.sub, "cy");
  assert(answers[1]!.json.access_token !== answers[2]!.json.access_token);
});

Deno.test("what was issued to a client ends with its secret, and whoever connects late gets another client", async () => {
  const DAY_MS = 24 * HOUR_MS;
  const registration: OAuthBehaviour["registration"] = {};
  await using mounted = await mount({ alwaysSecret: true, registration });
  const { server, gateway } = mounted;
  const endOf = async () =>
    (await gateway.api(`/connections?user_id=${USER}`)).json.connections[0].ends_at / 1000;
  const saysEnd = (days: number) => {
    const end = Math.floor((gateway.world.now() + days * DAY_MS) / 1000);
    registration.client_secret_expires_at = end;
    return end;
  };
  const first = saysEnd(30);
  await mounted.connect();
  assertEquals(await endOf(), first);
  // A refresh does not move it.
  gateway.world.skew = 14 * DAY_MS;
  assertEquals((await mounted.token()).status, 200);
  assertEquals(await endOf(), first);
  // Half of the secret's life is over.
  gateway.world.skew = 16 * DAY_MS;
  const second = saysEnd(30);
  await mounted.connect();
  assertEquals(await endOf(), second);
  assertEquals(server.registrations.length, 2);
});

Deno.test("a wrong verifier, and whatever else a token endpoint may say to a code, is a refusal", async () => {
  const refusals: OAuthBehaviour[] = [
    { answer: ({ path }) => path === "/token" ? new Response("<h1>Oops</h1>") : undefined },
    {
      answer: ({ path }) =>
        path === "/token"
          ? Response.json({ error: "invalid_request" }, { status: 401 })
          : undefined,
    },
    { answer: ({ path }) => path === "/token" ? Response.json({}) : undefined },
  ];
  for (const behaviour of refusals) {
    await using mounted = await mount(behaviour);
    const page = await mounted.connect();
    assertNotEquals(page.status, 200, page.html);
    assertEquals((await mounted.token()).status, 404);
  }
});
