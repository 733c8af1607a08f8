import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createHash } from "node:crypto";
import { CODE_MS } from "../../gateway/grants/codes.ts";
import { randomSecret } from "../../broker/core/secrets.ts";
import {
  assertDead,
  assertRefused,
  assertWorks,
  obtainTokens,
  openGateway,
  send,
  signedIn,
} from "../support/attacks.ts";
import type { Gateway } from "../support/gateway.ts";
import { Browser } from "../support/browser.ts";
import {
  authorizeUrl,
  decide,
  exchange,
  newClient,
  obtainCode,
  pkce,
  refresh,
  signIn,
  type TestClient,
} from "../support/mcp_client.ts";

/** Where an authorization request ends that never reaches the person. */
async function redirected(
  gateway: Gateway,
  client: TestClient,
  params: Record<string, string | undefined>,
): Promise<URL> {
  const { status, location } = await send(authorizeUrl(gateway, client, params));
  assertEquals(status, 303);
  return new URL(location!);
}

async function assertCodeWorks(gateway: Gateway, client: TestClient, code: string) {
  const { status, json } = await exchange(gateway, client, code);
  assertEquals(status, 200);
  await assertWorks(gateway, json.access_token);
}

Deno.test("code injection: a code of another client is worth nothing", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const attacker = await newClient(gateway);
  const code = await obtainCode(gateway, client);
  for (const thief of [attacker, { ...attacker, verifier: client.verifier }]) {
    assertRefused(await exchange(gateway, thief, code));
  }
  await assertCodeWorks(gateway, client, code);
});

Deno.test("code injection: a code from another person's browser does not fit the client", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const inAttackersBrowser = { ...client, ...pkce() };
  const planted = await obtainCode(gateway, inAttackersBrowser);
  assertRefused(await exchange(gateway, client, planted));
  await assertCodeWorks(gateway, client, await obtainCode(gateway, client));
});

Deno.test("PKCE downgrade: no code without an S256 challenge", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const { verifier, challenge } = client;
  const downgrades: Record<string, string | undefined>[] = [
    { code_challenge: undefined, code_challenge_method: undefined },
    { code_challenge: undefined },
    { code_challenge: verifier, code_challenge_method: "plain" },
    { code_challenge_method: undefined },
    { code_challenge_method: "" },
    { code_challenge_method: "s256" },
    { code_challenge_method: "S256 plain" },
    { code_challenge: "" },
    { code_challenge: challenge.slice(1) },
    { code_challenge: `${challenge}=` },
  ];
  for (const params of downgrades) {
    const back = await redirected(gateway, client, params);
    assertEquals(back.searchParams.get("error"), "invalid_request", JSON.stringify(params));
    assertEquals(back.searchParams.get("code"), null);
  }
  await assertCodeWorks(gateway, client, await obtainCode(gateway, client));
});

Deno.test("PKCE downgrade: a code is not given out for another verifier, or none", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const code = await obtainCode(gateway, client);
  const verifiers = [undefined, "", randomSecret(), client.challenge, `${client.verifier}a`];
  for (const code_verifier of verifiers) {
    assertRefused(await exchange(gateway, client, code, { code_verifier }));
  }
  await assertCodeWorks(gateway, client, code);
});

Deno.test("PKCE downgrade: a verifier of the wrong length or alphabet is refused", async () => {
  await using gateway = await openGateway();
  const browser = new Browser();
  const { id, redirectUri } = await newClient(gateway);
  const secret = randomSecret();
  for (const verifier of [secret.slice(1), secret.repeat(3), `${secret}+`, `${secret} `]) {
    const challenge = createHash("sha256").update(verifier).digest("base64url");
    const client = { id, redirectUri, verifier, challenge };
    assertRefused(await exchange(gateway, client, await obtainCode(gateway, client, { browser })));
  }
  const client = { id, redirectUri, ...pkce() };
  await assertCodeWorks(gateway, client, await obtainCode(gateway, client, { browser }));
});

Deno.test("mix-up: every answer to a client carries the right `iss`, success and error", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const answers = [
    await redirected(gateway, client, { response_type: "token" }),
    await redirected(gateway, client, { code_challenge: undefined }),
    await redirected(gateway, client, { resource: "https://evil.example/mcp" }),
  ];
  const { browser } = await signedIn(gateway);
  for (const decision of ["deny", "allow"] as const) {
    answers.push(
      await decide(browser, await browser.open(authorizeUrl(gateway, client)), { decision }),
    );
  }
  for (const { searchParams } of answers) {
    assertEquals(searchParams.getAll("iss"), [gateway.url]);
    assertEquals(searchParams.getAll("state"), ["client-state"]);
  }
  const errors = answers.map(({ searchParams }) => searchParams.get("error"));
  assertEquals(errors, [
    "unsupported_response_type",
    "invalid_request",
    "invalid_target",
    "access_denied",
    null,
  ]);
});

Deno.test("code replay: a code that comes twice ends what it gave", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const code = await obtainCode(gateway, client);
  const { json: first } = await exchange(gateway, client, code);
  const { json: second } = await refresh(gateway, client, first.refresh_token);
  assertRefused(await exchange(gateway, client, code));
  for (const { access_token, refresh_token } of [first, second]) {
    await assertDead(gateway, access_token);
    assertRefused(await refresh(gateway, client, refresh_token));
  }
});

Deno.test("code replay: of exchanges at the same time none leaves a living token", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const browser = new Browser();
  for (let round = 0; round < 5; round++) {
    const code = await obtainCode(gateway, client, { browser });
    const tries = Array.from({ length: 6 }, () => exchange(gateway, client, code));
    const answers = await Promise.all(tries);
    assert(answers.filter(({ status }) => status === 200).length <= 1);
    for (const { json, status } of answers) {
      if (status !== 200) continue;
      await assertDead(gateway, json.access_token);
      assertRefused(await refresh(gateway, client, json.refresh_token));
    }
    assertEquals((await browser.open(gateway.url)).html.includes("Test client"), false);
  }
});

Deno.test("code replay: one that comes before the first one's grant is kept ends it, too", async () => {
  let meanwhile: (() => Promise<unknown>) | undefined;
  await using gateway = await openGateway({
    store: (store) => ({
      ...store,
      grants: {
        ...store.grants,
        put: async (grant, version) => {
          const between = meanwhile;
          meanwhile = undefined;
          await between?.();
          return await store.grants.put(grant, version);
        },
      },
    }),
  });
  const client = await newClient(gateway);
  const code = await obtainCode(gateway, client);
  meanwhile = async () => assertRefused(await exchange(gateway, client, code));
  assertRefused(await exchange(gateway, client, code));
  assertEquals(meanwhile, undefined);
  assertEquals(await Array.fromAsync(gateway.records.list({ prefix: ["grants"] })), []);
});

Deno.test("a code expires, and is not brought back", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const code = await obtainCode(gateway, client);
  gateway.world.skew += CODE_MS;
  assertRefused(await exchange(gateway, client, code));
  assertRefused(await exchange(gateway, client, code));
  await obtainTokens(gateway, client);
});

Deno.test("a code that nobody issued is worth nothing", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const tokens = await obtainTokens(gateway, client);
  const { access_token, refresh_token } = tokens;
  for (const code of ["", randomSecret(), refresh_token, access_token, "x".repeat(5000)]) {
    assertRefused(await exchange(gateway, client, code));
  }
  await assertWorks(gateway, access_token);
});

Deno.test("a repeated parameter is refused, not guessed at", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const doubled = `${authorizeUrl(gateway, client)}&redirect_uri=https%3A%2F%2Fevil.example`;
  const answer = await send(doubled);
  assertEquals([answer.status, answer.location], [400, null]);
  const code = await obtainCode(gateway, client);
  const form = [
    ["grant_type", "authorization_code"],
    ["client_id", client.id],
    ["client_id", "another"],
    ["redirect_uri", client.redirectUri],
    ["code", code],
    ["code_verifier", client.verifier],
  ];
  assertEquals((await send(`${gateway.url}/oauth/token`, { form })).status, 400);
  await assertCodeWorks(gateway, client, code);
});

Deno.test("consent is asked again for every request, also of a client that has it", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const browser = new Browser();
  await obtainTokens(gateway, client, { browser });
  for (const prompt of [undefined, "none"]) {
    const page = await browser.open(authorizeUrl(gateway, client, { prompt }));
    assertStringIncludes(page.html, "Allow “Test client”?");
  }
  const fresh = new Browser();
  const page = await signIn(fresh, await fresh.open(authorizeUrl(gateway, client)));
  assertStringIncludes(page.html, "Allow “Test client”?");
});
