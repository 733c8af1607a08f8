/**
 * What providers tell by themselves: who it is from is proved, and it ends
 * nothing; the provider is asked, and its answer counts.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Buffer } from "node:buffer";
import { createHash, createHmac } from "node:crypto";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { DELIVERY_LIMIT } from "../../routes/api/provider_events.ts";
import { ASKED_AGAIN_MS } from "../../broker/connect/heed.ts";
import { faultyFetch } from "../support/faulty_fetch.ts";
import { startGateway } from "../support/gateway.ts";

const HOOK = "the secret of the webhook";
const ISSUER = "https://accounts.google.com/";
const REVOKED = "https://schemas.openid.net/secevent/oauth/event-type/tokens-revoked";
const ONE_REVOKED = "https://schemas.openid.net/secevent/oauth/event-type/token-revoked";
const DISABLED = "https://schemas.openid.net/secevent/risc/event-type/account-disabled";
const TRIAL = "https://schemas.openid.net/secevent/risc/event-type/verification";

const [own, others] = await Promise.all([generateKeyPair("RS256"), generateKeyPair("RS256")]);
const keySet = { keys: [{ ...await exportJWK(own.publicKey), kid: "g1", alg: "RS256" }] };

/** Of a token that is all right, what is not. */
interface Bent {
  iss?: string;
  aud?: string | string[];
  key?: CryptoKey;
  alg?: string;
  kid?: string;
  jti?: string;
  events?: Record<string, unknown>;
}

let made = 0;

/** As Google delivers it. */
async function setOf(account: string, bent: Bent = {}): Promise<string> {
  const subject = { subject_type: "iss-sub", iss: ISSUER, sub: account };
  return await new SignJWT({ events: bent.events ?? { [REVOKED]: { subject } } })
    .setProtectedHeader({ alg: bent.alg ?? "RS256", kid: bent.kid ?? "g1" })
    .setIssuer(bent.iss ?? ISSUER)
    .setAudience(bent.aud ?? "google-client")
    .setIssuedAt()
    .setJti(bent.jti ?? `event-${made += 1}`)
    .sign(bent.key ?? own.privateKey);
}

async function start() {
  const faults = faultyFetch();
  const gateway = await startGateway({
    env: { GITHUB_WEBHOOK_SECRET: HOOK },
    fetch: faults.fetch,
  });
  faults.on(
    "/.well-known/risc-configuration",
    () => Response.json({ issuer: ISSUER, jwks_uri: "https://keys.example.com/certs" }),
  );
  faults.on("keys.example.com/certs", () => Response.json(keySet));
  const deliver = async (provider: string, body: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${gateway.url}/provider-events/${provider}`, {
      method: "POST",
      headers: { "Content-Type": "application/secevent+jwt", ...headers },
      body,
    });
    return { status: response.status, text: await response.text() };
  };
  /** Who it is at Google, and what their refresh tokens are good for. */
  const connectAs = async (userId: string, account: string) => {
    faults.on("/oauth2/token", () =>
      Response.json({
        token_type: "Bearer",
        expires_in: 3600,
        access_token: `access-of-${account}`,
        refresh_token: `refresh-token-of-${account}-which-is-long`,
      }));
    faults.on("/oauth2/v2/userinfo", () => Response.json({ id: account, email: "me@x.org" }));
    const page = await gateway.connect("google", { userId });
    if (page.status !== 200) throw new Error(page.html);
  };
  const refreshed: string[] = [];
  const refreshing = (answer: () => Response) =>
    faults.on("/oauth2/token", async (request) => {
      refreshed.push((await request.formData()).get("refresh_token") as string);
      return answer();
    });
  const status = async (userId: string) =>
    (await gateway.api(`/connections?user_id=${userId}`)).json.connections[0]?.status;
  return {
    faults,
    gateway,
    deliver,
    connectAs,
    refreshing,
    refreshed,
    status,
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}

const over = () => Response.json({ error: "invalid_grant" }, { status: 400 });
const issued = () =>
  Response.json({ access_token: `another-${made += 1}`, token_type: "Bearer", expires_in: 3600 });

Deno.test("Google's word makes it be asked, for each user of that account and nobody else", async () => {
  await using it = await start();
  for (const [user, account] of [["ann", "1"], ["bob", "1"], ["eve", "2"]] as const) {
    await it.connectAs(user, account);
  }
  it.refreshing(over);
  assertEquals(await it.deliver("google", await setOf("1")), { status: 202, text: "" });
  assertEquals(JSON.parse(it.gateway.requests.at(-1)!).caller, "provider google");
  assertEquals(it.refreshed.length, 2);
  const statuses = await Promise.all(["ann", "bob", "eve"].map(it.status));
  assertEquals(statuses, ["reauthorization_required", "reauthorization_required", "active"]);
});

Deno.test("what the provider says is still good goes on, whatever was told", async () => {
  await using it = await start();
  await it.connectAs("ann", "1");
  it.refreshing(issued);
  const subject = { subject_type: "iss-sub", iss: ISSUER, sub: "1" };
  const set = await setOf("1", { events: { [DISABLED]: { subject, reason: "hijacking" } } });
  assertEquals((await it.deliver("google", set)).status, 202);
  assertEquals([it.refreshed.length, await it.status("ann")], [1, "active"]);
  // A provider that is out says nothing of the grant.
  it.gateway.world.skew += ASKED_AGAIN_MS;
  it.refreshing(() => new Response("out", { status: 503 }));
  await it.deliver("google", await setOf("1"));
  assertEquals([it.refreshed.length, await it.status("ann")], [2, "active"]);
});

Deno.test("the same delivery again asks nobody, and a flood of others asks once a minute", async () => {
  await using it = await start();
  await it.connectAs("ann", "1");
  it.refreshing(issued);
  const set = await setOf("1", { jti: "same" });
  for (let times = 0; times < 3; times++) {
    assertEquals((await it.deliver("google", set)).status, 202);
    it.gateway.world.skew += 2 * ASKED_AGAIN_MS;
  }
  assertEquals(it.refreshed.length, 1, "a repeat is known, hours later, too");
  for (let times = 0; times < 20; times++) await it.deliver("google", await setOf("1"));
  assertEquals(it.refreshed.length, 2, "twenty others are one");
});

Deno.test("who is not Google, or speaks to another program, changes nothing", async () => {
  await using it = await start();
  await it.connectAs("ann", "1");
  it.refreshing(over);
  const unsigned = (await setOf("1")).split(".");
  const none = Buffer.from('{"alg":"none"}').toString("base64url");
  const pem = JSON.stringify(keySet.keys[0]);
  const withPublicKey = await new SignJWT({ events: {} }).setProtectedHeader({ alg: "HS256" })
    .setIssuer(ISSUER).setAudience("google-client").setJti("x").sign(Buffer.from(pem));
  const attempts: Record<string, string> = {
    "another's key": await setOf("1", { key: others.privateKey }),
    "a key that is not known": await setOf("1", { key: others.privateKey, kid: "g2" }),
    "another issuer": await setOf("1", { iss: "https://evil.example.com/" }),
    "another program": await setOf("1", { aud: "another-client" }),
    "no signature": `${none}.${unsigned[1]}.`,
    "a public key as a secret": withPublicKey,
    "no token": "hello",
    "nothing": "",
    "no name": await setOf("1", { jti: "" }),
  };
  for (const [what, body] of Object.entries(attempts)) {
    const { status, text } = await it.deliver("google", body);
    assertEquals([status, JSON.parse(text).error], [400, "invalid_request"], what);
    assertEquals(JSON.parse(it.gateway.requests.at(-1)!).caller, "none", what);
  }
  const tooLong = await it.deliver("google", "x".repeat(DELIVERY_LIMIT + 1));
  assertEquals(tooLong.status, 413);
  assertEquals([it.refreshed.length, await it.status("ann")], [0, "active"]);
  assert(it.faults.count("keys.example.com") <= 2, "an unknown key does not make keys be fetched");
});

Deno.test("an account of another issuer's is not meant, and trials are taken", async () => {
  await using it = await start();
  await it.connectAs("ann", "1");
  it.refreshing(over);
  const subject = { subject_type: "iss-sub", iss: "https://evil.example.com/", sub: "1" };
  for (const events of [{ [REVOKED]: { subject } }, { [TRIAL]: { state: "x" } }, {}]) {
    assertEquals((await it.deliver("google", await setOf("1", { events }))).status, 202);
  }
  assertEquals([it.refreshed.length, await it.status("ann")], [0, "active"]);
});

Deno.test("one refresh token is found by what Google says of it", async () => {
  await using it = await start();
  for (const user of ["ann", "bob", "eve"]) await it.connectAs(user, user);
  it.refreshing(over);
  const sha = (data: string | Uint8Array) => createHash("sha512").update(data).digest();
  const token = "refresh-token-of-bob-which-is-long";
  const hashed = sha(sha(token)).toString("base64");
  const subject = (alg: string, token: string) => ({
    [ONE_REVOKED]: {
      subject: {
        subject_type: "oauth_token",
        token_type: "refresh_token",
        token_identifier_alg: alg,
        token,
      },
    },
  });
  const wrong = subject("hash_base64_sha512_sha512", sha(token).toString("base64"));
  await it.deliver("google", await setOf("", { events: wrong }));
  assertEquals(it.refreshed, []);
  const right = subject("hash_base64_sha512_sha512", hashed);
  await it.deliver("google", await setOf("", { events: right }));
  assertEquals(it.refreshed, [token]);
  const statuses = await Promise.all(["ann", "bob", "eve"].map(it.status));
  assertEquals(statuses, ["active", "reauthorization_required", "active"]);
});

Deno.test("where Google's keys cannot be had it is told to come again, and nothing is remembered", async () => {
  await using it = await start();
  await it.connectAs("ann", "1");
  it.refreshing(issued);
  it.faults.on("/.well-known/risc-configuration", () => new Response("out", { status: 500 }));
  const set = await setOf("1");
  const { status, text } = await it.deliver("google", set);
  assertEquals([status, JSON.parse(text).error], [503, "provider_unavailable"]);
  it.faults.on("/.well-known/risc-configuration", () =>
    Response.json({ issuer: ISSUER, jwks_uri: "https://keys.example.com/certs" }));
  assertEquals((await it.deliver("google", set)).status, 503, "not asked at every delivery");
  it.gateway.world.skew += 30_000;
  assertEquals([(await it.deliver("google", set)).status, it.refreshed.length], [202, 1]);
});

function signed(body: string, secret = HOOK): Record<string, string> {
  return {
    "Content-Type": "application/json",
    "X-GitHub-Event": "github_app_authorization",
    "X-Hub-Signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
  };
}

Deno.test("GitHub's word ends no token that it still takes, and one that it does not", async () => {
  await using it = await start();
  await it.gateway.connect("github");
  const { json: { connections: [connection] } } = await it.gateway.api(
    "/connections?user_id=user_123",
  );
  const body = JSON.stringify({ action: "revoked", sender: { id: Number(connection.account) } });
  assertEquals((await it.deliver("github", body, signed(body))).status, 202);
  assertEquals(await it.status("user_123"), "active");
  it.gateway.world.skew += ASKED_AGAIN_MS;
  it.faults.on("/user", () => Response.json({ message: "Bad credentials" }, { status: 401 }));
  assertEquals((await it.deliver("github", body, signed(body))).status, 202);
  assertEquals(await it.status("user_123"), "reauthorization_required");
});

Deno.test("a body that GitHub did not sign changes nothing", async () => {
  await using it = await start();
  await it.gateway.connect("github");
  it.faults.on("/user", () => Response.json({ message: "Bad credentials" }, { status: 401 }));
  const { json: { connections: [connection] } } = await it.gateway.api(
    "/connections?user_id=user_123",
  );
  const body = JSON.stringify({ action: "revoked", sender: { id: Number(connection.account) } });
  const right = signed(body)["X-Hub-Signature-256"]!;
  const attempts: [string, string, Record<string, string>][] = [
    ["no signature", body, {}],
    ["another secret", body, signed(body, "the secret of another")],
    ["another body", body.replace("revoked", "revoked "), signed(body)],
    ["SHA-1", body, { "X-Hub-Signature-256": "", "X-Hub-Signature": "sha1=00" }],
    ["upper case", body, { "X-Hub-Signature-256": right.toUpperCase() }],
    ["cut", body, { "X-Hub-Signature-256": right.slice(0, -2) }],
  ];
  for (const [what, sent, headers] of attempts) {
    const { status, text } = await it.deliver("github", sent, {
      "X-GitHub-Event": "github_app_authorization",
      ...headers,
    });
    assertEquals(status, 400, what);
    assertStringIncludes(text, "GITHUB_WEBHOOK_SECRET");
    assert(!text.includes(HOOK));
  }
  // Signed, and about something else.
  for (const said of ["{}", '{"action":"revoked","sender":{"id":"x"}}', '{"action":"created"}']) {
    assertEquals((await it.deliver("github", said, signed(said))).status, 202, said);
  }
  assertEquals(await it.status("user_123"), "active");
});

Deno.test("a stranger who delivers without end is refused like everybody else from that address", async () => {
  const env = {
    GITHUB_WEBHOOK_SECRET: HOOK,
    TRUSTED_PROXIES: "127.0.0.1",
    LIMITS: "address=3/min",
  };
  await using gateway = await startGateway({ env });
  const from = async (address: string) => {
    const headers = { "X-Forwarded-For": address };
    const options = { body: {}, key: null, headers };
    return (await gateway.api("/provider-events/github", options)).status;
  };
  const statuses = [];
  for (let n = 0; n < 5; n++) statuses.push(await from("203.0.113.7"));
  assertEquals(statuses, [400, 400, 400, 429, 429]);
  assertEquals(await from("198.51.100.7"), 400);
});

Deno.test("nothing is listened to that tells nothing, or whose secret nobody has set", async () => {
  await using gateway = await startGateway();
  for (const provider of ["github", "asana", "nonsense"]) {
    const { status } = await gateway.api(`/provider-events/${provider}`, { body: {}, key: null });
    assertEquals(status, 404, provider);
  }
});
