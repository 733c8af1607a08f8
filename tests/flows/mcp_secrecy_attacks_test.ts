import { assert, assertEquals, assertMatch } from "@std/assert";
import { decodeJwt, type JWTPayload, SignJWT } from "jose";
import { parseKeyRing } from "../../broker/config/vault.ts";
import { REQUEST_ID } from "../../broker/core/request_notes.ts";
import { randomSecret } from "../../broker/core/secrets.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { newKeyLine } from "../../tasks/key.ts";
import {
  assertRefused,
  assertWorks,
  obtainTokens,
  openGateway,
  personalToken,
  signedIn,
  withToken,
} from "../support/attacks.ts";
import { Browser } from "../support/browser.ts";
import { signInForm } from "../support/emulators.ts";
import { call, type Gateway } from "../support/gateway.ts";
import {
  exchange,
  newClient,
  obtainCode,
  pkce,
  REDIRECT_URI,
  refresh,
  register,
  type TestClient,
} from "../support/mcp_client.ts";

async function signingKey(line: string): Promise<CryptoKey> {
  return (await (await importKeyRing(parseKeyRing(line))).signingKey("k1"))!;
}

/** A gateway whose signing key the test has, and what an honest token says. */
async function openWithKey() {
  const line = newKeyLine("k1");
  const gateway = await openGateway({ env: { ENCRYPTION_KEYS: line } });
  const key = await signingKey(line);
  const client = await newClient(gateway);
  const { access_token } = await obtainTokens(gateway, client);
  return { gateway, key, client, token: access_token, claims: decodeJwt(access_token) };
}

const HEADER = { alg: "HS256", typ: "at+jwt", kid: "k1" };

function sign(claims: JWTPayload, key: CryptoKey | Uint8Array, header: object = {}) {
  return new SignJWT(claims).setProtectedHeader({ ...HEADER, ...header }).sign(key);
}

Deno.test("personal token tricks: only the very text works, and only as a bearer", async () => {
  await using gateway = await openGateway();
  const person = await signedIn(gateway);
  const personal = await personalToken(person);
  const client = await newClient(gateway);
  const { access_token, refresh_token } = await obtainTokens(gateway, client, person);
  const secret = personal.slice("sb_pat_".length);
  const others = [
    "sb_pat_",
    `${personal}x`,
    personal.slice(0, -1),
    `SB_PAT_${secret}`,
    `sb_pat_${personal}`,
    `sb_pat_${refresh_token.slice("sb_rt_".length)}`,
    `sb_pat_${access_token}`,
    `sb_pat_../${secret}`,
    secret,
    refresh_token,
    `sb_rt_${secret}`,
    client.id,
  ];
  for (const token of others) assertEquals((await withToken(gateway, token)).status, 401, token);
  for (const token of [personal, `sb_rt_${secret}`, access_token]) {
    assertRefused(await refresh(gateway, client, token));
  }
  const elsewhere = await gateway.api("/token/github", { key: personal, body: { user_id: "me" } });
  assertEquals(elsewhere.status, 401);
  const inQuery = await gateway.api(`/mcp?access_token=${personal}`, { key: null, body: {} });
  assertEquals(inQuery.status, 401);
  await assertWorks(gateway, personal);
});

Deno.test("a gateway token is for one person, whatever X-User-Id says", async () => {
  await using gateway = await openGateway();
  await gateway.connect("github");
  const token = await personalToken(await signedIn(gateway));
  for (const user of ["user_123", "voice:user_123"]) {
    const headers = { "X-User-Id": user };
    const body = call("github_list_repositories");
    const { json } = await gateway.mcp(body, { key: token, userId: null, headers });
    assertEquals(json.result.isError, true);
  }
});

/** Exchanges that fail for different reasons. */
async function failures(gateway: Gateway, client: TestClient) {
  const other = await newClient(gateway);
  const code = await obtainCode(gateway, client);
  const { json } = await exchange(gateway, client, await obtainCode(gateway, client));
  return [
    await exchange(gateway, client, randomSecret()),
    await exchange(gateway, other, code),
    await exchange(gateway, { ...client, ...pkce() }, code),
    await exchange(gateway, client, code, { redirect_uri: "https://evil.example/cb" }),
    await refresh(gateway, client, randomSecret()),
    await refresh(gateway, other, json.refresh_token),
  ];
}

Deno.test("error answers tell a correlation id and no reason; the log tells both", async () => {
  await using gateway = await openGateway();
  const answers = await failures(gateway, await newClient(gateway));
  const bodies = answers.map(({ json }) => ({ ...json }));
  const ids = bodies.map((body) => body.request_id);
  for (const [index, body] of bodies.entries()) {
    assertMatch(ids[index], REQUEST_ID);
    body.error_description = body.error_description.replace(ids[index], "<id>");
    body.request_id = "<id>";
    assertEquals(body, { ...bodies[0], error: "invalid_grant" });
    const logged = gateway.world.events.filter((event) => event.request_id === ids[index]);
    assertEquals(logged.length, 1);
    assert(String(logged[0]!.detail).length > 5);
  }
  assertEquals(new Set(ids).size, ids.length);
  const reasons = gateway.world.events.flatMap(({ request_id, detail }) =>
    request_id === undefined ? [] : [String(detail)]
  );
  const told = answers.map(({ json }) => JSON.stringify(json)).join();
  for (const reason of reasons) assert(!told.includes(reason), reason);
});

Deno.test("no secret is ever logged, and no refusal of a token says why", async () => {
  const { gateway, key, client, token, claims } = await openWithKey();
  await using _ = gateway;
  const { refresh_token } = await obtainTokens(gateway, client);
  await failures(gateway, client);
  const expired = await sign({ ...claims, exp: 1 }, key);
  const texts = await Promise.all(
    [expired, `${token}x`, "a.b.c"].map(async (bad) => {
      const { text, json } = await withToken(gateway, bad);
      return text.replace(json.request_id, "<id>");
    }),
  );
  assertEquals(new Set(texts).size, 1);
  const logged = JSON.stringify(gateway.world.events);
  for (const secret of [...gateway.world.secrets, token, refresh_token, expired]) {
    assert(!logged.includes(secret));
  }
});

/** Between the gateway and the providers: records everything, and can answer in their place. */
function eavesdropper() {
  const heard: string[] = [];
  const providerTokens = new Set<string>();
  let answer: ((authorization: string) => Response) | undefined;
  const listen: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const authorization = request.headers.get("Authorization") ?? "";
    heard.push(request.url, JSON.stringify([...request.headers]), await request.clone().text());
    const [, token] = /^(?:Bearer|token) (.+)$/i.exec(authorization) ?? [];
    if (token !== undefined) providerTokens.add(token);
    return answer?.(authorization) ?? await fetch(request);
  };
  return {
    heard,
    providerTokens,
    listen,
    answerWith: (other: typeof answer) => answer = other,
  };
}

async function connectGithub({ browser, home }: { browser: Browser; home: { url: string } }) {
  const page = await browser.open(home.url);
  const form = page.forms.find(({ action, fields }) =>
    action === "/dashboard/connect" && fields.service === "github"
  )!;
  const atProvider = await browser.submit(page, { form });
  await browser.submit(atProvider, { form: signInForm(atProvider) });
}

/** What an MCP client sees of a tool that reads and one that writes. */
async function callBoth(gateway: Gateway, token: string): Promise<string[]> {
  const args = { repo: "octocat/hello-world", title: "Mine" };
  const answers = [
    await withToken(gateway, token, call("github_list_repositories")),
    await withToken(gateway, token, call("github_create_issue", args)),
  ];
  return answers.map(({ text }) => text);
}

Deno.test("gateway tokens stay here, and provider tokens never reach an MCP client", async () => {
  const ear = eavesdropper();
  await using gateway = await openGateway({ fetch: ear.listen });
  const person = await signedIn(gateway);
  await connectGithub(person);
  const client = await newClient(gateway);
  const { access_token, refresh_token } = await obtainTokens(gateway, client, person);
  const personal = await personalToken(person);
  const answers: string[] = [];
  for (const status of [200, 400, 401, 403, 404, 422, 500]) {
    if (status !== 200) ear.answerWith(() => Response.json({ message: "No" }, { status }));
    for (const token of [access_token, personal]) answers.push(...await callBoth(gateway, token));
  }
  assert(answers[0]!.includes("hello-world"), answers[0]);
  const upstream = ear.heard.join("\n");
  const session = person.cookie.split("=")[1]!;
  for (const secret of [access_token, refresh_token, personal, session]) {
    assert(!upstream.includes(secret));
  }
  assert(ear.providerTokens.size > 0);
  answers.push(JSON.stringify(gateway.world.events));
  for (const token of ear.providerTokens) {
    for (const answer of answers) assert(!answer.includes(token), answer);
  }
});

Deno.test("a provider that repeats its token in an error does not bring it to the client", async () => {
  const ear = eavesdropper();
  await using gateway = await openGateway({ fetch: ear.listen });
  const person = await signedIn(gateway);
  await connectGithub(person);
  const personal = await personalToken(person);
  const answers: string[] = [];
  for (const status of [400, 401, 403, 404, 422, 500]) {
    ear.answerWith((authorization) => Response.json({ message: authorization }, { status }));
    answers.push(...await callBoth(gateway, personal));
  }
  assert(ear.providerTokens.size > 0);
  answers.push(JSON.stringify(gateway.world.events));
  for (const token of ear.providerTokens) {
    for (const answer of answers) assert(!answer.includes(token), answer);
  }
});

Deno.test("a client id or name cannot be anybody's grant", async () => {
  await using gateway = await openGateway();
  const { json } = await register(gateway, {
    client_id: "sb_client_mine",
    redirect_uris: [REDIRECT_URI],
  });
  assert(json.client_id !== "sb_client_mine");
  const unknown = { id: "sb_client_mine", redirectUri: REDIRECT_URI, ...pkce() };
  assertRefused(await exchange(gateway, unknown, randomSecret()), "invalid_client", 401);
});
