import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { parseProviderSpecs } from "../../providers/configured.ts";
import { Browser } from "../support/browser.ts";
import { signInForm, startEmulator } from "../support/emulators.ts";
import { startGateway, USER } from "../support/gateway.ts";

const ENDPOINTS = {
  authorization_endpoint: "https://acme.example/authorize",
  token_endpoint: "https://acme.example/token",
};

Deno.test("a provider by config alone connects, refreshes, proxies and disconnects", async () => {
  const google = await startEmulator("google");
  const spec = {
    name: "acme",
    title: "Acme",
    authorization_endpoint: `${google.url}/o/oauth2/v2/auth`,
    token_endpoint: `${google.url}/oauth2/token`,
    revocation_endpoint: `${google.url}/oauth2/revoke`,
    scopes: ["openid", "email"],
    userinfo_endpoint: `${google.url}/oauth2/v2/userinfo`,
    api_url: google.url,
  };
  await using gateway = await startGateway({
    env: {
      PROVIDERS: JSON.stringify([spec]),
      ACME_CLIENT_ID: "id",
      ACME_CLIENT_SECRET: "secret",
    },
  });
  const { json: link } = await gateway.api("/links", { body: { user_id: USER, service: "acme" } });
  const browser = new Browser();
  const confirm = await browser.open(link.url);
  assertStringIncludes(confirm.html, "Connect Acme?");
  const signIn = await browser.submit(confirm);
  const done = await browser.submit(signIn, { form: signInForm(signIn) });
  assertStringIncludes(done.html, "✓ Acme connected");

  const token = () => gateway.api("/token/acme", { body: { user_id: USER } });
  const first = await token();
  assertEquals([first.status, first.json.label], [200, "testuser@gmail.com"]);
  gateway.world.skew = 3_600_000;
  assert((await token()).json.access_token !== first.json.access_token);
  const headers = { "X-User-Id": USER };
  const me = await gateway.api("/proxy/acme/oauth2/v2/userinfo", { headers });
  assertEquals(me.json.email, "testuser@gmail.com");
  const gone = await gateway.api(`/connections/acme?user_id=${USER}`, { method: "DELETE" });
  assertEquals(gone.json.revoked, true);
  await google.close();
});

Deno.test("a configured provider says its scopes and its client as it is told to", async () => {
  const spec = {
    name: "acme",
    ...ENDPOINTS,
    scopes: ["read", "write"],
    scope_separator: ",",
    pkce: false,
    client_authentication: "client_secret_basic",
    authorization_parameters: { audience: "api" },
  };
  const seen: Request[] = [];
  await using gateway = await startGateway({
    env: { PROVIDERS: JSON.stringify([spec]), ACME_CLIENT_ID: "a:b", ACME_CLIENT_SECRET: "ü" },
    fetch: (input, init) => {
      const request = new Request(input, init);
      if (!request.url.includes("acme.example")) return fetch(request);
      seen.push(request);
      return Promise.resolve(Response.json({ access_token: "t", token_type: "bearer" }));
    },
  });
  const { json } = await gateway.api("/links", { body: { user_id: USER, service: "acme" } });
  const browser = new Browser();
  const until = (url: string) => url.startsWith("https://acme.example");
  const to = new URL((await browser.submit(await browser.open(json.url), { until })).url);
  assertEquals(to.searchParams.get("scope"), "read,write");
  assertEquals(to.searchParams.get("audience"), "api");
  assertEquals(to.searchParams.has("code_challenge"), false);
  const state = to.searchParams.get("state")!;
  const done = await browser.open(`${gateway.url}/callback/acme?code=c&state=${state}`);
  assertStringIncludes(done.html, "✓ acme connected");
  assertEquals(seen[0]!.headers.get("Authorization"), `Basic ${btoa("a%3Ab:%C3%BC")}`);
  assert(!(await seen[0]!.text()).includes("secret"));
  const { json: token } = await gateway.api("/token/acme", { body: { user_id: USER } });
  assertEquals([token.access_token, token.account, token.scope], ["t", "default", "read write"]);
});

Deno.test("the catalogue's providers are there by name", async () => {
  const seen: { url: string; body: URLSearchParams; auth: string | null }[] = [];
  await using gateway = await startGateway({
    env: { SPOTIFY_CLIENT_ID: "id", SPOTIFY_CLIENT_SECRET: "secret" },
    fetch: async (input, init) => {
      const request = new Request(input, init);
      if (!request.url.includes("spotify.com")) return await fetch(request);
      if (request.url.includes("api.spotify.com/v1/me")) {
        return Response.json({ id: "spot", display_name: "Ana" });
      }
      const body = new URLSearchParams(await request.text());
      seen.push({ url: request.url, body, auth: request.headers.get("Authorization") });
      const access_token = `token_${seen.length}`;
      return Response.json({ access_token, refresh_token: "r", expires_in: 3600 });
    },
  });
  const body = { user_id: USER, service: "spotify", scope: "user-read-email" };
  const { json } = await gateway.api("/links", { body });
  const browser = new Browser();
  const until = (url: string) => url.startsWith("https://accounts.spotify.com");
  const to = new URL((await browser.submit(await browser.open(json.url), { until })).url);
  assertEquals(to.searchParams.get("scope"), "user-read-email");
  assertEquals(to.searchParams.get("code_challenge_method"), "S256");
  const state = to.searchParams.get("state");
  const done = await browser.open(`${gateway.url}/callback/spotify?code=c&state=${state}`);
  assertStringIncludes(done.html, "✓ Spotify connected");
  assertStringIncludes(done.html, "Ana");
  assertEquals(seen[0]!.body.get("code_verifier")?.length, 43);
  assertEquals(seen[0]!.auth, `Basic ${btoa("id:secret")}`);
  gateway.world.skew = 3_600_000;
  const token = await gateway.api("/token/spotify", { body: { user_id: USER } });
  assertEquals([token.json.access_token, token.json.account], ["token_2", "spot"]);
  assertEquals(seen[1]!.body.get("grant_type"), "refresh_token");
});

Deno.test("parseProviderSpecs() names what is wrong", () => {
  const fault = (entry: unknown) =>
    assertThrows(() => parseProviderSpecs(JSON.stringify([entry]), ["github"]), TypeError).message;
  assertStringIncludes(fault({ name: "Acme", ...ENDPOINTS }), "0.name");
  assertStringIncludes(fault({ name: "acme", token_endpoint: "x" }), "authorization_endpoint");
  assertStringIncludes(fault({ name: "acme", ...ENDPOINTS, colour: 1 }), "is unknown");
  for (const header of ["", "*", "x y", "x:", "é-é", "X-*-Y"]) {
    assertStringIncludes(
      fault({ name: "acme", ...ENDPOINTS, proxy_headers: [header] }),
      "proxy_headers",
    );
  }
  assertStringIncludes(fault({ name: "github", ...ENDPOINTS }), "github: the name is taken");
  assertThrows(() => parseProviderSpecs("{", []), TypeError, "is not JSON");
});
