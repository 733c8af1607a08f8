import { assertEquals, assertStringIncludes } from "@std/assert";
import { assertRefused, assertWorks, openGateway, send } from "../support/attacks.ts";
import { type Gateway, startGateway } from "../support/gateway.ts";
import { Browser } from "../support/browser.ts";
import {
  authorizeUrl,
  exchange,
  newClient,
  obtainCode,
  pkce,
  REDIRECT_URI,
  register,
  type TestClient,
} from "../support/mcp_client.ts";

const HTTPS_REDIRECT = "https://client.example/cb";

async function assertCodeWorks(gateway: Gateway, client: TestClient, code: string) {
  const { status, json } = await exchange(gateway, client, code);
  assertEquals(status, 200);
  await assertWorks(gateway, json.access_token);
}

/** Nobody is sent anywhere, and nobody is asked anything. */
async function assertNoRedirect(gateway: Gateway, client: TestClient, redirect_uri: string) {
  const answer = await send(authorizeUrl(gateway, client, { redirect_uri }));
  assertEquals([answer.status, answer.location], [400, null], redirect_uri);
  assertStringIncludes(answer.text, "may not send people back to that address");
}

Deno.test("redirect: an https address matches exactly or not at all", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway, HTTPS_REDIRECT);
  const others = [
    "https://client.example/cb/extra",
    "https://client.example/cb/",
    "https://client.example/cb//",
    "https://client.example/",
    "https://client.example",
    "https://client.example/x/../cb",
    "https://client.example/./cb",
    "https://client.example/cb?",
    "https://client.example/cb?next=https://evil.example",
    "https://client.example/cb#",
    "https://client.example/cb#fragment",
    "https://user@client.example/cb",
    "https://user:password@client.example/cb",
    "https://@client.example/cb",
    "https://client.example@evil.example/cb",
    "https://CLIENT.example/cb",
    "https://client.example/CB",
    "HTTPS://client.example/cb",
    "https://client.example:443/cb",
    "https://client.example:8443/cb",
    "https://client.example./cb",
    "https://client.example/%63b",
    "https://client.example%2fcb",
    "https://client.example/%2fcb",
    "https://client.example/cb%2f",
    "https://client.example/cb%00",
    "https://client.example\\cb",
    "https:client.example/cb",
    "https:/client.example/cb",
    "//client.example/cb",
    "http://client.example/cb",
    "https://client.example.evil.example/cb",
    "https://evil.example/https://client.example/cb",
    "https://evil.example\\@client.example/cb",
    " https://client.example/cb",
    "https://client.example/cb ",
    "https://client.example/cb\n",
    "https://client.example/c\tb",
    "com.evil.app:/cb",
    "javascript:alert(1)//https://client.example/cb",
    "data:text/html,<script>alert(1)</script>",
    "",
  ];
  for (const other of others) await assertNoRedirect(gateway, client, other);
  await assertCodeWorks(gateway, client, await obtainCode(gateway, client));
});

Deno.test("redirect: on a loopback host the port is free, and nothing else", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway, REDIRECT_URI);
  const others = [
    "http://localhost:33418/callback",
    "http://[::1]:33418/callback",
    "http://127.0.0.2:33418/callback",
    "http://127.1:33418/callback",
    "http://0x7f.0.0.1:33418/callback",
    "http://2130706433:33418/callback",
    "http://[::ffff:127.0.0.1]:33418/callback",
    "https://127.0.0.1:33418/callback",
    "http://127.0.0.1:33418/callback/",
    "http://127.0.0.1:33418/callback/extra",
    "http://127.0.0.1:33418/Callback",
    "http://127.0.0.1:33418/callback?x=1",
    "http://127.0.0.1:33418/callback#x",
    "http://127.0.0.1:33418/%63allback",
    "http://user@127.0.0.1:33418/callback",
    "http://127.0.0.1:33418@evil.example/callback",
    "http://127.0.0.1.evil.example:33418/callback",
    "http://127.0.0.1:99999/callback",
    "http://127.0.0.1.:33418/callback",
  ];
  for (const other of others) await assertNoRedirect(gateway, client, other);
  const browser = new Browser();
  for (const redirectUri of ["http://127.0.0.1:1/callback", "http://127.0.0.1/callback"]) {
    const here = { ...client, redirectUri };
    await assertCodeWorks(gateway, here, await obtainCode(gateway, here, { browser }));
  }
});

Deno.test("redirect: on https another port is another address", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway, "https://client.example:8443/cb");
  for (const port of ["", ":443", ":8444", ":08443"]) {
    await assertNoRedirect(gateway, client, `https://client.example${port}/cb`);
  }
  await assertCodeWorks(gateway, client, await obtainCode(gateway, client));
});

Deno.test("redirect: an app's own scheme matches exactly", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway, "com.example.app:/callback");
  const others = [
    "com.example.app:/callback/x",
    "com.example.app://callback",
    "com.example.app:callback",
    "com.example.App:/callback",
    "com.example.app2:/callback",
    "com.example.app:/callback?x",
  ];
  for (const other of others) await assertNoRedirect(gateway, client, other);
  await assertCodeWorks(gateway, client, await obtainCode(gateway, client));
});

Deno.test("redirect: a code is exchanged only with the address it was sent to", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway);
  const code = await obtainCode(gateway, client);
  const others = ["http://127.0.0.1:1/callback", "https://evil.example/cb", ""];
  for (const redirect_uri of others) {
    assertRefused(await exchange(gateway, client, code, { redirect_uri }));
  }
  await assertCodeWorks(gateway, client, code);
});

Deno.test("redirect: a client with one address may leave it out, here and at the exchange", async () => {
  await using gateway = await openGateway();
  const client = await newClient(gateway, HTTPS_REDIRECT);
  const code = await obtainCode(gateway, client, { params: { redirect_uri: undefined } });
  const { status } = await exchange(gateway, client, code, { redirect_uri: undefined });
  assertEquals(status, 200);
});

Deno.test("redirect: a client with several addresses says which", async () => {
  await using gateway = await openGateway();
  const uris = [HTTPS_REDIRECT, "https://client.example/other"];
  const { json } = await register(gateway, { redirect_uris: uris });
  const client = { id: json.client_id, redirectUri: HTTPS_REDIRECT, ...pkce() };
  const answer = await send(authorizeUrl(gateway, client, { redirect_uri: undefined }));
  assertEquals([answer.status, answer.location], [400, null]);
  assertStringIncludes(answer.text, "may not send people back to that address");
});

Deno.test("open redirect: a self-registered address is reached by a person's click only", async () => {
  await using gateway = await startGateway({ env: { SIGN_IN_ALLOW: "*" } });
  const client = await newClient(gateway, "https://evil.example/landing");
  const url = authorizeUrl(gateway, client, { response_type: "token" });
  const answer = await fetch(url, { redirect: "manual" });
  assertEquals(answer.status, 400);
  assertStringIncludes(await answer.text(), "unsupported_response_type");
});
