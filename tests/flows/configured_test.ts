import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { parseProviderSpecs } from "../../providers/configured.ts";
import { Browser } from "../support/browser.ts";
import { signInForm, startEmulator } from "../support/emulators.ts";
import { startGateway, USER } from "../support/gateway.ts";
import { INSTANCES, SHOPS, SUITE } from "../support/customer_hosts.ts";
import { serve } from "../support/serve.ts";

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
    env: { PROVIDERS: JSON.stringify([spec]), ACME_CLIENT_ID: "a:b", ACME_CLIENT_SECRET: "s+%=" },
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
  assertEquals(seen[0]!.headers.get("Authorization"), `Basic ${btoa("a%3Ab:s%2B%25%3D")}`);
  assert(!(await seen[0]!.text()).includes("secret"));
  const { json: token } = await gateway.api("/token/acme", { body: { user_id: USER } });
  assertEquals([token.access_token, token.account, token.scope], ["t", "default", "read write"]);
});

Deno.test("a configured provider is asked who it is, and told of the end, as it wants it", async () => {
  const seen: Record<string, string>[] = [];
  const acme = serve(async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/authorize") {
      const back = new URL(searchParams.get("redirect_uri")!);
      back.search = `${new URLSearchParams({ code: "c", state: searchParams.get("state")! })}`;
      seen.push({ scope: searchParams.get("scope")! });
      return Response.redirect(back);
    }
    if (pathname === "/token") return Response.json({ access_token: "t", refresh_token: "r" });
    const { method, headers } = request;
    seen.push({
      asked: `${method} ${pathname}`,
      token: headers.get("Authorization")!,
      version: headers.get("Acme-Version") ?? "",
      body: await request.text(),
    });
    return Response.json({ people: [{ id: 7, name: "Ada" }] });
  });
  const url = `http://127.0.0.1:${acme.port}`;
  const spec = {
    name: "acme",
    authorization_endpoint: `${url}/authorize`,
    token_endpoint: `${url}/token`,
    revocation_endpoint: `${url}/me/access`,
    revocation_style: "bearer_delete",
    scopes: ["read"],
    identity_scopes: ["offline"],
    userinfo_endpoint: `${url}/me`,
    userinfo_method: "POST",
    userinfo_body: "null",
    userinfo_headers: { "Acme-Version": "2" },
    account_id: "people.0.id",
    account_label: "people.0.name",
  };
  await using gateway = await startGateway({
    env: { PROVIDERS: JSON.stringify([spec]), ACME_CLIENT_ID: "id", ACME_CLIENT_SECRET: "s" },
  });
  const { json } = await gateway.api("/links", { body: { user_id: USER, service: "acme" } });
  const browser = new Browser();
  const done = await browser.submit(await browser.open(json.url));
  assertStringIncludes(done.html, "✓ acme connected");
  const gone = await gateway.api(`/connections/acme?user_id=${USER}`, { method: "DELETE" });
  assertEquals([gone.json.revoked, gone.json.account], [true, "7"]);
  assertEquals(seen, [
    { scope: "offline read" },
    { asked: "POST /me", token: "Bearer t", version: "2", body: "null" },
    { asked: "DELETE /me/access", token: "Bearer t", version: "", body: "" },
  ]);
  await acme.close();
});

Deno.test("no header of a configured provider takes the place of the token's", () => {
  for (const name of ["Authorization", "authorization", "COOKIE", "Host", "X Y", "", "X:"]) {
    const text = JSON.stringify([
      { name: "acme", ...ENDPOINTS, userinfo_headers: { [name]: "x" } },
    ]);
    assertThrows(() => parseProviderSpecs(text, []), TypeError);
  }
  const text = JSON.stringify([{ name: "acme", ...ENDPOINTS, userinfo_headers: { X: "a\r\nb" } }]);
  assertThrows(() => parseProviderSpecs(text, []), TypeError);
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

Deno.test("parseProviderSpecs() takes no words for a dead grant that any refusal has", () => {
  const parse = (dead: unknown) =>
    parseProviderSpecs(JSON.stringify([{ name: "acme", ...ENDPOINTS, dead_grants: [dead] }]), []);
  const [spec] = parse({ status: 400, member: "message", contains: "gone" });
  assertEquals("dead_grants" in spec! && spec.dead_grants, [{
    status: 400,
    member: "message",
    contains: "gone",
  }]);
  for (const dead of [{ member: "error" }, { equals: "x" }, { member: "error", equals: "" }]) {
    assertThrows(() => parse(dead), TypeError, "dead_grants");
  }
  const transient = { status: 503, member: "error", equals: "x" };
  assertThrows(() => parse(transient), TypeError, "dead_grants");
});

Deno.test("parseProviderSpecs() takes an address with places only where all is said of them", () => {
  const fault = (entry: unknown) =>
    assertThrows(() => parseProviderSpecs(JSON.stringify([entry]), []), TypeError).message;
  const parsed = (entry: unknown) => parseProviderSpecs(JSON.stringify([entry]), [])[0]!;
  const [shops, instances] = [parsed(SHOPS), parsed(INSTANCES)];
  assertEquals("params" in shops && shops.params, SHOPS.params);
  assertEquals("extra" in instances && instances.extra, INSTANCES.extra);
  const { params: _params, ...unsaid } = SHOPS;
  assertStringIncludes(fault(unsaid), "nothing says what {shop} is");
  for (const hosts of [undefined, []]) assertStringIncludes(fault({ ...SHOPS, hosts }), "hosts");
  // An answer would say where the client secret goes.
  const from_answer = { ...INSTANCES, token_endpoint: "{instance_url}/token" };
  assertStringIncludes(fault(from_answer), "nothing says what {instance_url} is");
  assertStringIncludes(fault({ ...SHOPS, extra: { shop: "shop" } }), "taken from an answer, too");
  for (const host of ["*", "*.example", "*.*.example", "https://a.example", "a.example:1", ""]) {
    assertStringIncludes(fault({ ...SHOPS, hosts: [host] }), "hosts");
  }
  for (const url of ["http://{shop}/a", "ftp://{shop}/a", "https://u:p@{shop}/a", "{shop"]) {
    assertStringIncludes(fault({ ...SHOPS, token_endpoint: url }), "token_endpoint");
  }
  const bad = { shop: { title: "Shop", pattern: "(" } };
  assertStringIncludes(fault({ ...SHOPS, params: bad }), "must be a regular expression");
});

Deno.test("parseProviderSpecs() takes services and tenants only where all is said of them", () => {
  const fault = (entry: unknown, taken: string[] = []) =>
    assertThrows(() => parseProviderSpecs(JSON.stringify([entry]), taken), TypeError).message;
  const [spec] = parseProviderSpecs(JSON.stringify([SUITE]), ["github"]);
  assertEquals("services" in spec! && spec.services?.length, 3);
  const [mail] = SUITE.services;
  assertStringIncludes(fault(SUITE, ["acme_mail"]), "acme_mail: the name is taken");
  for (const services of [[mail, mail], [{ ...mail, name: "acme" }]]) {
    assertStringIncludes(fault({ ...SUITE, services }), "the name is taken");
  }
  const two = [SUITE, { ...SHOPS, name: "acme_mail" }];
  assertThrows(() => parseProviderSpecs(JSON.stringify(two), []), TypeError, "the name is taken");
  for (const name of ["Mail", "", "a-b", "../x", "x".repeat(33)]) {
    assertStringIncludes(fault({ ...SUITE, services: [{ ...mail, name }] }), "services");
  }
  for (const wrong of [{ scopes: [] }, { scopes: undefined }, { api_url: "http://x/" }, { x: 1 }]) {
    assertStringIncludes(fault({ ...SUITE, services: [{ ...mail, ...wrong }] }), "services");
  }
  const elsewhere = { ...mail, api_url: "https://{site_url}/x" };
  assertStringIncludes(
    fault({ ...SUITE, services: [elsewhere] }),
    "is needed, since services.acme_mail",
  );
  const unknown = { ...mail, api_url: "https://x.example/{nothing}" };
  assertStringIncludes(
    fault({ ...SUITE, services: [unknown] }),
    "nothing says what {nothing} is",
  );

  const { tenants } = SUITE;
  const without = { ...SUITE, tenants: undefined };
  assertStringIncludes(fault(without), "nothing says what {site} is");
  assertStringIncludes(fault({ ...SUITE, userinfo_endpoint: undefined }), "tenants");
  // Neither a code nor the question itself goes to what a list says.
  for (
    const wrong of [
      { token_endpoint: "https://x.example/{site}/token" },
      { authorization_endpoint: "https://x.example/{site}/authorize" },
      { revocation_endpoint: "https://x.example/{site}/revoke" },
      { userinfo_endpoint: "https://x.example/{site}/me" },
      { tenants: { ...tenants, endpoint: "https://x.example/{site}/tenants" } },
    ]
  ) {
    assertStringIncludes(fault({ ...SUITE, ...wrong }), "nothing says what {site} is");
  }
  const params = { site: { title: "Site", pattern: ".*" } };
  assertStringIncludes(fault({ ...SUITE, params }), "site is taken from an answer, too");
  for (
    const header of [
      "Authorization",
      "Host",
      "Cookie",
      "Content-Length",
      "Transfer-Encoding",
      "Proxy-Authorization",
      "X-Forwarded-For",
      "Acme-Id: 1",
      "-",
      "",
    ]
  ) {
    assertStringIncludes(fault({ ...SUITE, tenants: { ...tenants, header } }), "header");
  }
  for (
    const wrong of [{ name: "a-b" }, { endpoint: "http://x.example/" }, { only: "x" }, { x: 1 }]
  ) {
    assertStringIncludes(fault({ ...SUITE, tenants: { ...tenants, ...wrong } }), "tenants");
  }
});
