import { assert, assertEquals } from "@std/assert";
import { GRANT_DAYS } from "../../broker/core/grant.ts";
import { FORK_MS } from "../../gateway/grants/refresh_tokens.ts";
import {
  assertDead,
  assertRefused,
  assertWorks,
  LIST,
  obtainTokens,
  openGateway,
  personalToken,
  send,
  signedIn,
  withToken,
} from "../support/attacks.ts";
import { call } from "../support/gateway.ts";
import {
  authorizeUrl,
  exchange,
  newClient,
  obtainCode,
  post,
  refresh,
} from "../support/mcp_client.ts";

const DAY_MS = 24 * 60 * 60_000;

Deno.test("a refresh token leads to the same successor until that is used, however late", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const first = await obtainTokens(gateway, client);
  const { json: second } = await refresh(gateway, client, first.refresh_token);
  // The answer arrived at one copy of the client, and another one comes later; or it was lost.
  await assertWorks(gateway, second.access_token);
  // Longer than the grant's 30 days without use, which each of these is.
  for (let replays = 0; replays < 5; replays++) {
    gateway.world.skew += 8 * DAY_MS;
    const { status, json } = await refresh(gateway, client, first.refresh_token);
    assertEquals([status, json.refresh_token], [200, second.refresh_token]);
    await assertWorks(gateway, json.access_token);
  }
  const { json: third } = await refresh(gateway, client, second.refresh_token);
  assert(third.refresh_token !== second.refresh_token);
  await assertWorks(gateway, third.access_token);
});

Deno.test("a refresh token that comes more than an hour after its successor's use gets nothing, and ends nothing", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const first = await obtainTokens(gateway, client);
  const { json: second } = await refresh(gateway, client, first.refresh_token);
  gateway.world.skew += DAY_MS;
  const { json: third } = await refresh(gateway, client, second.refresh_token);
  gateway.world.skew += FORK_MS;
  for (let replays = 0; replays < 3; replays++) {
    assertRefused(await refresh(gateway, client, first.refresh_token));
  }
  const next = await refresh(gateway, client, third.refresh_token);
  assertEquals(next.status, 200);
  await assertWorks(gateway, next.json.access_token);
});

Deno.test("refreshes at the same time with one token all get the same successor", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  let { refresh_token } = await obtainTokens(gateway, client);
  for (let round = 0; round < 5; round++) {
    const tries = Array.from({ length: 8 }, () => refresh(gateway, client, refresh_token));
    const answers = await Promise.all(tries);
    assertEquals(answers.map(({ status }) => status), Array(8).fill(200));
    const successors = new Set(answers.map(({ json }) => json.refresh_token));
    assertEquals(successors.size, 1);
    for (const { json } of answers) await assertWorks(gateway, json.access_token);
    [refresh_token] = successors;
  }
});

Deno.test("a refresh token of another client is refused, and stays good for its own", async () => {
  await using gateway = await openGateway();
  const [client, thief] = [await newClient(gateway), await newClient(gateway)];
  const { refresh_token, access_token } = await obtainTokens(gateway, client);
  assertRefused(await refresh(gateway, thief, refresh_token));
  const { json: next } = await refresh(gateway, client, refresh_token);
  assertRefused(await refresh(gateway, thief, refresh_token));
  assertRefused(await refresh(gateway, thief, next.refresh_token));
  await assertWorks(gateway, access_token);
  assertEquals((await refresh(gateway, client, next.refresh_token)).status, 200);
});

Deno.test("a refresh token that nobody used for a month is over", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const { refresh_token } = await obtainTokens(gateway, client);
  gateway.world.skew += GRANT_DAYS.idle * 24 * 60 * 60_000;
  assertRefused(await refresh(gateway, client, refresh_token));
});

Deno.test("a token of one audience is nobody's at another", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const params = { resource: `${gateway.url}/mcp/github` };
  const { access_token } = await obtainTokens(gateway, client, { params });
  for (const path of ["/mcp", "/mcp/", "/mcp/gmail", "/mcp/sse", "/sse"]) {
    await assertDead(gateway, access_token, path);
  }
  for (const path of ["/token/github", "/connections?user_id=user_123"]) {
    const options = { key: access_token, ...(path.startsWith("/token") ? { body: {} } : {}) };
    assertEquals((await gateway.api(path, options)).status, 401, path);
  }
  await assertWorks(gateway, access_token, "/mcp/github");
});

Deno.test("a service and a provider are resources of their own, also where one is not the other", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  for (const name of ["gmail", "google"]) {
    const params = { resource: `${gateway.url}/mcp/${name}` };
    const { access_token } = await obtainTokens(gateway, client, { params });
    await assertWorks(gateway, access_token, `/mcp/${name}`);
    for (const path of ["/mcp", "/mcp/calendar", "/mcp/github"]) {
      await assertDead(gateway, access_token, path);
    }
  }
});

Deno.test("nobody gets a token for a resource that is not here", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const foreign = [
    "https://evil.example/mcp",
    `${gateway.url}.evil.example/mcp`,
    `${gateway.url}@evil.example/mcp`,
    `${gateway.url}/mcp/../admin`,
    `${gateway.url}/mcp?read_only=maybe`,
    `${gateway.url}/mcp?services=github&services=gmail`,
    `${gateway.url}/mcp#x`,
    `${gateway.url}/mcp/none`,
    `${gateway.url}/MCP`,
    `${gateway.url.replace("localhost", "127.0.0.1")}/mcp`,
    "mcp",
    "",
  ];
  for (const resource of foreign) {
    const { location } = await send(authorizeUrl(gateway, client, { resource }));
    assertEquals(new URL(location!).searchParams.get("error"), "invalid_target", resource);
  }
  const code = await obtainCode(gateway, client);
  for (const resource of ["https://evil.example/mcp", `${gateway.url}/mcp/github`]) {
    assertRefused(await exchange(gateway, client, code, { resource }), "invalid_target");
  }
  const { json } = await exchange(gateway, client, code, { resource: `${gateway.url}/mcp` });
  for (const resource of ["https://evil.example/mcp", `${gateway.url}/mcp/github`]) {
    const answer = await refresh(gateway, client, json.refresh_token, { resource });
    assertRefused(answer, "invalid_target");
  }
  assertEquals((await refresh(gateway, client, json.refresh_token)).status, 200);
});

Deno.test("a resource with a slash at its end is the same one all the way", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const params = { resource: `${gateway.url}/mcp/` };
  const code = await obtainCode(gateway, client, { params });
  const { status, json } = await exchange(gateway, client, code, params);
  assertEquals(status, 200);
  assertEquals((await refresh(gateway, client, json.refresh_token, params)).status, 200);
});

Deno.test("scope escalation: a refresh gives no more than the person agreed to", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const consent = { services: ["github"], access: "read" as const };
  let { refresh_token } = await obtainTokens(gateway, client, consent);
  for (const scope of ["github", "github gmail calendar", "*", ""]) {
    const { json } = await refresh(gateway, client, refresh_token, { scope });
    const held = json.scope ?? "github:read";
    assertEquals(held, "github:read");
    if (json.access_token === undefined) continue;
    const wider = await withToken(gateway, json.access_token, call("github_create_issue"));
    assertEquals([wider.status, wider.json.error], [403, "insufficient_scope"]);
    refresh_token = json.refresh_token;
  }
});

Deno.test("revocation by another client does nothing", async () => {
  await using gateway = await openGateway();
  const [client, other] = [await newClient(gateway), await newClient(gateway)];
  const person = await signedIn(gateway);
  const { browser } = person;
  const tokens = await obtainTokens(gateway, client, { browser });
  const personal = await personalToken(person);
  for (const token of [tokens.access_token, tokens.refresh_token, personal, "", "x"]) {
    const answer = await post(gateway, "/oauth/revoke", { client_id: other.id, token });
    assertEquals(answer.status, 200);
  }
  for (const token of [tokens.access_token, personal]) await assertWorks(gateway, token);
  assertEquals((await refresh(gateway, client, tokens.refresh_token)).status, 200);
  await post(gateway, "/oauth/revoke", { client_id: client.id, token: tokens.access_token });
  await assertDead(gateway, tokens.access_token);
});

Deno.test("scope escalation: neither path, query, alias nor batch goes beyond the token", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const consent = { services: ["github"], access: "read" as const };
  const { access_token } = await obtainTokens(gateway, client, consent);
  const { json } = await withToken(gateway, access_token);
  const held = json.result.tools.map(({ name }: { name: string }) => name);
  for (const path of ["/mcp/gmail", "/mcp?services=gmail", "/mcp?read_only=false", "/sse"]) {
    const { json } = await withToken(gateway, access_token, LIST, path);
    const names: string[] = json.result.tools.map(({ name }: { name: string }) => name);
    assertEquals(names.filter((name) => !held.includes(name)), [], path);
  }
  const args = { repo: "octocat/hello-world", title: "Mine" };
  const names = ["github_create_issue", "create_issue", "gmail_send_email", "send_email"];
  for (const name of names) {
    for (const body of [call(name, args), [LIST, call(name, args, 2)]]) {
      const { status, text } = await withToken(gateway, access_token, body);
      const refused = status === 403 || /Unknown tool/.test(text);
      assert(refused, `${name}: ${status} ${text}`);
    }
  }
});
