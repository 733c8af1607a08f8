import { assertEquals, assertStringIncludes } from "@std/assert";
import { ROTATION_GRACE_MS } from "../../gateway/grants/refresh_tokens.ts";
import { digestHex } from "../../tasks/key.ts";
import {
  assertDead,
  assertRefused,
  assertWorks,
  obtainTokens,
  openGateway,
  send,
} from "../support/attacks.ts";
import {
  authorizeUrl,
  exchange,
  newClient,
  obtainCode,
  pkce,
  post,
  REDIRECT_URI,
  refresh,
} from "../support/mcp_client.ts";

const SECRET = "the secret of desk";
const DESK = {
  client_id: "desk",
  client_name: "Desk",
  redirect_uris: ["https://desk.example/cb"],
  client_secret_sha256: digestHex(SECRET),
};

function basic(id: string, secret: string): Record<string, string> {
  return {
    Authorization: `Basic ${btoa(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`)}`,
  };
}

async function openWithDesk() {
  const gateway = await openGateway({ env: { MCP_CLIENTS: JSON.stringify([DESK]) } });
  const desk = { id: "desk", redirectUri: DESK.redirect_uris[0]!, ...pkce() };
  const code = await obtainCode(gateway, desk);
  const form = {
    grant_type: "authorization_code",
    client_id: "desk",
    redirect_uri: desk.redirectUri,
    code_verifier: desk.verifier,
    code,
  };
  return { gateway, desk, form };
}

Deno.test("a confidential client without its secret, or with another, gets nothing", async () => {
  const { gateway, form } = await openWithDesk();
  await using _ = gateway;
  const { client_id: __, ...bare } = form;
  const tries: [Record<string, string>, Record<string, string>?][] = [
    [form],
    [{ ...form, client_secret: "" }],
    [{ ...form, client_secret: "wrong" }],
    [{ ...form, client_secret: DESK.client_secret_sha256 }],
    [{ ...form, client_secret: `${SECRET} ` }],
    [bare, basic("desk", "wrong")],
    [bare, basic("desk", "")],
    [form, basic("desk", "wrong")],
    [{ ...form, client_secret: SECRET }, basic("desk", "wrong")],
    [{ ...bare, client_secret: SECRET }],
    [{ ...form, client_id: "DESK", client_secret: SECRET }],
  ];
  for (const [fields, headers] of tries) {
    for (const path of ["/oauth/token", "/oauth/revoke"]) {
      const answer = await post(gateway, path, { ...fields, token: "x" }, headers);
      assertRefused(answer, "invalid_client", 401);
      assertStringIncludes(answer.headers.get("WWW-Authenticate")!, "Basic");
    }
  }
  // As a form writes it (RFC 6749 §2.3.1).
  const plus = { Authorization: `Basic ${btoa(`desk:${SECRET.replaceAll(" ", "+")}`)}` };
  const { status } = await post(gateway, "/oauth/token", form, plus);
  assertEquals(status, 200);
});

Deno.test("a confidential client proves itself at every refresh and revocation", async () => {
  const { gateway, form, desk } = await openWithDesk();
  await using _ = gateway;
  const client_secret = SECRET;
  const { json } = await post(gateway, "/oauth/token", { ...form, client_secret });
  const { refresh_token, access_token } = json;
  assertRefused(await refresh(gateway, desk, refresh_token), "invalid_client", 401);
  const revocation = { client_id: "desk", token: refresh_token };
  assertRefused(await post(gateway, "/oauth/revoke", revocation), "invalid_client", 401);
  await assertWorks(gateway, access_token);
  const next = await refresh(gateway, desk, refresh_token, { client_secret });
  assertEquals(next.status, 200);
  await post(gateway, "/oauth/revoke", { ...revocation, client_secret });
  await assertDead(gateway, access_token);
});

Deno.test("a confidential client's refresh token may come again for a minute; later it ends nothing", async () => {
  const { gateway, form, desk } = await openWithDesk();
  await using _ = gateway;
  const more = { client_secret: SECRET };
  const { json: first } = await post(gateway, "/oauth/token", { ...form, ...more });
  const { json: second } = await refresh(gateway, desk, first.refresh_token, more);
  gateway.world.skew += ROTATION_GRACE_MS - 1000;
  const again = await refresh(gateway, desk, first.refresh_token, more);
  assertEquals([again.status, again.json.refresh_token], [200, second.refresh_token]);
  const { json: third } = await refresh(gateway, desk, second.refresh_token, more);
  gateway.world.skew += 1000;
  assertRefused(await refresh(gateway, desk, first.refresh_token, more));
  for (const { access_token } of [first, second, third]) await assertWorks(gateway, access_token);
  const told = gateway.world.events.filter(({ event }) => event === "refresh_replay_refused");
  assertEquals(told.map(({ why }) => why), ["late"]);
  assertEquals((await refresh(gateway, desk, third.refresh_token, more)).status, 200);
  // It has proved who it is: even with an old one it gives back what it has.
  await post(gateway, "/oauth/revoke", { client_id: "desk", token: first.refresh_token, ...more });
  await assertDead(gateway, third.access_token);
});

Deno.test("a public client's id beside a confidential one's does not stand in for it", async () => {
  const { gateway, form } = await openWithDesk();
  await using _ = gateway;
  const other = await newClient(gateway);
  for (const secret of ["", SECRET]) {
    assertRefused(await post(gateway, "/oauth/token", form, basic(other.id, secret)));
  }
  assertEquals((await post(gateway, "/oauth/token", form, basic("desk", SECRET))).status, 200);
});

Deno.test("an operator's client matches its addresses exactly, as all others do", async () => {
  const { gateway, desk } = await openWithDesk();
  await using _ = gateway;
  for (const redirect_uri of ["https://desk.example/cb/", "https://evil.example", REDIRECT_URI]) {
    const answer = await send(authorizeUrl(gateway, desk, { redirect_uri }));
    assertEquals([answer.status, answer.location], [400, null]);
  }
});

Deno.test("a client that is not known is shown an error, and nobody is redirected", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const ids = [
    undefined,
    "",
    `${client.id}x`,
    client.id.toUpperCase(),
    "__proto__",
    "x".repeat(3000),
    "http://client.example/client.json",
    "javascript:alert(1)",
  ];
  for (const client_id of ids) {
    const answer = await send(authorizeUrl(gateway, client, { client_id }));
    assertEquals([answer.status, answer.location], [400, null], client_id);
    const code = await exchange(gateway, client, "x", { client_id });
    assertRefused(code, "invalid_client", 401);
  }
  await obtainTokens(gateway, client);
});
